// SPDX-License-Identifier: MIT
//
// pairs.h - the figures of two cells of one table, block by block: what a comparison
// within blocks starts from.
//
// Read next: samples.h for which runs count, metric.h for the figures.
#ifndef QUARTET_DRIVER_ANALYSIS_PAIRS_H
#define QUARTET_DRIVER_ANALYSIS_PAIRS_H

#include "driver/analysis/samples.h"
#include "driver/report/metric.h"

#include <stddef.h>

// head[i] and base[i] come from the same block; room for all blocks of the table in
// each, of the caller.
struct pairs {
    size_t n;
    double *head;
    double *base;
};

// Adds the blocks of one batch (0: of all) in which both have a figure.
void pairs_collect(const struct report_table *table, const struct samples *head,
                   const struct samples *base, enum metric metric, unsigned batch,
                   struct pairs *pairs);

// Writes the n logarithms of head / base.
void pairs_logarithms(const struct pairs *pairs, double *logarithms);

#endif

// SPDX-License-Identifier: MIT
//
// cell_statistics.h - the figures of one cell, from its runs that count.
#ifndef QUARTET_DRIVER_ANALYSIS_CELL_STATISTICS_H
#define QUARTET_DRIVER_ANALYSIS_CELL_STATISTICS_H

#include "driver/analysis/samples.h"

// Fills in cell->statistics. 0 or -ENOMEM.
int cell_statistics_make(struct report_cell *cell, const struct samples *samples);

// Adds the latencies of all these runs to `merged`.
struct histogram;
void cell_statistics_latencies(const struct samples *samples, struct histogram *merged);

#endif

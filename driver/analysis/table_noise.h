// SPDX-License-Identifier: MIT
//
// table_noise.h - how much a table's figures move although nothing differs: the noise
// floor from its twins, how many blocks were disturbed, and whether all times drifted.
//
// Read next: statistics/verdict.h, which needs the floor.
#ifndef QUARTET_DRIVER_ANALYSIS_TABLE_NOISE_H
#define QUARTET_DRIVER_ANALYSIS_TABLE_NOISE_H

#include "driver/report/metric.h"
#include "driver/report/model.h"

#include <stdbool.h>
#include <stdint.h>

// Beyond this (Spearman's rho of block number and block median) times have a trend.
#define TABLE_NOISE_DRIFT 0.5

// Fills in table->noise. Only cells that are ranked take part. 0 or -ENOMEM.
int table_noise_find(struct report_table *table, uint64_t seed);

// The A/A floor of a metric, 0.01 for 1 %, of the blocks of one batch (0: of all); NAN if
// there is none.
double table_noise_floor(const struct report_table *table, enum metric metric,
                         unsigned batch, uint64_t seed);

// The same of one row alone, of its twins and those of its base (may be NULL), however few
// they are: by how much their median ratio is off. NAN with less than TABLE_NOISE_TWINS.
double table_noise_row_floor(const struct report_table *table,
                             const struct report_cell *cell,
                             const struct report_cell *base, enum metric metric);

#define TABLE_NOISE_TWINS 8

// Have so many blocks of this batch (0: of all) been disturbed that some of them had to
// be counted?
bool table_noise_is_noisy(const struct report_table *table, unsigned batch);

#endif

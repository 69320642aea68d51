// SPDX-License-Identifier: MIT
//
// counters_table.h - what `quartet counters` prints: a line per cell with what an operation
// takes, and by which system calls; with several counts, how far they lie apart.
#ifndef QUARTET_DRIVER_SHOW_COUNTERS_TABLE_H
#define QUARTET_DRIVER_SHOW_COUNTERS_TABLE_H

#include "driver/report/counter_verdict.h"

#include "driver/report/model.h"

#include <jansson.h>
#include <stdio.h>

// The names of the columns.
void counters_table_heading(FILE *file, const struct report_table *table,
                            unsigned repeat);

// The largest spreads of what decides in the gate, over all cells.
struct count_spreads {
    double largest[COUNTER_COUNT]; // 0.01 for 1 %
    char where[COUNTER_COUNT][128];
};

// One cell: `counts` are as many `counters` (measure/counters.h) as it was counted times. One count
// is shown as it is; of several their spread, (largest - smallest) / smallest.
void counters_table_row(FILE *file, const struct report_cell *cell, json_t *const *counts,
                        unsigned repeat, struct count_spreads *spreads);

// The evidence of several counts about the tolerances of the gate.
void counters_table_summary(FILE *file, const struct count_spreads *spreads);

#endif

// SPDX-License-Identifier: MIT
//
// cell_statistics.h - one cell in numbers: wall time, the run phase, CPU time, context
// switches, memory and latency, each from the runs that count (samples.h).
#ifndef QUARTET_DRIVER_REPORT_CELL_STATISTICS_H
#define QUARTET_DRIVER_REPORT_CELL_STATISTICS_H

#include "driver/report/samples.h"

#include <jansson.h>

// The `statistics` object of a cell with at least one run that counts. NULL: out of
// memory. What no record knows is null.
json_t *cell_statistics(const json_t *cell, const struct samples *samples);

#endif

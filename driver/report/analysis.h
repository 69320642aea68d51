// SPDX-License-Identifier: MIT
//
// analysis.h - from raw samples to what may be said about them. Works on the report's
// JSON tree in place, table by table: verification first (which cells did equal work),
// then the statistics of each cell, then the comparison of every two ranked cells.
// Everything is computed from the raw samples, so it can be done again at any time, also
// for a report of an interrupted session.
//
// Read next: results/README.md for the keys that this adds.
#ifndef QUARTET_DRIVER_REPORT_ANALYSIS_H
#define QUARTET_DRIVER_REPORT_ANALYSIS_H

#include "lib/error.h"

#include <jansson.h>

// Sets in each table `verification`, `ranking` and `comparisons`, and in each cell
// `ranked`, `unranked_reason` and `statistics` (null for cells that are not ranked).
// 0 or -ENOMEM with the reason.
int analysis_add(json_t *report, struct reason *reason);

#endif

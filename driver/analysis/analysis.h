// SPDX-License-Identifier: MIT
//
// analysis.h - from raw samples to what may be said about them, table by table:
// verification first (which cells did equal work), then the statistics of each cell, then
// the comparison of every two ranked cells. Everything is computed from the raw samples,
// so it can be done again at any time, also for a report of an interrupted session.
//
// Read next: model.h for what it fills in.
#ifndef QUARTET_DRIVER_ANALYSIS_ANALYSIS_H
#define QUARTET_DRIVER_ANALYSIS_ANALYSIS_H

#include "driver/report/model.h"
#include "lib/error.h"

// Fills in all that was found, also where something was found before. 0 or -ENOMEM with the
// reason.
int report_analyse(struct report *report, struct reason *reason);

// The first part of it alone: which cells did equal work. 0 or -ENOMEM.
int report_verify(struct report *report);

#endif

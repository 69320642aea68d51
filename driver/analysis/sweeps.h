// SPDX-License-Identifier: MIT
//
// sweeps.h - how each model scales: tables that differ in nothing but the number of tasks
// in flight, put together to one series per row.
//
// The figure is wall time per operation: the median wall time of a run divided by its
// operations, with starting, spawning and ending in it, since they are part of what
// concurrency costs. It is compared in two directions: with the same row at the first
// concurrency, round by round, and with the best row at the same concurrency, which is
// the comparison of that table.
#ifndef QUARTET_DRIVER_ANALYSIS_SWEEPS_H
#define QUARTET_DRIVER_ANALYSIS_SWEEPS_H

#include "driver/report/model.h"

// Fills in report->sweeps, of an otherwise analysed report. 0 or -ENOMEM.
int sweeps_find(struct report *report);

#endif

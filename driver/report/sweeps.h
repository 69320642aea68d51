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
//
// Read next: results/README.md for the keys that this adds.
#ifndef QUARTET_DRIVER_REPORT_SWEEPS_H
#define QUARTET_DRIVER_REPORT_SWEEPS_H

#include <jansson.h>

// Sets `sweeps` of a report whose tables are analysed, if any table belongs to one. 0 or
// -ENOMEM.
int sweeps_add(json_t *report);

// The point of a series that stands for this cell, or NULL. Borrowed.
const json_t *sweeps_point(const json_t *report, const char *cell);

#endif

// SPDX-License-Identifier: MIT
//
// summaries.h - all tables of a class in one figure per model: the geometric mean of its
// ratios to the best. A class is a kind of work in one setting ("cpu" on one CPU, say):
// what waits and what computes are never thrown together.
#ifndef QUARTET_DRIVER_ANALYSIS_SUMMARIES_H
#define QUARTET_DRIVER_ANALYSIS_SUMMARIES_H

#include "driver/report/model.h"

// Fills in report->classes: one for each class that has two tables or more; a row that is
// missing in one of them is in none. 0 or -ENOMEM.
int summaries_find(struct report *report);

#endif

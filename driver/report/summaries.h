// SPDX-License-Identifier: MIT
//
// summaries.h - all tables of a class in one figure per model: the geometric mean of its
// ratios to the best. A class is a kind of work in one setting ("cpu" on one CPU, say):
// what waits and what computes are never thrown together.
#ifndef QUARTET_DRIVER_REPORT_SUMMARIES_H
#define QUARTET_DRIVER_REPORT_SUMMARIES_H

#include <jansson.h>

// Sets `summaries` of an analysed report: for each class of two tables or more, the rows
// that are ranked in all of them. 0 or -ENOMEM.
int summaries_add(json_t *report);

#endif

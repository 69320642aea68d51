// SPDX-License-Identifier: MIT
//
// rounds.h - the course of `quartet run`: warm-up, then as many rounds as were asked for,
// as fit into the time, or as are needed.
//
//  Time budget. After the warm-up one knows how long a round takes. The rounds that fit
//  are measured; what was cut, and which difference so few rounds could show, is said
//  before they begin and stands in the report. No block begins that would not end in
//  time, so the budget holds but for the length of one block.
//
//  Looks (profile rigorous). After 3/8, 5/8 and all of the rounds each table
//  is looked at. One whose comparisons are all decided is measured no further: each two
//  rows are told apart (the interval of their ratio does not contain 1, and p, corrected
//  for all comparisons and for the number of looks, is below 0.05), or are equal within
//  5 % (the interval lies within). Rounds that disturb nobody's conclusions any more are
//  saved; that the looks make an interval a little too narrow is the price, and the
//  report says that they were taken.
//
// Read next: session.h for the rounds, gate/gate.h for the course of `quartet check`.
#ifndef QUARTET_DRIVER_MEASURE_ROUNDS_H
#define QUARTET_DRIVER_MEASURE_ROUNDS_H

#include "driver/measure/forecast.h"
#include "driver/measure/session.h"
#include "lib/error.h"

#include <stdbool.h>
#include <stdint.h>

struct course {
    uint64_t budget_ns; // for all of it; 0: as long as it takes
    bool looks;         // stop a table when all is decided
};

// Of a session that goes on: the course that its report speaks of. What its time budget
// has left of the rounds stands in the plan and is measured; a budget that had not come to
// that yet begins anew.
struct course course_of_report(const struct report *report);

// Measures, and keeps `plan` of session->report in step. 0; -EINTR: the user wants to
// stop; -ETIME: not even one round fits; another -errno: tools or disk failed. In every
// case the report says how far it came and why it stopped.
int course_measure(struct session *session, const struct course *course,
                   struct reason *reason);

// Is every comparison of this analysed table decided, at one of `looks` looks?
bool course_is_decided(const struct report_table *table, size_t looks);

#endif

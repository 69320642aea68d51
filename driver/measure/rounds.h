// SPDX-License-Identifier: MIT
//
// rounds.h - how many rounds `quartet run` measures after the warm-up: as many as were asked
// for, as fit into the time, or as are needed.
//
//  Time budget. After the warm-up one knows how long a round takes. The rounds that fit
//  are measured; what was cut, and which difference so few rounds could show, is said
//  before they begin and stands in the report. No block begins that would not end in
//  time, so the budget holds but for the length of one block.
//
//  Interim analyses (profile rigorous). After 3/8, 5/8 and all of the rounds each table is
//  analysed. One whose comparisons are all decided is measured no further: each two rows
//  are told apart (the interval of their ratio does not contain 1, and p, corrected for all
//  comparisons and for the number of analyses, is below 0.05), or are equal within 5 % (the
//  interval lies within). That saves rounds which would change no conclusion; the price is
//  an interval that is a little too narrow, and the report says that it was paid.
//
// Read next: session.h for the rounds, gate/gate.h for those of `quartet check`.
#ifndef QUARTET_DRIVER_MEASURE_ROUNDS_H
#define QUARTET_DRIVER_MEASURE_ROUNDS_H

#include "driver/measure/forecast.h"
#include "driver/measure/session.h"
#include "lib/error.h"

#include <stdbool.h>
#include <stdint.h>

struct rounds_setting {
    uint64_t budget_ns; // for all of it; 0: as long as it takes
    bool until_decided; // stop a table when all is decided, at an interim analysis
};

// The setting of a session that goes on, from its report. The rounds that fit into its time
// budget stand in the plan and are measured; a budget that had not come to that yet begins
// anew.
struct rounds_setting rounds_setting_of_report(const struct report *report);

// Measures, and keeps `plan` of session->report in step. 0; -EINTR: the user wants to
// stop; -ETIME: not even one round fits; another -errno: tools or disk failed. In every
// case the report says how far it came and why it stopped.
int rounds_measure(struct session *session, const struct rounds_setting *setting,
                   struct reason *reason);

// Is every comparison of this analysed table decided, in one of so many interim analyses?
bool rounds_are_decided(const struct report_table *table, size_t analyses);

#endif

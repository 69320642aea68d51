// SPDX-License-Identifier: MIT
//
// counters.h - the tier of the gate that comes before times: what each row asks for
// in system calls, instructions and memory, counted of head and of base.
//
// A change of these is a change of the program, whatever the machine does meanwhile. So
// one more count takes the place of a second batch of rounds.
//
// Read next: report/counter_verdict.h for what a difference means.
#ifndef QUARTET_DRIVER_GATE_COUNTERS_H
#define QUARTET_DRIVER_GATE_COUNTERS_H

#include "driver/gate/budget.h"
#include "driver/report/comparison.h"

// Counts all live cells (measure/counters.h) and compares each of head with its base: the cell
// that names it in `base_of`, or, when `report` is not NULL, the same row of that report;
// then it counts what is in the report, and nothing if nothing is. What is beyond its
// tolerance is counted once more. What is *found, which the caller owns,
// has neither interval nor p. Sets `counters` in
// `gate` of the session's report: which counters were compared in how many rows, and what
// could not be counted. After half of a budget, or where the rounds need the rest of it
// (gate_needed_ns()), it begins no other table; one that it has
// begun is counted to its end, and so is what needs a second count. 0 or -EINTR; then
// *found holds what was compared until then.
int gate_counters_measure(struct session *session, const struct gate *gate,
                          const struct report *report, struct comparisons *found,
                          struct reason *reason);

// Compares all counters that both sides of a row have, counted alike; `cell` is that of head,
// `threshold` the slow-down that the user wants to be found. Nothing is counted, and nothing
// confirmed. comparisons_free() it.
struct comparisons gate_counters_compare(const struct report_table *table,
                                         const struct report_cell *cell, double threshold,
                                         const json_t *base, const json_t *head);

#endif

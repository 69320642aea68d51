// SPDX-License-Identifier: MIT
//
// time_verdict.h - what `quartet time` says in the end: a line for each command but the
// first, which it is compared with.
//
//   new: SLOWER, 1.10 (1.09-1.11) times as long as old
//   new: SAME within 5 %, 1.01 (0.99-1.02) times as long as old
//   new: INCONCLUSIVE, 1.02 (0.90-1.17) times as long as old; give more --rounds
#ifndef QUARTET_DRIVER_GATE_TIME_VERDICT_H
#define QUARTET_DRIVER_GATE_TIME_VERDICT_H

#include "driver/report/model.h"

#include <stdbool.h>
#include <stdio.h>

// Two rows are told apart when the interval of their ratio does not contain 1, p, corrected
// for all pairs, is below 0.05 also for all looks at them, and the difference is larger than that of the twins. They
// are the same when the interval lies within the threshold (0.05 for 5 %). Returns whether
// every line says one of the two.
bool time_verdict_print(FILE *file, const struct report_table *table, double threshold);

#endif

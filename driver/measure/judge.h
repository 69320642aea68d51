// SPDX-License-Identifier: MIT
//
// judge.h - what the end of a runner means for its cell. The exit code and the run
// record must say the same: an exit code of 0 without a record of status "ok" is a
// failure, as a wrong answer is.
#ifndef QUARTET_DRIVER_MEASURE_JUDGE_H
#define QUARTET_DRIVER_MEASURE_JUDGE_H

#include "driver/report/model.h"

#include <stdbool.h>

// Sets `status` and `reason` of the cell from one run: its exit code, its run record
// (json NULL: it left none), and what it said last on stderr (may be ""). True when the run
// counts and the cell may run again.
bool judge_run(struct report *report, struct report_cell *cell,
               const struct sample *sample, const char *said);

#endif

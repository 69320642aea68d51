// SPDX-License-Identifier: MIT
//
// judge.h - what the end of a runner means for its cell. The exit code and the run
// record must say the same: an exit code of 0 without a record of status "ok" is a
// failure, as a wrong answer is.
#ifndef QUARTET_DRIVER_MEASURE_JUDGE_H
#define QUARTET_DRIVER_MEASURE_JUDGE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

// Sets `status` and `reason` of the cell from one run: its exit code, its run record
// (NULL: it left none), and what it said last on stderr (may be ""). True when the run
// counts and the cell may run again.
bool judge_run(json_t *cell, int exit_code, const json_t *record, const char *said);

#endif

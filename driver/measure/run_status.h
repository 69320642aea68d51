// SPDX-License-Identifier: MIT
//
// run_status.h - what the end of a runner means for its cell. The exit code and the run
// record must say the same: an exit code of 0 without a record of status "ok" is a
// failure, as a wrong answer is; and a run that cannot have been as it says
// (analysis/sample_check.h) is a wrong answer.
#ifndef QUARTET_DRIVER_MEASURE_RUN_STATUS_H
#define QUARTET_DRIVER_MEASURE_RUN_STATUS_H

#include "driver/report/model.h"

#include <stdbool.h>

// Sets `status` and `reason` of the cell from one run: its exit code, its run record (json NULL:
// it left none that can be read), and what it said last on stderr, or why its record cannot be
// read (may be ""). True when the run counts and the cell may run again.
bool run_status_set(struct report *report, const struct report_table *table,
                    struct report_cell *cell, const struct sample *sample,
                    const char *said);

#endif

// SPDX-License-Identifier: MIT
//
// expect.h - a run record held against what the run must have left: against the
// expectation of a linked runner (--expect), against what was seen of the run from outside,
// and against the ledger of the back end.
//
// The order of the checks: is it the record of this run? was the work done? was it done in
// the time, by the means and at the width that it says?
#ifndef QUARTET_DRIVER_MEASURE_EXPECT_H
#define QUARTET_DRIVER_MEASURE_EXPECT_H

#include "driver/system/observe.h"
#include "lib/error.h"

#include <jansson.h>

// Expectations that a record must meet. A pointer that is NULL is not looked at.
struct expectation {
    const char *name;       // of the row: what the record must call its model
    const json_t *expected; // quartet.expect/1
    const struct observation *seen;
    const json_t *witness;  // the run's part of a quartet.backend/1
    uint64_t oracle_run_ns; // run phase of sequential for the same; 0: not known
    unsigned cpus;          // how many the run was given, 0: not known
};

// 0, or -EBADMSG with the first thing that is not as expected.
int expect_check(const struct expectation *expectation, json_t *record,
                 struct reason *reason);

// Asks a linked runner what a run must leave: its command without --record. The caller
// frees it. NULL with the reason.
json_t *expect_ask(const char *runner, const char *const *arguments,
                   struct reason *reason);

#endif

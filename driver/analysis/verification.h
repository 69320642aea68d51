// SPDX-License-Identifier: MIT
//
// verification.h - may these cells stand in one table? Every runner has checked its own
// answer; this is the second look, across models: the same tasks, operations, bytes,
// errors, checksum, seed and parameters in every run of every cell. A cell that differs
// or failed is named with the difference and never ranked: a fast wrong answer is no
// result.
#ifndef QUARTET_DRIVER_ANALYSIS_VERIFICATION_H
#define QUARTET_DRIVER_ANALYSIS_VERIFICATION_H

#include "driver/report/model.h"
#include "lib/error.h"

#include <jansson.h>
#include <stdbool.h>

// Did the runs of these two records do the same? If not, `reason` (may be NULL) says in
// what they differ.
bool verification_same_work(const json_t *record, const json_t *reference,
                            struct reason *reason);

// Are these the parameters of the same work? Where a back end is, and the token of a run, are
// none of it.
bool verification_same_parameters(const json_t *one, const json_t *other);

// Fills in `ranked` and `unranked_reason` of every cell, and table->verification. What
// most cells did is taken for the truth; without a majority no cell is ranked. 0 or
// -ENOMEM.
int verification_find(struct report_table *table);

#endif

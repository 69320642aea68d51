// SPDX-License-Identifier: MIT
//
// expect.h - what a run with these parameters and this seed must leave (--expect), known
// without running it: the ledger, the checksum, the least run time and CPU time. The record
// of any runner, in whatever language, can be held against it.
//
// Read next: workloads/workload.h, which asks each workload for its part.
#ifndef QUARTET_RUNNERS_COMMON_EXPECT_H
#define QUARTET_RUNNERS_COMMON_EXPECT_H

#include "workloads/workload.h"

// Prints the expectation as JSON (quartet.expect/1) and ends the program.
_Noreturn void expect_print(const struct work *work);

#endif

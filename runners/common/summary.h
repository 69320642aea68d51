// SPDX-License-Identifier: MIT
//
// summary.h - what a run that went well says on stdout, for people. For programs there is
// the run record.
#ifndef QUARTET_RUNNERS_COMMON_SUMMARY_H
#define QUARTET_RUNNERS_COMMON_SUMMARY_H

#include "runners/common/record.h"

// A few lines: what was done, how long it took, and the workload's own figures.
void summary_print(const struct run *run, const struct result *result);

#endif

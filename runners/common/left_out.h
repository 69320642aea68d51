// SPDX-License-Identifier: MIT
//
// left_out.h - workloads that this build lacks, because a library was not there when it was
// made. Whoever asks for one is told which, and what to install.
#ifndef QUARTET_RUNNERS_COMMON_LEFT_OUT_H
#define QUARTET_RUNNERS_COMMON_LEFT_OUT_H

#include "lib/error.h"
#include "workloads/workload.h"

// The entry of that name, with "compress: left out of this build: zstd.h is missing; install
// libzstd-dev" in *reason; NULL when this build lacks no such workload.
const struct left_out *left_out_explain(const char *name, struct reason *reason);

// Warns of each one, on stderr: stdout lists what can be run.
void left_out_warn(void);

#endif

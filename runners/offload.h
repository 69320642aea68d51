// SPDX-License-Identifier: MIT
//
// offload.h - work that is too long for a loop, in direct style. A coroutine model with
// --offload threads|processes hands it to its pool (loop/executor.h) and lets others run;
// all other models run it on the spot, because there nobody is kept waiting by it.
//
// Read next: offload_events.h for the same with callbacks.
#ifndef QUARTET_RUNNERS_OFFLOAD_H
#define QUARTET_RUNNERS_OFFLOAD_H

#include "runners/loop/executor_job.h"

// Runs code(argument) somewhere and waits for its result. The argument is `size` bytes,
// at most EXECUTOR_ARGUMENT_BYTES, which are copied. 0; -E2BIG; -EIO: the process that
// ran it died; -ECANCELED. May suspend.
int offload(executor_code *code, const void *argument, size_t size, uint64_t *result);

#endif

// SPDX-License-Identifier: MIT
//
// run_in_executor.h - a coroutine waits for a thread or a process of a pool, as for
// anything else; others run meanwhile.
#ifndef QUARTET_RUNNERS_COROUTINE_RUN_IN_EXECUTOR_H
#define QUARTET_RUNNERS_COROUTINE_RUN_IN_EXECUTOR_H

#include "runners/loop/executor.h"

// Runs code(argument) in a worker of the pool, which must belong to the loop of this
// scheduler. 0 with the result; -E2BIG; -EIO: the worker died; -EAGAIN: there is none
// left; -ECANCELED: the caller was cancelled, and what the worker does is forgotten.
int run_in_executor(struct executor *executor, executor_code *code, const void *argument,
                    size_t size, uint64_t *result);

#endif

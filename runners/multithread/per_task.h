// SPDX-License-Identifier: MIT
//
// per_task.h - threads without a pool, --per-task: the main thread creates one for each
// task, and joins one of those that have ended before it creates the next.
#ifndef QUARTET_RUNNERS_MULTITHREAD_PER_TASK_H
#define QUARTET_RUNNERS_MULTITHREAD_PER_TASK_H

#include "lib/error.h"
#include "runners/common/run.h"

// run() of model.h, with a worker for each task.
int multithread_run_per_task(struct run *run, struct reason *reason);

#endif

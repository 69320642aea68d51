// SPDX-License-Identifier: MIT
//
// per_task.h - processes without a pool, --per-task: the parent forks one for each task,
// and waits for one of those that have ended before it forks the next.
#ifndef QUARTET_RUNNERS_MULTIPROCESS_PER_TASK_H
#define QUARTET_RUNNERS_MULTIPROCESS_PER_TASK_H

#include "lib/error.h"
#include "runners/common/run.h"

// run() of model.h, with a worker for each task.
int multiprocess_run_per_task(struct run *run, struct reason *reason);

#endif

// SPDX-License-Identifier: MIT
//
// wait_for.h - a task with a time limit: when the time is over, it is cancelled.
#ifndef QUARTET_RUNNERS_COROUTINE_WAIT_FOR_H
#define QUARTET_RUNNERS_COROUTINE_WAIT_FOR_H

#include "runners/coroutine/task.h"

// Awaits the task for at most this long; then cancels it, and waits until it has really
// ended, which may take as long as its cleaning up does. Returns what it did; -ETIMEDOUT:
// the time was over, and it ended by that; -ECANCELED: the caller was cancelled, and so
// was the task, which has ended. May suspend.
int wait_for(struct async_task *task, uint64_t timeout_ns, uint64_t *value);

#endif

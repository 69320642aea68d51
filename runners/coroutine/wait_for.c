// SPDX-License-Identifier: MIT
//
// A task with a time limit: see wait_for.h. What is hard about it is not the clock but
// the end: a task that is told to stop has not stopped yet.
//
// Read next: tests/coroutine/test_gather.c for who may interrupt whom.
#include "runners/coroutine/wait_for.h"

#include <errno.h>

//DOC: wait-for
// Three ends are possible: the task's own, the time limit, and the caller's cancellation.
// After the last two the task is still there, in the caller's storage, so it must end
// before this returns.
int wait_for(struct async_task *task, uint64_t timeout_ns, uint64_t *value)
{
    int error = future_await(&task->future, timeout_ns, value);
    if (task_done(task))
        return error;
    task_cancel(task);
    int end = task_await(task, value);
    if (!task_done(task)) { // the caller was cancelled during this second wait
        error = -ECANCELED;
        end = task_await(task, value);
    }
    return end == -ECANCELED ? error : end;
}

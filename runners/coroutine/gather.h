// SPDX-License-Identifier: MIT
//
// gather.h - wait for several tasks at once; their results come in the order in which
// they are given, not in the order in which they end. What to do when one fails is said
// by a policy.
//
// The tasks have been created before, and so run already: to gather only waits.
//
// Read next: task.h for a task with a time limit.
#ifndef QUARTET_RUNNERS_COROUTINE_GATHER_H
#define QUARTET_RUNNERS_COROUTINE_GATHER_H

#include "runners/coroutine/task.h"

#include <stddef.h>

enum gather_policy {
    GATHER_RETURN_FAILURES, // waits for all; a failure is a result like others
    GATHER_FIRST_FAILURE,   // returns at the first failure, while the others go on
    GATHER_CANCEL_OTHERS,   // at the first failure cancels the others, and waits for all
};

// One task and its result, in the caller's storage.
struct gather_member {
    struct async_task *task;        // filled in by the caller
    int error;                      // 0, -errno, or -EINPROGRESS: not ended yet
    uint64_t value;                 // if it ended without an error
    struct future_callback on_done; // gather's
};

// Returns 0 when all tasks have ended (well, unless GATHER_RETURN_FAILURES); the error of
// the first one that failed; or -ECANCELED if the caller was cancelled: then all tasks
// have been cancelled, too, and have ended. May suspend.
int gather(struct gather_member *members, size_t count, enum gather_policy policy);

#endif

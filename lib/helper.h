// SPDX-License-Identifier: MIT
//
// helper.h - a process of this program that works beside a run and is not part of it: a back
// end that answers, a load that asks.
//
//   start   fork; the child goes to its own CPUs, in a group of its own, so that nobody
//           takes it for a worker
//   stop    shut the control socket down; the helper sees the end of the stream and leaves;
//           its exit is awaited with a time limit, then enforced
//
// It never outlives its parent, not even one killed by SIGKILL. That it has ended shows on
// the control socket, too.
#ifndef QUARTET_LIB_HELPER_H
#define QUARTET_LIB_HELPER_H

#include "lib/error.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define HELPER_STOP_LIMIT_MS 5000

// Its job. Borrowed until helper_start() has returned.
struct helper_job {
    const char *name; // of the process, at most 15 characters
    const char *what; // for messages: "the back end"; borrowed as long as the helper is
    const char *cpus; // where to run, or NULL: where the parent runs
    // Its life; `control` becomes readable when it is to end. 0, or the -errno that ended it.
    int (*live)(void *argument, int control);
    void *argument;
    _Atomic int32_t *failure; // in shared memory: what live() returned
};

struct helper {
    pid_t pid;   // 0: not running
    int control; // our end of the control socket
    const char *what;
    _Atomic int32_t *failure;
};

// Starts a helper. 0, or -errno with the reason, and then nothing is left of it.
int helper_start(struct helper *helper, const struct helper_job *job,
                 struct reason *reason);

// Ends and reaps it. 0; or -EIO when it had ended badly before (the reason names the signal
// or exit code), or before it was told to and `may_have_ended` is false; -ETIMEDOUT when it
// had to be killed. Does nothing if none is running.
int helper_stop(struct helper *helper, bool may_have_ended, struct reason *reason);

#endif

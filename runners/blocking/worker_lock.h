// SPDX-License-Identifier: MIT
//
// worker_lock.h - a lock that a worker holds while it computes, and releases while it
// waits: what an interpreter with a global lock does around every system call. Only
// multithread --global-lock has one; for everybody else this is one comparison per verb.
//
// Read next: multithread/global_lock.h.
#ifndef QUARTET_RUNNERS_BLOCKING_WORKER_LOCK_H
#define QUARTET_RUNNERS_BLOCKING_WORKER_LOCK_H

#include <stddef.h>

struct worker_lock {
    void (*take)(void);  // waits until the lock is the caller's
    void (*give)(void);  // it may be another worker's from now on
    void (*check)(void); // gives it to one that has asked, and takes it again
};

// NULL: there is none. Set before there are workers.
extern const struct worker_lock *worker_lock;

// Around whatever may block the worker.
static inline void worker_blocks(void)
{
    if (worker_lock != NULL)
        worker_lock->give();
}

static inline void worker_resumes(void)
{
    if (worker_lock != NULL)
        worker_lock->take();
}

#endif

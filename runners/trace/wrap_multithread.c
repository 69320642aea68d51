// SPDX-License-Identifier: MIT
//
// The global lock (multithread --global-lock): a thread that has a task and not the lock
// waits. Two threads never seem to hold it at once, since a wait is written down before the
// lock is given, and its end after the lock has been taken.
#include "runners/trace/trace.h"

#include "runners/blocking/worker_lock.h"
#include "runners/direct.h"
#include "runners/multithread/global_lock.h"

#include <pthread.h>

static const struct worker_lock *untraced;
static direct_code *code_of_task;

static void give(void)
{
    untraced->give();
}

static void take(void)
{
    trace_wait_for_lock();
    untraced->take();
}

static void check(void)
{
    untraced->check();
}

// Called with the lock, which is given after this returns.
static int run_with_lock(struct task *task)
{
    trace_continue(task->index);
    int error = code_of_task(task);
    trace_end();
    return error;
}

WRAP(void, global_lock_install, (uint64_t interval_ns))
{
    static const struct worker_lock traced = {.take = take, .give = give, .check = check};
    REAL(global_lock_install)(interval_ns);
    untraced = worker_lock;
    worker_lock = &traced;
    trace_under_global_lock();
}

// Nobody else can take the lock before its holder sleeps here.
WRAP(int, pthread_cond_wait, (pthread_cond_t * condition, pthread_mutex_t *mutex))
{
    trace_gave_lock();
    return REAL(pthread_cond_wait)(condition, mutex);
}

WRAP(direct_code *, global_lock_around, (direct_code * code))
{
    if (worker_lock == NULL)
        return code;
    code_of_task = code;
    return REAL(global_lock_around)(run_with_lock);
}

// SPDX-License-Identifier: MIT
//
// The places that every model passes: a task is taken and finished, a process is forked, the
// run begins and ends.
#include "runners/trace/trace.h"

#include "runners/common/watchdog.h"

#include <sys/types.h>

// watchdog_disarm() does not say which run has ended.
static const struct run *traced;

WRAP(int, run_map, (struct run * run, struct reason *reason))
{
    int error = REAL(run_map)(run, reason);
    if (error == 0) {
        traced = run;
        trace_open(run);
    }
    return error;
}

WRAP(void, watchdog_disarm, (void))
{
    REAL(watchdog_disarm)();
    trace_close(traced);
}

WRAP(bool, run_take, (struct run * run, struct task *task))
{
    bool taken = REAL(run_take)(run, task);
    if (taken)
        trace_begin(task->index);
    return taken;
}

WRAP(void, run_finish, (struct run * run, struct task *task, int error))
{
    trace_end();
    REAL(run_finish)(run, task, error);
}

WRAP(pid_t, process_fork, (void))
{
    pid_t pid = REAL(process_fork)();
    if (pid == 0)
        trace_forked();
    return pid;
}

// SPDX-License-Identifier: MIT
//
// direct.c - a task that sleeps, or dies, in straight-line code.
//
// Read next: events.c.
#include "runners/direct.h"
#include "workloads/crash/crash.h"

direct_code crash_direct;

int crash_direct(struct task *task)
{
    int error = direct_sleep(crash_begin(task));
    if (error == 0 && crash_dies(task))
        error = crash_die(task);
    if (error == 0)
        crash_finish(task);
    return error;
}

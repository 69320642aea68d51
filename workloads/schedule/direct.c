// SPDX-License-Identifier: MIT
//
// direct.c - one scheduled call in straight-line code: sleep until it is due. A process
// or a thread sleeps in the kernel, which has a timer for each of them; coroutines put
// theirs into one heap.
//
// Read next: events.c.
#include "runners/direct.h"
#include "workloads/schedule/schedule.h"

direct_code schedule_direct;

int schedule_direct(struct task *task)
{
    uint64_t due_ns = schedule_due(task);
    int error = direct_sleep(schedule_wait(due_ns));
    if (error != 0)
        return error;
    return schedule_book(task, due_ns);
}

// SPDX-License-Identifier: MIT
//
// direct.c - "async with semaphore: await sleep(hold)", in straight-line code.
//
// Read next: events.c.
#include "runners/direct.h"
#include "lib/clock.h"
#include "runners/sync.h"
#include "workloads/semaphore/semaphore.h"

direct_code semaphore_direct;

//DOC: semaphore-direct
static int once(struct task *task, uint64_t round)
{
    const struct semaphore_parameters *parameters = task->work->parameters;
    uint64_t began_ns = clock_now_ns();
    int error = sync_acquire(&parameters->room->permits, SYNC_FOREVER);
    if (error != 0)
        return error;
    error = semaphore_enter(task, began_ns);
    if (error == 0)
        error = direct_sleep(parameters->hold_ns);
    semaphore_leave(task, round);
    sync_release(&parameters->room->permits);
    return error;
}

int semaphore_direct(struct task *task)
{
    const struct semaphore_parameters *parameters = task->work->parameters;
    int error = 0;
    for (uint64_t round = 0; round < parameters->rounds && error == 0; round++)
        error = once(task, round);
    return error;
}

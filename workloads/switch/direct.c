// SPDX-License-Identifier: MIT
//
// direct.c - a task in the ring, in straight-line code. All take their seats first, so
// that what is measured is the handing on and not the coming.
//
// Read next: events.c.
#include "runners/direct.h"
#include "runners/sync.h"
#include "workloads/switch/switch.h"

direct_code switch_direct;

//DOC: switch-semaphore
static int pass_by_semaphore(struct task *task, struct switch_ring *ring)
{
    struct sync_semaphore *mine = &ring->seats[task->index].turn;
    struct sync_semaphore *next = &switch_next(task)->turn;
    if (switch_sit(task))
        sync_release(&ring->seats[0].turn);
    for (uint64_t left = switch_share(task->work, task->index); left > 0; left--) {
        int error = sync_acquire(mine, SYNC_FOREVER);
        if (error == 0)
            error = switch_turn(task);
        if (error != 0)
            return error;
        sync_release(next);
    }
    return 0;
}

//DOC: switch-yield
static int pass_by_yield(struct task *task, struct switch_ring *ring)
{
    int error = 0;
    if (switch_sit(task)) {
        sync_set(&ring->full);
        direct_yield(); // those who have been waiting come first
    } else {
        error = sync_wait(&ring->full, SYNC_FOREVER);
    }
    for (uint64_t left = switch_share(task->work, task->index); left > 0 && error == 0;
         left--) {
        error = switch_turn(task);
        direct_yield();
    }
    return error;
}

int switch_direct(struct task *task)
{
    const struct switch_parameters *parameters = task->work->parameters;
    return parameters->by == SWITCH_BY_YIELD ? pass_by_yield(task, parameters->ring)
                                             : pass_by_semaphore(task, parameters->ring);
}

// SPDX-License-Identifier: MIT
//
// direct.c - the speaker and a listener, in straight-line code.
//
// Read next: events.c.
#include "runners/direct.h"
#include "runners/sync.h"
#include "workloads/broadcast/broadcast.h"

direct_code broadcast_direct;

static int speak(struct task *task, uint64_t rounds)
{
    struct broadcast_hall *hall = broadcast_hall(task);
    for (uint64_t round = 0; round < rounds; round++) {
        int error = sync_acquire(&hall->all_here, SYNC_FOREVER);
        if (error != 0)
            return error;
        broadcast_announce(task, round);
    }
    return 0;
}

//DOC: broadcast-listen
static int listen_to(struct task *task, uint64_t rounds)
{
    for (uint64_t round = 0; round < rounds; round++) {
        broadcast_come(task);
        int error = sync_wait(broadcast_event(task, round), SYNC_FOREVER);
        if (error == 0)
            error = broadcast_hear(task, round);
        if (error != 0)
            return error;
    }
    return 0;
}

int broadcast_direct(struct task *task)
{
    const struct broadcast_parameters *parameters = task->work->parameters;
    return broadcast_speaks(task) ? speak(task, parameters->rounds)
                                  : listen_to(task, parameters->rounds);
}

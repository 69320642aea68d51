// SPDX-License-Identifier: MIT
//
// events.c - the speaker and a listener, as callbacks: each is a circle of "wait, then".
//
// Read next: workload.c.
#include "runners/events.h"
#include "runners/sync_events.h"
#include "workloads/broadcast/broadcast.h"

struct person {
    struct sync_waiter waiter;
    struct task *task;
    uint64_t round; // the one that is waited for
    uint64_t rounds;
};

// ---- the speaker -------------------------------------------------------------------------

static void on_all_here(struct ev_loop *loop, struct sync_waiter *waiter)
{
    struct person *speaker = waiter->data;
    do {
        broadcast_announce(speaker->task, speaker->round++);
        if (speaker->round == speaker->rounds) {
            events_done(loop, speaker->task, 0);
            return;
        }
    } while (sync_acquire_then(loop, &broadcast_hall(speaker->task)->all_here, waiter,
                               on_all_here));
}

// ---- a listener --------------------------------------------------------------------------

static void on_news(struct ev_loop *loop, struct sync_waiter *waiter)
{
    struct person *listener = waiter->data;
    struct sync_event *event;
    do {
        int error = broadcast_hear(listener->task, listener->round++);
        if (error != 0 || listener->round == listener->rounds) {
            events_done(loop, listener->task, error);
            return;
        }
        event = broadcast_event(listener->task, listener->round);
        broadcast_come(listener->task);
    } while (sync_wait_then(loop, event, waiter, on_news));
}

static void person_start(struct ev_loop *loop, void *state, struct task *task)
{
    const struct broadcast_parameters *parameters = task->work->parameters;
    struct person *person = state;
    *person = (struct person){.task = task, .rounds = parameters->rounds};
    struct sync_waiter *waiter = &person->waiter;
    waiter->data = person;
    if (broadcast_speaks(task)) {
        if (sync_acquire_then(loop, &broadcast_hall(task)->all_here, waiter, on_all_here))
            on_all_here(loop, waiter);
        return;
    }
    broadcast_come(task);
    if (sync_wait_then(loop, broadcast_event(task, 0), waiter, on_news))
        on_news(loop, waiter);
}

const struct events_code broadcast_events = {.state_size = sizeof(struct person),
                                             .start = person_start};

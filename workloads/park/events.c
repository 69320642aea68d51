// SPDX-License-Identifier: MIT
//
// events.c - one parked task as a callback to come. What waits is this struct, and
// nothing else.
//
// Read next: workload.c.
#include "runners/events.h"
#include "lib/clock.h"
#include "runners/sync_events.h"
#include "workloads/park/park.h"

struct guest {
    struct task *task;
    union {
        struct sync_waiter waiter; // of all but the last one
        ev_timer hold;             // of the last one, who opens
    };
};

static void on_open(struct ev_loop *loop, struct sync_waiter *waiter)
{
    struct guest *guest = waiter->data;
    events_done(loop, guest->task, park_leave(guest->task));
}

static void on_held(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)events;
    struct guest *guest = timer->data;
    park_open(guest->task);
    events_done(loop, guest->task, park_leave(guest->task));
}

//DOC: park-events
static void guest_start(struct ev_loop *loop, void *state, struct task *task)
{
    const struct park_parameters *parameters = task->work->parameters;
    struct guest *guest = state;
    guest->task = task;
    if (park_arrive(task)) {
        ev_now_update(loop); // a timer counts from the loop's own clock
        ev_timer_init(&guest->hold, on_held,
                      (double)parameters->hold_ns / (double)NS_PER_SECOND, 0.);
        guest->hold.data = guest;
        ev_timer_start(loop, &guest->hold);
        return;
    }
    guest->waiter.data = guest;
    if (sync_wait_then(loop, &parameters->lot->gate, &guest->waiter, on_open))
        on_open(loop, &guest->waiter);
}

const struct events_code park_events = {.state_size = sizeof(struct guest),
                                        .start = guest_start};

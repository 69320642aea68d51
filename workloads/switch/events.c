// SPDX-License-Identifier: MIT
//
// events.c - a task in the ring, as callbacks. By semaphore, the loop's list of callbacks
// that are due carries the token; by yield, it is ev_feed_event(), which queues the next
// task's callback in libev itself: the least that an event loop can do. It works within
// one loop only.
//
// Read next: runners/eventloop/ready.h; workload.c.
#include "runners/events.h"
#include "runners/sync_events.h"
#include "workloads/switch/switch.h"

#include <errno.h>

struct seat {
    ev_watcher turn; // must be first: libev hands its address to the callback
    struct task *task;
    struct switch_ring *ring;
    struct sync_waiter waiter;
    uint64_t left; // turns
};

// ---- by semaphore ----------------------------------------------------------------------

// A turn; says whether there are more to come.
static bool seat_turn(struct ev_loop *loop, struct seat *seat)
{
    int error = switch_turn(seat->task);
    seat->left--;
    if (error == 0)
        sync_release(&switch_next(seat->task)->turn);
    if (error == 0 && seat->left > 0)
        return true;
    events_done(loop, seat->task, error);
    return false;
}

// Waits for the token again. A loop and no recursion: it may be there at once.
static void on_token(struct ev_loop *loop, struct sync_waiter *waiter)
{
    struct seat *seat = waiter->data;
    struct sync_semaphore *mine = &seat->ring->seats[seat->task->index].turn;
    while (seat_turn(loop, seat)) {
        if (!sync_acquire_then(loop, mine, waiter, on_token))
            return;
    }
}

static void begin_by_semaphore(struct ev_loop *loop, struct seat *seat)
{
    struct sync_semaphore *mine = &seat->ring->seats[seat->task->index].turn;
    if (switch_sit(seat->task))
        sync_release(&seat->ring->seats[0].turn);
    if (sync_acquire_then(loop, mine, &seat->waiter, on_token))
        on_token(loop, &seat->waiter);
}

// ---- by yield --------------------------------------------------------------------------

//DOC: switch-feed
static void on_turn(struct ev_loop *loop, ev_watcher *watcher, int events)
{
    (void)events;
    struct seat *seat = (struct seat *)watcher;
    const struct switch_parameters *parameters = seat->task->work->parameters;
    int error = switch_turn(seat->task);
    uint64_t token = atomic_load_explicit(&seat->ring->token, memory_order_relaxed);
    if (token < parameters->switches)
        ev_feed_event(loop, switch_next(seat->task)->watcher, EV_CUSTOM);
    if (--seat->left == 0 || error != 0)
        events_done(loop, seat->task, error);
}

// A loop can only be fed by its own callbacks.
static void begin_by_yield(struct ev_loop *loop, struct seat *seat)
{
    if (sync_many_loops) {
        events_done(loop, seat->task, -EOPNOTSUPP);
        return;
    }
    seat->ring->seats[seat->task->index].watcher = &seat->turn;
    if (switch_sit(seat->task))
        ev_feed_event(loop, seat->ring->seats[0].watcher, EV_CUSTOM);
}

static void seat_start(struct ev_loop *loop, void *state, struct task *task)
{
    const struct switch_parameters *parameters = task->work->parameters;
    struct seat *seat = state;
    *seat = (struct seat){.task = task,
                          .ring = parameters->ring,
                          .left = switch_share(task->work, task->index)};
    seat->waiter.data = seat;
    ev_init(&seat->turn, on_turn);
    if (parameters->by == SWITCH_BY_YIELD)
        begin_by_yield(loop, seat);
    else
        begin_by_semaphore(loop, seat);
}

const struct events_code switch_events = {.state_size = sizeof(struct seat),
                                          .start = seat_start};

// SPDX-License-Identifier: MIT
//
// events.c - the same as callbacks: on_permit (inside), on_held (out again), and back to
// ask for the next permit. Whoever forgets to give a permit back on one of the ways out
// has lost it: in direct.c there is one way out only.
//
// Read next: workload.c.
#include "runners/events.h"
#include "lib/clock.h"
#include "runners/sync_events.h"
#include "workloads/semaphore/semaphore.h"

struct visit {
    ev_timer hold; // must be first: libev hands its address to the callback
    struct sync_waiter waiter;
    struct task *task;
    const struct semaphore_parameters *parameters;
    uint64_t round;
    uint64_t began_ns;
};

static void visit_begin(struct ev_loop *loop, struct visit *visit);

// Goes out, and on to the next round.
static void visit_end(struct ev_loop *loop, struct visit *visit, int error)
{
    semaphore_leave(visit->task, visit->round++);
    sync_release(&visit->parameters->room->permits);
    if (error != 0 || visit->round == visit->parameters->rounds)
        events_done(loop, visit->task, error);
    else
        visit_begin(loop, visit);
}

static void on_held(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)events;
    visit_end(loop, (struct visit *)timer, 0);
}

//DOC: semaphore-events
static void on_permit(struct ev_loop *loop, struct sync_waiter *waiter)
{
    struct visit *visit = waiter->data;
    int error = semaphore_enter(visit->task, visit->began_ns);
    if (error != 0) {
        visit_end(loop, visit, error);
        return;
    }
    ev_now_update(loop); // a timer counts from the loop's own clock
    ev_timer_init(&visit->hold, on_held,
                  (double)visit->parameters->hold_ns / (double)NS_PER_SECOND, 0.);
    ev_timer_start(loop, &visit->hold);
}

static void visit_begin(struct ev_loop *loop, struct visit *visit)
{
    struct semaphore_room *room = visit->parameters->room;
    visit->began_ns = clock_now_ns();
    if (sync_acquire_then(loop, &room->permits, &visit->waiter, on_permit))
        on_permit(loop, &visit->waiter);
}

static void visit_start(struct ev_loop *loop, void *state, struct task *task)
{
    struct visit *visit = state;
    *visit = (struct visit){.task = task, .parameters = task->work->parameters};
    visit->waiter.data = visit;
    visit_begin(loop, visit);
}

const struct events_code semaphore_events = {.state_size = sizeof(struct visit),
                                             .start = visit_start};

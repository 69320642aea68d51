// SPDX-License-Identifier: MIT
//
// One sleep as a libev timer. start() arms it and returns; the loop calls on_timeout()
// when it is due.
//
// A timer counts from the loop's own "now", the instant at which the loop last woke:
// ev_now_update() brings it up to date, or the sleep would be too short by as much as
// the callbacks before this one took.
#include "runners/events.h"
#include "lib/clock.h"
#include "workloads/sleep/sleep.h"

struct nap {
    ev_timer timer; // first, so that a pointer to it is a pointer to the nap
    struct task *task;
    uint64_t began_ns;
};

static void on_timeout(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)events;
    struct nap *nap = (struct nap *)timer;
    events_done(loop, nap->task, sleep_book(nap->task, nap->began_ns));
}

static void nap_start(struct ev_loop *loop, void *state, struct task *task)
{
    const struct sleep_parameters *parameters = task->work->parameters;
    struct nap *nap = state;
    nap->task = task;
    nap->began_ns = clock_now_ns();
    ev_now_update(loop);
    ev_timer_init(&nap->timer, on_timeout, (double)parameters->delay_ns / 1e9, 0.);
    ev_timer_start(loop, &nap->timer);
}

const struct events_code sleep_events = {.state_size = sizeof(struct nap),
                                         .start = nap_start};

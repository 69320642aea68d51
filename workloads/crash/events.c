// SPDX-License-Identifier: MIT
//
// events.c - a task that sleeps, or dies, as a timer.
//
// Read next: workload.c.
#include "runners/events.h"
#include "lib/clock.h"
#include "workloads/crash/crash.h"

struct mortal {
    ev_timer timer; // must be first: libev hands its address to the callback
    struct task *task;
};

static void on_slept(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)events;
    struct task *task = ((struct mortal *)timer)->task;
    int error = crash_dies(task) ? crash_die(task) : 0;
    if (error == 0)
        crash_finish(task);
    events_done(loop, task, error);
}

static void mortal_start(struct ev_loop *loop, void *state, struct task *task)
{
    struct mortal *mortal = state;
    double delay_s = (double)crash_begin(task) / (double)NS_PER_SECOND;
    mortal->task = task;
    ev_now_update(loop); // a timer counts from the loop's own clock
    ev_timer_init(&mortal->timer, on_slept, delay_s, 0.);
    ev_timer_start(loop, &mortal->timer);
}

const struct events_code crash_events = {.state_size = sizeof(struct mortal),
                                         .start = mortal_start};

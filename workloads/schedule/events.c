// SPDX-License-Identifier: MIT
//
// events.c - one scheduled call as a libev timer: what asyncio does in call_at(), too.
// libev keeps all timers in a heap and asks the kernel to be woken for the earliest one.
//
// Read next: "ev_timer" in the libev manual; workload.c.
#include "runners/events.h"
#include "workloads/schedule/schedule.h"

// libev counts in seconds as a double, which is off by some nanoseconds on a machine that
// has been up for months. Better late than early.
#define ROUNDING_NS 100

struct call {
    ev_timer timer; // must be first: libev hands its address to the callback
    struct task *task;
    uint64_t due_ns;
};

static void on_due(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)events;
    struct call *call = (struct call *)timer;
    events_done(loop, call->task, schedule_book(call->task, call->due_ns));
}

static void call_start(struct ev_loop *loop, void *state, struct task *task)
{
    struct call *call = state;
    call->task = task;
    call->due_ns = schedule_due(task);
    double wait_ns = (double)(schedule_wait(call->due_ns) + ROUNDING_NS);
    ev_now_update(loop); // a timer counts from the loop's own clock
    ev_timer_init(&call->timer, on_due, wait_ns / 1e9, 0.);
    ev_timer_start(loop, &call->timer);
}

const struct events_code schedule_events = {.state_size = sizeof(struct call),
                                            .start = call_start};

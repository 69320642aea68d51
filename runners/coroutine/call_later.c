// SPDX-License-Identifier: MIT
//
// Calls at a later time: see call_later.h. The heap of timers is libev's; what is added is
// the count of what is awaited from outside, by which the scheduler knows a deadlock.
//
// Read next: wait.c, where a coroutine is what is called back.
#include "runners/coroutine/call_later.h"

#include "lib/clock.h"

static void on_due(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)events;
    struct scheduler *scheduler = ev_userdata(loop);
    struct later_call *call = (struct later_call *)timer;
    scheduler->outside--;
    call->function(call);
}

// See wait.c about the loop's clock, and about the 100 ns.
void call_later(struct later_call *call, uint64_t delay_ns,
                void (*function)(struct later_call *call))
{
    struct scheduler *scheduler = scheduler_here;
    call->function = function;
    ev_now_update(scheduler->loop);
    ev_timer_init(&call->timer, on_due, ((double)delay_ns + 100) / 1e9, 0.);
    ev_timer_start(scheduler->loop, &call->timer);
    scheduler->outside++;
}

void call_at(struct later_call *call, uint64_t instant_ns,
             void (*function)(struct later_call *call))
{
    uint64_t now_ns = clock_now_ns();
    call_later(call, instant_ns > now_ns ? instant_ns - now_ns : 0, function);
}

bool call_cancel(struct later_call *call)
{
    struct scheduler *scheduler = scheduler_here;
    if (!ev_is_active(&call->timer))
        return false;
    ev_timer_stop(scheduler->loop, &call->timer);
    scheduler->outside--;
    return true;
}

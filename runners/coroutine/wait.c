// SPDX-License-Identifier: MIT
//
// Waiting and cancelling: see wait.h. Who waits stands in somebody's queue, and `abandon`
// knows how to get out of it; so a time limit and a cancellation are the same thing, an
// interruption with another result.
//
// Read next: sync.c and future.c, which wait in this way.
#include "runners/coroutine/wait.h"

bool wait_interrupt(struct wait *wait, int result)
{
    if (!wait->abandon(wait))
        return false;
    wait->result = result;
    scheduler_call_soon(scheduler_here, wait->coroutine);
    return true;
}

//DOC: coroutine-cancel
void wait_cancel(struct coroutine *coroutine)
{
    if (coroutine->cancel != CANCEL_NEVER)
        return;
    coroutine->cancel = CANCEL_ASKED;
    if (coroutine->waiting != NULL && wait_interrupt(coroutine->waiting, -ECANCELED))
        coroutine->cancel = CANCEL_SEEN;
}

// ---- time -----------------------------------------------------------------------------

// A timer counts from the loop's clock, which stands still during a round: bring it up to
// date, or the time is too short. The 100 ns more are for the rounding of libev's
// instants, which are doubles.
static void start_timer(ev_timer *timer,
                        void (*on_due)(struct ev_loop *, ev_timer *, int),
                        uint64_t after_ns)
{
    struct scheduler *scheduler = scheduler_here;
    ev_now_update(scheduler->loop);
    ev_timer_init(timer, on_due, ((double)after_ns + 100) / 1e9, 0.);
    ev_timer_start(scheduler->loop, timer);
    scheduler->outside++;
}

static void stop_timer(ev_timer *timer)
{
    ev_timer_stop(scheduler_here->loop, timer);
    scheduler_here->outside--;
}

// It may have been woken a moment ago, in this very round: then the limit is void.
static void on_limit(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)loop;
    (void)events;
    struct wait *wait = timer->data;
    if (wait->coroutine->waiting == wait)
        wait_interrupt(wait, -ETIMEDOUT);
}

int wait_suspend_limited(struct wait *wait, uint64_t timeout_ns)
{
    ev_timer limit;
    limit.data = wait;
    start_timer(&limit, on_limit, timeout_ns);
    int error = wait_suspend(wait);
    stop_timer(&limit);
    return error;
}

// The timer of a sleep does not lie on the stack of the sleeper, where it would be natural.
// libev touches a timer again and again while it orders them, and each stack has a page
// and a line of the page table for itself, which have left the caches long ago when there
// are very many. In an array, side by side, they cost a fraction of that.
//DOC: coroutine-naps
static ev_timer *nap_of(struct scheduler *scheduler, const struct coroutine *coroutine)
{
    return &scheduler->naps[coroutine->stack.number];
}

static void on_due(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)events;
    struct scheduler *scheduler = ev_userdata(loop);
    scheduler->outside--;
    scheduler_call_soon(scheduler, timer->data);
}

// A sleeper whose timer has gone off is no longer waiting, so nobody asks this.
static bool abandon_nap(struct wait *wait)
{
    stop_timer(nap_of(scheduler_here, wait->coroutine));
    return true;
}

int wait_sleep(uint64_t duration_ns)
{
    int error = wait_begin();
    if (error != 0)
        return error;
    struct coroutine *self = scheduler_here->running;
    struct wait nap = {.what = "sleep", .abandon = abandon_nap};
    ev_timer *timer = nap_of(scheduler_here, self);
    timer->data = self;
    start_timer(timer, on_due, duration_ns);
    return wait_suspend(&nap);
}

bool wait_abandon_joining(struct wait *wait)
{
    return queue_remove(((struct wait_joining *)wait)->joiners, wait->coroutine);
}

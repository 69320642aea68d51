// SPDX-License-Identifier: MIT
//
// Waiting and cancelling: see wait.h.
#include "runners/coroutine/wait.h"

#include <errno.h>

int wait_begin(void)
{
    struct coroutine *self = scheduler_here->running;
    if (self->cancel != CANCEL_ASKED)
        return 0;
    self->cancel = CANCEL_SEEN;
    return -ECANCELED;
}

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

int wait_suspend(struct wait *wait, uint64_t timeout_ns)
{
    struct scheduler *scheduler = scheduler_here;
    ev_timer limit;
    wait->coroutine = scheduler->running;
    wait->coroutine->waiting = wait;
    wait->result = 0;
    if (timeout_ns == WAIT_FOREVER) {
        scheduler_suspend(scheduler);
        return wait->result;
    }
    limit.data = wait;
    start_timer(&limit, on_limit, timeout_ns);
    scheduler_suspend(scheduler);
    stop_timer(&limit);
    return wait->result;
}

// A sleep lies, with its timer, on the stack of the sleeper.
struct nap {
    struct wait wait; // first: a pointer to it is one to the nap
    ev_timer timer;
};

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
    stop_timer(&((struct nap *)wait)->timer);
    return true;
}

int wait_sleep(uint64_t duration_ns)
{
    int error = wait_begin();
    if (error != 0)
        return error;
    struct nap nap = {.wait = {.what = "sleep", .abandon = abandon_nap}};
    nap.timer.data = scheduler_here->running;
    start_timer(&nap.timer, on_due, duration_ns);
    return wait_suspend(&nap.wait, WAIT_FOREVER);
}

// ---- the end of another one -------------------------------------------------------------

struct joining {
    struct wait wait; // first: a pointer to it is one to this
    struct coroutine_queue *joiners;
};

static bool abandon_joining(struct wait *wait)
{
    return queue_remove(((struct joining *)wait)->joiners, wait->coroutine);
}

int wait_join(struct coroutine *coroutine)
{
    int error = wait_begin();
    if (error != 0)
        return error;
    struct joining joining = {.wait = {.what = "the end of",
                                       .name = coroutine->name,
                                       .object = coroutine,
                                       .abandon = abandon_joining},
                              .joiners = &coroutine->joiners};
    queue_push(joining.joiners, scheduler_here->running);
    return wait_suspend(&joining.wait, WAIT_FOREVER);
}

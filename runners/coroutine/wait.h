// SPDX-License-Identifier: MIT
//
// wait.h - waiting so that others see for what, and so that it can be put to an end
// before its time: by a time limit, or because the coroutine has been cancelled.
//
// Every wait follows one pattern:
//     error = wait_begin();                   cancelled already? Then do not even begin
//     struct wait wait = {"socket", ...};     what for, and how to get out of it
//     put oneself into some queue;
//     return wait_suspend(&wait);             others run
//
// Cancelling: a coroutine can be asked to stop, once. Its wait, or else its next one,
// returns -ECANCELED; later ones are as usual, so that it can clean up, and take as long
// as it likes for it. A wait that was over before the request stays successful: what it
// was waiting for is never lost on the way.
//
// All of this is called from coroutines, and uses the scheduler of the calling thread.
//
// Read next: ../sync.h and future.h, whose verbs are such waits.
#ifndef QUARTET_RUNNERS_COROUTINE_WAIT_H
#define QUARTET_RUNNERS_COROUTINE_WAIT_H

#include "runners/coroutine/scheduler.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

#define WAIT_FOREVER UINT64_MAX

// A wait of a coroutine, on its own stack.
struct wait {
    const char *what; // "sleep", "semaphore": for people
    const char *name; // of the one that is waited for, or NULL: for people
    void *object;     // which one, or NULL
    // Takes the coroutine out of wherever it waits, so that nobody else will wake it.
    // false: too late, somebody already does.
    bool (*abandon)(struct wait *wait);
    struct coroutine *coroutine; // who waits; filled in by wait_suspend()
    int result;                  // 0, or what somebody has put here before waking it
};

// 0, or -ECANCELED: the caller has been cancelled, and knows it now. To be asked before
// the caller puts itself into any queue.
static inline int wait_begin(void)
{
    struct coroutine *self = scheduler_here->running;
    if (__builtin_expect(self->cancel != CANCEL_ASKED, 1))
        return 0;
    self->cancel = CANCEL_SEEN;
    return -ECANCELED;
}

// Functions that suspend stand in this header on purpose. A processor predicts where a function
// returns to from the calls that it has seen, and after a switch it has seen those of
// somebody else: a function that returns then may cost a wrong guess, some 7 ns. A
// function that is part of its caller does not return.

// Suspends until somebody makes the caller ready. Returns wait->result: 0, -ECANCELED, or
// what the waker has put there.
COROUTINE_SUSPENDS int wait_suspend(struct wait *wait)
{
    struct scheduler *scheduler = scheduler_here;
    wait->coroutine = scheduler->running;
    wait->coroutine->waiting = wait;
    wait->result = 0;
    scheduler_suspend(scheduler);
    return wait->result;
}

// The same, but at most `timeout_ns`: then -ETIMEDOUT.
int wait_suspend_limited(struct wait *wait, uint64_t timeout_ns);

// One or the other.
static inline int wait_suspend_for(struct wait *wait, uint64_t timeout_ns)
{
    return timeout_ns == WAIT_FOREVER ? wait_suspend(wait)
                                      : wait_suspend_limited(wait, timeout_ns);
}

// Ends a wait with this result, if it can still be ended: says so.
bool wait_interrupt(struct wait *wait, int result);

// Asks a coroutine that has not ended to stop. Whoever has been asked once is not asked
// again. Not for the caller itself.
void wait_cancel(struct coroutine *coroutine);

// ---- two things to wait for -----------------------------------------------------------

// Suspends for at least this long. 0 or -ECANCELED.
int wait_sleep(uint64_t duration_ns);

// One of those who wait for the end of a coroutine.
struct wait_joining {
    struct wait wait; // first: a pointer to it is one to this
    struct coroutine_queue *joiners;
};
bool wait_abandon_joining(struct wait *wait);

// Suspends until `coroutine` has ended, which it must not have done before. 0 or
// -ECANCELED.
static inline int wait_join(struct coroutine *coroutine)
{
    int error = wait_begin();
    if (error != 0)
        return error;
    struct wait_joining joining = {.wait = {.what = "the end of",
                                            .name = coroutine->name,
                                            .object = coroutine,
                                            .abandon = wait_abandon_joining},
                                   .joiners = &coroutine->joiners};
    queue_push(joining.joiners, scheduler_here->running);
    return wait_suspend(&joining.wait);
}

#endif

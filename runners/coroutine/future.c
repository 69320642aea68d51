// SPDX-License-Identifier: MIT
//
// A result that is not there yet: see future.h. A future is no more than a value, a list of
// callbacks, and a queue of coroutines; to set it is to call the ones and to move the
// others to the ready queue. Nobody is switched to.
//
// Read next: task.c, whose result is one.
#include "runners/coroutine/future.h"

#include <errno.h>

void future_init(struct future *future, const char *name)
{
    *future = (struct future){.name = name};
}

// A callback may end the life of the future's storage with its last waiter, but not
// before that waiter runs, which is after this.
static int settle(struct future *future, int error, uint64_t value)
{
    if (future->done)
        return -EALREADY;
    future->done = true;
    future->error = error;
    future->value = value;
    while (future->first != NULL) {
        struct future_callback *callback = future->first;
        future_forget(future, callback);
        callback->function(future, callback);
    }
    scheduler_wake_all(scheduler_here, &future->waiters);
    return 0;
}

int future_set_result(struct future *future, uint64_t value)
{
    return settle(future, 0, value);
}

int future_set_failure(struct future *future, int error)
{
    return settle(future, error, 0);
}

struct awaiting {
    struct wait wait; // first: a pointer to it is one to this
    struct future *future;
};

static bool abandon_awaiting(struct wait *wait)
{
    struct future *future = ((struct awaiting *)wait)->future;
    return queue_remove(&future->waiters, wait->coroutine);
}

//DOC: future-await
int future_await(struct future *future, uint64_t timeout_ns, uint64_t *value)
{
    int error = wait_begin();
    if (error != 0)
        return error;
    if (!future->done) {
        struct awaiting awaiting = {.wait = {.what = "future",
                                             .name = future->name,
                                             .object = future,
                                             .abandon = abandon_awaiting},
                                    .future = future};
        if (timeout_ns == 0)
            return -ETIMEDOUT;
        queue_push(&future->waiters, scheduler_here->running);
        error = wait_suspend_for(&awaiting.wait, timeout_ns);
        if (error != 0)
            return error;
    }
    if (value != NULL)
        *value = future->value;
    return future->error;
}

int future_on_done(struct future *future, struct future_callback *callback)
{
    if (future->done)
        return -EALREADY;
    callback->next = NULL;
    callback->previous = future->first != NULL ? future->last : NULL;
    if (future->first != NULL)
        future->last->next = callback;
    else
        future->first = callback;
    future->last = callback;
    return 0;
}

void future_forget(struct future *future, struct future_callback *callback)
{
    if (callback->previous != NULL)
        callback->previous->next = callback->next;
    else
        future->first = callback->next;
    if (callback->next != NULL)
        callback->next->previous = callback->previous;
    else
        future->last = callback->previous;
}

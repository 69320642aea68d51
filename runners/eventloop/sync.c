// SPDX-License-Identifier: MIT
//
// The verbs of sync_events.h: try, else stand in line; whoever is served is put into the
// list of callbacks that are due in its own loop.
//
// Compare with coroutine/sync.c: what is a suspended stack there is a callback here.
#include "runners/sync_events.h"

#include "runners/eventloop/ready.h"

static void on_given(struct sync_waiter *waiter)
{
    ready_push(waiter->home, waiter);
}

static void prepare(struct sync_waiter *waiter, sync_callback *callback)
{
    waiter->line = NULL;
    waiter->guard = NULL;
    waiter->wake = on_given;
    waiter->home = ready_here;
    waiter->callback = callback;
}

bool sync_lock_then(struct ev_loop *loop, struct sync_mutex *mutex,
                    struct sync_waiter *waiter, sync_callback *callback)
{
    (void)loop;
    prepare(waiter, callback);
    return line_lock(mutex, waiter);
}

//DOC: eventloop-acquire
bool sync_acquire_then(struct ev_loop *loop, struct sync_semaphore *semaphore,
                       struct sync_waiter *waiter, sync_callback *callback)
{
    (void)loop;
    prepare(waiter, callback);
    return line_acquire(semaphore, waiter);
}

bool sync_wait_then(struct ev_loop *loop, struct sync_event *event,
                    struct sync_waiter *waiter, sync_callback *callback)
{
    (void)loop;
    prepare(waiter, callback);
    return line_wait(event, waiter);
}

bool sync_put_then(struct ev_loop *loop, struct sync_queue *queue, uint64_t item,
                   struct sync_waiter *waiter, sync_callback *callback)
{
    (void)loop;
    prepare(waiter, callback);
    waiter->item = item;
    return line_put(queue, waiter);
}

bool sync_get_then(struct ev_loop *loop, struct sync_queue *queue,
                   struct sync_waiter *waiter, sync_callback *callback)
{
    (void)loop;
    prepare(waiter, callback);
    return line_get(queue, waiter);
}

bool sync_forget(struct sync_waiter *waiter)
{
    return line_leave(waiter);
}

// SPDX-License-Identifier: MIT
//
// sync_events.h - waiting for one another, with callbacks: the twins of sync.h for
// events.c. Each verb either gets what it wants at once and returns true; or it returns
// false, the waiter stands in line, and callback(loop, waiter) is called, from the loop
// that it came from and never from inside another verb, when it has got it.
//
// The waiter lies in the task's state, and must stay there while it waits. `data` is the
// user's own, like that of a libev watcher. For a time limit, start an ev_timer, and
// call sync_forget() when it comes first.
//
//     static void on_permit(struct ev_loop *loop, struct sync_waiter *waiter);
//     ...
//     state->waiter.data = state;
//     if (sync_acquire_then(loop, semaphore, &state->waiter, on_permit))
//         on_permit(loop, &state->waiter);
//
// Read next: eventloop/ready.h for when callbacks are called.
#ifndef QUARTET_RUNNERS_SYNC_EVENTS_H
#define QUARTET_RUNNERS_SYNC_EVENTS_H

#include "runners/loop/sync_waiter.h"

#include <ev.h>

bool sync_lock_then(struct ev_loop *loop, struct sync_mutex *mutex,
                    struct sync_waiter *waiter, sync_callback *callback);

bool sync_acquire_then(struct ev_loop *loop, struct sync_semaphore *semaphore,
                       struct sync_waiter *waiter, sync_callback *callback);

bool sync_wait_then(struct ev_loop *loop, struct sync_event *event,
                    struct sync_waiter *waiter, sync_callback *callback);

// Puts `item`.
bool sync_put_then(struct ev_loop *loop, struct sync_queue *queue, uint64_t item,
                   struct sync_waiter *waiter, sync_callback *callback);

// The item is in waiter->item: at once, or when the callback is called.
bool sync_get_then(struct ev_loop *loop, struct sync_queue *queue,
                   struct sync_waiter *waiter, sync_callback *callback);

// Leaves the line: nothing was taken, and the callback will not be called. false: too
// late, it has been given what it wants, and the callback will be called.
bool sync_forget(struct sync_waiter *waiter);

#endif

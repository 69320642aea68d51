// SPDX-License-Identifier: MIT
//
// ready.h - callbacks that are due because another task has given them something: what
// asyncio calls call_soon. One list per loop, first in, first out.
//
// A verb that gives (sync_release, sync_set, ...) does not call the receiver itself: it
// would run in the middle of the giver, and chains of them would grow the stack. It puts
// the receiver into this list, and the loop calls it before it looks at descriptors
// again (ev_prepare). To be as fair to descriptors and timers as the scheduler of the
// coroutines is, it looks at them after READY_TURNS callbacks at the latest.
//
// Another loop's receiver is handed over through an inbox, and its loop is woken by
// ev_async, the one thing of libev that may be called from any thread.
#ifndef QUARTET_RUNNERS_EVENTLOOP_READY_H
#define QUARTET_RUNNERS_EVENTLOOP_READY_H

#include "runners/loop/sync_waiter.h"

#include <ev.h>

#define READY_TURNS 256

struct ready {
    struct ev_loop *loop;
    struct sync_waiter *first;
    struct sync_waiter *last;
    ev_prepare dispatch; // active while the list is not empty
    ev_idle restless;    // keeps the loop from sleeping while the list is not empty
    _Atomic(struct sync_waiter *) inbox; // from other loops, the last one first
    ev_async knock;                      // there is something in the inbox
};

// The list of this thread's loop, or NULL.
extern _Thread_local struct ready *ready_here;

// `many`: other loops share objects with this one, so it waits for them when it has
// nothing else to do.
void ready_init(struct ready *ready, struct ev_loop *loop, bool many);

// The waiter's callback is due. From any loop's thread.
void ready_push(struct ready *ready, struct sync_waiter *waiter);

#endif

// SPDX-License-Identifier: MIT
//
// sync_waiter.h - somebody who stands in line for an object, in a coroutine or with a
// callback; and the lines themselves, for the two models that have them.
//
// The rule of all lines is hand-over: what is given back belongs to the first in line
// from that instant on, even if it wakes up later. So a permit can neither be snatched
// away by a newcomer nor get lost when its new owner gives up: who has been given
// something can no longer leave the line (line_leave() says false).
//
// Read next: sync_lines.c.
#ifndef QUARTET_RUNNERS_LOOP_SYNC_WAITER_H
#define QUARTET_RUNNERS_LOOP_SYNC_WAITER_H

#include "runners/sync_objects.h"

struct ev_loop;
struct sync_waiter;

typedef void sync_callback(struct ev_loop *loop, struct sync_waiter *waiter);

struct sync_waiter {
    struct sync_waiter *next; // behind it in line, then among those to be woken
    struct sync_waiter *previous;
    struct sync_line *line;   // where it stands; NULL: nowhere
    struct sync_guard *guard; // of that line; NULL: it has never stood in one
    void (*wake)(struct sync_waiter *waiter); // it has got what it wants; the model's
    void *home;              // the scheduler or the loop that it belongs to
    sync_callback *callback; // sync_events.h
    void *data;              // the user's own
    uint64_t item;           // to be put, or got
};

// Do several loops share the objects? Set by the model before they start. While it is
// false nobody pays for locks.
extern bool sync_many_loops;

// ---- trying, else standing in line -------------------------------------------------
// true: done at once. false: the waiter, whose `wake` and `home` are set, stands in line
// and will be woken when it is done.

bool line_lock(struct sync_mutex *mutex, struct sync_waiter *waiter);
bool line_acquire(struct sync_semaphore *semaphore, struct sync_waiter *waiter);
bool line_wait(struct sync_event *event, struct sync_waiter *waiter);
bool line_put(struct sync_queue *queue, struct sync_waiter *waiter);
bool line_get(struct sync_queue *queue, struct sync_waiter *waiter);

// Leaves the line. false: too late, it has been woken or will be in a moment.
bool line_leave(struct sync_waiter *waiter);

#endif

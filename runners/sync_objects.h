// SPDX-License-Identifier: MIT
//
// sync_objects.h - mutex, semaphore, event and bounded queue: what tasks of one workload
// share. Here are their memory, their beginning, and the verbs that never wait; waiting
// has two styles, sync.h (straight-line code) and sync_events.h (callbacks).
//
// The objects lie in memory from sync_alloc(), which setup() calls before there are
// workers, so that processes see the same object as threads and coroutines do. They
// hold what every kind of model needs to wait: words to sleep on (futex) for processes
// and threads, lines of waiters for coroutines and callbacks. Fields belong to the
// verbs alone. Nobody destroys an object: all of them go with the run.
//
// Order of waiters:
//   coroutine, eventloop  first come, first served, without exception: what is given
//                         back goes straight to whoever waits longest, and a newcomer
//                         cannot take it away. (Between the loops of --loops N, the
//                         order is that in which they reached the object.)
//   threads, processes    the kernel wakes the longest sleeper, but a newcomer may be
//                         quicker than the one who is just waking up ("barging"), which
//                         is far cheaper than to let everybody wait for it.
//
// A process that is killed while it holds a mutex, or is inside a verb of a queue, holds
// it for ever; a semaphore or an event is one atomic step at a time.
//
// Read next: sync.h.
#ifndef QUARTET_RUNNERS_SYNC_OBJECTS_H
#define QUARTET_RUNNERS_SYNC_OBJECTS_H

#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// How long a wait may take: nanoseconds. 0: do not wait, only try.
#define SYNC_FOREVER UINT64_MAX

// Those who wait for an object in a coroutine or by a callback, the first one first.
struct sync_line {
    struct sync_waiter *first;
    struct sync_waiter *last;
};

// A spinning lock around a few instructions, for objects that several loops share.
struct sync_guard {
    _Atomic uint32_t taken;
};

struct sync_mutex {
    _Atomic uint32_t state;  // 0 free, 1 held, 2 held and others may sleep on this word
    struct sync_guard guard; // of state and line, where loops share it
    struct sync_line line;
};

struct sync_semaphore {
    _Atomic uint32_t value;    // permits to be had; a word to sleep on
    _Atomic uint32_t sleepers; // who may sleep on it
    struct sync_guard guard;   // of value and line, where loops share it
    struct sync_line line;
};

struct sync_event {
    _Atomic uint32_t set; // lowest bit: is it set? A word to sleep on
    struct sync_guard guard;
    struct sync_line line;
};

// Those who wait for the ring of a queue to change; guarded by the queue's lock.
struct sync_condition {
    _Atomic uint32_t calls; // how often one of them was called; a word to sleep on
    uint32_t sleepers;      // who sleeps and has not been called yet, or one too many
    struct sync_line line;
};

// A ring of items. The lock is the mutex, or where loops share the queue its guard.
struct sync_queue {
    alignas(64) struct sync_mutex mutex;    // guards all that follows
    uint64_t *ring;                         // `capacity` places, the caller's
    uint32_t capacity;                      //
    uint32_t head;                          // the oldest item's place
    uint32_t count;                         // how many there are
    alignas(64) struct sync_condition room; // waited for by those who put
    struct sync_condition items;            // waited for by those who get
};

// The place that is `distance` after the oldest item, at most the capacity.
static inline uint32_t sync_queue_place(const struct sync_queue *queue, uint32_t distance)
{
    uint64_t place = (uint64_t)queue->head + distance;
    return (uint32_t)(place < queue->capacity ? place : place - queue->capacity);
}

// ---- life: from setup() -----------------------------------------------------------

// Zeroed memory, aligned to a cache line, that all workers of the run share. It lasts
// until the run ends. NULL: there is none.
void *sync_alloc(size_t size);

void sync_mutex_init(struct sync_mutex *mutex);

void sync_semaphore_init(struct sync_semaphore *semaphore, uint32_t permits);

void sync_event_init(struct sync_event *event);

// `ring` has room for `capacity` items, at least 1, and comes from sync_alloc(), too.
void sync_queue_init(struct sync_queue *queue, uint64_t *ring, uint32_t capacity);

// ---- verbs that never wait: from tasks and children, in both styles ----------------

// The mutex must be held by the caller.
void sync_unlock(struct sync_mutex *mutex);

// Gives one permit.
void sync_release(struct sync_semaphore *semaphore);

// Wakes everybody who waits, and lets everybody pass who comes later. Setting it again
// changes nothing.
void sync_set(struct sync_event *event);

// Waiters that come from now on have to wait again. Those that were woken stay so.
void sync_clear(struct sync_event *event);

#endif

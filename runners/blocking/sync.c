// SPDX-License-Identifier: MIT
//
// The verbs of sync.h for workers that the kernel puts to sleep: processes, threads, and
// the control. Each object is a word of memory that is changed by atomic instructions;
// the kernel is only asked when somebody has to sleep or to be woken (park.h).
//
// "Sleep if the word still has this value" is one step of the kernel's. That closes the
// gap between looking and falling asleep, in which a wake-up would be lost.
//
// The mutex is the third one of U. Drepper, "Futexes Are Tricky" (2011); the queue is
// the bounded buffer of C. A. R. Hoare, "Monitors" (1974), with one wake-up per sleeper.
//
// Read next: coroutine/sync.c for the same verbs without the kernel.
#include "runners/sync.h"
#include "runners/blocking/park.h"

#include "lib/check.h"
#include "lib/clock.h"

#include <errno.h>
#include <limits.h>

// The instant at which a wait that begins now is over.
static uint64_t deadline_of(uint64_t timeout_ns)
{
    if (timeout_ns == SYNC_FOREVER)
        return SYNC_FOREVER;
    uint64_t now_ns = clock_now_ns();
    return timeout_ns < SYNC_FOREVER - now_ns ? now_ns + timeout_ns : SYNC_FOREVER;
}

// ---- mutex -------------------------------------------------------------------------

enum { MUTEX_FREE, MUTEX_HELD, MUTEX_CONTENDED };

// A thread that had to sleep takes the mutex as contended: others may sleep as well, and the
// last one of them costs one wake-up for nothing.
static int lock_slowly(struct sync_mutex *mutex, uint64_t timeout_ns)
{
    uint64_t deadline_ns = deadline_of(timeout_ns);
    int error = 0;
    while (error == 0 && atomic_exchange_explicit(&mutex->state, MUTEX_CONTENDED,
                                                  memory_order_acquire) != MUTEX_FREE)
        error = sync_park(&mutex->state, MUTEX_CONTENDED, deadline_ns);
    return error;
}

//DOC: blocking-lock
int sync_lock(struct sync_mutex *mutex, uint64_t timeout_ns)
{
    uint32_t state = MUTEX_FREE;
    if (atomic_compare_exchange_strong_explicit(&mutex->state, &state, MUTEX_HELD,
                                                memory_order_acquire,
                                                memory_order_relaxed))
        return 0;
    return timeout_ns == 0 ? -ETIMEDOUT : lock_slowly(mutex, timeout_ns);
}

void sync_unlock(struct sync_mutex *mutex)
{
    uint32_t was =
        atomic_exchange_explicit(&mutex->state, MUTEX_FREE, memory_order_release);
    CHECK(was != MUTEX_FREE);
    if (was == MUTEX_CONTENDED)
        sync_unpark(&mutex->state, 1);
}

// ---- semaphore ---------------------------------------------------------------------

static bool try_acquire(struct sync_semaphore *semaphore)
{
    uint32_t value = atomic_load_explicit(&semaphore->value, memory_order_relaxed);
    while (value > 0) {
        if (atomic_compare_exchange_weak_explicit(&semaphore->value, &value, value - 1,
                                                  memory_order_acquire,
                                                  memory_order_relaxed))
            return true;
    }
    return false;
}

// Sequentially consistent, like the two steps of sync_release(): either the sleeper sees
// the new value, or the one who gives sees the sleeper.
//DOC: blocking-acquire
int sync_acquire(struct sync_semaphore *semaphore, uint64_t timeout_ns)
{
    if (try_acquire(semaphore))
        return 0;
    if (timeout_ns == 0)
        return -ETIMEDOUT;
    uint64_t deadline_ns = deadline_of(timeout_ns);
    int error = 0;
    bool got = false;
    atomic_fetch_add(&semaphore->sleepers, 1);
    while (!(got = try_acquire(semaphore)) && error == 0)
        error = sync_park(&semaphore->value, 0, deadline_ns);
    atomic_fetch_sub(&semaphore->sleepers, 1);
    return got ? 0 : error;
}

void sync_release(struct sync_semaphore *semaphore)
{
    atomic_fetch_add(&semaphore->value, 1);
    if (atomic_load(&semaphore->sleepers) > 0)
        sync_unpark(&semaphore->value, 1);
}

// ---- event -------------------------------------------------------------------------

// The lowest bit says whether it is set, the others count how often it was. So a sleeper
// that finds the event cleared again still sees that it has been set meanwhile.
#define EVENT_SET   UINT32_C(1)
#define EVENT_TIMES UINT32_C(2)

int sync_wait(struct sync_event *event, uint64_t timeout_ns)
{
    uint32_t before = atomic_load_explicit(&event->set, memory_order_acquire);
    if (before & EVENT_SET)
        return 0;
    if (timeout_ns == 0)
        return -ETIMEDOUT;
    uint64_t deadline_ns = deadline_of(timeout_ns);
    int error = 0;
    while (error == 0 &&
           atomic_load_explicit(&event->set, memory_order_acquire) == before)
        error = sync_park(&event->set, before, deadline_ns);
    return error;
}

void sync_set(struct sync_event *event)
{
    uint32_t before = atomic_load_explicit(&event->set, memory_order_relaxed);
    do {
        if (before & EVENT_SET)
            return;
    } while (!atomic_compare_exchange_weak_explicit(&event->set, &before,
                                                    (before + EVENT_TIMES) | EVENT_SET,
                                                    memory_order_release,
                                                    memory_order_relaxed));
    sync_unpark(&event->set, INT_MAX);
}

void sync_clear(struct sync_event *event)
{
    atomic_fetch_and_explicit(&event->set, ~EVENT_SET, memory_order_relaxed);
}

// ---- queue -------------------------------------------------------------------------

// A monitor: one mutex, and two conditions to wait for.

// Waits until somebody is called; the mutex is laid down meanwhile. Whoever comes between
// the unlock and the sleep changes the word, and then the kernel does not let it sleep.
static int await_call(struct sync_queue *queue, struct sync_condition *condition,
                      uint64_t deadline_ns)
{
    uint32_t calls = atomic_load_explicit(&condition->calls, memory_order_relaxed);
    condition->sleepers++;
    sync_unlock(&queue->mutex);
    int error = sync_park(&condition->calls, calls, deadline_ns);
    CHECK(sync_lock(&queue->mutex, SYNC_FOREVER) == 0);
    // If nobody was called, this one is still counted. If somebody was, it may have been
    // this one: then the count stays. One too many costs a wake-up, one too few a sleeper.
    if (atomic_load_explicit(&condition->calls, memory_order_relaxed) == calls)
        condition->sleepers--;
    return error;
}

// Somebody may go on. Counts it as called at once, not when it runs: else all who come
// before it does would call it again, a system call each. Whether there is one to wake.
static bool call_one(struct sync_condition *condition)
{
    if (condition->sleepers == 0)
        return false;
    condition->sleepers--;
    atomic_fetch_add_explicit(&condition->calls, 1, memory_order_relaxed);
    return true;
}

// Locks the queue with at least one item (`items`) or one free place in it.
static int lock_when(struct sync_queue *queue, bool items, uint64_t timeout_ns)
{
    struct sync_condition *condition = items ? &queue->items : &queue->room;
    uint32_t useless = items ? 0 : queue->capacity; // a count that does not help
    uint64_t deadline_ns = 0;
    int error = timeout_ns == 0 ? -ETIMEDOUT : 0;
    CHECK(sync_lock(&queue->mutex, SYNC_FOREVER) == 0);
    while (queue->count == useless && error == 0) {
        if (deadline_ns == 0)
            deadline_ns = deadline_of(timeout_ns);
        error = await_call(queue, condition, deadline_ns);
    }
    if (queue->count != useless)
        return 0;
    sync_unlock(&queue->mutex);
    return error;
}

//DOC: blocking-queue
int sync_put(struct sync_queue *queue, uint64_t item, uint64_t timeout_ns)
{
    int error = lock_when(queue, false, timeout_ns);
    if (error != 0)
        return error;
    queue->ring[sync_queue_place(queue, queue->count++)] = item;
    bool waits = call_one(&queue->items);
    sync_unlock(&queue->mutex);
    if (waits)
        sync_unpark(&queue->items.calls, 1);
    return 0;
}

int sync_get(struct sync_queue *queue, uint64_t *item, uint64_t timeout_ns)
{
    int error = lock_when(queue, true, timeout_ns);
    if (error != 0)
        return error;
    *item = queue->ring[queue->head];
    queue->head = sync_queue_place(queue, 1);
    queue->count--;
    bool waits = call_one(&queue->room);
    sync_unlock(&queue->mutex);
    if (waits)
        sync_unpark(&queue->room.calls, 1);
    return 0;
}

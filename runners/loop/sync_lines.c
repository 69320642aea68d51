// SPDX-License-Identifier: MIT
//
// Objects that coroutines and callbacks wait for in line: see sync_waiter.h for the rule
// of hand-over. In one loop nothing here needs a lock, because nobody can come between
// two lines of code; --loops N puts a guard around each step.
//
// Waking is done after the guard has been given back. That is safe, because a waiter
// that has been taken out of its line stays where it is until it is woken.
//
// Read next: coroutine/sync.c and eventloop/sync.c, the two users.
#include "runners/loop/sync_waiter.h"

#include "lib/check.h"

#include <sched.h>

bool sync_many_loops;

// ---- guards and lines --------------------------------------------------------------

// Tells the processor that this is a loop that waits: it leaves more to the other thread of
// the core, and does not run ahead of what it is waiting for.
static inline void cpu_relax(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

// The steps inside are short, so spinning is cheapest, unless the holder has lost its
// CPU: then let it have this one.
static void guard_take(struct sync_guard *guard)
{
    unsigned spins = 0;
    if (!sync_many_loops)
        return;
    while (atomic_exchange_explicit(&guard->taken, 1, memory_order_acquire) != 0) {
        // Only read meanwhile: an exchange would take the line from its holder each time.
        while (atomic_load_explicit(&guard->taken, memory_order_relaxed) != 0) {
            cpu_relax();
            if (++spins % 64 == 0)
                sched_yield();
        }
    }
}

static void guard_give(struct sync_guard *guard)
{
    if (sync_many_loops)
        atomic_store_explicit(&guard->taken, 0, memory_order_release);
}

// Always under the guard, so plain loads and stores are enough; they are written as
// relaxed ones only because other models change the same words by atomic instructions.
static uint32_t word_get(const _Atomic uint32_t *word)
{
    return atomic_load_explicit(word, memory_order_relaxed);
}

static void word_set(_Atomic uint32_t *word, uint32_t value)
{
    atomic_store_explicit(word, value, memory_order_relaxed);
}

static void line_join(struct sync_line *line, struct sync_guard *guard,
                      struct sync_waiter *waiter)
{
    waiter->next = NULL;
    waiter->previous = line->first != NULL ? line->last : NULL;
    waiter->line = line;
    waiter->guard = guard;
    if (line->first != NULL)
        line->last->next = waiter;
    else
        line->first = waiter;
    line->last = waiter;
}

static void line_remove(struct sync_waiter *waiter)
{
    struct sync_line *line = waiter->line;
    if (waiter->previous != NULL)
        waiter->previous->next = waiter->next;
    else
        line->first = waiter->next;
    if (waiter->next != NULL)
        waiter->next->previous = waiter->previous;
    else
        line->last = waiter->previous;
    waiter->line = NULL;
}

// NULL: nobody stands there.
static struct sync_waiter *line_next(struct sync_line *line)
{
    struct sync_waiter *first = line->first;
    if (first != NULL)
        line_remove(first);
    return first;
}

static void wake(struct sync_waiter *waiter)
{
    if (waiter != NULL)
        waiter->wake(waiter);
}

// The line may be that of a mutex, a semaphore, an event or a queue. While a waiter
// stands in it, `guard` does not change; afterwards `line` is NULL, and nobody else
// writes to it any more.
bool line_leave(struct sync_waiter *waiter)
{
    struct sync_guard *guard = waiter->guard;
    if (guard == NULL)
        return false;
    guard_take(guard);
    bool stands = waiter->line != NULL;
    if (stands)
        line_remove(waiter);
    guard_give(guard);
    return stands;
}

// ---- mutex -------------------------------------------------------------------------

bool line_lock(struct sync_mutex *mutex, struct sync_waiter *waiter)
{
    guard_take(&mutex->guard);
    bool got = word_get(&mutex->state) == 0;
    if (got)
        word_set(&mutex->state, 1);
    else
        line_join(&mutex->line, &mutex->guard, waiter);
    guard_give(&mutex->guard);
    return got;
}

void sync_unlock(struct sync_mutex *mutex)
{
    guard_take(&mutex->guard);
    CHECK(word_get(&mutex->state) != 0);
    struct sync_waiter *heir = line_next(&mutex->line);
    if (heir == NULL)
        word_set(&mutex->state, 0);
    guard_give(&mutex->guard);
    wake(heir);
}

// ---- semaphore ---------------------------------------------------------------------

//DOC: line-acquire
// A taker that finds a permit overtakes nobody: while somebody stands in line, there
// is none.
bool line_acquire(struct sync_semaphore *semaphore, struct sync_waiter *waiter)
{
    guard_take(&semaphore->guard);
    uint32_t value = word_get(&semaphore->value);
    if (value > 0)
        word_set(&semaphore->value, value - 1);
    else
        line_join(&semaphore->line, &semaphore->guard, waiter);
    guard_give(&semaphore->guard);
    return value > 0;
}

void sync_release(struct sync_semaphore *semaphore)
{
    guard_take(&semaphore->guard);
    struct sync_waiter *heir = line_next(&semaphore->line);
    if (heir == NULL)
        word_set(&semaphore->value, word_get(&semaphore->value) + 1);
    guard_give(&semaphore->guard);
    wake(heir);
}

// ---- event -------------------------------------------------------------------------

bool line_wait(struct sync_event *event, struct sync_waiter *waiter)
{
    guard_take(&event->guard);
    bool set = word_get(&event->set) != 0;
    if (!set)
        line_join(&event->line, &event->guard, waiter);
    guard_give(&event->guard);
    return set;
}

//DOC: line-broadcast
// All are taken out of the line in one step, so that nobody who comes between now and
// the last wake-up is woken by mistake, and nobody twice.
void sync_set(struct sync_event *event)
{
    guard_take(&event->guard);
    word_set(&event->set, 1);
    struct sync_waiter *waiter = event->line.first;
    for (struct sync_waiter *each = waiter; each != NULL; each = each->next)
        each->line = NULL;
    event->line.first = NULL;
    guard_give(&event->guard);
    while (waiter != NULL) {
        struct sync_waiter *next = waiter->next; // it may be gone once it is awake
        waiter->wake(waiter);
        waiter = next;
    }
}

void sync_clear(struct sync_event *event)
{
    guard_take(&event->guard);
    word_set(&event->set, 0);
    guard_give(&event->guard);
}

// ---- queue -------------------------------------------------------------------------
// One guard, the mutex's, for the ring and both lines.

static void ring_put(struct sync_queue *queue, uint64_t item)
{
    queue->ring[sync_queue_place(queue, queue->count++)] = item;
}

static uint64_t ring_get(struct sync_queue *queue)
{
    uint64_t item = queue->ring[queue->head];
    queue->head = sync_queue_place(queue, 1);
    queue->count--;
    return item;
}

// Somebody waits for an item only while the ring is empty: it gets this one.
bool line_put(struct sync_queue *queue, struct sync_waiter *waiter)
{
    struct sync_guard *guard = &queue->mutex.guard;
    guard_take(guard);
    struct sync_waiter *getter = line_next(&queue->items.line);
    bool done = getter != NULL || queue->count < queue->capacity;
    if (getter != NULL)
        getter->item = waiter->item;
    else if (done)
        ring_put(queue, waiter->item);
    else
        line_join(&queue->room.line, guard, waiter);
    guard_give(guard);
    wake(getter);
    return done;
}

// Somebody waits for room only while the ring is full: its item takes the place that
// becomes free.
bool line_get(struct sync_queue *queue, struct sync_waiter *waiter)
{
    struct sync_guard *guard = &queue->mutex.guard;
    struct sync_waiter *putter = NULL;
    guard_take(guard);
    bool done = queue->count > 0;
    if (done) {
        waiter->item = ring_get(queue);
        putter = line_next(&queue->room.line);
        if (putter != NULL)
            ring_put(queue, putter->item);
    } else {
        line_join(&queue->items.line, guard, waiter);
    }
    guard_give(guard);
    wake(putter);
    return done;
}

// SPDX-License-Identifier: MIT
//
// scheduler.h - who runs next: one thread, many coroutines, one libev loop. It is what
// asyncio calls the event loop, and its verbs have asyncio's names.
//
// A coroutine that has to wait puts itself into the queue of what it waits for and
// switches straight to the next one that is ready; nothing is called back. Only when
// nobody is ready does the thread's own stack get its turn: it asks libev what has
// happened in the world ("polls"), which makes coroutines ready, and switches to the
// first of them.
//
// Order: the ready queue is first in, first out. Coroutines become ready in the order
// in which others woke them; among those that one poll wakes, sleepers that are due come
// in the order of their instants, and the order of descriptors is libev's.
//
// Fairness: a poll begins a round. Everybody who is ready when the round begins gets a
// turn in it, and then the world is polled again, even if others have become ready
// meanwhile; but only if somebody waits for it. So nobody can starve descriptors and
// sleepers by passing control to and fro. A round goes on for a while if turns are short (else a poll, which is a system
// call, would cost more than the turns): up to SCHEDULER_TURNS_MAX turns, and fewer if
// such a round takes longer than SCHEDULER_ROUND_NS. What no scheduler of this kind can
// do is to interrupt: a turn lasts until the coroutine waits or yields.
//
// A scheduler and all that hangs on it belongs to one thread. Everything called "from a
// coroutine" uses the scheduler of the calling thread and may suspend. Other threads have
// one door only: scheduler_call_soon_threadsafe().
//
// Read next: scheduler.c, then wait.h for waiting and cancelling.
#ifndef QUARTET_RUNNERS_COROUTINE_SCHEDULER_H
#define QUARTET_RUNNERS_COROUTINE_SCHEDULER_H

#include "lib/error.h"
#include "runners/coroutine/coroutine.h"
#include "runners/coroutine/descriptor_table.h"

#include <ev.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define SCHEDULER_TURNS_MAX 256
#define SCHEDULER_ROUND_NS  100000

// So many lines are fetched ahead from the one where a coroutine stopped, and the one below it,
// where its function may have more of its variables: they hold the frames of a task that waits
// for a descriptor, and a message of 64 bytes. More gain nothing.
#define SCHEDULER_AHEAD_LINES 5

struct executor;

struct scheduler {
    struct coroutine *running;    // who has the thread now
    struct coroutine_queue ready; // who wants it
    uint32_t ready_count;
    uint32_t turns; // of a round at least, 1 ... SCHEDULER_TURNS_MAX
    // Counters that fall together stand apart: a compiler would do both in one step of
    // 8 bytes, which has to wait until an earlier step of 4 has reached the cache.
    uint32_t turns_left; // of this round
    uint32_t outside;    // who waits for something outside: time or descriptors
    uint32_t alive;      // coroutines that have not ended
    uint64_t round_ns;   // when the round began, CLOCK_MONOTONIC
    struct ev_loop *loop;
    struct executor *executor;         // where offload.h sends long work; NULL: nowhere
    struct coroutine poller;           // the thread itself
    struct stack_arena stacks;         // of its coroutines
    struct ev_timer *naps;             // of the sleepers, by number of their stacks
    void (*on_deadlock)(const char *); // told of one; may end the program; or NULL
    bool shared;                       // other threads may make its coroutines ready
    _Atomic(struct coroutine *) inbox; // those that they have made so, the last one first
    ev_async knock;                    // there is something in the inbox
    struct descriptor_table descriptors;
};

// The scheduler of this thread, or NULL. It never changes under a coroutine's feet: a
// coroutine stays in its thread.
extern _Thread_local struct scheduler *scheduler_here;

// ---- life: from the thread itself -----------------------------------------------------

// Opens the scheduler of the calling thread, with a libev loop of this backend
// (EVBACKEND_EPOLL) and stacks as planned. 0, or -errno with the reason.
int scheduler_open(struct scheduler *scheduler, unsigned backend,
                   const struct stack_plan *plan, struct reason *reason);

// From now on other threads may call scheduler_call_soon_threadsafe(). A scheduler that
// has nothing to do then waits for them, and cannot tell a deadlock from patience.
void scheduler_share(struct scheduler *scheduler);

// Runs coroutines until all have ended. Ends the program with a message if they all wait
// for one another, which nothing could ever end; `on_deadlock` is called before.
void scheduler_run_until_complete(struct scheduler *scheduler);

// Frees everything, in any thread: of several schedulers that share objects, none may be
// closed while another one still runs. Coroutines that have not ended are forgotten where
// they stand.
void scheduler_close(struct scheduler *scheduler);

// ---- coroutines: from the thread or from a coroutine ----------------------------------

// Creates a coroutine that will call function(argument), and puts it at the end of the
// ready queue. NULL: no stack is left, and errno says why.
struct coroutine *scheduler_create(struct scheduler *scheduler,
                                   void (*function)(void *argument), void *argument);

// Makes a coroutine ready that has suspended itself. It must be in no other queue.
static inline void scheduler_call_soon(struct scheduler *scheduler,
                                       struct coroutine *coroutine)
{
    coroutine->waiting = NULL;
    queue_push(&scheduler->ready, coroutine);
    scheduler->ready_count++;
}

// The same from any thread, if the scheduler is shared.
void scheduler_call_soon_threadsafe(struct scheduler *scheduler,
                                    struct coroutine *coroutine);

// The first coroutine that has not ended, or the one after `last`; NULL: that was all.
// In the order of their stacks. Ending and creating coroutines meanwhile is allowed.
struct coroutine *scheduler_next_alive(const struct scheduler *scheduler,
                                       const struct coroutine *last);

// Makes everybody in the queue ready, in its order, and empties it.
void scheduler_wake_all(struct scheduler *scheduler, struct coroutine_queue *queue);

// ---- waiting: from a coroutine --------------------------------------------------------

// Asks the processor to fetch what the next two turns will touch first, while this one
// runs: the frames of the second in the queue, and the control block of the third, so
// that the same can be done for it a turn later. With thousands of coroutines all of
// this has long left the caches.
static inline void scheduler_fetch_ahead(const struct coroutine *second)
{
    enum { LINE = 64 };
    const char *frames = second->context.saved;
    for (int i = -1; i < SCHEDULER_AHEAD_LINES; i++)
        __builtin_prefetch(frames + i * LINE);
    __builtin_prefetch(second->next);
}

// The next to run: the first in the queue, or the thread itself when the queue is empty or
// the round is over.
static inline struct coroutine *scheduler_next_turn(struct scheduler *scheduler)
{
    if (scheduler->turns_left == 0 || scheduler->ready_count == 0)
        return &scheduler->poller;
    scheduler->turns_left--;
    scheduler->ready_count--;
    struct coroutine *first = queue_pop(&scheduler->ready);
    if (first->next != NULL)
        scheduler_fetch_ahead(first->next);
    return first;
}

// Leaves the thread to others until somebody calls scheduler_call_soon() for the caller.
// It is a part of its caller: wait.h says why.
//DOC: coroutine-suspend
COROUTINE_SUSPENDS void scheduler_suspend(struct scheduler *scheduler)
{
    struct coroutine *self = scheduler->running;
    struct coroutine *next = scheduler_next_turn(scheduler);
    scheduler->running = next;
    if (next != self)
        coroutine_switch(self, next);
}

// Lets everybody else who is ready run first.
void scheduler_yield(struct scheduler *scheduler);

#endif

// SPDX-License-Identifier: MIT
//
// sync.h - what runners/sync.h promises, as a workload: all tasks use the same objects at
// once, with pauses in between that a seed decides. Each case counts what happens to it
// in shared memory, and the counts are compared when all tasks are done.
//
// Read next: direct.c for the cases, events.c for their twins.
#ifndef QUARTET_TESTS_SYNC_SYNC_H
#define QUARTET_TESTS_SYNC_SYNC_H

#include "runners/loop/executor_job.h"
#include "runners/sync_objects.h"
#include "workloads/workload.h"

enum sync_case {
    SYNC_SEMAPHORE, // never more than `permits` inside
    SYNC_MUTEX,     // nothing is lost between reading and writing a plain number
    SYNC_QUEUE,     // nothing is lost or doubled between `half` putters and getters
    SYNC_BROADCAST, // each setting wakes each waiter exactly once
    SYNC_LIMIT,     // who gives up takes nothing along
    SYNC_OFFLOAD,   // long work comes back right, wherever it was done
    SYNC_FAIR,      // time passes also for a loop whose tasks never stop to wake others
    SYNC_ORDER,     // first come, first served: one loop, and one permit
};

struct sync_parameters {
    uint64_t test; // an enum sync_case
    uint64_t rounds;
    uint64_t permits; // and places of the queue
    struct sync_shared *shared;
};

// State that all tasks see.
struct sync_shared {
    struct sync_semaphore semaphore;
    struct sync_semaphore arrived; // broadcast: one permit for each who is about to wait
    struct sync_mutex mutex;
    struct sync_queue queue;
    struct sync_event *events; // broadcast: one for each round
    _Atomic uint32_t *seen;    // queue: how often each item came out; broadcast: wakes
    _Atomic uint32_t inside;   // semaphore: how many have a permit
    _Atomic uint32_t most;     // semaphore: the most at once
    _Atomic uint32_t given_up; // limit: waits that came to nothing
    _Atomic uint64_t bell;     // fair: how often the setter has rung
    uint64_t counter;          // mutex: guarded by it
    uint64_t came;             // order: tickets given out. One thread, no guard
    uint64_t served;           // order: tickets served
    uint64_t overtaken;        // order: those that were not the next
};

// A seeded pause of this task in this round: nothing, or some microseconds.
uint64_t sync_pause_ns(const struct task *task, uint64_t round);

// Enters and leaves the part that a permit protects.
void sync_enter(struct sync_shared *shared);
void sync_leave(struct sync_shared *shared);

// Takes a ticket before it stands in line; shows it when it has its turn.
uint64_t sync_take_ticket(struct sync_shared *shared);
void sync_show_ticket(struct sync_shared *shared, uint64_t ticket);

// Books an item that has come out of the queue.
void sync_book_item(const struct task *task, uint64_t item);

// The off-loaded job: the argument is an errand, as large as one may be, the result its digest.
struct sync_errand {
    uint64_t task;
    uint64_t numbers[EXECUTOR_ARGUMENT_BYTES / sizeof(uint64_t) - 1]; // all of the round
};
struct sync_errand sync_errand_make(uint32_t task, uint64_t round);
uint64_t sync_errand_run(const void *argument);

// Is this task the one that sets the events?
static inline bool sync_is_setter(const struct task *task)
{
    return task->index == 0;
}

static inline const struct sync_parameters *sync_parameters_of(const struct task *task)
{
    return task->work->parameters;
}

#endif

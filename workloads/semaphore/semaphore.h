// SPDX-License-Identifier: MIT
//
// semaphore.h - N tasks share --permits: each takes one, --rounds times, keeps it for
// --hold, and gives it back. Never may more than that many be inside at once. How long a
// task waits for its permit is the latency.
//
// Read next: kernel.c, direct.c, events.c.
#ifndef QUARTET_WORKLOADS_SEMAPHORE_H
#define QUARTET_WORKLOADS_SEMAPHORE_H

#include "runners/sync_objects.h"
#include "workloads/workload.h"

#include <stdalign.h>

// State that all tasks share.
struct semaphore_room {
    struct sync_semaphore permits;
    alignas(64) _Atomic uint32_t inside; // who has a permit, counted by the tasks
    _Atomic uint32_t most;               // that ever were
};

struct semaphore_parameters {
    uint64_t permits;
    uint64_t rounds;
    uint64_t hold_ns;
    struct semaphore_room *room;
};

// Comes in with a permit that it began to wait for at `began_ns`. 0, or -EOVERFLOW: more
// are inside than there are permits.
int semaphore_enter(struct task *task, uint64_t began_ns);

// Goes out, before it gives the permit back. `round` counts from 0.
void semaphore_leave(struct task *task, uint64_t round);

// The digest that each task must leave after all its rounds.
uint64_t semaphore_digest(const struct work *work, uint32_t index);

#endif

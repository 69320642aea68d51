// SPDX-License-Identifier: MIT
//
// switch.h - tasks stand in a ring and hand a token on, --switches times in all: what
// does it cost to stop here and to go on there?
//
// --by semaphore: each task waits for a semaphore of its own and releases the next one's.
// Threads and processes fall asleep and are woken in the kernel. --by yield: whoever has
// the token just lets the others run; whose turn it is follows from the order of turns.
// Only models whose tasks give way of their own accord can do that.
//
// Read next: kernel.c, direct.c, events.c.
#ifndef QUARTET_WORKLOADS_SWITCH_H
#define QUARTET_WORKLOADS_SWITCH_H

#include "runners/sync_objects.h"
#include "workloads/workload.h"

#include <stdalign.h>

enum switch_by { SWITCH_BY_SEMAPHORE, SWITCH_BY_YIELD };

struct switch_seat {
    alignas(64) struct sync_semaphore turn; // released when the token comes
    void *watcher;                          // of the task that sits here (events.c)
};

struct switch_ring {
    alignas(64) _Atomic uint64_t token; // how often it has been handed on
    _Atomic uint32_t seated;            // tasks that have begun
    struct sync_event full;             // all have begun
    struct switch_seat seats[];         // one per task
};

struct switch_parameters {
    uint64_t switches;
    uint64_t by;
    struct switch_ring *ring;
};

// How often task `index` gets the token.
uint64_t switch_share(const struct work *work, uint32_t index);

// Books a turn: looks whether the token is where it should be, and hands it on. 0;
// -EOPNOTSUPP: it is somebody else's turn.
int switch_turn(struct task *task);

// Takes a seat; true for the last one, who brings the token.
bool switch_sit(const struct task *task);

// The next seat in the ring.
struct switch_seat *switch_next(const struct task *task);

// The digest that task `index` must leave: a hash of the numbers of its turns.
uint64_t switch_digest(const struct work *work, uint32_t index);

#endif

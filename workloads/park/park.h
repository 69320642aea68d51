// SPDX-License-Identifier: MIT
//
// park.h - N tasks wait until all of them are there, stay parked for --hold, and go. What
// is asked is not how long that takes, but how much memory one of them needs while it
// only waits: run it with --memory.
//
// Read next: kernel.c, direct.c, events.c.
#ifndef QUARTET_WORKLOADS_PARK_H
#define QUARTET_WORKLOADS_PARK_H

#include "runners/sync_objects.h"
#include "workloads/workload.h"

#include <stdalign.h>

// State that all tasks share.
struct park_lot {
    alignas(64) _Atomic uint32_t parked; // tasks that have come
    struct sync_event gate;              // set when all may go
    _Atomic uint64_t opened_ns;          // when it was; 0: not yet
};

struct park_parameters {
    uint64_t hold_ns;
    struct park_lot *lot;
};

// Comes in; true for the last one, who has to hold all for --hold, then to open.
bool park_arrive(const struct task *task);

// Opens the gate for all.
void park_open(const struct task *task);

// Goes: books how long ago the gate was opened. 0, or -EPROTO: it is still closed.
int park_leave(struct task *task);

// The digest that only this task of this seed can have.
uint64_t park_digest(const struct work *work, uint32_t index);

#endif

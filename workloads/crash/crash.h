// SPDX-License-Identifier: MIT
//
// crash.h - one task dies, in a way that is asked for (--how); what becomes of the others?
// Each of them only sleeps for --delay. The one in the middle of them dies after half of
// it. The model runs in a process of its own, so that somebody is left to count.
//
// Read next: kernel.c, direct.c, events.c.
#ifndef QUARTET_WORKLOADS_CRASH_H
#define QUARTET_WORKLOADS_CRASH_H

#include "workloads/workload.h"

#include <stdatomic.h>

enum crash_how { CRASH_SEGV, CRASH_ABORT, CRASH_EXIT, CRASH_OVERFLOW, CRASH_HANG };

enum crash_fate { CRASH_NEVER_BEGUN, CRASH_BEGUN, CRASH_FINISHED };

// State that all tasks share.
struct crash_scene {
    _Atomic uint64_t died_ns;      // when the one began to die
    _Atomic uint32_t survived;     // it went on: must stay 0
    _Atomic uint32_t rescue;       // never set: what --how hang waits for
    _Atomic unsigned char fates[]; // of each task, an enum crash_fate
};

struct crash_parameters {
    uint64_t how;
    uint64_t delay_ns;
    uint64_t patience_ns;
    uint64_t noticed_ns; // when the runner saw it; 0: it has not
    struct crash_scene *scene;
};

// Begins a task. How long it sleeps.
uint64_t crash_begin(const struct task *task);

// Is it this task that dies?
bool crash_dies(const struct task *task);

// Dies. Does not return, or it would be an error: -ENOTRECOVERABLE.
int crash_die(const struct task *task);

// Ends a task that has slept.
void crash_finish(struct task *task);

uint64_t crash_digest(const struct work *work, uint32_t index);

#endif

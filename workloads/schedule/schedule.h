// SPDX-License-Identifier: MIT
//
// schedule.h - N calls, each due at an instant of its own; how late is each one? What
// asyncio calls loop.call_at(), threading a Timer, and a thread of its own "sleep until".
//
// The instants are spread over --span by the seed, so that neighbours in number are not
// neighbours in time. They count from --lead after the first task has begun: so much time
// there is to arm all of them.
//
// Read next: kernel.c, direct.c, events.c.
#ifndef QUARTET_WORKLOADS_SCHEDULE_H
#define QUARTET_WORKLOADS_SCHEDULE_H

#include "workloads/workload.h"

#include <stdatomic.h>

// State that all tasks share.
struct schedule_board {
    _Atomic uint64_t zero_ns; // the instant that all others count from; 0: not yet known
};

struct schedule_parameters {
    uint64_t span_ns;
    uint64_t lead_ns;
    uint64_t load; // threads beside it that compute all the time
    struct schedule_board *board;
};

// When task `index` is due, counted from the common zero.
uint64_t schedule_offset(const struct work *work, uint32_t index);

// When this task is due. The first task that asks fixes the zero.
uint64_t schedule_due(const struct task *task);

// How long from now until then; 0 when it is over.
uint64_t schedule_wait(uint64_t due_ns);

// Books a call that was due at `due_ns` and happens now. 0, or -ETIME if it is too early.
int schedule_book(struct task *task, uint64_t due_ns);

// The digest that only this task of this seed can have, called at this instant.
uint64_t schedule_digest(const struct work *work, uint32_t index, uint64_t offset_ns);

#endif

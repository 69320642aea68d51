// SPDX-License-Identifier: MIT
//
// broadcast.h - one task announces, all others listen: an event wakes everybody who waits
// for it, --rounds times. Each listener must be woken exactly once per round; how long
// that takes, from the announcement until the listener runs, is the latency.
//
// Two events take turns. While one is announced, the other one is cleared: nobody can be
// waiting for it, because everybody has come to this round.
//
// Read next: kernel.c, direct.c, events.c.
#ifndef QUARTET_WORKLOADS_BROADCAST_H
#define QUARTET_WORKLOADS_BROADCAST_H

#include "runners/sync_objects.h"
#include "workloads/workload.h"

#include <stdalign.h>

// State that all tasks share. Task 0 is the one who announces.
struct broadcast_hall {
    alignas(64) _Atomic uint32_t here; // listeners that have come to this round
    struct sync_semaphore all_here;    // released by the last one
    struct sync_event news[2];         // of even and of odd rounds
    _Atomic uint64_t round;            // announced so far
    _Atomic uint64_t announced_ns;     // when the last one was
};

struct broadcast_parameters {
    uint64_t rounds;
    struct broadcast_hall *hall;
};

struct broadcast_hall *broadcast_hall(const struct task *task);

// Is it this task that announces?
bool broadcast_speaks(const struct task *task);

// The event of this round, counted from 0.
struct sync_event *broadcast_event(const struct task *task, uint64_t round);

// The speaker announces a round, to which everybody has come.
void broadcast_announce(struct task *task, uint64_t round);

// A listener comes to a round.
void broadcast_come(const struct task *task);

// A listener has been woken: books it. 0; -EPROTO: this round is not announced, or
// already over.
int broadcast_hear(struct task *task, uint64_t round);

#endif

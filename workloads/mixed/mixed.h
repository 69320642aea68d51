// SPDX-License-Identifier: MIT
//
// mixed.h - input and output, and computing in between: sessions of `fetch` whose replies
// have to be worked on. After each reply a heavy session computes for --compute of CPU time
// before it asks again; a light session does not. How long the light ones wait for their
// replies is the latency: who lets them wait, and for how long?
//
// The computation goes through offload(): a coroutine or event loop with --offload
// threads|processes gives it to its pool; all others do it where they are. What it is about
// (two numbers) is copied to the pool, and a number comes back.
//
// The session itself, its back end and its checks are those of `fetch`: the parameters
// begin with fetch's own.
//
// Read next: mixed.c, direct.c, events.c.
#ifndef QUARTET_WORKLOADS_MIXED_H
#define QUARTET_WORKLOADS_MIXED_H

#include "workloads/fetch/fetch.h"

#include <stdbool.h>
#include <stdint.h>

// Computations of the heavy sessions so far; all workers share it.
struct mixed_board {
    _Atomic uint64_t computations;
    _Atomic uint64_t computed_ns; // CPU time
};

struct mixed_parameters {
    struct fetch_parameters fetch; // must be first
    uint64_t compute_ns;
    uint64_t light_percent;
    struct mixed_board *board;
};

// The argument of a computation.
struct mixed_job {
    uint64_t compute_ns;
    uint64_t digest; // of the replies so far, from which the computation begins
};

// Does this session compute? Light and heavy ones are spread evenly.
bool mixed_is_heavy(const struct work *work, uint32_t index);

// How many of them do.
uint32_t mixed_heavy_tasks(const struct work *work);

// Takes a reply that `fetch` has booked. Returns whether the job must be done before the
// next request.
bool mixed_take_reply(struct task *task, struct mixed_job *job);

// The computation: an executor_code whose argument is a struct mixed_job. How long it took,
// in nanoseconds of CPU time.
uint64_t mixed_compute(const void *job);

void mixed_book(struct task *task, uint64_t computed_ns);

#endif

// SPDX-License-Identifier: MIT
//
// kernel.h - the arithmetic of `primes`: how many numbers below a limit are prime.
//
// The numbers 0 ... limit-1 are cut into chunks of PRIMES_CHUNK and dealt out like
// cards: of N tasks, task i gets the chunks i, N+i, 2N+i, ... Large numbers take
// longer than small ones, so a plain cut into N ranges would make the last task the
// dearest; dealt this way, all tasks cost about the same. `mandelbrot` is the
// opposite case.
//
// Read next: kernel.c, then direct.c and events.c.
#ifndef QUARTET_WORKLOADS_PRIMES_KERNEL_H
#define QUARTET_WORKLOADS_PRIMES_KERNEL_H

#include "workloads/workload.h"

#include <stdbool.h>
#include <stdint.h>

// Long enough (tens of microseconds at the default limit) to make what lies between two
// chunks cheap, short enough to let others go on soon. By default a task has ten.
#define PRIMES_CHUNK 500

struct primes_parameters {
    uint64_t limit; // count the primes below this; at most 2^32
};

// Tests the numbers of the task's chunk number `chunk` (0, 1, 2, ...) and adds to the
// outcome: to `digest` how many are prime, to `operations` how many were tested.
// Returns false, having done nothing, when the task has no such chunk. Thread-safe
// for different tasks.
bool primes_chunk(struct task *task, uint64_t chunk);

#endif

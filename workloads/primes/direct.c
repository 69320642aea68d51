// SPDX-License-Identifier: MIT
//
// direct.c - a task of `primes` in straight-line code, for processes, threads and
// coroutines alike. Only coroutines need the yield: nobody else can take the
// processor from them. Processes and threads are interrupted by the kernel whenever
// it likes, and for them the verb does nothing.
//
// Read next: events.c, the same turned inside out.
#include "runners/direct.h"
#include "workloads/primes/kernel.h"

direct_code primes_direct; // the generated list looks for this name

int primes_direct(struct task *task)
{
    for (uint64_t chunk = 0; primes_chunk(task, chunk); chunk++)
        direct_yield();
    return 0;
}

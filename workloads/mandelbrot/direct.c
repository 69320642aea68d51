// SPDX-License-Identifier: MIT
//
// direct.c - a task of `mandelbrot` in straight-line code: one row, a few pixels at a
// time. Only coroutines need the yield; see workloads/primes/direct.c.
//
// Read next: events.c.
#include "runners/direct.h"
#include "workloads/mandelbrot/kernel.h"

direct_code mandelbrot_direct; // the generated list looks for this name

int mandelbrot_direct(struct task *task)
{
    for (uint64_t chunk = 0; mandelbrot_chunk(task, chunk); chunk++)
        direct_yield();
    return 0;
}

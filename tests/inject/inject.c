// SPDX-License-Identifier: MIT
//
// inject.c - a fault that is linked into a runner, to see that the gate finds it. Nothing
// of the runner changes: this code runs at its end, in its first process.
//
//  INJECT_PERCENT  works on for this part of the time that the runner has taken: a model
//                  that is so much slower, by more work and not by sleeping
//  INJECT_CRASH    ends by a signal instead
//
// The Makefile builds runners of each kind into build/$(MODE)/injected.
#include "lib/clock.h"
#include "lib/mix.h"

#include <signal.h>
#include <stdatomic.h>
#include <string.h>

#ifndef INJECT_PERCENT
#define INJECT_PERCENT 0
#endif

static uint64_t begin_ns;
static int runs_workload; // not --describe or --help

__attribute__((constructor)) static void begin(int argc, char **argv)
{
    begin_ns = clock_now_ns();
    runs_workload = argc > 2 && strncmp(argv[1], "--", 2) != 0;
}

__attribute__((destructor)) static void end(void)
{
    static _Atomic uint64_t sink; // a result that is stored cannot be optimised away
    if (!runs_workload)
        return;
#ifdef INJECT_CRASH
    raise(SIGSEGV);
#endif
    uint64_t now = clock_now_ns();
    uint64_t until = now + (now - begin_ns) * INJECT_PERCENT / 100;
    uint64_t digest = begin_ns;
    while (clock_now_ns() < until)
        for (int i = 0; i < 1000; i++)
            digest = mix(digest);
    atomic_store_explicit(&sink, digest, memory_order_relaxed);
}

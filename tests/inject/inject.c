// SPDX-License-Identifier: MIT
//
// inject.c - a fault that is linked into a runner, to see that the gate finds it. Nothing
// of the runner is compiled anew: `ld --wrap=FUNCTION` sends the calls of one function
// through here, so that the extra work stands where a careless change would put it, inside
// of what is timed. The Makefile says which function is meant by which kind of plant in
// which model, and builds the runners into build/$(MODE)/injected/KIND.
//
//  INJECT_AT_primes_chunk ...  each call does INJECT_TURNS turns of an empty loop more (a
//                              variable of the environment; 0 unless given)
//  INJECT_EVERY                the turns of so many calls at once, in one of so many calls
//                              (which one, chance decides): the same work, as a tail
//  INJECT_PERCENT              the last task works on for this part of the time since the
//                              gate opened: any workload takes so much longer
//  INJECT_CRASH                the runner ends by a signal
//
// Source of the idea: ld(1), --wrap.
#include "lib/clock.h"
#include "lib/mix.h"
#include "runners/common/run.h"
#include "runners/coroutine/scheduler.h"
#include "workloads/primes/kernel.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#ifndef INJECT_EVERY
#define INJECT_EVERY 1
#endif

// ---- a crash -------------------------------------------------------------------------

#ifdef INJECT_CRASH
static int runs_workload; // not --describe or --help

__attribute__((constructor)) static void begin(int argc, char **argv)
{
    runs_workload = argc > 2 && strncmp(argv[1], "--", 2) != 0;
}

__attribute__((destructor)) static void end(void)
{
    if (runs_workload)
        raise(SIGSEGV);
}
#endif

// ---- a run that takes longer ---------------------------------------------------------

#ifdef INJECT_PERCENT
void __real_run_finish(struct run *run, struct task *task, int error);
void __wrap_run_finish(struct run *run, struct task *task, int error);

void __wrap_run_finish(struct run *run, struct task *task, int error)
{
    static _Atomic uint64_t sink; // a result that is stored cannot be optimised away
    uint64_t now = clock_now_ns();
    uint64_t until = now;
    uint64_t digest = now;
    if (atomic_load(&run->board->finished) + 1 == run->work.tasks)
        until += (now - atomic_load(&run->board->opened_ns)) * INJECT_PERCENT / 100;
    while (clock_now_ns() < until)
        for (int i = 0; i < 1000; i++)
            digest = mix(digest);
    atomic_store_explicit(&sink, digest, memory_order_relaxed);
    __real_run_finish(run, task, error);
}
#endif

// ---- calls that take longer ----------------------------------------------------------

static unsigned long turns;

__attribute__((unused)) static inline void work_more(void) // in some kinds
{
    static _Thread_local uint64_t chance;
    if (INJECT_EVERY > 1) {
        chance = mix(chance == 0 ? clock_now_ns() : chance);
        if (chance % INJECT_EVERY != 0)
            return;
    }
    for (volatile unsigned long i = 0; i < turns * INJECT_EVERY; i++) {
    }
}

#ifdef INJECT_PARENT_ONLY // a call of the C library that the back end makes as well
static void stop(void)
{
    turns = 0;
}
#endif

__attribute__((constructor)) static void read_turns(void)
{
    const char *text = getenv("INJECT_TURNS");
    turns = text == NULL ? 0 : strtoul(text, NULL, 10);
#ifdef INJECT_PARENT_ONLY
    pthread_atfork(NULL, NULL, stop);
#endif
}

// The function of this name works first, and then does what it always did.
#define PLANT(type, name, parameters, arguments)                                         \
    type __real_##name parameters;                                                       \
    type __wrap_##name parameters;                                                       \
    type __wrap_##name parameters                                                        \
    {                                                                                    \
        work_more();                                                                     \
        return __real_##name arguments;                                                  \
    }

#ifdef INJECT_AT_primes_chunk
PLANT(bool, primes_chunk, (struct task * task, uint64_t chunk), (task, chunk))
#endif
#ifdef INJECT_AT_direct_read
PLANT(ssize_t, direct_read, (int fd, void *buffer, size_t length), (fd, buffer, length))
#endif
#ifdef INJECT_AT_recv
PLANT(ssize_t, recv, (int fd, void *buffer, size_t length, int flags),
      (fd, buffer, length, flags))
#endif
#ifdef INJECT_AT_run_take
PLANT(bool, run_take, (struct run * run, struct task *task), (run, task))
#endif
#ifdef INJECT_AT_epoll_wait
PLANT(int, epoll_wait, (int epoll, struct epoll_event *events, int maximum, int timeout),
      (epoll, events, maximum, timeout))
#endif
#ifdef INJECT_AT_scheduler_suspend
void __real_scheduler_suspend(struct scheduler *scheduler);
void __wrap_scheduler_suspend(struct scheduler *scheduler);

void __wrap_scheduler_suspend(struct scheduler *scheduler)
{
    work_more();
    __real_scheduler_suspend(scheduler);
}
#endif

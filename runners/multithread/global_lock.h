// SPDX-License-Identifier: MIT
//
// global_lock.h - what threads feel like under an interpreter with a global lock (the GIL
// of CPython), in C: --global-lock 5ms. A thread runs only while it holds the lock. It
// releases the lock around everything that may block, so threads that wait for input
// overlap as always; threads that compute do not, however many CPUs there are.
//
// Passing on: one of the threads that wait watches the clock. If the lock has not changed
// hands for a whole interval, it asks for it, and the holder gives it away at its next
// direct_yield(), the place where an interpreter would look between two byte codes. Then
// the holder does not take it back before another thread has had it: else it would mostly
// win against the one that is just waking up.
//
// Source: the idea is that of CPython since 3.2, see "Inside the New GIL", D. Beazley,
// 2010; its interval is 5 ms, too (sys.getswitchinterval()).
#ifndef QUARTET_RUNNERS_MULTITHREAD_GLOBAL_LOCK_H
#define QUARTET_RUNNERS_MULTITHREAD_GLOBAL_LOCK_H

#include "runners/blocking/worker_lock.h"
#include "runners/direct.h"

#include <stdint.h>

// From now on there is a global lock, and no thread holds it. Before there are workers.
void global_lock_install(uint64_t interval_ns);

// The code that workers are to run instead of this one: it holds the lock while a task
// computes. The code itself, if there is no lock.
direct_code *global_lock_around(direct_code *code);

#endif

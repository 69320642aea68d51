// SPDX-License-Identifier: MIT
//
// Sleeping on a word of memory that threads share: see ../blocking/park.h.
#define _GNU_SOURCE // syscall(), for futex.h
#include "runners/blocking/park.h"

#include "lib/futex.h"
#include "runners/blocking/worker_lock.h"

int sync_park(_Atomic uint32_t *word, uint32_t value, uint64_t deadline_ns)
{
    worker_blocks();
    int error = futex_wait(word, value, deadline_ns, FUTEX_THREADS);
    worker_resumes();
    return error;
}

void sync_unpark(_Atomic uint32_t *word, int sleepers)
{
    futex_wake(word, sleepers, FUTEX_THREADS);
}

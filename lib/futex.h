// SPDX-License-Identifier: MIT
//
// futex.h - sleep until a word of memory changes: the one system call below all locks of
// Linux. The word may lie in memory that processes share. See futex(2), futex(7).
//
// A file that includes this needs _GNU_SOURCE, for syscall().
#ifndef QUARTET_LIB_FUTEX_H
#define QUARTET_LIB_FUTEX_H

#include "lib/clock.h"

#include <errno.h>
#include <linux/futex.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

#define FUTEX_FOREVER UINT64_MAX

// The users of the word. Threads of one process are a little cheaper to find.
enum futex_scope {
    FUTEX_PROCESSES = 0,
    FUTEX_THREADS = FUTEX_PRIVATE_FLAG,
};

// Sleeps while *word == value, until somebody wakes it or the instant `deadline_ns` of
// clock_now_ns() has come. 0 for any reason to look again; -ETIMEDOUT.
static inline int futex_wait(_Atomic uint32_t *word, uint32_t value, uint64_t deadline_ns,
                             enum futex_scope scope)
{
    struct timespec deadline = clock_timespec(deadline_ns);
    long failed = syscall(SYS_futex, word, FUTEX_WAIT_BITSET | (int)scope, value,
                          deadline_ns == FUTEX_FOREVER ? NULL : &deadline, NULL,
                          FUTEX_BITSET_MATCH_ANY);
    return failed != 0 && errno == ETIMEDOUT ? -ETIMEDOUT : 0;
}

// Wakes at most `sleepers` of those who sleep on the word, the longest sleeper first.
static inline void futex_wake(_Atomic uint32_t *word, int sleepers,
                              enum futex_scope scope)
{
    syscall(SYS_futex, word, FUTEX_WAKE | (int)scope, sleepers, NULL, NULL, 0);
}

#endif

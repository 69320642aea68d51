// SPDX-License-Identifier: MIT
//
// counters_strace.h - what a run asks of the kernel, counted from a log of strace. The
// back end is left out: it is a process that calls itself "...-backend" by
// prctl(PR_SET_NAME), as those of the workloads do, and a summary by `strace -c` could not
// tell it apart.
//
// Read next: counters.h.
#ifndef QUARTET_DRIVER_MEASURE_COUNTERS_STRACE_H
#define QUARTET_DRIVER_MEASURE_COUNTERS_STRACE_H

#include "lib/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STRACE_NAMES 128 // kinds of system calls in one run

struct strace_count {
    char name[32];
    uint64_t calls;
};

struct strace_counts {
    uint64_t total;
    uint64_t
        waits; // those of them by which a program waits, see counter_is_wait() (report/counter_verdict.h)
    uint64_t threads;   // started
    uint64_t processes; // started, the back end included
    uint64_t wakeups;   // sleepers that a futex() has woken
    uint64_t events;    // that calls such as epoll_wait() have given
    uint64_t bytes;     // that calls such as read() and write() have moved
    bool inet;          // sockets were not of AF_UNIX alone
    size_t names;
    struct strace_count list[STRACE_NAMES]; // most calls first
};

// Counts the log of `strace -f -o PATH`. 0; -errno when it cannot be read; -EBADMSG when
// there is nothing in it.
int strace_count_log(const char *path, struct strace_counts *counts,
                     struct reason *reason);

#endif

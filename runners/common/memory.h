// SPDX-License-Identifier: MIT
//
// memory.h - the peak memory of a run's whole process tree, by an observer.
//
// Neither ru_maxrss (for children: only the largest one) nor a sum of RSS (shared pages
// counted once per process) tells the truth about a tree. The observer is a process
// beside the run which adds up, for the runner and all its descendants, the
// proportional set size (PSS), the page tables, and the kernel stacks of all threads,
// and keeps the largest sum.
//
// Looking is not free: a sum over 10,000 processes takes about a second. So this is for
// an extra run whose time is thrown away (--memory), and workers that have no task left
// wait (run_leave) until the observer has looked at all of them at once. Its own share is
// part of the sum, because nearly all of its pages are the runner's, and PSS splits them
// between both.
#ifndef QUARTET_RUNNERS_COMMON_MEMORY_H
#define QUARTET_RUNNERS_COMMON_MEMORY_H

#include "lib/process.h"
#include "runners/common/run.h"

#define MEMORY_METHOD PROCESS_TREE_METHOD

struct memory_report {
    _Atomic uint32_t stop;     // set by the runner: no more samples
    _Atomic uint32_t complete; // all workers were seen together
    _Atomic uint64_t peak;     // bytes
};

struct memory_observer {
    pid_t pid;                    // 0: not started
    struct memory_report *report; // shared with the observer
};

// Starts observing this process and its descendants without run->work.peer.
int memory_observe(struct memory_observer *observer, const struct run *run,
                   struct reason *reason);

// Ends the observer and gives the peak in bytes; 0, which means unknown, when it has not
// seen all workers together (the run failed, or somebody has killed the observer), and
// when the kernel does not tell the PSS of a process.
uint64_t memory_finish(struct memory_observer *observer);

#endif

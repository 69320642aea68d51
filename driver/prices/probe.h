// SPDX-License-Identifier: MIT
//
// probe.h - how a price is measured: a probe does one thing many times between probe_start()
// and probe_stop(), which may be called over and over, so that preparing the next turns is
// left out. Each round runs every probe once.
//
// Probes run in a child process of their own on one CPU, and leave their times in memory
// that it shares with the driver. One has a helper on another CPU (probe_elsewhere.c).
//
// Read next: prices.c, which makes prices of them.
#ifndef QUARTET_DRIVER_PRICES_PROBE_H
#define QUARTET_DRIVER_PRICES_PROBE_H

#include <pthread.h>
#include <stdint.h>
#include <time.h>

#define PROBE_THREADS_MOST 1000

// The times so far of the probe that runs.
struct probe {
    clockid_t clock;       // of CPU time: of the process, or of the thread alone
    unsigned threads;      // that take part where many do, PROBE_THREADS_MOST at most
    const char *elsewhere; // another CPU, as a list; NULL: there is none
    uint64_t wall_ns;
    uint64_t cpu_ns;  // children that were waited for included
    unsigned windows; // pairs of start and stop: what the clocks take is taken off
    uint64_t wall_began_ns;
    uint64_t cpu_began_ns;
};

void probe_start(struct probe *probe);
void probe_stop(struct probe *probe);

// A thread with a small stack. 0, or -errno.
int probe_start_thread(pthread_t *thread, void *(*code)(void *), void *argument);

// One thing to be measured. `run` does it and gives how often, or -errno.
struct probe_kind {
    const char *name; // NULL ends a list
    int64_t (*run)(struct probe *probe, const struct probe_kind *kind);
    int (*open)(void);      // of a single call: the descriptor for it, or -errno
    long (*call)(int file); // the call: negative when it failed
};

extern const struct probe_kind probe_calls[];     // calls that need no partner
extern const struct probe_kind probe_sockets[];   // what passes through sockets and pipes
extern const struct probe_kind probe_tasks[];     // threads, processes, pages
extern const struct probe_kind probe_elsewhere[]; // woken from another CPU

#endif

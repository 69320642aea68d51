// SPDX-License-Identifier: MIT
//
// usage.h - what the process tree of a run has cost so far, counted the same way for
// every model: getrusage() of this process with all its threads, plus that of all
// children that have been waited for. Read after the workers are joined and before the
// peers are, it holds the model and nothing else.
#ifndef QUARTET_RUNNERS_COMMON_USAGE_H
#define QUARTET_RUNNERS_COMMON_USAGE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct usage {
    uint64_t user_ns;
    uint64_t system_ns;
    uint64_t voluntary;   // context switches: waited
    uint64_t involuntary; // context switches: was preempted
    uint64_t minor_faults;
    uint64_t major_faults;
};

void usage_read(struct usage *usage);

// The CPU time that a process has taken so far with all that it has started, in
// nanoseconds; for a back end, which is not waited for while the run lasts, and perhaps for
// the server behind it. Exact for what lives; what has ended below it is known to the
// kernel's clock tick (10 ms). false: it is unknown.
bool usage_of_peer(pid_t pid, uint64_t *cpu_ns);

// TCP counters of this network namespace since boot; a run reports the difference.
struct network {
    bool known;
    uint64_t listen_overflows; // connections refused by a full accept queue
    uint64_t listen_drops;
    uint64_t retransmitted_segments;
};

void network_read(struct network *network);

#endif

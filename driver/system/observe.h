// SPDX-License-Identifier: MIT
//
// observe.h - one run of somebody else's program, watched from outside: how it ended, how
// long it took, what CPU time all its processes used, and whether it left any behind. What
// can be known in this way is never asked of the program.
//
// Read next: expect.h, which holds the program's own record against it.
#ifndef QUARTET_DRIVER_SYSTEM_OBSERVE_H
#define QUARTET_DRIVER_SYSTEM_OBSERVE_H

#include "lib/error.h"

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct observation {
    int exit_code; // 128+N when signal N ended it; -1: it did not end in time
    uint64_t wall_ns;
    uint64_t cpu_ns;    // user and system, of all its processes
    unsigned orphans;   // processes that it has not waited for, ended or not
    unsigned left;      // of these, those that did not end by themselves soon after it
    bool strayed;       // it, or a child of it, could run on other CPUs than it was given
    uint64_t printed;   // bytes on standard output
    uint64_t voluntary; // context switches of all its processes: it waited
    uint64_t involuntary;  // and it was interrupted
    uint64_t memory_bytes; // the most that a look has found (lib/process.h); 0: not known
    char said[256];        // its last line on standard error
};

struct observed_program {
    char *const *argv;   // ended by NULL; a path, or a name that PATH knows
    const char *folder;  // where its output is kept meanwhile
    const char *cpus;    // that it may use, such as "0" or "0,2-3"; NULL: all
    uint64_t timeout_ns; // after which it is killed with all its processes
    pid_t spared;        // another child of the caller, or 0
    uint64_t term_ns;    // when it gets SIGTERM; 0: never
    bool memory;         // look at its memory meanwhile, which disturbs its times
};

// Runs it to its end. The caller has called tool_adopt_orphans(). 0, or -errno with the
// reason when it could not even be started.
int observe_run(const struct observed_program *program, struct observation *seen,
                struct reason *reason);

#endif

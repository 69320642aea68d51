// SPDX-License-Identifier: MIT
//
// process.h - another program as a child of the driver: in a process group of its own,
// with a deadline, and never left behind.
//
// The driver uses no signal handlers. While a child runs, SIGCHLD and the signals that
// ask the driver to stop are blocked and waited for with sigtimedwait(), so that there
// is one place where things happen, and no code that runs "at any time".
//
// Read next: janitor.h, which cares for the child when the driver itself is killed.
#ifndef QUARTET_DRIVER_PROCESS_H
#define QUARTET_DRIVER_PROCESS_H

#include "driver/janitor.h"
#include "lib/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct process {
    const char *const *argv;     // ended by NULL; argv[0] is looked up in PATH
    int output_fd;               // its stdout
    int error_fd;                // its stderr
    uint64_t timeout_ns;         // after which it and all its group are killed
    struct janitor *janitor;     // who is told about the group, or NULL
    void (*tick)(void *context); // called about once a second meanwhile, or NULL
    void *context;
};

// From here on SIGINT, SIGTERM and SIGHUP are no surprise: they stay pending until
// somebody asks. A signal that was ignored at the start stays ignored.
void interrupts_hold(void);

// Waits at most this long (0: only looks) for a wish to stop. True when there is one;
// from then on it is always true.
bool interrupts_wait(uint64_t timeout_ns);

// Runs the program to its end. Returns its exit code (128+N when signal N ended it), or
// -ENOENT: no such program, -ETIMEDOUT: killed at the deadline, -EINTR: killed because
// the user wants to stop, or another -errno; with the reason. In every case nothing of
// its process group is alive afterwards.
int process_run(const struct process *process, struct reason *reason);

// Runs the program with a deadline and gives what it printed on stdout, cut to `size`.
// Like process_run() otherwise.
int process_capture(const char *const *argv, uint64_t timeout_ns, char *text, size_t size,
                    struct reason *reason);

#endif

// SPDX-License-Identifier: MIT
//
// tool.h - another program as a child of the driver: in a process group of its own,
// with a deadline, and never left behind.
//
// While it runs, SIGCHLD and the signals of interrupt.h are blocked and waited for with
// sigtimedwait(): one place where things happen.
//
// Read next: janitor.h, which cares for the child when the driver itself is killed.
#ifndef QUARTET_DRIVER_SYSTEM_TOOL_H
#define QUARTET_DRIVER_SYSTEM_TOOL_H

#include "driver/system/janitor.h"
#include "lib/error.h"

#include <stddef.h>
#include <stdint.h>

struct tool {
    const char *const *argv;     // ended by NULL; argv[0] is looked up in PATH
    int output_fd;               // its stdout
    int error_fd;                // its stderr
    uint64_t timeout_ns;         // after which it and all its group are killed
    struct janitor *janitor;     // who is told about the group, or NULL
    void (*tick)(void *context); // called about once a second meanwhile, or NULL
    void *context;
};

// From here on this process inherits its descendants when their parents die, and so
// can wait for them: nothing is left to a stranger, not even a zombie.
void tool_adopt_orphans(void);

// Runs the program to its end. Returns its exit code (128+N when signal N ended it), or
// -ENOENT: no such program, -ETIMEDOUT: killed at the deadline, -EINTR: killed because
// the user wants to stop, or another -errno; with the reason. In every case nothing of
// its process group is alive afterwards.
int tool_run(const struct tool *tool, struct reason *reason);

// Runs the program with a deadline; all that it prints goes into the file, which is made anew
// for this user alone. The janitor, which is copied, is told about its group. Like tool_run()
// otherwise; -errno, too, if the file cannot be written.
int tool_run_logged(const char *const *argv, const char *log_path, uint64_t timeout_ns,
                    const struct janitor *janitor, struct reason *reason);

// Runs the program with a deadline and gives what it printed on stdout, cut to `size`.
// Like tool_run() otherwise.
int tool_capture(const char *const *argv, uint64_t timeout_ns, char *text, size_t size,
                 struct reason *reason);

// Where a stream of a program is put; cut to `size`. The text is the caller's.
struct tool_text {
    char *text;
    size_t size;
};

// The same, and what it printed on stderr; NULL: that is thrown away.
int tool_capture_both(const char *const *argv, uint64_t timeout_ns,
                      const struct tool_text *printed, const struct tool_text *said,
                      struct reason *reason);

#endif

// SPDX-License-Identifier: MIT
//
// command_child.h - one run of somebody else's command, seen from outside: how it ended,
// what it printed, what it used, and whether it left anything behind. Nothing that it has
// started survives command_child_run().
#ifndef QUARTET_TOOLS_COMMAND_CHILD_H
#define QUARTET_TOOLS_COMMAND_CHILD_H

#include "lib/error.h"

#include <stdbool.h>
#include <stdint.h>

struct command_child {
    char *const *argv;     // ended by NULL; argv[0] is looked for in PATH
    const char *directory; // where it runs; NULL: here
    const char *input;     // file that is its standard input; NULL: empty
    uint64_t limit_ns;     // it must have ended by then
    uint64_t output_most;  // bytes that it may print on standard output
};

struct command_outcome {
    uint64_t started_ns;
    uint64_t ended_ns;      // when the command itself ended
    int exit_code;          // or 128 + N where signal N ended it
    uint64_t output_bytes;  // of standard output
    uint64_t output_digest; // of those bytes, in their order
    unsigned left;          // processes that it left running; they are gone now
    char complaint[200];    // the first line of standard error with a word of error, else
                            // the last line; "": it said nothing
};

// Runs it to its end. 0; -ENOENT and other -errno: it could not be started; -ETIMEDOUT: it
// had not ended by the limit; -EFBIG: it printed too much; -EINTR: SIGTERM or SIGINT has
// come; with the reason. In every case all its processes have ended. To be called once.
int command_child_run(const struct command_child *child, struct command_outcome *outcome,
                      struct reason *reason);

#endif

// SPDX-License-Identifier: MIT
//
// hyperfine.h - the stop-watch. One call times one block: every command once, in the
// order given, each a fresh process without a shell in between. Only options that
// hyperfine 1.15 knows are used. Both shapes of its JSON are read: that of versions 1.x, and
// that of 2.x ("schema_version": 2), where each figure says its unit.
#ifndef QUARTET_DRIVER_MEASURE_HYPERFINE_H
#define QUARTET_DRIVER_MEASURE_HYPERFINE_H

#include "driver/system/janitor.h"
#include "lib/error.h"

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

struct hyperfine_call {
    size_t count;
    const char **names;      // one per command
    const char **commands;   // quoted as hyperfine_quote() does
    const char *prepare;     // command that runs before each of them, untimed, or NULL
    const char *cpus;        // that hyperfine and all of them begin on, or NULL
    uint64_t timeout_ns;     // for the whole block
    struct janitor *janitor; // its folder takes the files of the call
    void (*tick)(void *context);
    void *context;
};

// The times of one command, by hyperfine.
struct hyperfine_time {
    double wall_s;
    double user_s;
    double system_s;
    int exit_code; // of the command; 128+N when signal N ended it; -1: unknown
};

// The version, "1.15.0". -ENOENT with what to install when there is no hyperfine;
// -ENOTSUP when it is older than 1.13; another -errno when it does not work.
int hyperfine_version(char *version, size_t size, struct reason *reason);

// Runs the block and fills times[0..count). -EINTR when the user wants to stop; any
// other -errno: hyperfine failed, did not end in time, or left no complete result; the
// reason holds what it said.
int hyperfine_run(const struct hyperfine_call *call, struct hyperfine_time *times,
                  struct reason *reason);

// Takes the times of `count` commands out of what hyperfine has exported; names[i] is what
// the i-th must be called. 0, or -EPROTO with what is missing.
int hyperfine_times(const json_t *exported, const char *const *names, size_t count,
                    struct hyperfine_time *times, struct reason *reason);

// The last line of the last call's output that begins with "PROGRAM: ", without that;
// "" when there is none. All programs of this project complain in this form.
void hyperfine_said(const struct janitor *janitor, const char *program, char *said,
                    size_t size);

// Appends a word to a command line, in quotes where they are needed.
void hyperfine_quote(char *line, size_t size, const char *word);

#endif

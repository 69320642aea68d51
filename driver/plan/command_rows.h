// SPDX-License-Identifier: MIT
//
// command_rows.h - commands of anybody as rows: a runner that describes itself as having one
// workload, `command`, and whose program is quartet-command. So plan, blocks, twins, statistics
// and report are those of all sessions. `quartet time`, `quartet check --command` and plans make
// their rows here.
//
// Read next: tools/quartet_command.c for what happens in one run.
#ifndef QUARTET_DRIVER_PLAN_COMMAND_ROWS_H
#define QUARTET_DRIVER_PLAN_COMMAND_ROWS_H

#include "driver/plan/member.h"
#include "driver/plan/runner.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define COMMAND_WORKLOAD       "command"
#define COMMAND_LIMIT_NS       UINT64_C(50000000000) // one run must have ended by then
#define COMMAND_LIMIT_LEAST_NS UINT64_C(1000000)

#define COMMAND_ROWS_MAXIMUM 14 // of a list; in a gate, base and head of each are rows
#define COMMAND_NAME_MAXIMUM 30
#define COMMAND_NAME_LETTERS                                                             \
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._+-"

struct command_row {
    const char *name;      // of the row; cut where it is too long
    const char *command;   // as one would type it
    const char *directory; // where it runs; NULL: here
    const char *input;     // file that is its standard input; NULL: empty
    uint64_t exit_code;    // that is right
    uint64_t limit_ns;     // one run must have ended by then
    bool shell;            // by /bin/sh
    bool any_output;       // what it prints may differ
};

// Does this text say nothing that could run: empty, or white space?
bool command_is_empty(const char *text);

// Reads {"name", "command", "directory", "input", "exit_code", "limit", "shell",
// "any_output"}, whose texts are borrowed from it. 0, or -EINVAL with the place and reason.
int command_row_read(const struct plan_place *place, const json_t *json,
                     struct command_row *row, struct reason *reason);

// Reads a list of 1 to COMMAND_ROWS_MAXIMUM of them, each with a name of its own, into rows[].
// `whole` is the place whose member "commands" it is. As command_row_read().
int command_rows_read(const struct plan_place *whole, const json_t *commands,
                      struct command_row *rows, size_t *count, struct reason *reason);

// Adds a row. One whose name is taken gets a number behind it. Ends the program where
// quartet-command is not installed.
void command_rows_add(struct runner_set *set, const struct command_row *row);

// Is it a command of anybody, and no runner?
bool runner_is_command(const struct runner *runner);

// A table of these rows for a plan (results/schemas/plan.schema.json), on all CPUs that this
// program may use.
json_t *command_rows_table(const char *id, const struct runner *rows, size_t count);

#endif

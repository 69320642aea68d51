// SPDX-License-Identifier: MIT
//
// trace_words.h - the words of `quartet trace`: which are its own, and which belong to the
// runners. A runner gets what its description says it has; what only others have is left out
// for it, so that one command line serves models with different options.
#ifndef QUARTET_DRIVER_COMMAND_TRACE_WORDS_H
#define QUARTET_DRIVER_COMMAND_TRACE_WORDS_H

#include "driver/command/commands.h"
#include "driver/plan/runner.h"

#include <stdbool.h>
#include <stddef.h>

#define TRACE_WORDS_MAXIMUM 128

struct trace_words {
    const char *workload; // NULL: none was named
    size_t count;
    const char *list[TRACE_WORDS_MAXIMUM]; // for the runners, in their order; borrowed
    char *own[TRACE_WORDS_MAXIMUM];        // those of the command itself
    bool sized;                            // --tasks or --concurrency is among them
};

// Sorts the words. What is returned is the command's own part of the line. Ends the program
// with EXIT_USAGE when there are too many, or more than one operand.
struct command_line trace_words_split(struct trace_words *words,
                                      const struct option_spec *own, int argc,
                                      char **argv);

// Ends the program with EXIT_USAGE unless there are such a workload, such models (`models`:
// "a,b" or NULL) and such options.
void trace_words_check(const struct trace_words *words, const char *models,
                       const struct runner_set *set);

// Is this one of the models that were asked for? Without a choice, all but the control.
bool trace_words_wants(const struct trace_words *words, const char *models,
                       const struct runner *runner);

// Workload and options for this runner, ended by NULL.
void trace_words_for(const struct trace_words *words, const struct runner *runner,
                     const char *argv[TRACE_WORDS_MAXIMUM]);

#endif

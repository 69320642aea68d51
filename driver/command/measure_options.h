// SPDX-License-Identifier: MIT
//
// measure_options.h - the options that `quartet run` and `quartet check` have in common.
// Each has a table of its own, with other rows between these.
//
// Read next: run.c.
#ifndef QUARTET_DRIVER_COMMAND_MEASURE_OPTIONS_H
#define QUARTET_DRIVER_COMMAND_MEASURE_OPTIONS_H

#include "driver/command/commands.h"
#include "driver/plan/file.h"
#include "driver/plan/plan.h"
#include "driver/plan/profile.h"
#include "lib/options.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The first member of a command's own struct, so that the rows below fit both.
struct measure_options {
    const char *profile;
    const char *workloads;
    const char *models;
    uint64_t tasks;
    const char *concurrency;
    const char *plan;
    struct option_list runners;
    const char *lanes;
    const char *python;
    uint64_t rounds;
    uint64_t seed;
    const char *cpus;
    const char *output;
    uint64_t timeout;
    bool wait;
    bool accept_noise;
    bool allow_unoptimised;
    bool counters;
    bool help;
    struct plan_sweep sweep;           // what --concurrency says
    struct plan_file profile_document; // what --profile names
    struct plan_file plan_file; // what is in --plan; document is NULL if there is none
};

#define MEASURE_PLACE(member) offsetof(struct measure_options, member)

// Rows of a table of option_spec. Profile, models and rounds are each command's own: what
// they default to and mean is not the same.
#define MEASURE_ROW(name, kind, member, minimum, maximum, help)                          \
    {                                                                                    \
        name, kind, MEASURE_PLACE(member), NULL, minimum, maximum, NULL, help            \
    }

// A profile, with the usual one.
#define MEASURE_ROW_PROFILE(usual, help)                                                 \
    {                                                                                    \
        "profile", OPTION_TEXT, MEASURE_PLACE(profile), usual, 0, 0,                     \
            PROFILE_CHOICES "|FILE", help                                                \
    }

#define MEASURE_ROWS_WORKLOADS                                                           \
    MEASURE_ROW("workloads", OPTION_TEXT, workloads, 0, 0,                               \
                "only these: primes,fetch or fetch/unix,primes/one-cpu")

#define MEASURE_ROW_PLAN                                                                 \
    MEASURE_ROW("plan", OPTION_TEXT, plan, 0, 0,                                         \
                "a file that says which tables: see results/README.md")

#define MEASURE_ROWS_FOREIGN                                                             \
    MEASURE_ROW(                                                                         \
        "runner", OPTION_LIST, runners, 0, 0,                                            \
        "a program of your own beside them, repeatable: see docs/own-runner.md"),        \
        MEASURE_ROW("lanes", OPTION_TEXT, lanes, 0, 0,                                   \
                    "beside them, the same in other languages: python,go"),              \
        MEASURE_ROW("python", OPTION_TEXT, python, 0, 0,                                 \
                    "another interpreter for the lane python")

#define MEASURE_ROWS_SIZE                                                                \
    MEASURE_ROW("tasks", OPTION_COUNT, tasks, 1, 10000000,                               \
                "tasks of every table, not the profile's"),                              \
        MEASURE_ROW("concurrency", OPTION_TEXT, concurrency, 0, 0,                       \
                    "tasks in flight, not the profile's; 1,10,100: a table for each")

// How long one run may take. The longest is what runners allow.
#define MEASURE_ROW_TIMEOUT                                                              \
    MEASURE_ROW("timeout", OPTION_DURATION, timeout, 1000000000, 86400000000000,         \
                "a run fails when it takes longer; else 1 min")

#define MEASURE_ROWS_STRICT                                                              \
    MEASURE_ROW("accept-noise", OPTION_FLAG, accept_noise, 0, 0,                         \
                "count disturbed rounds, too, and do not run them again"),               \
        MEASURE_ROW("allow-unoptimised", OPTION_FLAG, allow_unoptimised, 0, 0,           \
                    "measure a debug build; the report says so")

#define MEASURE_ROWS_SESSION                                                             \
    MEASURE_ROW("output", OPTION_TEXT, output, 0, 0,                                     \
                "folder of the report, also -o; else results/TIME-COMMIT"),              \
        MEASURE_ROW("seed", OPTION_COUNT, seed, 1, UINT32_MAX,                           \
                    "replays the order of a session"),                                   \
        MEASURE_ROW("cpus", OPTION_TEXT, cpus, 0, 0, "use only these: 0,2-3")

#define MEASURE_ROWS_END                                                                 \
    MEASURE_ROW("wait", OPTION_FLAG, wait, 0, 0,                                         \
                "wait for a session that is measuring, an hour at most"),                \
        MEASURE_ROW("help", OPTION_FLAG, help, 0, 0, "print this")

#define MEASURE_ROW_COUNTERS                                                             \
    MEASURE_ROW("counters", OPTION_FLAG, counters, 0, 0,                                 \
                "count system calls, instructions, memory in extra runs")

// Reads the options of a command into its own struct, whose first member is a
// measure_options. As command_parse().
void measure_options_parse(const char *command, void *values, int argc, char **argv);

// The same of a command that takes operands; returns how many there were.
int measure_options_parse_line(const char *command, void *values,
                               const struct command_line *line);

// Keeps the program to --cpus, reads the list of --concurrency, the profile and the file
// of --plan, and draws a seed if none was given. Ends the program with a message and
// EXIT_USAGE if there are no such CPUs, or if a list or a plan cannot be understood.
// measure_options_free() at the end.
void measure_options_apply(const char *command, struct measure_options *options);

// Refuses a plan that brings rows of its own (plan/rows.h).
void measure_options_refuse_rows(const char *command, struct measure_options *options);

// Reads the file of --plan once more, of which a session that goes on needs no more than its rows.
void measure_options_load_rows(const char *command, struct measure_options *options);

// Programs of anybody that are to be rows, of options and plan, join the set. Ends the program with a message where
// one cannot: EXIT_USAGE, or EXIT_CANNOT where the whole lane is missing. Those of a lane that
// cannot run here are named.
void measure_options_add_rows(const char *command, struct measure_options *options,
                              struct runner_set *set);

// Fits the plan to foreign rows, if the set has any: a seed of the work, and
// which models are compared where nobody says (in `models`, which must outlive the choice).
void measure_options_choose(const struct measure_options *options,
                            const struct runner_set *set, struct plan_choice *choice,
                            char *models, size_t size);

void measure_options_free(struct measure_options *options);

// The document of the user's own that is measured, or NULL where it came with the program.
const struct plan_file *measure_options_own(const struct measure_options *options);

// The part of the plan that these options choose.
struct plan_choice measure_options_choice(const struct measure_options *options);

// Reads "100" or "1,10,100": at most PLAN_SWEEP_MAXIMUM numbers, each larger than the
// one before. 0, or -EINVAL with the reason.
int measure_options_sweep(const char *text, struct plan_sweep *sweep,
                          struct reason *reason);

#endif

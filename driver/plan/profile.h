// SPDX-License-Identifier: MIT
//
// profile.h - how much work each profile gives to each workload. All sizes of the
// project's comparisons stand in one table, in profile.c.
#ifndef QUARTET_DRIVER_PLAN_PROFILE_H
#define QUARTET_DRIVER_PLAN_PROFILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum profile_name {
    PROFILE_QUICK,
    PROFILE_DEFAULT,
    PROFILE_RIGOROUS, // the sizes of `default`, and rounds until all is decided
    PROFILE_COUNT,
};

#define PROFILE_CHOICES "quick|default|rigorous"
#define PROFILE_SIZES   3 // quick ones, those of all else, and those of sweeps, if others

struct profile_size {
    uint32_t tasks;        // 0: the workload's own default
    uint32_t concurrency;  // 0: the workload's own default
    const char *arguments; // the workload's options, separated by single spaces
};

// One kind of comparison of a workload. Those that compute become two tables, on one
// CPU and on all.
struct profile_table {
    const char *workload;
    const char *suffix; // behind the workload in the id: "tcp"; NULL: nothing
    const char *title;  // "fetch over TCP"
    bool has_peer;      // a back end that should have a CPU of its own
    struct profile_size sizes[PROFILE_SIZES];
};

// All of them, in the order in which they are shown.
extern const struct profile_table profile_tables[];
extern const size_t profile_table_count;

// "quick", "default", "rigorous"
const char *profile_text(enum profile_name profile);

// How much work this profile gives to the tables of a row. In a sweep over the tasks in
// flight, waits are short: else one task at a time would wait for minutes.
const struct profile_size *profile_size(const struct profile_table *row,
                                        enum profile_name profile, bool sweep);

// How many rounds the profile measures, at the most. From PROFILE_DECISIVE_ROUNDS on, a difference
// may be acted upon.
unsigned profile_rounds(enum profile_name profile);

#define PROFILE_DECISIVE_ROUNDS 12

#endif

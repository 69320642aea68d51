// SPDX-License-Identifier: MIT
//
// table.h - one table of a plan, once everything about it is decided: by a document and
// the command line (plan.c).
//
// Read next: cells.h, which fills it.
#ifndef QUARTET_DRIVER_PLAN_TABLE_H
#define QUARTET_DRIVER_PLAN_TABLE_H

#include "driver/plan/types.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLAN_ID_SIZE 160 // of a table

// The CPUs that tables are measured on.
struct plan_cpus {
    char all[1024]; // that may be used: "0,1"
    char first[16]; // "0"
    char other[16]; // one that is not the first, for back ends; "": there is none
    unsigned count;
};

// Finds the CPUs that this process may use.
void plan_cpus_find(struct plan_cpus *cpus);

// The wanted properties of one table; all texts are borrowed for the call.
struct plan_table {
    const struct described_workload *workload;
    const char *id;
    const char *title;
    const char *setting;   // "one-cpu", "all-cpus", or NULL
    const char *cpus;      // of the runners, or NULL
    const char *peer_cpus; // of a back end, or NULL
    const char *sweep;     // id of the sweep that it is a part of, or NULL
    uint64_t tasks;
    uint64_t concurrency;
    json_t *arguments; // the workload's options, as words
};

// Adds a table without cells. NULL: there is no room for more.
struct table *plan_table_add(struct plan *plan, struct report *report,
                             const struct plan_table *wanted);

struct plan_amount {
    uint64_t tasks;
    uint64_t concurrency;
};

// Makes an amount that can be of one that is wanted. The user's numbers are kept
// (`sweep`, which may be empty, and the tasks if `users_tasks`); what a document says
// gives way. A sweep does the same number of tasks throughout, so that its tables do
// equal work, except where all tasks must be in flight together.
void plan_table_fit(const struct described_workload *workload,
                    const struct plan_sweep *sweep, bool users_tasks,
                    struct plan_amount *amount);

#endif

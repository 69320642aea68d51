// SPDX-License-Identifier: MIT
//
// draft.h - one table of a plan document as its author wrote it, read member by member,
// with what is not said left open.
//
// Read next: member.h.
#ifndef QUARTET_DRIVER_PLAN_DRAFT_H
#define QUARTET_DRIVER_PLAN_DRAFT_H

#include "driver/plan/member.h"
#include "driver/plan/table.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#define PLAN_AMOUNT_MAXIMUM 10000000 // of tasks
#define PLAN_SETTINGS       2

// The ingredients of all tables of a plan.
struct plan_maker {
    struct plan *plan;
    struct report *report; // that has its tables
    const struct runner_set *set;
    const struct plan_choice *choice;
    struct plan_cpus cpus;
    struct plan_place place; // of the table in work
    struct reason *reason;
};

// A table in the making.
struct plan_draft {
    const json_t *json; // as the author wrote it
    const struct described_workload *workload;
    const char *id;    // or NULL
    const char *title; // or NULL
    size_t setting_count;
    const char *settings[PLAN_SETTINGS]; // "one-cpu", "all-cpus", or NULL
    bool listed;                         // the author gave a list of settings
    const char *cpus;                    // as the author gave them, or NULL
    const char *peer_cpus;
    json_t *arguments;       // words; owned
    json_t *sweep_arguments; // the same for a sweep that the user asks for; owned
    uint64_t tasks;          // 0: not given
    uint64_t sweep_tasks;    // the same for such a sweep
    struct plan_sweep concurrency;
    uint64_t run_ns; // about how long one run takes; 0: the author does not say
};

// Finds the workload that maker's table, draft->json, names. 0, or -EINVAL with maker's
// reason; -ENOENT: these runners have none, because their build lacks it, or the plan came
// with the program, which may be newer than they are.
int plan_draft_workload(const struct plan_maker *maker, struct plan_draft *draft);

// Reads the rest of it. 0, or -EINVAL with maker's reason. plan_draft_free() in both
// cases.
int plan_draft_read(const struct plan_maker *maker, struct plan_draft *draft);
void plan_draft_free(struct plan_draft *draft);

#endif

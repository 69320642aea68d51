// SPDX-License-Identifier: MIT
//
// draft.h - one table of a plan file as its author wrote it, read member by member,
// with what is not said left open.
//
// Read next: member.h.
#ifndef QUARTET_DRIVER_PLAN_DRAFT_H
#define QUARTET_DRIVER_PLAN_DRAFT_H

#include "driver/plan/member.h"
#include "driver/plan/table.h"

#include <jansson.h>
#include <stdint.h>

#define PLAN_AMOUNT_MAXIMUM 10000000 // of tasks

// What all tables of a plan file are made from.
struct plan_maker {
    struct plan *plan;
    const struct runner_set *set;
    const struct runner_set *base; // or NULL
    struct plan_cpus cpus;
    struct plan_place place; // of the table in work
    struct reason *reason;
};

// A table in the making.
struct plan_draft {
    const json_t *json; // as the user wrote it
    const json_t *workload;
    const char *setting; // or NULL
    const char *cpus;    // as the user gave them, or NULL
    const char *peer_cpus;
    json_t *arguments; // words; owned
    uint64_t tasks;    // 0: not given
    struct plan_sweep concurrency;
};

// Reads maker's table, draft->json, into the rest of the draft; draft->arguments is an
// empty array before. 0, or -EINVAL with maker's reason.
int plan_draft_read(const struct plan_maker *maker, struct plan_draft *draft);

#endif

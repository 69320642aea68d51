// SPDX-License-Identifier: MIT
//
// table.c - see table.h.
#include "driver/plan/table.h"

#include "driver/report/json.h"
#include "lib/check.h"
#include "lib/cpus.h"

#include <stdio.h>
#include <stdlib.h>

void plan_cpus_find(struct plan_cpus *cpus)
{
    cpus->count = cpus_count();
    cpus_allowed(cpus->all, sizeof cpus->all);
    snprintf(cpus->first, sizeof cpus->first, "%lu", strtoul(cpus->all, NULL, 10));
    cpus_outside(cpus->first, cpus->other, sizeof cpus->other);
}

struct table *plan_table_add(struct plan *plan, const struct plan_table *wanted)
{
    if (plan->count == PLAN_TABLES_MAXIMUM)
        return NULL;
    const json_t *workload = wanted->workload;
    struct table *table = &plan->list[plan->count++];
    json_t *json =
        json_pack("{ss ss ss ss ss? ss ss? ss? sI sI sO s[] s[] s[] sn}", "id",
                  wanted->id, "workload", tree_text(workload, "name", ""), "kind",
                  tree_text(workload, "kind", ""), "title", wanted->title, "setting",
                  wanted->setting, "operation", tree_text(workload, "operation", ""),
                  "cpus", wanted->cpus, "peer_cpus", wanted->peer_cpus, "tasks",
                  (json_int_t)wanted->tasks, "concurrency",
                  (json_int_t)wanted->concurrency, "arguments", wanted->arguments,
                  "blocks", "cells", "comparisons", "verification");
    CHECK(json != NULL);
    if (wanted->sweep != NULL)
        json_object_set_new(json, "sweep", json_string(wanted->sweep));
    *table = (struct table){.json = json};
    json_array_append_new(plan->tables, json);
    return table;
}

void plan_table_fit(const json_t *workload, const struct plan_sweep *sweep,
                    bool users_tasks, struct plan_amount *amount)
{
    bool together = tree_true(workload, "together");
    if (!users_tasks && sweep->count > 0) {
        uint64_t largest = sweep->list[sweep->count - 1];
        if (largest > amount->tasks)
            amount->tasks = largest;
        // Tasks that wait for one another must all be in flight: one number for both.
        if (together)
            amount->tasks = amount->concurrency;
    }
    if (together || amount->concurrency > amount->tasks)
        amount->concurrency = amount->tasks;
}

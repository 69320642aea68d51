// SPDX-License-Identifier: MIT
//
// table.c - see table.h.
#include "driver/plan/table.h"

#include "driver/report/begin.h"
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

struct table *plan_table_add(struct plan *plan, struct report *report,
                             const struct plan_table *wanted)
{
    if (plan->count == PLAN_TABLES_MAXIMUM)
        return NULL;
    const struct described_workload *workload = wanted->workload;
    struct table *table = &plan->list[plan->count++];
    struct report_table *result = report_add_table(report, TABLE_CELLS_MAXIMUM);
    result->id = report_keep_text(report, wanted->id);
    result->workload = report_keep_text(report, workload->name);
    result->kind = report_keep_text(report, workload->kind);
    result->title = report_keep_text(report, wanted->title);
    result->setting = report_keep_text(report, wanted->setting);
    result->operation = report_keep_text(report, workload->operation);
    result->cpus = report_keep_text(report, wanted->cpus);
    result->peer_cpus = report_keep_text(report, wanted->peer_cpus);
    result->sweep = report_keep_text(report, wanted->sweep);
    result->tasks = (double)wanted->tasks;
    result->concurrency = (double)wanted->concurrency;
    result->arguments = report_keep_json(report, json_incref(wanted->arguments));
    *table = (struct table){.report = report, .result = result};
    return table;
}

void plan_table_fit(const struct described_workload *workload,
                    const struct plan_sweep *sweep, bool users_tasks,
                    struct plan_amount *amount)
{
    bool together = workload->together;
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

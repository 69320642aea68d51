// SPDX-License-Identifier: MIT
//
// select.c - see select.h.
#include "driver/analysis/select.h"

#include "driver/analysis/summaries.h"
#include "driver/analysis/sweeps.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

// Is it one of the words of a list with commas? NULL has all.
static bool has(const char *list, const char *name)
{
    size_t length = strlen(name);
    for (const char *word = list; word != NULL; word = strchr(word, ',')) {
        word += *word == ',' ? 1 : 0;
        if (strncmp(word, name, length) == 0 &&
            (word[length] == ',' || word[length] == '\0'))
            return true;
    }
    return list == NULL;
}

static bool is_wanted(const struct report_table *table, const char *tables,
                      const char *workloads)
{
    return has(tables, table->id) &&
           (has(workloads, table->workload) || has(workloads, table->id));
}

// "fetch/tcp, fetch/unix, ..."
static int refuse(const struct report *report, struct reason *reason)
{
    char names[400] = "";
    for (size_t i = 0; i < report->table_count; i++) {
        size_t used = strlen(names);
        snprintf(names + used, sizeof names - used, "%s%s", i == 0 ? "" : ", ",
                 report->tables[i].id);
    }
    return reason_set(reason, -EINVAL, "the report has no such table; it has %s", names);
}

int report_select(struct report *report, const char *tables, const char *workloads,
                  struct reason *reason)
{
    size_t all = report->table_count;
    size_t kept = 0;
    if (tables == NULL && workloads == NULL)
        return 0;
    for (size_t i = 0; i < report->table_count; i++)
        kept += is_wanted(&report->tables[i], tables, workloads);
    if (kept == 0)
        return refuse(report, reason);
    if (kept == all)
        return 0;
    for (size_t i = all; i-- > 0;)
        if (!is_wanted(&report->tables[i], tables, workloads))
            report_drop_table(report, i);
    int error = sweeps_find(report);
    if (error == 0)
        error = summaries_find(report);
    return error == 0 ? 0 : reason_set(reason, error, "out of memory");
}

// SPDX-License-Identifier: MIT
//
// merge.c - which reports belong together: see merge.h.
#include "driver/merge/merge.h"

#include "driver/analysis/report_file.h"
#include "driver/report/read.h"
#include "lib/allocate.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// ---- do they belong together? ----------------------------------------------------------

static bool same_text(const char *one, const char *other)
{
    return one == NULL || other == NULL ? one == other : strcmp(one, other) == 0;
}

static bool same_number(double one, double other)
{
    return one == other || (isnan(one) && isnan(other));
}

static const char *shown(const char *text)
{
    return text == NULL ? "unknown" : text;
}

static bool same_work(const struct report_table *one, const struct report_table *other)
{
    bool arguments = one->arguments == other->arguments ||
                     json_equal(one->arguments, other->arguments);
    return strcmp(one->workload, other->workload) == 0 && arguments &&
           same_number(one->tasks, other->tasks) &&
           same_number(one->concurrency, other->concurrency) &&
           one->by_run == other->by_run;
}

// A table that only one of them has is no other plan: a machine may lack what it needs.
static int compare_tables(const struct report *first, const struct report *other,
                          struct reason *reason)
{
    size_t common = 0;
    for (size_t i = 0; i < other->table_count; i++) {
        const struct report_table *own = &other->tables[i];
        const struct report_table *same = report_find_table(first, own->id);
        if (same == NULL)
            continue;
        common++;
        if (!same_work(same, own))
            return reason_set(reason, -EINVAL, "another plan: other work in table %.80s",
                              own->id);
    }
    if (common == 0)
        return reason_set(reason, -EINVAL, "another plan: no table is the same");
    return 0;
}

static int belongs(const struct report *first, const struct report *other,
                   struct reason *reason)
{
    if (!same_text(first->version, other->version))
        return reason_set(reason, -EINVAL, "another version: quartet %.40s, not %.40s",
                          shown(other->version), shown(first->version));
    if (!same_text(first->commit, other->commit))
        return reason_set(reason, -EINVAL, "another version: commit %.60s, not %.60s",
                          shown(other->commit), shown(first->commit));
    if (!same_text(first->plan.command, other->plan.command) ||
        !same_text(first->plan.profile, other->plan.profile))
        return reason_set(reason, -EINVAL, "another plan: profile %.40s, not %.40s",
                          shown(other->plan.profile), shown(first->plan.profile));
    if (!same_number(first->plan.rounds, other->plan.rounds))
        return reason_set(reason, -EINVAL, "another plan: %.0f rounds, not %.0f",
                          other->plan.rounds, first->plan.rounds);
    return compare_tables(first, other, reason);
}

// The same file twice would count twice.
static const struct merge_host *find_same(const struct merge *merge,
                                          const struct report *report)
{
    for (size_t i = 0; i < merge->host_count; i++)
        if (merge->hosts[i].used && report->file_sha256[0] != '\0' &&
            strcmp(merge->hosts[i].report.file_sha256, report->file_sha256) == 0)
            return &merge->hosts[i];
    return NULL;
}

// ---- hosts -----------------------------------------------------------------------------

// The last part of the path that says something: "hosts/alpha/report.json" is alpha.
static void name_of(const char *file, char *name, size_t size)
{
    size_t end = strlen(file);
    static const char *const endings[] = {"/", "/report.json", ".json"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        size_t length = strlen(endings[i]);
        if (end > length && strncmp(file + end - length, endings[i], length) == 0)
            end -= length;
    }
    size_t start = end;
    while (start > 0 && file[start - 1] != '/')
        start--;
    snprintf(name, size, "%.*s", (int)(end - start), file + start);
}

static void load_host(struct merge *merge, struct merge_host *host,
                      const struct report *first)
{
    int error = report_file_load(host->file, &host->report, &host->why);
    if (error != 0) {
        host->report = (struct report){0};
        return;
    }
    const struct merge_host *same = find_same(merge, &host->report);
    if (same != NULL)
        error = reason_set(&host->why, -EEXIST, "the same report as %.60s", same->name);
    else if (first != NULL)
        error = belongs(first, &host->report, &host->why);
    host->used = error == 0;
    host->whole = host->used && host->report.complete;
    if (host->used && !host->whole)
        reason_set(&host->why, 0, "incomplete: %.300s",
                   shown(host->report.incomplete_reason));
    if (error != 0) {
        report_free(&host->report);
        host->report = (struct report){0};
    }
}

void merge_load(struct merge *merge, size_t count, const char *const *files,
                const char *const *names)
{
    const struct report *first = NULL;
    *merge = (struct merge){.hosts = allocate(count + 1, sizeof *merge->hosts)};
    for (size_t i = 0; i < count; i++) {
        struct merge_host *host = &merge->hosts[i];
        host->file = files[i];
        if (names != NULL)
            snprintf(host->name, sizeof host->name, "%s", names[i]);
        else
            name_of(files[i], host->name, sizeof host->name);
        load_host(merge, host, first);
        merge->host_count++;
        if (first == NULL && host->used)
            first = &host->report;
    }
}

size_t merge_used(const struct merge *merge)
{
    size_t count = 0;
    for (size_t i = 0; i < merge->host_count; i++)
        count += merge->hosts[i].used ? 1 : 0;
    return count;
}

size_t merge_whole(const struct merge *merge)
{
    size_t count = 0;
    for (size_t i = 0; i < merge->host_count; i++)
        count += merge->hosts[i].whole ? 1 : 0;
    return count;
}

void merge_free(struct merge *merge)
{
    for (size_t i = 0; i < merge->table_count; i++) {
        struct merge_table *table = &merge->tables[i];
        for (size_t j = 0; j < table->row_count; j++) {
            free(table->rows[j].cells);
            histogram_free(table->rows[j].latency);
        }
        for (size_t j = 0; j < table->pair_count; j++)
            free(table->pairs[j].order);
        free(table->rows);
        free(table->pairs);
    }
    for (size_t i = 0; i < merge->host_count; i++)
        report_free(&merge->hosts[i].report);
    free(merge->tables);
    free(merge->hosts);
}

// SPDX-License-Identifier: MIT
//
// changes.c - where the level of a series changed (statistics/change.h), by how much, and what
// of the environment changed at the same place: see history.h.
#include "driver/history/history.h"

#include "driver/analysis/compare.h"
#include "driver/statistics/change.h"
#include "driver/statistics/statistics.h"
#include "lib/allocate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RISK 0.05 // that a history without changes shows one

double history_change_ratio(const struct history_change *change)
{
    return change->behind / change->before;
}

double history_total_ratio(const struct history_series *series)
{
    if (series->change_count == 0)
        return 1;
    return series->changes[series->change_count - 1].behind / series->changes[0].before;
}

// ---- what else changed -----------------------------------------------------------------

static const struct history_entry *entry_at(const struct history *history,
                                            const struct history_series *series,
                                            size_t point)
{
    return &history->entries[series->points[point].entry];
}

// Does this list of differences name it?
static bool names(const json_t *differences, const char *name)
{
    size_t index;
    json_t *one;
    json_array_foreach(differences, index, one)
    {
        if (strcmp(json_string_value(json_array_get(one, 0)), name) == 0)
            return true;
    }
    return false;
}

static json_t *differences(const struct history_entry *one,
                           const struct history_entry *other)
{
    const struct report base = {.environment = one->environment};
    const struct report head = {.environment = other->environment};
    return compare_environments(&base, &head);
}

// Facts such as the load or free memory differ between any two reports: only what stayed the
// same before the change, and behind it, says something.
static json_t *find_environment(const struct history *history,
                                const struct history_series *series, size_t point)
{
    const struct history_entry *behind = entry_at(history, series, point);
    const struct history_entry *before = entry_at(history, series, point - 1);
    json_t *found = json_array();
    json_t *across = differences(before, behind);
    json_t *early = differences(entry_at(history, series, point - 2), before);
    json_t *late = differences(behind, entry_at(history, series, point + 1));
    size_t index;
    json_t *one;
    json_array_foreach(across, index, one)
    {
        const char *name = json_string_value(json_array_get(one, 0));
        if (!names(early, name) && !names(late, name))
            json_array_append(found, one);
    }
    json_decref(across);
    json_decref(early);
    json_decref(late);
    return found;
}

// ---- the changes -----------------------------------------------------------------------

static double median_of(const struct history_series *series, size_t from, size_t to)
{
    double *values = allocate(to - from, sizeof *values);
    for (size_t i = from; i < to; i++)
        values[i - from] = series->points[i].value;
    double median = statistics_median(values, to - from);
    free(values);
    return median;
}

// Drops changes that are too small, smallest first, until all that are left are large enough:
// without one of them, its two neighbours have other medians.
static size_t drop_small(const struct history_series *series, double least, size_t count,
                         struct change *found)
{
    while (count > 0) {
        size_t smallest = 0;
        double size = (double)INFINITY;
        for (size_t i = 0; i < count; i++) {
            size_t from = i == 0 ? 0 : found[i - 1].first;
            size_t to = i + 1 == count ? series->count : found[i + 1].first;
            double own = fabs(log(median_of(series, found[i].first, to) /
                                  median_of(series, from, found[i].first)));
            if (own < size) {
                size = own;
                smallest = i;
            }
        }
        if (size >= log1p(least))
            return count;
        count--;
        memmove(&found[smallest], &found[smallest + 1],
                (count - smallest) * sizeof *found);
    }
    return count;
}

static void keep_changes(const struct history *history, struct history_series *series,
                         const struct change *found, size_t count)
{
    series->changes = allocate(count + 1, sizeof *series->changes);
    series->change_count = count;
    for (size_t i = 0; i < count; i++) {
        size_t first = found[i].first;
        size_t from = i == 0 ? 0 : found[i - 1].first;
        size_t to = i + 1 == count ? series->count : found[i + 1].first;
        series->changes[i] = (struct history_change){
            .point = first,
            .p = found[i].p,
            .before = median_of(series, from, first),
            .behind = median_of(series, first, to),
            .count_before = first - from,
            .count_behind = to - first,
            .environment = find_environment(history, series, first),
        };
    }
}

static void cut(struct history *history, struct history_series *series)
{
    if (series->count <= CHANGE_LONGEST)
        return;
    size_t cut = series->count - CHANGE_LONGEST;
    history_note(history, "%.200s: only its last %d reports are looked at, %zu are older",
                 series->name, CHANGE_LONGEST, cut);
    memmove(series->points, series->points + cut,
            CHANGE_LONGEST * sizeof *series->points);
    series->count = CHANGE_LONGEST;
}

static void find(struct history *history, struct history_series *series, double level,
                 double least, uint64_t seed)
{
    cut(history, series);
    double *logs = allocate(series->count + 1, sizeof *logs);
    struct change *found = allocate(series->count / CHANGE_LEAST + 1, sizeof *found);
    for (size_t i = 0; i < series->count; i++)
        logs[i] = log(series->points[i].value);
    size_t count = change_find(logs, series->count, level, seed, found);
    count = drop_small(series, least, count, found);
    keep_changes(history, series, found, count);
    free(logs);
    free(found);
}

void history_find_changes(struct history *history, double least, uint64_t seed)
{
    size_t tested = 0;
    for (size_t i = 0; i < history->series_count; i++)
        tested += history->series[i].count >= 2 * CHANGE_LEAST ? 1 : 0;
    for (size_t i = 0; i < history->series_count; i++)
        find(history, &history->series[i], RISK / (double)(tested > 0 ? tested : 1),
             least, seed + i);
}

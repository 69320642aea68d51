// SPDX-License-Identifier: MIT
//
// analysis.c - see analysis.h.
#include "driver/report/analysis.h"

#include "driver/report/cell_statistics.h"
#include "driver/report/json.h"
#include "driver/report/samples.h"
#include "driver/report/summaries.h"
#include "driver/report/sweeps.h"
#include "driver/report/table_noise.h"
#include "driver/report/verification.h"
#include "driver/statistics/significance.h"
#include "driver/statistics/statistics.h"
#include "driver/statistics/walsh.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

// A ranked cell of the table in work.
struct entry {
    const char *id; // borrowed from the report
    double median;  // of wall_ns
    bool is_base;   // of another build: the gate compares it (gate/gate.h)
    struct samples samples;
};

// ---- the ranking -----------------------------------------------------------------

static int compare_entries(const void *left, const void *right)
{
    const struct entry *a = left;
    const struct entry *b = right;
    return (a->median > b->median) - (a->median < b->median);
}

// Adds `statistics` to one cell; a ranked one gets the next entry. 0 or -ENOMEM.
static int cell_add(const json_t *table, json_t *cell, struct entry *entries, size_t *n)
{
    if (!tree_true(cell, "ranked"))
        return json_object_set_new(cell, "statistics", json_null()) ? -ENOMEM : 0;
    struct entry *entry = &entries[*n];
    int error = samples_collect(table, cell, &entry->samples);
    ++*n; // counted even after an error, so that it is freed
    json_t *statistics = error == 0 ? cell_statistics(cell, &entry->samples) : NULL;
    if (statistics == NULL || json_object_set_new(cell, "statistics", statistics))
        return -ENOMEM;
    entry->id = tree_text(cell, "id", "");
    entry->is_base = tree_text(cell, "base_of", NULL) != NULL;
    entry->median = tree_number(statistics, "wall_ns.median");
    return 0;
}

static int ranking_add(json_t *table, const struct entry *entries, size_t n)
{
    json_t *ranking = json_array();
    int failed = 0;
    for (size_t i = 0; i < n; i++)
        failed |= json_array_append_new(ranking, json_string(entries[i].id));
    return json_object_set_new(table, "ranking", ranking) || failed ? -ENOMEM : 0;
}

// ---- comparisons -----------------------------------------------------------------

static json_t *comparison_json(const char *a, const char *b, const struct ratio *ratio,
                               double p)
{
    // Without an interval nobody knows whether they are equal.
    json_t *equal = json_null();
    if (!isnan(ratio->interval.low))
        equal = json_boolean(ratio->interval.low <= 1 && ratio->interval.high >= 1);
    double detectable = statistics_detectable(&ratio->interval, 1) - 1;
    return json_pack("{s:s, s:s, s:s, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:o, "
                     "s:o}",
                     "a", a, "b", b, "metric", "wall_ns", "n", (json_int_t)ratio->n,
                     "ratio", tree_real(ratio->estimate), "low",
                     tree_real(ratio->interval.low), "high",
                     tree_real(ratio->interval.high), "confidence",
                     tree_real(ratio->interval.confidence), "bootstrap_low",
                     tree_real(ratio->bootstrap.low), "bootstrap_high",
                     tree_real(ratio->bootstrap.high), "method", ratio->method, "equal",
                     equal, "p", tree_real(p), "detectable", tree_real(detectable));
}

// What all comparisons of a table have in common.
struct comparing {
    uint64_t seed;
    double *scratch; // room for two numbers per block; borrowed
    struct resamples *shared;
};

// Compares two entries over the blocks in which both have a run that counts. NULL: out of
// memory.
static json_t *compare_pair(const struct entry *a, const struct entry *b,
                            struct comparing *comparing)
{
    double *times_a = comparing->scratch;
    double *times_b = comparing->scratch + a->samples.blocks;
    uint64_t seed = comparing->seed;
    size_t n = 0;
    for (size_t i = 0; i < a->samples.blocks; i++) {
        double time_a = tree_number(a->samples.by_block[i], "wall_ns");
        double time_b = tree_number(b->samples.by_block[i], "wall_ns");
        if (isnan(time_a) || isnan(time_b))
            continue;
        times_a[n] = time_a;
        times_b[n] = time_b;
        n++;
    }
    struct ratio ratio;
    if (statistics_ratio_shared(times_a, times_b, n, seed, &comparing->shared, &ratio) !=
        0)
        return NULL;
    for (size_t i = 0; i < n; i++)
        times_a[i] = log(times_a[i]) - log(times_b[i]);
    return comparison_json(a->id, b->id, &ratio,
                           significance_sign_flip(times_a, n, seed));
}

// Every ranked cell against every one that is ahead of it.
static int comparisons_add(json_t *table, const struct entry *entries, size_t n,
                           uint64_t seed)
{
    size_t blocks = json_array_size(tree_array(table, "blocks"));
    double *scratch = calloc(2 * blocks + 1, sizeof *scratch);
    struct comparing comparing = {.seed = seed, .scratch = scratch};
    json_t *comparisons = json_array();
    int failed = scratch == NULL;
    for (size_t a = 1; a < n && !failed; a++)
        for (size_t b = 0; b < a && !failed; b++)
            if (!entries[a].is_base && !entries[b].is_base)
                failed = json_array_append_new(
                    comparisons, compare_pair(&entries[a], &entries[b], &comparing));
    free(scratch);
    resamples_free(comparing.shared);
    return json_object_set_new(table, "comparisons", comparisons) || failed ? -ENOMEM : 0;
}

// ---- a table, a report -----------------------------------------------------------

static int table_add(json_t *table, uint64_t seed)
{
    int error = verification_add(table);
    json_t *cells = tree_array(table, "cells");
    struct entry *entries = calloc(json_array_size(cells) + 1, sizeof *entries);
    if (entries == NULL)
        return -ENOMEM;
    size_t n = 0;
    size_t index;
    json_t *cell;
    json_array_foreach(cells, index, cell)
    {
        if (error == 0)
            error = cell_add(table, cell, entries, &n);
    }
    if (error == 0) {
        qsort(entries, n, sizeof *entries, compare_entries);
        error = ranking_add(table, entries, n);
    }
    if (error == 0)
        error = comparisons_add(table, entries, n, seed);
    if (error == 0)
        error = table_noise_add(table, seed);
    for (size_t i = 0; i < n; i++)
        samples_free(&entries[i].samples);
    free(entries);
    return error;
}

// Corrects the p-values of all comparisons of the report for being so many.
static int correct_all(json_t *report)
{
    size_t all = 0;
    size_t index;
    json_t *table;
    json_array_foreach(tree_array(report, "tables"), index, table)
    {
        all += json_array_size(tree_array(table, "comparisons"));
    }
    double *p = calloc(all + 1, sizeof *p);
    json_t **where = calloc(all + 1, sizeof *where);
    size_t n = 0;
    json_array_foreach(tree_array(report, "tables"), index, table)
    {
        size_t which;
        json_t *comparison;
        json_array_foreach(tree_array(table, "comparisons"), which, comparison)
        {
            if (p == NULL || where == NULL)
                break;
            p[n] = tree_number(comparison, "p");
            where[n++] = comparison;
        }
    }
    int failed = p == NULL || where == NULL || significance_holm(p, n) != 0;
    for (size_t i = 0; i < n && !failed; i++)
        failed = json_object_set_new(where[i], "p_holm", tree_real(p[i]));
    free(p);
    free(where);
    return failed ? -ENOMEM : 0;
}

int analysis_add(json_t *report, struct reason *reason)
{
    // The plan's seed also replays the bootstrap.
    uint64_t seed = (uint64_t)json_integer_value(tree_at(report, "plan.seed"));
    size_t index;
    json_t *table;
    json_array_foreach(tree_array(report, "tables"), index, table)
    {
        int error = table_add(table, seed);
        if (error != 0)
            return reason_set(reason, error,
                              "cannot analyse table '%.100s': out of memory",
                              tree_text(table, "id", "?"));
    }
    if (correct_all(report) != 0 || summaries_add(report) != 0 || sweeps_add(report) != 0)
        return reason_set(reason, -ENOMEM, "cannot analyse the report: out of memory");
    return 0;
}

// SPDX-License-Identifier: MIT
//
// compare.c - see compare.h. How environments are compared is in compare_environments.c.
#include "driver/report/compare.h"

#include "driver/report/json.h"
#include "driver/report/metric.h"
#include "driver/report/samples.h"
#include "driver/report/table_noise.h"
#include "driver/statistics/significance.h"
#include "driver/statistics/statistics.h"
#include "driver/statistics/verdict.h"
#include "lib/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SEED 1 // of the bootstrap: any will do, but always the same

// One table that both reports have, and the rows that are ranked in both.
struct shared {
    const json_t *tables[2]; // base, new
    unsigned batch;          // of the new one
    size_t rows;
    const char **labels;        // borrowed
    struct samples *samples[2]; // of each row
};

// ---- what can be compared ----------------------------------------------------------

// The first thing that makes two tables different work, or NULL.
static const char *different_work(const json_t *base, const json_t *new)
{
    static const char *const keys[] = {"workload", "tasks", "concurrency", "arguments"};
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        if (!json_equal(json_object_get(base, keys[i]), json_object_get(new, keys[i])))
            return keys[i];
    return NULL;
}

// Notes what one report has and the other one lacks; true if the table is in both.
static bool note_table(json_t *notes, const json_t *table, const json_t *other)
{
    const char *id = tree_text(table, "id", "?");
    const char *different = other == NULL ? NULL : different_work(table, other);
    if (other != NULL && different == NULL)
        return true;
    if (notes != NULL && other == NULL)
        json_array_append_new(notes, json_sprintf("table %.100s", id));
    else if (notes != NULL)
        json_array_append_new(notes,
                              json_sprintf("table %.100s: other %s", id, different));
    return false;
}

static void note_rows(json_t *notes, const json_t *table, const json_t *other)
{
    size_t index;
    json_t *cell;
    json_array_foreach(tree_array(table, "cells"), index, cell)
    {
        const char *label = tree_text(cell, "label", "?");
        const json_t *twin = tree_find(tree_array(other, "cells"), "label", label);
        if (tree_true(cell, "ranked") && !tree_true(twin, "ranked"))
            json_array_append_new(
                notes, json_sprintf("%.100s: %.100s%s%.200s", tree_text(table, "id", "?"),
                                    label, twin == NULL ? "" : ", not ranked there: ",
                                    tree_text(twin, "unranked_reason", "")));
    }
}

// Collects the samples of all rows that are ranked in both. false: out of memory.
static bool share(struct shared *shared)
{
    json_t *cells = tree_array(shared->tables[0], "cells");
    json_t *others = tree_array(shared->tables[1], "cells");
    size_t most = json_array_size(cells) + 1;
    shared->labels = calloc(most, sizeof *shared->labels);
    shared->samples[0] = calloc(most, sizeof *shared->samples[0]);
    shared->samples[1] = calloc(most, sizeof *shared->samples[1]);
    if (shared->labels == NULL || shared->samples[0] == NULL ||
        shared->samples[1] == NULL)
        return false;
    size_t index;
    json_t *cell;
    json_array_foreach(cells, index, cell)
    {
        const char *label = tree_text(cell, "label", "");
        const json_t *other = tree_find(others, "label", label);
        if (!tree_true(cell, "ranked") || !tree_true(other, "ranked"))
            continue;
        size_t row = shared->rows++;
        shared->labels[row] = label;
        if (samples_collect(shared->tables[0], cell, &shared->samples[0][row]) != 0 ||
            samples_collect(shared->tables[1], other, &shared->samples[1][row]) != 0)
            return false;
    }
    return true;
}

static void unshare(struct shared *shared)
{
    for (size_t i = 0; i < shared->rows; i++) {
        samples_free(&shared->samples[0][i]);
        samples_free(&shared->samples[1][i]);
    }
    free(shared->labels);
    free(shared->samples[0]);
    free(shared->samples[1]);
}

// ---- figures -----------------------------------------------------------------------

static double wall_of(const struct samples *samples, size_t block)
{
    return tree_number(samples->by_block[block], "wall_ns");
}

#define RELATIVE METRIC_COUNT // beside the metrics of a run

static const char *kind_name(enum metric kind)
{
    return kind == RELATIVE ? "relative" : metric_name(kind);
}

// The time of a row in one block divided by the mean of the others there, or NAN.
static double relative_of(const struct shared *shared, int side, size_t row, size_t block)
{
    double logs = 0;
    for (size_t i = 0; i < shared->rows; i++)
        if (i != row)
            logs += log(wall_of(&shared->samples[side][i], block));
    double mean = exp(logs / (double)(shared->rows - 1));
    return wall_of(&shared->samples[side][row], block) / mean;
}

// All values of a row in one report; returns how many.
static size_t collect(const struct shared *shared, int side, size_t row, enum metric kind,
                      double *values)
{
    const struct samples *samples = &shared->samples[side][row];
    unsigned batch = side == 0 ? 0 : shared->batch;
    size_t n = 0;
    for (size_t block = 0; block < samples->blocks; block++) {
        double value = kind == RELATIVE ? relative_of(shared, side, row, block)
                                        : metric_of(samples->by_block[block], kind);
        if (isfinite(value) && value > 0 &&
            samples_in_batch(shared->tables[side], block, batch))
            values[n++] = value;
    }
    return n;
}

static double median(const double *values, size_t n)
{
    double *copy = malloc((n + 1) * sizeof *copy);
    if (copy == NULL)
        return (double)NAN;
    memcpy(copy, values, n * sizeof *copy);
    double result = statistics_median(copy, n);
    free(copy);
    return result;
}

// What the figures of a row move by although nothing differs.
static double floor_of(const struct shared *shared, enum metric kind)
{
    enum metric metric = kind == RELATIVE ? METRIC_WALL : kind;
    return fmax(table_noise_floor(shared->tables[0], metric, 0, SEED),
                table_noise_floor(shared->tables[1], metric, shared->batch, SEED));
}

static json_t *compare_row(const struct shared *shared, size_t row, enum metric kind)
{
    size_t blocks = shared->samples[0][row].blocks + shared->samples[1][row].blocks;
    double *room = malloc((blocks + 1) * sizeof *room);
    if (room == NULL)
        return NULL;
    size_t n_base = collect(shared, 0, row, kind, room);
    double *values = room + n_base;
    size_t n_new = collect(shared, 1, row, kind, values);
    struct unpaired_ratio ratio;
    json_t *result = NULL;
    if (statistics_unpaired_ratio(values, n_new, room, n_base, SEED, &ratio) == 0)
        result = json_pack(
            "{s:s, s:s, s:s, s:I, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "table",
            tree_text(shared->tables[0], "id", ""), "row", shared->labels[row], "metric",
            kind_name(kind), "n_base", (json_int_t)n_base, "n_new", (json_int_t)n_new,
            "base", tree_real(median(room, n_base)), "new",
            tree_real(median(values, n_new)), "ratio", tree_real(ratio.estimate), "low",
            tree_real(ratio.interval.low), "high", tree_real(ratio.interval.high), "p",
            tree_real(ratio.p), "floor", tree_real(floor_of(shared, kind)));
    free(room);
    return result;
}

// Is there enough of this to be compared?
static bool worth_comparing(const struct shared *shared, size_t row, enum metric kind)
{
    if (kind == RELATIVE)
        return shared->rows > 1;
    if (kind == METRIC_WALL)
        return true;
    for (int side = 0; side < 2; side++) {
        const struct samples *samples = &shared->samples[side][row];
        for (size_t i = 0; i < samples->blocks; i++)
            if (samples->by_block[i] != NULL &&
                !(metric_of(samples->by_block[i], kind) >= METRIC_COUNTER_LEAST))
                return false;
    }
    return !metric_is_time(kind);
}

static bool compare_table(struct shared *shared, json_t *comparisons)
{
    bool fine = share(shared);
    for (size_t row = 0; fine && row < shared->rows; row++)
        for (enum metric kind = 0; fine && kind <= RELATIVE; kind++)
            if (worth_comparing(shared, row, kind))
                fine = json_array_append_new(comparisons,
                                             compare_row(shared, row, kind)) == 0;
    unshare(shared);
    return fine;
}

// ---- verdicts ----------------------------------------------------------------------

static bool is_noisy(const json_t *report, const char *id)
{
    const json_t *table = tree_find(tree_array(report, "tables"), "id", id);
    return table_noise_is_noisy(table, 0);
}

static void judge(json_t *comparison, const json_t *base, const json_t *new,
                  double threshold)
{
    const char *id = tree_text(comparison, "table", "");
    double n_base = tree_number(comparison, "n_base");
    double n_new = tree_number(comparison, "n_new");
    struct evidence evidence = {
        .n = (size_t)fmin(n_base, n_new),
        .interval = {.low = tree_number(comparison, "low"),
                     .high = tree_number(comparison, "high")},
        .p = tree_number(comparison, "p_holm"),
        .wanted = threshold,
        .threshold = verdict_threshold(threshold, tree_number(comparison, "floor")),
        .noisy = is_noisy(base, id) || is_noisy(new, id)};
    struct reason reason;
    enum verdict verdict = verdict_of_batch(&evidence, &reason);
    json_object_set_new(comparison, "threshold", tree_real(evidence.threshold));
    json_object_set_new(comparison, "verdict", json_string(verdict_name(verdict)));
    json_object_set_new(comparison, "reason", json_string(reason.text));
}

// Corrects for the number of comparisons of a metric, then judges.
static bool judge_all(json_t *comparisons, const json_t *base, const json_t *new,
                      double threshold)
{
    size_t n = json_array_size(comparisons);
    double *p = malloc((n + 1) * sizeof *p);
    if (p == NULL)
        return false;
    for (size_t i = 0; i < n; i++)
        p[i] = tree_number(json_array_get(comparisons, i), "p");
    bool fine = significance_holm(p, n) == 0;
    for (size_t i = 0; i < n && fine; i++) {
        json_t *comparison = json_array_get(comparisons, i);
        json_object_set_new(comparison, "p_holm", tree_real(p[i]));
        judge(comparison, base, new, threshold);
    }
    free(p);
    return fine;
}

json_t *cross_compare(const json_t *base, const json_t *new, double threshold,
                      unsigned batch)
{
    json_t *comparisons = json_array();
    json_t *only_base = json_array();
    json_t *only_new = json_array();
    json_t *tables = tree_array(base, "tables");
    json_t *others = tree_array(new, "tables");
    bool fine = true;
    size_t index;
    json_t *table;
    json_array_foreach(tables, index, table)
    {
        const json_t *other = tree_find(others, "id", tree_text(table, "id", ""));
        if (!fine || !note_table(only_base, table, other))
            continue;
        note_rows(only_base, table, other);
        note_rows(only_new, other, table);
        struct shared shared = {.tables = {table, other}, .batch = batch};
        fine = compare_table(&shared, comparisons);
    }
    json_array_foreach(others, index, table)
    {
        const json_t *other = tree_find(tables, "id", tree_text(table, "id", ""));
        note_table(other == NULL ? only_new : NULL, table, other);
    }
    fine = fine && judge_all(comparisons, base, new, threshold);
    json_t *result = json_pack("{s:o, s:o, s:o}", "comparisons", comparisons, "only_base",
                               only_base, "only_new", only_new);
    if (!fine) {
        json_decref(result);
        return NULL;
    }
    return result;
}

// SPDX-License-Identifier: MIT
//
// sweeps.c - see sweeps.h.
#include "driver/report/sweeps.h"

#include "driver/plan/plan.h"
#include "driver/report/json.h"
#include "driver/report/samples.h"
#include "driver/statistics/statistics.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// ---- rows over tables --------------------------------------------------------------

static const json_t *find_row(const json_t *table, const char *label)
{
    return tree_find(tree_array(table, "cells"), "label", label);
}

static double per_operation(const json_t *cell)
{
    return tree_number(cell, "statistics.wall_ns.median") /
           tree_number(cell, "statistics.operations");
}

// How many times as long as the best row of its table; NAN: not known.
static double ratio_to_best(const json_t *table, const json_t *cell)
{
    const char *id = tree_text(cell, "id", "");
    const char *best = json_string_value(json_array_get(tree_array(table, "ranking"), 0));
    size_t index;
    json_t *comparison;
    if (best != NULL && strcmp(best, id) == 0)
        return 1;
    json_array_foreach(tree_array(table, "comparisons"), index, comparison)
    {
        if (best != NULL && strcmp(tree_text(comparison, "a", ""), id) == 0 &&
            strcmp(tree_text(comparison, "b", ""), best) == 0)
            return tree_number(comparison, "ratio");
    }
    return (double)NAN;
}

// ---- the same row in two tables ----------------------------------------------------

// The wall time of the run that counts in `round`, or NAN.
static double wall_of_round(const json_t *table, const struct samples *samples,
                            double round)
{
    const json_t *blocks = tree_array(table, "blocks");
    for (size_t i = 0; i < samples->blocks; i++)
        if (samples->by_block[i] != NULL &&
            tree_number(json_array_get(blocks, i), "round") == round)
            return tree_number(samples->by_block[i], "wall_ns");
    return (double)NAN;
}

// Pairs the runs of two tables round by round; returns how many pairs there are. `times`
// has room for two numbers per block of the table: first all of here, then all of there.
static size_t pair_rounds(const json_t *table, const struct samples *here,
                          const json_t *first, const struct samples *there, double *times)
{
    const json_t *blocks = tree_array(table, "blocks");
    size_t n = 0;
    for (size_t i = 0; i < here->blocks; i++) {
        double a = tree_number(here->by_block[i], "wall_ns");
        double b =
            wall_of_round(first, there, tree_number(json_array_get(blocks, i), "round"));
        if (!(a > 0) || !(b > 0))
            continue;
        times[n] = a;
        times[here->blocks + n] = b;
        n++;
    }
    return n;
}

// How many times as long an operation takes as in the first table. 0 or -ENOMEM.
static int ratio_to_first(const json_t *table, const json_t *cell, const json_t *first,
                          uint64_t seed, struct ratio *ratio)
{
    const json_t *row = find_row(first, tree_text(cell, "label", ""));
    double operations = tree_number(cell, "statistics.operations") /
                        tree_number(row, "statistics.operations");
    struct samples here = {0};
    struct samples there = {0};
    *ratio = (struct ratio){.estimate = (double)NAN,
                            .interval = {(double)NAN, (double)NAN, 0}};
    if (isnan(operations))
        return 0;
    int error = samples_collect(table, cell, &here);
    if (error == 0)
        error = samples_collect(first, row, &there);
    double *times = error == 0 ? calloc(2 * here.blocks + 1, sizeof *times) : NULL;
    if (times == NULL)
        error = -ENOMEM;
    else
        error = statistics_ratio(times, times + here.blocks,
                                 pair_rounds(table, &here, first, &there, times), seed,
                                 ratio);
    ratio->estimate /= operations;
    ratio->interval.low /= operations;
    ratio->interval.high /= operations;
    free(times);
    samples_free(&here);
    samples_free(&there);
    return error;
}

// ---- series ------------------------------------------------------------------------

// NULL: out of memory.
static json_t *make_point(const json_t *table, const char *label, const json_t *first,
                          uint64_t seed)
{
    const json_t *cell = find_row(table, label);
    struct ratio ratio;
    if (ratio_to_first(table, cell, first, seed, &ratio) != 0)
        return NULL;
    return json_pack("{s:O?, s:s?, s:O?, s:O?, s:o, s:o, s:o, s:o, s:o, s:o}", "table",
                     tree_at(table, "id"), "cell", tree_text(cell, "id", NULL),
                     "concurrency", tree_at(table, "concurrency"), "tasks",
                     tree_at(table, "tasks"), "wall_ns_per_operation",
                     tree_real(per_operation(cell)), "ratio_to_first",
                     tree_real(ratio.estimate), "low", tree_real(ratio.interval.low),
                     "high", tree_real(ratio.interval.high), "confidence",
                     tree_real(ratio.interval.confidence), "ratio_to_best",
                     tree_real(ratio_to_best(table, cell)));
}

static json_t *make_series(json_t *const *tables, size_t count, const char *label,
                           uint64_t seed)
{
    json_t *points = json_array();
    for (size_t i = 0; i < count; i++)
        if (json_array_append_new(points,
                                  make_point(tables[i], label, tables[0], seed)) != 0) {
            json_decref(points);
            return NULL;
        }
    return json_pack("{s:s, s:o}", "label", label, "points", points);
}

// A series for each row, in the order in which the tables name them.
static json_t *make_all_series(json_t *const *tables, size_t count, uint64_t seed)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        size_t index;
        json_t *cell;
        json_array_foreach(tree_array(tables[i], "cells"), index, cell)
        {
            const char *label = tree_text(cell, "label", "");
            if (tree_find(list, "label", label) != NULL)
                continue;
            if (json_array_append_new(list, make_series(tables, count, label, seed))) {
                json_decref(list);
                return NULL;
            }
        }
    }
    return list;
}

static json_t *make_sweep(const char *id, json_t *const *tables, size_t count,
                          uint64_t seed)
{
    json_t *series = make_all_series(tables, count, seed);
    json_t *ids = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append(ids, tree_at(tables[i], "id"));
    if (series == NULL) {
        json_decref(ids);
        return NULL;
    }
    return json_pack("{s:s, s:O?, s:O?, s:O?, s:o, s:o}", "id", id, "workload",
                     tree_at(tables[0], "workload"), "setting",
                     tree_at(tables[0], "setting"), "operation",
                     tree_at(tables[0], "operation"), "tables", ids, "series", series);
}

// ---- the report --------------------------------------------------------------------

// Puts the tables of this sweep into `members` and returns how many there are; a report
// that says of more than a sweep can have is not ours.
static size_t find_members(const json_t *tables, const char *id, json_t **members)
{
    size_t count = 0;
    size_t index;
    json_t *table;
    json_array_foreach(tables, index, table)
    {
        if (count < PLAN_SWEEP_MAXIMUM && strcmp(tree_text(table, "sweep", ""), id) == 0)
            members[count++] = table;
    }
    return count;
}

static int add_all(const json_t *tables, json_t *sweeps, json_t **members, uint64_t seed)
{
    size_t index;
    json_t *table;
    json_array_foreach(tables, index, table)
    {
        const char *id = tree_text(table, "sweep", "");
        if (id[0] == '\0' || tree_find(sweeps, "id", id) != NULL)
            continue;
        size_t count = find_members(tables, id, members);
        if (json_array_append_new(sweeps, make_sweep(id, members, count, seed)) != 0)
            return -ENOMEM;
    }
    return 0;
}

int sweeps_add(json_t *report)
{
    const json_t *tables = tree_array(report, "tables");
    uint64_t seed = (uint64_t)json_integer_value(tree_at(report, "plan.seed"));
    json_t **members = calloc(json_array_size(tables) + 1, sizeof *members);
    json_t *sweeps = json_array();
    int error = members == NULL ? -ENOMEM : add_all(tables, sweeps, members, seed);
    free(members);
    json_object_del(report, "sweeps");
    if (error == 0 && json_array_size(sweeps) > 0)
        json_object_set(report, "sweeps", sweeps);
    json_decref(sweeps);
    return error;
}

const json_t *sweeps_point(const json_t *report, const char *cell)
{
    size_t index;
    json_t *sweep;
    json_array_foreach(tree_array(report, "sweeps"), index, sweep)
    {
        size_t which;
        json_t *series;
        json_array_foreach(tree_array(sweep, "series"), which, series)
        {
            const json_t *point = tree_find(tree_array(series, "points"), "cell", cell);
            if (point != NULL)
                return point;
        }
    }
    return NULL;
}

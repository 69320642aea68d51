// SPDX-License-Identifier: MIT
//
// forecast.c - see forecast.h.
#include "driver/measure/forecast.h"

#include "driver/report/file.h"
#include "driver/report/json.h"
#include "driver/report/results.h"
#include "driver/statistics/statistics.h"
#include "driver/statistics/verdict.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// ---- the earlier report ------------------------------------------------------------

static double sum_walls(const json_t *samples)
{
    double sum = 0;
    size_t index;
    json_t *sample;
    json_array_foreach(samples, index, sample)
    {
        double wall = tree_number(sample, "wall_ns");
        sum += isnan(wall) ? 0 : wall;
    }
    return sum;
}

// All runs of a report, in ns.
static double sum_report(const json_t *report)
{
    double sum = 0;
    size_t index;
    json_t *table;
    json_array_foreach(tree_array(report, "tables"), index, table)
    {
        size_t which;
        json_t *cell;
        json_array_foreach(tree_array(table, "cells"), which, cell)
        {
            double warmup = tree_number(cell, "warmup.wall_ns");
            sum += isnan(warmup) ? 0 : warmup;
            sum += sum_walls(tree_array(cell, "samples"));
            sum += sum_walls(tree_array(cell, "twins"));
        }
    }
    return sum;
}

void forecast_open(struct forecast *forecast)
{
    struct reason reason;
    *forecast = (struct forecast){0};
    results_latest(forecast->source, sizeof forecast->source);
    if (report_file_load(forecast->source, &forecast->report, &reason) != 0)
        return;
    double runs = sum_report(forecast->report);
    double whole = tree_number(forecast->report, "duration_ns");
    forecast->stretch = runs > 0 && whole > runs ? whole / runs : 1;
}

void forecast_close(struct forecast *forecast)
{
    json_decref(forecast->report);
    forecast->report = NULL;
}

bool forecast_same_testbed(const struct forecast *forecast, const char *testbed)
{
    const char *then = tree_text(forecast->report, "environment.testbed", NULL);
    return then != NULL && testbed != NULL && strcmp(then, testbed) == 0;
}

// ---- rows --------------------------------------------------------------------------

// The same row of the earlier report, or NULL.
static const json_t *find_cell(const json_t *then, const json_t *cell)
{
    const json_t *same =
        tree_find(tree_array(then, "cells"), "id", tree_text(cell, "id", ""));
    bool equal = json_equal(tree_at(same, "command"), tree_at(cell, "command"));
    return equal ? same : NULL;
}

static const json_t *find_table(const struct forecast *forecast, const json_t *table)
{
    return tree_find(tree_array(forecast->report, "tables"), "id",
                     tree_text(table, "id", ""));
}

double forecast_table_ns(const struct forecast *forecast, const struct table *table,
                         unsigned rounds)
{
    const json_t *then = find_table(forecast, table->json);
    double sum = 0;
    double live = 0;
    for (size_t i = 0; i < table->count; i++) {
        if (!table->cells[i].live)
            continue;
        const json_t *cell = find_cell(then, table->cells[i].json);
        // What could not be run then will most likely fail in the warm-up again.
        if (cell != NULL && strcmp(tree_text(cell, "status", ""), "ok") != 0)
            continue;
        sum += tree_number(cell, "statistics.wall_ns.median");
        live++;
    }
    if (live == 0)
        return then == NULL ? (double)NAN : 0;
    double block = sum + sum / live; // and a twin
    return forecast->stretch * (sum + rounds * block);
}

// ---- what could be told ------------------------------------------------------------

static size_t count_comparisons(const json_t *report)
{
    size_t count = 0;
    size_t index;
    json_t *table;
    json_array_foreach(tree_array(report, "tables"), index, table)
    {
        count += json_array_size(tree_array(table, "comparisons"));
    }
    return count;
}

// Appends what each comparison of this table could tell with `rounds` rounds.
static size_t add_detectable(const struct forecast *forecast, const struct table *table,
                             unsigned rounds, double *values)
{
    const json_t *then = find_table(forecast, table->json);
    const json_t *first = table->count == 0 ? NULL : table->cells[0].json;
    size_t n = 0;
    size_t index;
    json_t *comparison;
    if (first == NULL || find_cell(then, first) == NULL)
        return 0; // a table of this name, but another size
    json_array_foreach(tree_array(then, "comparisons"), index, comparison)
    {
        double pairs = tree_number(comparison, "n");
        double detectable = tree_number(comparison, "detectable");
        if (pairs >= VERDICT_ROUNDS_LEAST && detectable >= 0)
            values[n++] = exp(log1p(detectable) * sqrt(pairs / rounds)) - 1;
    }
    return n;
}

double forecast_detectable(const struct forecast *forecast, const struct plan *plan,
                           unsigned rounds)
{
    double *values = calloc(count_comparisons(forecast->report) + 1, sizeof *values);
    size_t n = 0;
    if (values == NULL || rounds < VERDICT_ROUNDS_LEAST) {
        free(values);
        return (double)NAN;
    }
    for (size_t i = 0; i < plan->count; i++)
        n += add_detectable(forecast, &plan->list[i], rounds, values + n);
    double median = statistics_median(values, n);
    free(values);
    return median;
}

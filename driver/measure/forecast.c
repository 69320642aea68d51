// SPDX-License-Identifier: MIT
//
// forecast.c - see forecast.h.
#include "driver/measure/forecast.h"

#include "driver/analysis/report_file.h"
#include "driver/report/read.h"
#include "driver/report/results.h"
#include "driver/statistics/statistics.h"
#include "driver/statistics/verdict.h"
#include "lib/allocate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// Of a session to all its runs: that of the published reference report is 1.07.
#define USUAL_STRETCH 1.1

// ---- the earlier report ------------------------------------------------------------

static double sum_walls(const struct sample_list *samples)
{
    double sum = 0;
    for (size_t i = 0; i < samples->count; i++)
        sum += isnan(samples->list[i].wall_ns) ? 0 : samples->list[i].wall_ns;
    return sum;
}

// All runs of a report, in ns.
static double sum_report(const struct report *report)
{
    double sum = 0;
    for (size_t i = 0; i < report->table_count; i++)
        for (size_t j = 0; j < report->tables[i].cell_count; j++) {
            const struct report_cell *cell = &report->tables[i].cells[j];
            sum += isnan(cell->warmup.wall_ns) ? 0 : cell->warmup.wall_ns;
            sum += sum_walls(&cell->samples) + sum_walls(&cell->twins);
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
    double runs = sum_report(&forecast->report);
    double whole = forecast->report.duration_ns;
    forecast->stretch = runs > 0 && whole > runs ? whole / runs : 1;
}

void forecast_close(struct forecast *forecast)
{
    report_free(&forecast->report);
}

bool forecast_same_testbed(const struct forecast *forecast, const char *testbed)
{
    const char *then = environment_text(forecast->report.environment, "testbed");
    return then != NULL && testbed != NULL && strcmp(then, testbed) == 0;
}

// ---- rows --------------------------------------------------------------------------

// The same row of the earlier report, or NULL.
static const struct report_cell *find_cell(const struct report_table *then,
                                           const struct report_cell *cell)
{
    if (then == NULL)
        return NULL;
    const struct report_cell *same = report_find_cell(then, cell->id);
    bool equal = same != NULL && json_equal(same->command, cell->command);
    return equal ? same : NULL;
}

static const struct report_table *find_table(const struct forecast *forecast,
                                             const struct table *table)
{
    return report_find_table(&forecast->report, table->result->id);
}

double forecast_table_ns(const struct forecast *forecast, const struct table *table,
                         unsigned rounds)
{
    const struct report_table *then = find_table(forecast, table);
    double sum = 0;
    double live = 0;
    for (size_t i = 0; i < table->count; i++) {
        if (!table->cells[i].live)
            continue;
        const struct report_cell *cell = find_cell(then, table->cells[i].result);
        // A row that could not be run then will most likely fail in the warm-up again.
        if (cell != NULL && cell->status != CELL_OK)
            continue;
        sum +=
            cell == NULL || !cell->ranked ? (double)NAN : cell->statistics.wall_ns.median;
        live++;
    }
    if (live == 0)
        return then == NULL ? (double)NAN : 0;
    double block = sum + sum / live; // and a twin
    return forecast->stretch * (sum + rounds * block);
}

double forecast_usual_ns(const struct table *table, unsigned rounds)
{
    double live = 0;
    for (size_t i = 0; i < table->count; i++)
        live += table->cells[i].live ? 1 : 0;
    if (table->usual_run_ns == 0)
        return live > 0 ? (double)NAN : 0;
    double runs = live > 0 ? live + rounds * (live + 1) : 0; // a twin in each round
    return USUAL_STRETCH * runs * (double)table->usual_run_ns;
}

// ---- what could be told ------------------------------------------------------------

static size_t count_pairs(const struct report *report)
{
    size_t count = 0;
    for (size_t i = 0; i < report->table_count; i++)
        count += report->tables[i].pair_count;
    return count;
}

// Appends what each comparison of this table could tell with `rounds` rounds.
static size_t add_detectable(const struct forecast *forecast, const struct table *table,
                             unsigned rounds, double *values)
{
    const struct report_table *then = find_table(forecast, table);
    size_t n = 0;
    if (table->count == 0 || find_cell(then, table->cells[0].result) == NULL)
        return 0; // a table of this name, but another size
    for (size_t i = 0; i < then->pair_count; i++) {
        const struct pair *pair = &then->pairs[i];
        double pairs = (double)pair->ratio.n;
        if (pairs >= VERDICT_ROUNDS_LEAST && pair->detectable >= 0)
            values[n++] = exp(log1p(pair->detectable) * sqrt(pairs / rounds)) - 1;
    }
    return n;
}

double forecast_detectable(const struct forecast *forecast, const struct plan *plan,
                           unsigned rounds)
{
    size_t n = 0;
    if (rounds < VERDICT_ROUNDS_LEAST)
        return (double)NAN;
    double *values = allocate(count_pairs(&forecast->report), sizeof *values);
    for (size_t i = 0; i < plan->count; i++)
        n += add_detectable(forecast, &plan->list[i], rounds, values + n);
    double median = statistics_median(values, n);
    free(values);
    return median;
}

// SPDX-License-Identifier: MIT
//
// figure.c - see figure.h.
#include "driver/claims/figure.h"

#include "driver/analysis/samples.h"
#include "driver/claims/value.h"
#include "driver/report/tree.h"
#include "lib/allocate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define UNKNOWN         ((double)NAN)
#define ERRORS_EACH_WAY 2 // standard errors of a slope: about 95 %

// Numbers by round.
struct series {
    size_t n;
    double *rounds;
    double *numbers;
};

static void series_free(struct series *series)
{
    free(series->rounds);
    free(series->numbers);
}

static void series_add(struct series *series, double round, double number)
{
    if (isnan(number))
        return;
    series->rounds[series->n] = round;
    series->numbers[series->n++] = number;
}

// The divisor of a number of the value.
static double unit_of(const struct claim_value *value)
{
    return value->unit > 0 ? value->unit : 1;
}

static void series_make(struct series *series, size_t room)
{
    *series = (struct series){.rounds = allocate(room + 1, sizeof(double)),
                              .numbers = allocate(room + 1, sizeof(double))};
}

// ---- rows --------------------------------------------------------------------------

// The table of the value, or NULL.
static const struct report_table *table_of(const struct claim_value *value,
                                           const struct evidence *evidence)
{
    return value->table == NULL || evidence->report == NULL
               ? NULL
               : report_find_table(evidence->report, value->table);
}

// The row; NULL, and why not, where it may not be compared.
static const struct report_cell *row_of(const struct claim_value *value,
                                        const struct evidence *evidence,
                                        struct figure *figure)
{
    const struct report_table *table = table_of(value, evidence);
    const struct report_cell *cell =
        table == NULL ? NULL : report_find_row(table, value->row);
    if (table == NULL)
        snprintf(figure->why, sizeof figure->why, "there is no table '%.100s'",
                 value->table);
    else if (cell == NULL)
        snprintf(figure->why, sizeof figure->why, "%.100s has no row '%.100s'",
                 value->table, value->row);
    else if (!cell->ranked)
        snprintf(figure->why, sizeof figure->why, "%.80s, %.60s: %.140s", value->table,
                 value->row, cell->unranked_reason);
    return cell != NULL && cell->ranked ? cell : NULL;
}

static void collect_row(const struct claim_value *value, const struct evidence *evidence,
                        const struct report_cell *cell, struct series *series)
{
    const struct report_table *table = table_of(value, evidence);
    struct samples samples;
    series_make(series, table->block_count);
    if (samples_collect(table, &cell->samples, &samples) != 0)
        samples.blocks = 0;
    for (size_t i = 0; i < samples.blocks; i++) {
        const struct sample *sample = samples.by_block[i];
        if (sample == NULL)
            continue;
        double number = value_of(sample, value->metric) / unit_of(value);
        if (value->per_operation)
            number /= sample->record.operations;
        series_add(series, table->blocks[i].round, number);
    }
    samples_free(&samples);
}

static void collect_output(const struct claim_value *value,
                           const struct evidence *evidence, struct series *series)
{
    series_make(series, json_array_size(evidence->outputs));
    for (size_t i = 0; i < json_array_size(evidence->outputs); i++)
        series_add(series, (double)i,
                   tree_number(json_array_get(evidence->outputs, i), value->output) /
                       unit_of(value));
}

// 0 rounds, and why, where there is none.
static void collect(const struct claim_value *value, const struct evidence *evidence,
                    struct series *series, struct figure *figure)
{
    if (value->output != NULL) {
        collect_output(value, evidence, series);
        if (series->n == 0)
            snprintf(figure->why, sizeof figure->why, "the program printed no '%.100s'",
                     value->output);
        return;
    }
    const struct report_cell *cell = row_of(value, evidence, figure);
    if (cell == NULL) {
        series_make(series, 0);
        return;
    }
    collect_row(value, evidence, cell, series);
    if (value_is_time(value->metric) && table_of(value, evidence)->noise.noisy)
        figure->noisy = true;
    if (series->n == 0)
        snprintf(figure->why, sizeof figure->why, "%.80s, %.60s: no round has '%.80s'",
                 value->table, value->row, value->metric);
}

// ---- intervals ---------------------------------------------------------------------

// Keeps the rounds that both have, in the same order.
static void pair_rounds(struct series *of, struct series *to)
{
    size_t n = 0;
    for (size_t i = 0; i < of->n; i++)
        for (size_t j = n; j < to->n; j++) {
            if (to->rounds[j] != of->rounds[i])
                continue;
            double number = to->numbers[j];
            double round = to->rounds[j];
            to->numbers[j] = to->numbers[n];
            to->rounds[j] = to->rounds[n];
            to->numbers[n] = number;
            to->rounds[n] = round;
            of->numbers[n] = of->numbers[i];
            of->rounds[n++] = of->rounds[i];
            break;
        }
    of->n = to->n = n;
}

static bool are_positive(const struct series *series)
{
    for (size_t i = 0; i < series->n; i++)
        if (!(series->numbers[i] > 0))
            return false;
    return true;
}

static void find_range(struct series *series, struct figure *figure)
{
    statistics_sort(series->numbers, series->n);
    figure->estimate = statistics_quantile(series->numbers, series->n, 0.5);
    figure->interval =
        (struct interval){series->numbers[0], series->numbers[series->n - 1], 1};
}

static void find_exact_ratio(struct series *of, const struct series *to,
                             struct figure *figure)
{
    for (size_t i = 0; i < of->n; i++)
        of->numbers[i] /= to->numbers[i];
    find_range(of, figure);
}

static void find_median(struct series *series, struct figure *figure)
{
    statistics_sort(series->numbers, series->n);
    figure->estimate = statistics_quantile(series->numbers, series->n, 0.5);
    figure->interval =
        statistics_median_interval(series->numbers, series->n, STATISTICS_LEVEL);
}

static void find_ratio(struct series *of, struct series *to, uint64_t seed,
                       struct figure *figure)
{
    struct ratio ratio;
    if (!are_positive(of) || !are_positive(to)) {
        figure->known = false;
        snprintf(figure->why, sizeof figure->why, "there is no ratio to 0");
    } else if (statistics_ratio(of->numbers, to->numbers, of->n, seed, &ratio) == 0) {
        figure->estimate = ratio.estimate;
        figure->interval = ratio.interval;
    }
}

// ---- counters ----------------------------------------------------------------------

// The count of the row, with the range of its error.
static struct interval count_of(const struct claim_value *value,
                                const struct evidence *evidence, struct figure *figure)
{
    const struct report_cell *cell = row_of(value, evidence, figure);
    const char *path = value->metric + strlen(VALUE_COUNTERS);
    double number = cell == NULL ? UNKNOWN : tree_number(cell->counters, path);
    double error =
        strcmp(path, "memory_per_task.bytes") != 0
            ? 0
            : tree_number(cell == NULL ? NULL : cell->counters, "memory_per_task.error");
    if (cell != NULL && isnan(number))
        snprintf(figure->why, sizeof figure->why, "%.80s, %.60s: '%.60s' was not counted",
                 value->table, value->row, path);
    double room = isnan(error) ? 0 : ERRORS_EACH_WAY * error;
    double unit = unit_of(value);
    return (struct interval){(number - room) / unit, (number + room) / unit,
                             STATISTICS_LEVEL};
}

static void find_counter(const struct claim_condition *condition,
                         const struct evidence *evidence, struct figure *figure)
{
    struct interval of = count_of(&condition->of, evidence, figure);
    struct interval to = {1, 1, STATISTICS_LEVEL};
    if (!condition->alone)
        to = count_of(&condition->to, evidence, figure);
    figure->counted = true;
    figure->estimate = (of.low + of.high) / (to.low + to.high);
    figure->interval =
        (struct interval){of.low / to.high, of.high / to.low, STATISTICS_LEVEL};
    figure->known = to.low > 0 && !isnan(figure->estimate);
    figure->n = figure->known;
    if (!figure->known && figure->why[0] == '\0')
        snprintf(figure->why, sizeof figure->why, "there is no ratio to 0");
}

static bool is_counter(const struct claim_value *value)
{
    return value->metric != NULL && value_is_counter(value->metric);
}

// ---- all ---------------------------------------------------------------------------

void figure_find(const struct claim_condition *condition, const struct evidence *evidence,
                 struct figure *figure)
{
    struct series of;
    struct series to = {0};
    *figure = (struct figure){.estimate = UNKNOWN, .interval = {UNKNOWN, UNKNOWN, 0}};
    if (is_counter(&condition->of)) {
        find_counter(condition, evidence, figure);
        return;
    }
    collect(&condition->of, evidence, &of, figure);
    if (!condition->alone) {
        collect(&condition->to, evidence, &to, figure);
        pair_rounds(&of, &to);
    }
    figure->n = of.n;
    figure->known = of.n > 0;
    if (!figure->known && figure->why[0] == '\0')
        snprintf(figure->why, sizeof figure->why, "no round has both");
    else if (figure->known && !condition->alone && condition->exact)
        find_exact_ratio(&of, &to, figure);
    else if (figure->known && !condition->alone)
        find_ratio(&of, &to, evidence->report == NULL ? 1 : evidence->report->plan.seed,
                   figure);
    else if (figure->known && condition->exact)
        find_range(&of, figure);
    else if (figure->known)
        find_median(&of, figure);
    series_free(&of);
    series_free(&to);
}

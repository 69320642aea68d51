// SPDX-License-Identifier: MIT
//
// sweeps.c - see sweeps.h.
#include "driver/analysis/sweeps.h"

#include "driver/analysis/samples.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define UNKNOWN ((double)NAN)

// ---- one row in one table ----------------------------------------------------------

// Unknown unless the row is ranked.
static double operations_of(const struct report_cell *cell)
{
    return cell == NULL || !cell->ranked ? UNKNOWN : cell->statistics.operations;
}

// The time that the table is ranked by: an interpreter's start is no cost of its model.
static double time_of(const struct report_table *table, const struct sample *sample)
{
    return table->by_run ? sample->record.phases_ns[PHASE_RUN] : sample->wall_ns;
}

static double per_operation(const struct report_table *table,
                            const struct report_cell *cell)
{
    if (cell == NULL || !cell->ranked)
        return UNKNOWN;
    const struct cell_statistics *own = &cell->statistics;
    return (table->by_run ? own->run_ns.median : own->wall_ns.median) / own->operations;
}

// How many times as long as the best row of its table; NAN: not known.
static double ratio_to_best(const struct report_table *table,
                            const struct report_cell *cell)
{
    if (cell == NULL || table->ranked == 0)
        return UNKNOWN;
    if (cell == &table->cells[table->ranking[0]])
        return 1;
    const struct pair *pair = report_pair_with_best(table, cell);
    return pair == NULL ? UNKNOWN : pair->ratio.estimate;
}

// ---- the same row in two tables ----------------------------------------------------

// The time of the run that counts in `round`, or NAN.
static double time_of_round(const struct report_table *table,
                            const struct samples *samples, double round)
{
    for (size_t i = 0; i < samples->blocks; i++)
        if (samples->by_block[i] != NULL && table->blocks[i].round == round)
            return time_of(table, samples->by_block[i]);
    return UNKNOWN;
}

// Pairs the runs of two tables round by round; returns how many pairs there are. `times`
// has room for two numbers per block of the table: first all of here, then all of there.
static size_t pair_rounds(const struct report_table *table, const struct samples *here,
                          const struct report_table *first, const struct samples *there,
                          double *times)
{
    size_t n = 0;
    for (size_t i = 0; i < here->blocks; i++) {
        const struct sample *sample = here->by_block[i];
        double a = sample == NULL ? UNKNOWN : time_of(table, sample);
        double b = time_of_round(first, there, table->blocks[i].round);
        if (!(a > 0) || !(b > 0))
            continue;
        times[n] = a;
        times[here->blocks + n] = b;
        n++;
    }
    return n;
}

// How many times as long a run takes as in the first table. 0 or -ENOMEM.
static int compare_rounds(const struct report_table *table,
                          const struct report_cell *cell,
                          const struct report_table *first, const struct report_cell *row,
                          uint64_t seed, struct ratio *ratio)
{
    struct samples here;
    struct samples there = {0};
    int error = samples_collect(table, &cell->samples, &here);
    if (error == 0)
        error = samples_collect(first, &row->samples, &there);
    double *times = error == 0 ? calloc(2 * here.blocks + 1, sizeof *times) : NULL;
    if (times != NULL)
        error = statistics_ratio(times, times + here.blocks,
                                 pair_rounds(table, &here, first, &there, times), seed,
                                 ratio);
    else
        error = -ENOMEM;
    free(times);
    samples_free(&here);
    samples_free(&there);
    return error;
}

// ---- series ------------------------------------------------------------------------

static int make_point(const struct report_table *table, const struct report_table *first,
                      const char *label, uint64_t seed, struct sweep_point *point)
{
    const struct report_cell *cell = report_find_row(table, label);
    const struct report_cell *row = report_find_row(first, label);
    double operations = operations_of(cell) / operations_of(row);
    *point = (struct sweep_point){.table = table,
                                  .cell = cell,
                                  .ns_per_operation = per_operation(table, cell),
                                  .to_first = {.estimate = UNKNOWN,
                                               .interval = {UNKNOWN, UNKNOWN, 0}},
                                  .to_best = ratio_to_best(table, cell)};
    if (isnan(operations))
        return 0;
    int error = compare_rounds(table, cell, first, row, seed, &point->to_first);
    point->to_first.estimate /= operations;
    point->to_first.interval.low /= operations;
    point->to_first.interval.high /= operations;
    return error;
}

static bool has_series(const struct sweep *sweep, const char *label)
{
    for (size_t i = 0; i < sweep->series_count; i++)
        if (strcmp(sweep->series[i].label, label) == 0)
            return true;
    return false;
}

static int add_series(struct sweep *sweep, const char *label, uint64_t seed)
{
    struct sweep_series *series = &sweep->series[sweep->series_count++];
    int error = 0;
    series->label = label;
    for (size_t i = 0; error == 0 && i < sweep->table_count; i++)
        error = make_point(sweep->tables[i], sweep->tables[0], label, seed,
                           &series->points[i]);
    return error;
}

// A series for each row, in the order in which the tables name them.
static int add_all_series(struct sweep *sweep, uint64_t seed)
{
    size_t most = 0;
    for (size_t i = 0; i < sweep->table_count; i++)
        most += sweep->tables[i]->cell_count;
    sweep->series = calloc(most + 1, sizeof *sweep->series);
    int error = sweep->series == NULL ? -ENOMEM : 0;
    for (size_t i = 0; i < sweep->table_count; i++)
        for (size_t j = 0; error == 0 && j < sweep->tables[i]->cell_count; j++) {
            const char *label = sweep->tables[i]->cells[j].label;
            if (!has_series(sweep, label))
                error = add_series(sweep, label, seed);
        }
    return error;
}

// ---- the report --------------------------------------------------------------------

static bool has_sweep(const struct report *report, const char *id)
{
    for (size_t i = 0; i < report->sweep_count; i++)
        if (report->sweeps[i].id != NULL && strcmp(report->sweeps[i].id, id) == 0)
            return true;
    return false;
}

// A report that names more tables than a sweep can have was edited: the rest is left out.
static int add_sweep(struct report *report, const char *id)
{
    struct sweep *sweep = &report->sweeps[report->sweep_count++];
    sweep->id = id;
    for (size_t i = 0; i < report->table_count; i++) {
        const struct report_table *table = &report->tables[i];
        if (table->sweep != NULL && strcmp(table->sweep, id) == 0 &&
            sweep->table_count < REPORT_SWEEP_MAXIMUM)
            sweep->tables[sweep->table_count++] = table;
    }
    return add_all_series(sweep, report->plan.seed);
}

int sweeps_find(struct report *report)
{
    report->sweeps = calloc(report->table_count + 1, sizeof *report->sweeps);
    int error = report->sweeps == NULL ? -ENOMEM : 0;
    for (size_t i = 0; error == 0 && i < report->table_count; i++) {
        const char *id = report->tables[i].sweep;
        if (id != NULL && id[0] != '\0' && !has_sweep(report, id))
            error = add_sweep(report, id);
    }
    return error;
}

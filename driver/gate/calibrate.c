// SPDX-License-Identifier: MIT
//
// calibrate.c - see calibrate.h. The table is in show/calibrate_table.c.
#include "driver/gate/calibrate.h"

#include "driver/analysis/pairs.h"
#include "driver/gate/judge.h"
#include "driver/gate/primary.h"
#include "driver/plan/links.h"
#include "driver/report/write.h"
#include "driver/statistics/floor.h"
#include "driver/statistics/layout.h"
#include "driver/statistics/power.h"
#include "driver/statistics/statistics.h"
#include "driver/statistics/verdict.h"
#include "lib/allocate.h"
#include "lib/mix.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RUNS_OF_A_BLOCK 3 // of a gate with one row: head, base, and a twin

// One row, with room for its pairs.
struct row {
    const struct calibrate *calibrate;
    const struct report_table *table;
    const struct report_cell *cell;
    struct samples heads, bases;
    struct pairs pairs;
    double *logarithms;
    double beside_ns;             // of a block of its table, beside the runs in it
    struct calibration_cell *own; // what is found of it
};

// ---- one metric --------------------------------------------------------------------

// Each row and metric gets a sequence of draws of its own.
static uint64_t seed_of(const struct row *row, enum metric metric)
{
    uint64_t seed = mix_into(row->calibrate->report->plan.seed, metric);
    for (const char *text = row->cell->id; *text != '\0'; text++)
        seed = mix_into(seed, (unsigned char)*text);
    return seed;
}

// Collects the pairs of a metric and their logarithms; returns how many.
static size_t take_pairs(struct row *row, enum metric metric)
{
    row->pairs.n = 0;
    pairs_collect(row->table, &row->heads, &row->bases, metric, 0, &row->pairs);
    pairs_logarithms(&row->pairs, row->logarithms);
    return row->pairs.n;
}

static int study_metric(struct row *row, enum metric metric)
{
    struct ratio ratio;
    struct floor_study study;
    uint64_t seed = seed_of(row, metric);
    size_t n = take_pairs(row, metric);
    if (n == 0)
        return 0; // the figure is not known here
    if (statistics_ratio(row->pairs.head, row->pairs.base, n, seed, &ratio) != 0 ||
        floor_study(row->logarithms, n, row->calibrate->threshold, seed, &study) != 0)
        return -ENOMEM;
    row->own->metrics[metric] = (struct calibration_metric){
        .n = (double)n,
        .median = statistics_median(row->pairs.head, n), // sorts: the pairs are gone
        .ratio = ratio.estimate,
        .low = ratio.interval.low,
        .high = ratio.interval.high,
        .floor = study.floor,
        .sessions = (double)study.sessions,
        .suspected = (double)study.suspected,
        .confirmed = (double)study.confirmed};
    return 0;
}

// ---- links -------------------------------------------------------------------------

static size_t layout_pairs(const struct row *row, const struct runner *runner,
                           struct layout_pair *pairs)
{
    size_t n = 0;
    for (size_t i = 0; i < row->heads.blocks; i++) {
        double head = metric_of(row->heads.by_block[i], row->own->primary);
        double base = metric_of(row->bases.by_block[i], row->own->primary);
        unsigned round = (unsigned)row->table->blocks[i].round;
        if (isnan(head) || isnan(base) || round == 0)
            continue;
        pairs[n++] = (struct layout_pair){.d = log(head) - log(base),
                                          .head = links_of_round(runner, round, true),
                                          .base = links_of_round(runner, round, false)};
    }
    return n;
}

static void study_layout(struct row *row)
{
    const struct runner *runner = runner_find(row->calibrate->set, row->cell->model);
    if (runner == NULL || runner->links == 0)
        return;
    struct layout_pair *pairs = allocate(row->heads.blocks + 1, sizeof *pairs);
    size_t n = layout_pairs(row, runner, pairs);
    struct layout_study study = layout_study(pairs, n, seed_of(row, row->own->primary));
    row->own->layout =
        (struct calibration_layout){runner->links, study.floor, study.limit};
    free(pairs);
}

// ---- what a gate finds -------------------------------------------------------------

static int compare_starts(const void *left, const void *right)
{
    const struct report_block *const *a = left, *const *b = right;
    return ((*a)->started_ns > (*b)->started_ns) - ((*a)->started_ns < (*b)->started_ns);
}

static double sum_of_block(const struct sample_list *list, double number)
{
    double sum = 0;
    for (size_t i = 0; i < list->count; i++)
        if (list->list[i].block == number && !isnan(list->list[i].wall_ns))
            sum += list->list[i].wall_ns;
    return sum;
}

// How long a block takes beside the runs in it; the median over a table. 0: not known.
static double time_beside(const struct report_table *table)
{
    const struct report_block **blocks = allocate(table->block_count + 1, sizeof *blocks);
    double *beside = allocate(table->block_count + 1, sizeof *beside);
    size_t n = 0;
    for (size_t i = 0; i < table->block_count; i++)
        blocks[i] = &table->blocks[i];
    qsort(blocks, table->block_count, sizeof *blocks, compare_starts);
    for (size_t i = 1; i < table->block_count; i++) {
        beside[n] = blocks[i]->started_ns - blocks[i - 1]->started_ns;
        for (size_t j = 0; j < table->cell_count; j++)
            beside[n] -= sum_of_block(&table->cells[j].samples, blocks[i - 1]->number) +
                         sum_of_block(&table->cells[j].twins, blocks[i - 1]->number);
        n += isnan(beside[n]) ? 0 : 1;
    }
    double median = n == 0 ? 0 : fmax(0, statistics_median(beside, n));
    free(beside);
    free(blocks);
    return median;
}

// As gate_judge() raises the threshold.
static double threshold_of(const struct row *row)
{
    const struct runner *runner = runner_find(row->calibrate->set, row->cell->model);
    double raised = verdict_threshold(row->calibrate->threshold,
                                      row->own->metrics[row->own->primary].floor);
    bool drawn = runner != NULL && runner->links > 0;
    return drawn ? raised : fmax(raised, JUDGE_LAYOUT);
}

static void study_power(struct row *row, double rows)
{
    const struct power_question question = {.threshold = threshold_of(row),
                                            .rows = (size_t)rows,
                                            .seed = seed_of(row, row->own->primary)};
    size_t n = take_pairs(row, row->own->primary);
    struct power power = power_study(row->logarithms, n, &question);
    if (isnan(power.slowdown))
        return;
    double wall_ns = row->own->metrics[METRIC_WALL].median;
    row->own->finds = (struct calibration_finds){
        .slowdown = power.slowdown,
        .pairs = (double)power.pairs,
        .duration_ns =
            (double)power.pairs * (RUNS_OF_A_BLOCK * wall_ns + row->beside_ns)};
}

// ---- one row -----------------------------------------------------------------------

static int study_row(struct row *row, double rows)
{
    size_t blocks = row->heads.blocks;
    double *room = allocate(3 * blocks + 1, sizeof *room);
    int error = 0;
    row->pairs = (struct pairs){.head = room, .base = room + blocks};
    row->logarithms = room + 2 * blocks;
    row->own->primary = gate_primary(row->cell->json);
    for (enum metric metric = 0; metric < METRIC_COUNT && error == 0; metric++)
        error = study_metric(row, metric);
    study_layout(row);
    study_power(row, rows);
    free(room);
    return error;
}

static void describe(struct row *row)
{
    row->own->table = row->table->id;
    row->own->row = row->cell->label;
    row->own->model = row->cell->model;
    row->own->command = row->cell->command;
    row->own->started_utc = row->calibrate->report->started_utc;
    row->own->reason = row->cell->reason;
    row->own->measured = row->cell->status == CELL_OK;
}

static int add_row(struct row *row, const struct report_cell *base,
                   struct calibration *calibration)
{
    row->own = calibration_find(calibration, row->cell->id); // with its counters
    if (row->own == NULL)
        row->own = calibration_add(calibration, row->cell->id);
    describe(row);
    int heads = samples_collect(row->table, &row->cell->samples, &row->heads);
    int bases = samples_collect(row->table, &base->samples, &row->bases);
    int error = heads != 0 || bases != 0 ? -ENOMEM : 0;
    if (error == 0 && row->own->measured)
        error = study_row(row, calibration->rows);
    samples_free(&row->heads);
    samples_free(&row->bases);
    return error;
}

// ---- all ---------------------------------------------------------------------------

static size_t count_rows(const struct report *report)
{
    size_t rows = 0;
    for (size_t i = 0; i < report->table_count; i++)
        for (size_t j = 0; j < report->tables[i].cell_count; j++)
            rows +=
                report_find_base(&report->tables[i], &report->tables[i].cells[j]) != NULL
                    ? 1
                    : 0;
    return rows;
}

static void describe_session(const struct calibrate *calibrate,
                             struct calibration *calibration)
{
    const struct report *report = calibrate->report;
    json_t *whole = calibration_keep(calibration, report_write(report));
    calibration->schema = CALIBRATION_SCHEMA;
    calibration->tool = json_object_get(whole, "tool");
    calibration->plan = json_object_get(whole, "plan");
    calibration->environment = report->environment;
    calibration->testbed =
        json_string_value(json_object_get(report->environment, "testbed"));
    calibration->started_utc = report->started_utc;
    calibration->duration_ns = report->duration_ns;
    calibration->threshold = calibrate->threshold;
    calibration->rows = (double)count_rows(report);
}

int calibrate_add(const struct calibrate *calibrate, struct calibration *calibration)
{
    const struct report *report = calibrate->report;
    int error = 0;
    describe_session(calibrate, calibration);
    for (size_t i = 0; i < report->table_count; i++) {
        const struct report_table *table = &report->tables[i];
        double beside_ns = time_beside(table);
        for (size_t j = 0; error == 0 && j < table->cell_count; j++) {
            struct row row = {.calibrate = calibrate,
                              .table = table,
                              .cell = &table->cells[j],
                              .beside_ns = beside_ns};
            const struct report_cell *base = report_find_base(table, row.cell);
            if (base != NULL)
                error = add_row(&row, base, calibration);
        }
    }
    return error;
}

size_t calibrate_count(const struct calibration *calibration)
{
    size_t count = 0;
    for (size_t i = 0; i < calibration->count; i++)
        count += isnan(calibration->cells[i].metrics[METRIC_WALL].floor) ? 0 : 1;
    return count;
}

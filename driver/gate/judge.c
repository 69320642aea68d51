// SPDX-License-Identifier: MIT
//
// judge.c - see judge.h. What was wrong before any time was looked at is in
// answers.c.
#include "driver/gate/judge.h"

#include "driver/analysis/analysis.h"
#include "driver/analysis/pairs.h"
#include "driver/analysis/samples.h"
#include "driver/analysis/table_noise.h"
#include "driver/gate/calibration.h"
#include "driver/gate/primary.h"
#include "driver/report/metric.h"
#include "driver/report/tree.h"
#include "driver/statistics/anytime.h"
#include "driver/statistics/statistics.h"
#include "driver/statistics/verdict.h"
#include "lib/allocate.h"

#include <math.h>
#include <stdlib.h>

// All comparisons of one call have these in common.
struct judge {
    double threshold;
    double least; // threshold: what links make of a row, where they are not drawn
    struct comparisons *found;
};

// ---- one comparison ----------------------------------------------------------------

// Of a row: the samples of both, and room for their pairs.
struct row {
    const struct report_table *table;
    const struct report_cell *cell;
    const struct report_cell *base;
    struct samples heads;
    struct samples bases;
    struct pairs pairs;
    double *logarithms;
};

static struct comparison compare(const struct judge *judge, const struct row *row,
                                 enum metric metric)
{
    struct ratio ratio;
    const struct pairs *pairs = &row->pairs;
    struct comparison own =
        comparison_make(row->table->id, row->cell->label, row->cell->model, metric);
    pairs_logarithms(pairs, row->logarithms);
    own.p = anytime_p(row->logarithms, pairs->n);
    anytime_ratio(row->logarithms, pairs->n, &ratio); // sorts them
    own.n = own.n_base = own.n_head = ratio.n;
    own.ratio = ratio.estimate;
    own.interval = ratio.interval;
    own.head = statistics_median(pairs->head, pairs->n); // sorts: the pairs are gone
    own.base = statistics_median(pairs->base, pairs->n);
    own.floor = table_noise_row_floor(row->table, row->cell, row->base, metric);
    // That of a stored calibration (calibration.h).
    own.calibrated_floor = calibration_applied(row->cell, metric);
    own.wanted = judge->threshold;
    own.least = report_is_foreign(row->cell) ? JUDGE_LAYOUT : judge->least;
    comparison_set_threshold(&own);
    own.noisy = table_noise_is_noisy(row->table, 0);
    own.decides = gate_primary(row->cell->json) == metric;
    return own;
}

// ---- one row, one table ------------------------------------------------------------

static bool worth_comparing(enum metric metric, const struct pairs *pairs)
{
    if (metric_is_time(metric))
        return true;
    for (size_t i = 0; i < pairs->n; i++)
        if (fmax(pairs->head[i], pairs->base[i]) < METRIC_COUNTER_LEAST)
            return false;
    return pairs->n > 0;
}

// All metrics of one row.
static void judge_row(const struct judge *judge, struct row *row)
{
    size_t blocks = row->heads.blocks;
    double *room = allocate(3 * blocks + 1, sizeof *room);
    row->pairs = (struct pairs){.head = room, .base = room + blocks};
    row->logarithms = room + 2 * blocks;
    for (enum metric metric = 0; metric < METRIC_COUNT; metric++) {
        row->pairs.n = 0;
        pairs_collect(row->table, &row->heads, &row->bases, metric, 0, &row->pairs);
        if (!worth_comparing(metric, &row->pairs))
            continue;
        const struct comparison own = compare(judge, row, metric);
        comparisons_add(judge->found, &own);
    }
    free(room);
}

static int judge_table(const struct judge *judge, const struct report_table *table)
{
    int error = 0;
    for (size_t i = 0; error == 0 && i < table->cell_count; i++) {
        const struct report_cell *cell = &table->cells[i];
        const struct report_cell *base = report_find_base(table, cell);
        if (base == NULL || !cell->ranked || !base->ranked)
            continue;
        struct row row = {.table = table, .cell = cell, .base = base};
        int heads_error = samples_collect(table, &cell->samples, &row.heads);
        error = samples_collect(table, &base->samples, &row.bases);
        if (error == 0)
            error = heads_error;
        if (error == 0)
            judge_row(judge, &row);
        samples_free(&row.heads);
        samples_free(&row.bases);
    }
    return error;
}

// ---- all ---------------------------------------------------------------------------

// A time that only explains is no reason to fail, and none to pass either. Switches and
// faults that have become more are told, and are no reason for anything.
static void judge_aside(struct comparison *own)
{
    if (own->decides ||
        (own->verdict != VERDICT_REGRESSION && own->verdict != VERDICT_SUSPECT))
        return;
    if (metric_is_time(own->metric)) {
        own->verdict = VERDICT_SUSPECT;
        reason_set(&own->reason, 0,
                   "slower by a time that is not the primary metric of this row");
    } else {
        own->verdict = VERDICT_REGRESSION;
        comparison_explain(own);
    }
}

int gate_judge(struct report *report, double threshold, unsigned most,
               struct comparisons *found)
{
    bool drawn = tree_number(report->json, "gate.links") > 0;
    const struct judge judge = {.threshold = threshold,
                                .least = drawn ? 0 : JUDGE_LAYOUT,
                                .found = found};
    *found = (struct comparisons){0};
    int error = report_verify(report);
    for (size_t i = 0; error == 0 && i < report->table_count; i++)
        error = judge_table(&judge, &report->tables[i]);
    if (error == 0)
        error = comparison_judge_all(found, most);
    for (size_t i = 0; i < found->count; i++)
        judge_aside(&found->list[i]);
    return error;
}

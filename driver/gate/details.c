// SPDX-License-Identifier: MIT
//
// details.c - see details.h.
#include "driver/gate/details.h"

#include "driver/analysis/pairs.h"
#include "driver/analysis/samples.h"
#include "driver/statistics/anytime.h"
#include "driver/statistics/statistics.h"
#include "driver/statistics/tail.h"
#include "lib/allocate.h"
#include "lib/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// One row of both builds.
struct details {
    const struct report_table *table;
    const struct report_cell *cell;
    struct samples heads;
    struct samples bases;
    double threshold;
    uint64_t seed;
    struct comparisons *found;
};

static struct comparison begin(const struct details *own, enum metric metric,
                               const struct ratio *ratio)
{
    struct comparison made =
        comparison_make(own->table->id, own->cell->label, own->cell->model, metric);
    made.decides = false;
    made.n = made.n_base = made.n_head = ratio->n;
    made.ratio = ratio->estimate;
    made.interval = ratio->interval;
    made.wanted = own->threshold;
    comparison_set_threshold(&made);
    return made;
}

// ---- phases --------------------------------------------------------------------------

static enum verdict moved(const struct comparison *own, double wall_ns)
{
    double border = verdict_border(own->wanted);
    double far = 1 + 2 * own->wanted;
    if (fabs(own->head - own->base) < DETAILS_PHASE_LEAST * wall_ns)
        return VERDICT_SAME;
    if (own->ratio > far && own->interval.low > border)
        return VERDICT_REGRESSION;
    if (own->ratio < 1 / far && own->interval.high < 1 / border)
        return VERDICT_IMPROVED;
    return VERDICT_SAME;
}

static void add_phase(const struct details *own, enum metric metric, double *room)
{
    size_t blocks = own->heads.blocks;
    struct pairs pairs = {.head = room, .base = room + blocks};
    struct ratio ratio;
    pairs_collect(own->table, &own->heads, &own->bases, metric, 0, &pairs);
    if (pairs.n < ANYTIME_PAIRS_LEAST)
        return;
    pairs_logarithms(&pairs, room + 2 * blocks);
    double p = anytime_p(room + 2 * blocks, pairs.n);
    anytime_ratio(room + 2 * blocks, pairs.n, &ratio);
    struct comparison made = begin(own, metric, &ratio);
    made.p = made.p_holm = p;
    made.head = statistics_median(pairs.head, pairs.n);
    made.base = statistics_median(pairs.base, pairs.n);
    made.verdict = moved(&made, own->cell->statistics.wall_ns.median);
    if (made.verdict == VERDICT_SAME)
        return;
    comparison_explain(&made);
    comparisons_add(own->found, &made);
}

// ---- the tail ------------------------------------------------------------------------

static bool has_tail(const struct sample *sample)
{
    return sample != NULL && sample->record.latency_kind != NULL &&
           strcmp(sample->record.latency_kind, "service") == 0 &&
           sample->record.latency_count >= DETAILS_TAIL_OPERATIONS;
}

static void add_latencies(struct tail *tail, size_t block, const struct sample *sample)
{
    size_t index;
    json_t *bucket;
    json_array_foreach(sample->record.buckets, index, bucket)
    {
        double lower = json_number_value(json_array_get(bucket, 0));
        double count = json_number_value(json_array_get(bucket, 1));
        if (lower > 0 && count > 0)
            tail_add(tail, block, lower, count);
    }
}

// Returns how many blocks have latencies of both.
static size_t collect_tails(const struct details *own, struct tail *head,
                            struct tail *base)
{
    size_t n = 0;
    for (size_t i = 0; i < own->heads.blocks; i++) {
        if (!has_tail(own->heads.by_block[i]) || !has_tail(own->bases.by_block[i]))
            continue;
        add_latencies(head, n, own->heads.by_block[i]);
        add_latencies(base, n, own->bases.by_block[i]);
        n++;
    }
    return n;
}

static void judge_tail(struct comparison *made)
{
    const struct evidence evidence = {.n = made->n,
                                      .interval = made->interval,
                                      .p = made->p,
                                      .wanted = made->wanted,
                                      .threshold = made->threshold};
    made->verdict = verdict_of(&evidence, &made->reason);
    bool slower = made->verdict == VERDICT_REGRESSION || made->verdict == VERDICT_SUSPECT;
    made->decides =
        made->verdict == VERDICT_REGRESSION && made->n >= DETAILS_TAIL_DECIDES;
    if (!slower || made->decides)
        return;
    made->verdict = VERDICT_REGRESSION; // which warns, since it does not decide
    reason_set(&made->reason, 0, "of %zu blocks; it fails the gate from %d on", made->n,
               DETAILS_TAIL_DECIDES);
}

static void add_tail(struct details *own)
{
    struct tail head = {0};
    struct tail base = {0};
    size_t n = collect_tails(own, &head, &base);
    if (n >= DETAILS_TAIL_BLOCKS && head.count > 0 && base.count > 0) {
        struct tail_comparison tails;
        own->threshold = fmax(own->threshold, DETAILS_TAIL_THRESHOLD);
        tail_compare(&head, &base, n, own->seed, &tails);
        struct comparison made = begin(own, METRIC_P99, &tails.ratio);
        made.n = made.n_base = made.n_head = n;
        made.p = made.p_holm = tails.p;
        made.head = tails.head;
        made.base = tails.base;
        judge_tail(&made);
        comparisons_add(own->found, &made);
    }
    tail_free(&head);
    tail_free(&base);
}

// ---- all -----------------------------------------------------------------------------

static int judge_cell(struct details *own, const struct report_cell *base)
{
    static const enum metric phases[] = {METRIC_SPAWN, METRIC_RUN, METRIC_JOIN};
    int heads_error = samples_collect(own->table, &own->cell->samples, &own->heads);
    int error = samples_collect(own->table, &base->samples, &own->bases);
    if (error == 0)
        error = heads_error;
    if (error == 0) {
        double *room = allocate(3 * own->heads.blocks + 1, sizeof *room);
        for (size_t i = 0; i < ARRAY_LEN(phases); i++)
            add_phase(own, phases[i], room);
        free(room);
        add_tail(own);
    }
    samples_free(&own->heads);
    samples_free(&own->bases);
    return error;
}

int gate_judge_details(const struct report *report, double threshold,
                       struct comparisons *found)
{
    int error = 0;
    for (size_t i = 0; i < report->table_count; i++) {
        const struct report_table *table = &report->tables[i];
        for (size_t j = 0; error == 0 && j < table->cell_count; j++) {
            const struct report_cell *cell = &table->cells[j];
            const struct report_cell *base = report_find_base(table, cell);
            struct details own = {.table = table,
                                  .cell = cell,
                                  .threshold = threshold,
                                  .seed = report->plan.seed,
                                  .found = found};
            if (base != NULL && cell->ranked && base->ranked)
                error = judge_cell(&own, base);
        }
    }
    return error;
}

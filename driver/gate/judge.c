// SPDX-License-Identifier: MIT
//
// judge.c - see judge.h. What was wrong before any time was looked at is in
// answers.c.
#include "driver/gate/judge.h"

#include "driver/analysis/analysis.h"
#include "driver/analysis/pairs.h"
#include "driver/analysis/samples.h"
#include "driver/analysis/table_noise.h"
#include "driver/gate/primary.h"
#include "driver/report/gate_entry.h"
#include "driver/report/json.h"
#include "driver/report/metric.h"
#include "driver/statistics/significance.h"
#include "driver/statistics/statistics.h"
#include "driver/statistics/stream.h"
#include "driver/statistics/verdict.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// All comparisons of one call have these in common.
struct judge {
    double threshold;
    unsigned most;   // rounds there may be
    double least;    // threshold: what links make of a row, where they are not drawn
    json_t *entries; // what has been found so far
};

// ---- one comparison ----------------------------------------------------------------

// The noise floor that a stored calibration has of this row (calibration.h), or NAN.
static double calibrated_floor(const struct report_cell *cell, enum metric metric)
{
    return tree_number(tree_at(cell->json, "floors"), metric_name(metric));
}

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

static json_t *make_entry(const struct judge *judge, const struct row *row,
                          enum metric metric)
{
    struct ratio ratio;
    const struct pairs *pairs = &row->pairs;
    pairs_logarithms(pairs, row->logarithms);
    double p = stream_p(row->logarithms, pairs->n);
    stream_ratio(row->logarithms, pairs->n, &ratio); // sorts them
    double floor = table_noise_row_floor(row->table, row->cell, row->base, metric);
    double threshold =
        verdict_threshold(judge->threshold,
                          fmax(floor, calibrated_floor(row->cell, metric)));
    threshold = fmax(threshold, judge->least);
    double detectable =
        statistics_detectable(&ratio.interval, verdict_border(threshold)) - 1;
    double heads = statistics_median(pairs->head, pairs->n); // sorts: the pairs are gone
    double bases = statistics_median(pairs->base, pairs->n);
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
        "table", row->table->id, "row", row->cell->label, "model", row->cell->model,
        "metric", metric_name(metric), "n", (json_int_t)ratio.n, "base", tree_real(bases),
        "head", tree_real(heads), "ratio", tree_real(ratio.estimate), "low",
        tree_real(ratio.interval.low), "high", tree_real(ratio.interval.high),
        "confidence", tree_real(ratio.interval.confidence), "p", tree_real(p), "floor",
        tree_real(floor), "threshold", tree_real(threshold), "detectable",
        tree_real(detectable));
}

// Says which of the three made the threshold what it is, and whether it decides.
static void name_threshold(const struct judge *judge, const struct report_cell *cell,
                           enum metric metric, json_t *entry)
{
    double threshold = tree_number(entry, "threshold");
    double floor = tree_number(entry, "floor");
    const char *source = "user";
    if (threshold > fmax(judge->least, verdict_threshold(judge->threshold, floor)))
        source = "calibration";
    else if (threshold > fmax(judge->least, judge->threshold))
        source = "session";
    else if (threshold > judge->threshold)
        source = "layout";
    json_object_set_new(entry, "calibrated_floor",
                        tree_real(calibrated_floor(cell, metric)));
    json_object_set_new(entry, "threshold_from", json_string(source));
    json_object_set_new(entry, "decides",
                        json_boolean(gate_primary(cell->json) == metric));
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

// All metrics of one row. 0 or -ENOMEM.
static int judge_row(const struct judge *judge, struct row *row)
{
    size_t blocks = row->heads.blocks;
    double *room = calloc(3 * blocks + 1, sizeof *room);
    if (room == NULL)
        return -ENOMEM;
    row->pairs = (struct pairs){.head = room, .base = room + blocks};
    row->logarithms = room + 2 * blocks;
    int failed = 0;
    for (enum metric metric = 0; metric < METRIC_COUNT && !failed; metric++) {
        row->pairs.n = 0;
        pairs_collect(row->table, &row->heads, &row->bases, metric, 0, &row->pairs);
        if (!worth_comparing(metric, &row->pairs))
            continue;
        json_t *entry = make_entry(judge, row, metric);
        name_threshold(judge, row->cell, metric, entry);
        failed = json_array_append_new(judge->entries, entry);
    }
    free(room);
    return failed ? -ENOMEM : 0;
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
            error = judge_row(judge, &row);
        samples_free(&row.heads);
        samples_free(&row.bases);
    }
    return error;
}

// ---- all ---------------------------------------------------------------------------

// A time that only explains is no reason to fail, and none to pass either. Switches and
// faults that have become more are told, and are no reason for anything.
static enum verdict judge_aside(const json_t *entry, enum verdict verdict,
                                struct reason *reason)
{
    bool is_time = strstr(tree_text(entry, "metric", ""), "_ns") != NULL;
    bool above = verdict == VERDICT_REGRESSION || verdict == VERDICT_SUSPECT;
    if (!above || gate_entry_decides(entry))
        return verdict;
    if (is_time)
        reason_set(reason, 0,
                   "slower by a time that is not the primary metric of this row");
    else
        reason_set(reason, 0, "only explains, and does not decide");
    return is_time ? VERDICT_SUSPECT : VERDICT_REGRESSION;
}

static void set_verdict(const struct report *report, json_t *entry,
                        const struct judge *judge)
{
    const struct report_table *table =
        report_find_table(report, tree_text(entry, "table", ""));
    bool noisy = table != NULL && table_noise_is_noisy(table, 0);
    struct evidence evidence = {.n = (size_t)tree_number(entry, "n"),
                                .interval = {.low = tree_number(entry, "low"),
                                             .high = tree_number(entry, "high")},
                                .p = tree_number(entry, "p_holm"),
                                .wanted = judge->threshold,
                                .threshold = tree_number(entry, "threshold"),
                                .noisy = noisy};
    struct reason reason;
    enum verdict verdict = judge_aside(entry, verdict_of(&evidence, &reason), &reason);
    json_object_set_new(entry, "futile",
                        json_boolean(verdict_is_futile(&evidence, judge->most)));
    json_object_set_new(entry, "verdict", json_string(verdict_name(verdict)));
    json_object_set_new(entry, "reason", json_string(reason.text));
}

// Corrects the p-values of those that decide, or of those that do not.
static int correct(const struct judge *judge, bool decides)
{
    size_t all = json_array_size(judge->entries);
    double *p = malloc((all + 1) * sizeof *p);
    json_t **where = malloc((all + 1) * sizeof *where);
    size_t n = 0;
    for (size_t i = 0; p != NULL && where != NULL && i < all; i++) {
        where[n] = json_array_get(judge->entries, i);
        p[n] = tree_number(where[n], "p");
        n += gate_entry_decides(where[n]) == decides ? 1 : 0;
    }
    int error = p == NULL || where == NULL ? -ENOMEM : significance_holm(p, n);
    for (size_t i = 0; error == 0 && i < n; i++)
        json_object_set_new(where[i], "p_holm", tree_real(p[i]));
    free(p);
    free(where);
    return error;
}

static int judge_all(const struct report *report, const struct judge *judge)
{
    int error = correct(judge, true);
    if (error == 0)
        error = correct(judge, false);
    size_t index;
    json_t *entry;
    json_array_foreach(judge->entries, index, entry)
    {
        if (error == 0)
            set_verdict(report, entry, judge);
    }
    return error;
}

json_t *gate_judge(struct report *report, double threshold, unsigned most)
{
    bool drawn = tree_number(report->json, "gate.links") > 0;
    struct judge judge = {.threshold = threshold,
                          .most = most,
                          .least = drawn ? 0 : JUDGE_LAYOUT,
                          .entries = json_array()};
    int error = report_verify(report);
    for (size_t i = 0; error == 0 && i < report->table_count; i++)
        error = judge_table(&judge, &report->tables[i]);
    if (error == 0)
        error = judge_all(report, &judge);
    if (error == 0)
        return judge.entries;
    json_decref(judge.entries);
    return NULL;
}

// SPDX-License-Identifier: MIT
//
// calibrate.c - see calibrate.h. The table is in show/calibrate_table.c.
#include "driver/gate/calibrate.h"

#include "driver/analysis/pairs.h"
#include "driver/gate/calibration.h"
#include "driver/gate/judge.h"
#include "driver/report/json.h"
#include "driver/report/write.h"
#include "driver/statistics/floor.h"
#include "driver/statistics/statistics.h"
#include "lib/json_file.h"
#include "lib/mix.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// All rows have these in common.
struct calibrate {
    const struct report *report;
    const struct report_table *table; // the one of the row
    double threshold;
    uint64_t seed;
};

// ---- one metric --------------------------------------------------------------------

// Each row and metric gets a sequence of draws of its own.
static uint64_t seed_of(const struct calibrate *calibrate, const struct report_cell *cell,
                        enum metric metric)
{
    uint64_t seed = mix_into(calibrate->seed, metric);
    for (const char *text = cell->id; *text != '\0'; text++)
        seed = mix_into(seed, (unsigned char)*text);
    return seed;
}

// {"n", "median", "ratio", "low", "high", "floor", "sessions", "suspected", "confirmed"}.
// NULL: out of memory.
static json_t *make_metric(const struct calibrate *calibrate, struct pairs *pairs,
                           double *logarithms, uint64_t seed)
{
    struct ratio ratio;
    struct floor_study study;
    pairs_logarithms(pairs, logarithms);
    if (statistics_ratio(pairs->head, pairs->base, pairs->n, seed, &ratio) != 0 ||
        floor_study(logarithms, pairs->n, calibrate->threshold, seed, &study) != 0)
        return NULL;
    double middle = statistics_median(pairs->head, pairs->n); // sorts: the pairs are gone
    return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:I}", "n",
                     (json_int_t)pairs->n, "median", tree_real(middle), "ratio",
                     tree_real(ratio.estimate), "low", tree_real(ratio.interval.low),
                     "high", tree_real(ratio.interval.high), "floor",
                     tree_real(study.floor), "sessions", (json_int_t)study.sessions,
                     "suspected", (json_int_t)study.suspected, "confirmed",
                     (json_int_t)study.confirmed);
}

// ---- one row -----------------------------------------------------------------------

static int add_metrics(const struct calibrate *calibrate, const struct report_cell *cell,
                       const struct samples *head, const struct samples *base,
                       json_t *metrics)
{
    double *room = calloc(3 * head->blocks + 1, sizeof *room);
    if (room == NULL)
        return -ENOMEM;
    struct pairs pairs = {.head = room, .base = room + head->blocks};
    int failed = 0;
    for (enum metric metric = 0; metric < METRIC_COUNT && !failed; metric++) {
        pairs.n = 0;
        pairs_collect(calibrate->table, head, base, metric, 0, &pairs);
        if (pairs.n > 0) // else the figure is not known here
            failed = json_object_set_new(metrics, metric_name(metric),
                                         make_metric(calibrate, &pairs,
                                                     room + 2 * head->blocks,
                                                     seed_of(calibrate, cell, metric)));
    }
    free(room);
    return failed ? -ENOMEM : 0;
}

static json_t *describe_cell(const struct calibrate *calibrate,
                             const struct report_cell *cell)
{
    bool ran = cell->status == CELL_OK;
    return json_pack("{s:s, s:s, s:s, s:s, s:O, s:s, s:s?, s:o}", "id", cell->id, "table",
                     calibrate->table->id, "row", cell->label, "model", cell->model,
                     "command", cell->command, "started_utc",
                     calibrate->report->started_utc, "reason", cell->reason, "metrics",
                     ran ? json_object() : json_null());
}

static int add_row(const struct calibrate *calibrate, const struct report_cell *cell,
                   const struct report_cell *base, json_t *cells)
{
    json_t *row = describe_cell(calibrate, cell);
    json_t *metrics = tree_at(row, "metrics");
    struct samples heads;
    struct samples bases;
    int error = json_array_append_new(cells, row) != 0 ? -ENOMEM : 0;
    int heads_error = samples_collect(calibrate->table, &cell->samples, &heads);
    int bases_error = samples_collect(calibrate->table, &base->samples, &bases);
    if (heads_error != 0 || bases_error != 0)
        error = -ENOMEM;
    if (error == 0 && json_is_object(metrics))
        error = add_metrics(calibrate, cell, &heads, &bases, metrics);
    if (json_is_object(metrics)) // calibrate_counters.h
        json_object_update(metrics, tree_at(cell->json, "counter_floors"));
    samples_free(&heads);
    samples_free(&bases);
    return error;
}

// ---- all ---------------------------------------------------------------------------

static int add_rows(struct calibrate *calibrate, json_t *cells)
{
    const struct report *report = calibrate->report;
    int error = 0;
    for (size_t i = 0; i < report->table_count; i++) {
        calibrate->table = &report->tables[i];
        for (size_t j = 0; error == 0 && j < calibrate->table->cell_count; j++) {
            const struct report_cell *cell = &calibrate->table->cells[j];
            const struct report_cell *base = report_find_base(calibrate->table, cell);
            if (base != NULL)
                error = add_row(calibrate, cell, base, cells);
        }
    }
    return error;
}

json_t *calibrate_make(const struct report *report, double threshold)
{
    json_t *cells = json_array();
    struct calibrate calibrate = {.report = report,
                                  .threshold = threshold,
                                  .seed = report->plan.seed};
    if (add_rows(&calibrate, cells) != 0) {
        json_decref(cells);
        return NULL;
    }
    json_t *whole = report_write(report);
    json_t *result = json_pack(
        "{s:s, s:O, s:O, s:O, s:O, s:O, s:f, s:O, s:o}", "schema", CALIBRATION_SCHEMA,
        "tool", tree_at(whole, "tool"), "testbed", tree_at(whole, "environment.testbed"),
        "started_utc", tree_at(whole, "started_utc"), "duration_ns",
        tree_at(whole, "duration_ns"), "plan", tree_at(whole, "plan"), "threshold",
        threshold, "environment", tree_at(whole, "environment"), "cells", cells);
    json_decref(whole);
    return result;
}

size_t calibrate_count(const json_t *calibration)
{
    size_t count = 0;
    size_t index;
    json_t *cell;
    json_array_foreach(tree_array(calibration, "cells"), index, cell)
    {
        if (!isnan(tree_number(cell, "metrics.wall_ns.floor")))
            count++;
    }
    return count;
}

// ---- storing it --------------------------------------------------------------------

// Adds what is known of cells that were not measured this time.
static void keep_others(json_t *calibration, const json_t *old)
{
    json_t *cells = tree_array(calibration, "cells");
    size_t index;
    json_t *cell;
    json_array_foreach(tree_array(old, "cells"), index, cell)
    {
        if (!calibration_is_outdated(cell) &&
            tree_find(cells, "id", tree_text(cell, "id", "")) == NULL)
            json_array_append(cells, cell);
    }
}

int calibrate_store(json_t *calibration, char *path, size_t size, struct reason *reason)
{
    struct calibration old;
    const char *testbed = tree_text(calibration, "testbed", "");
    int error = state_path(testbed, "calibration.json", path, size, reason);
    if (error == 0)
        error = state_make_folders(path, reason);
    if (error != 0)
        return error;
    json_file_clean(path); // only one session at a time is here
    if (calibration_open(&old, testbed, NULL) == 0)
        keep_others(calibration, old.json);
    calibration_close(&old);
    return json_file_save(path, calibration, reason);
}

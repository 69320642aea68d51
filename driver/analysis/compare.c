// SPDX-License-Identifier: MIT
//
// compare.c - see compare.h. How environments are compared is in compare_environments.c.
#include "driver/analysis/compare.h"

#include "driver/analysis/samples.h"
#include "driver/analysis/table_noise.h"
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SEED 1 // of the bootstrap: any will do, but always the same

// One table that both reports have, and the rows that are ranked in both.
struct shared {
    const struct report_table *tables[2]; // base, head
    unsigned batch;                       // of head
    double wanted;                        // threshold
    size_t rows;
    const char **labels;        // borrowed
    struct samples *samples[2]; // of each row
};

// ---- what can be compared ----------------------------------------------------------

static bool same_number(double one, double other)
{
    return one == other || (isnan(one) && isnan(other));
}

// The first thing that makes two tables different work, or NULL.
static const char *different_work(const struct report_table *base,
                                  const struct report_table *head)
{
    if (strcmp(base->workload, head->workload) != 0)
        return "workload";
    if (!same_number(base->tasks, head->tasks))
        return "tasks";
    if (!same_number(base->concurrency, head->concurrency))
        return "concurrency";
    bool same = base->arguments == head->arguments ||
                json_equal(base->arguments, head->arguments);
    return same ? NULL : "arguments";
}

// Notes what one report has and the other one lacks; true if the table is in both.
static bool note_table(json_t *notes, const struct report_table *table,
                       const struct report_table *other)
{
    const char *different = other == NULL ? NULL : different_work(table, other);
    if (other != NULL && different == NULL)
        return true;
    if (other == NULL)
        json_array_append_new(notes, json_sprintf("table %.100s", table->id));
    else
        json_array_append_new(notes, json_sprintf("table %.100s: other %s", table->id,
                                                  different));
    return false;
}

static void note_rows(json_t *notes, const struct report_table *table,
                      const struct report_table *other)
{
    for (size_t i = 0; i < table->cell_count; i++) {
        const struct report_cell *cell = &table->cells[i];
        const struct report_cell *same = report_find_row(other, cell->label);
        if (cell->ranked && (same == NULL || !same->ranked))
            json_array_append_new(
                notes, json_sprintf("%.100s: %.100s%s%.200s", table->id, cell->label,
                                    same == NULL ? "" : ", not ranked there: ",
                                    same == NULL ? "" : same->unranked_reason));
    }
}

static int share_row(struct shared *shared, const struct report_cell *base,
                     const struct report_cell *head)
{
    size_t row = shared->rows++;
    shared->labels[row] = base->label;
    int error =
        samples_collect(shared->tables[0], &base->samples, &shared->samples[0][row]);
    return error != 0 ? error
                      : samples_collect(shared->tables[1], &head->samples,
                                        &shared->samples[1][row]);
}

// Collects the samples of all rows that are ranked in both. 0 or -ENOMEM.
static int share(struct shared *shared)
{
    const struct report_table *table = shared->tables[0];
    size_t most = table->cell_count + 1;
    shared->labels = calloc(most, sizeof *shared->labels);
    shared->samples[0] = calloc(most, sizeof *shared->samples[0]);
    shared->samples[1] = calloc(most, sizeof *shared->samples[1]);
    if (shared->labels == NULL || shared->samples[0] == NULL ||
        shared->samples[1] == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < table->cell_count; i++) {
        const struct report_cell *base = &table->cells[i];
        const struct report_cell *head = report_find_row(shared->tables[1], base->label);
        if (base->ranked && head != NULL && head->ranked &&
            share_row(shared, base, head) != 0)
            return -ENOMEM;
    }
    return 0;
}

static void unshare(struct shared *shared)
{
    for (size_t i = 0; i < shared->rows; i++) {
        samples_free(&shared->samples[0][i]);
        samples_free(&shared->samples[1][i]);
    }
    free(shared->labels);
    free(shared->samples[0]);
    free(shared->samples[1]);
}

// ---- figures -----------------------------------------------------------------------

static double wall_of(const struct samples *samples, size_t block)
{
    return samples->by_block[block] == NULL ? (double)NAN
                                            : samples->by_block[block]->wall_ns;
}

// The time of a row in one block divided by the mean of the others there, or NAN.
static double relative_of(const struct shared *shared, int side, size_t row, size_t block)
{
    double logs = 0;
    for (size_t i = 0; i < shared->rows; i++)
        if (i != row)
            logs += log(wall_of(&shared->samples[side][i], block));
    double mean = exp(logs / (double)(shared->rows - 1));
    return wall_of(&shared->samples[side][row], block) / mean;
}

// All values of a row in one report; returns how many.
static size_t collect(const struct shared *shared, int side, size_t row,
                      enum metric metric, double *values)
{
    const struct samples *samples = &shared->samples[side][row];
    unsigned batch = side == 0 ? 0 : shared->batch;
    size_t n = 0;
    for (size_t block = 0; block < samples->blocks; block++) {
        double value = metric == METRIC_RELATIVE
                           ? relative_of(shared, side, row, block)
                           : metric_of(samples->by_block[block], metric);
        if (isfinite(value) && value > 0 &&
            samples_in_batch(shared->tables[side], block, batch))
            values[n++] = value;
    }
    return n;
}

// How far the figures of a row move although nothing differs.
static double floor_of(const struct shared *shared, enum metric metric)
{
    enum metric own = metric == METRIC_RELATIVE ? METRIC_WALL : metric;
    return fmax(table_noise_floor(shared->tables[0], own, 0, SEED),
                table_noise_floor(shared->tables[1], own, shared->batch, SEED));
}

static bool is_noisy(const struct shared *shared)
{
    return table_noise_is_noisy(shared->tables[0], 0) ||
           table_noise_is_noisy(shared->tables[1], 0);
}

// 0 or -ENOMEM.
static int compare_row(const struct shared *shared, size_t row, enum metric metric,
                       struct comparison *own)
{
    size_t blocks = shared->samples[0][row].blocks + shared->samples[1][row].blocks;
    double *base = malloc((blocks + 1) * sizeof *base);
    struct unpaired_ratio ratio;
    *own = comparison_make(shared->tables[0]->id, shared->labels[row], NULL, metric);
    if (base == NULL)
        return -ENOMEM;
    own->n_base = collect(shared, 0, row, metric, base);
    double *head = base + own->n_base;
    own->n_head = collect(shared, 1, row, metric, head);
    own->n = own->n_base < own->n_head ? own->n_base : own->n_head;
    int error =
        statistics_unpaired_ratio(head, own->n_head, base, own->n_base, SEED, &ratio);
    if (error == 0) {
        own->base = statistics_median(base, own->n_base);
        own->head = statistics_median(head, own->n_head);
        own->ratio = ratio.estimate;
        own->interval = ratio.interval;
        own->p = ratio.p;
        own->floor = floor_of(shared, metric);
        own->wanted = shared->wanted;
        own->noisy = is_noisy(shared);
        comparison_set_threshold(own);
    }
    free(base);
    return error;
}

// Is there enough of this to be compared?
static bool worth_comparing(const struct shared *shared, size_t row, enum metric metric)
{
    if (metric == METRIC_RELATIVE)
        return shared->rows > 1;
    if (metric == METRIC_WALL)
        return true;
    for (int side = 0; side < 2; side++) {
        const struct samples *samples = &shared->samples[side][row];
        for (size_t i = 0; i < samples->blocks; i++)
            if (samples->by_block[i] != NULL &&
                !(metric_of(samples->by_block[i], metric) >= METRIC_COUNTER_LEAST))
                return false;
    }
    return !metric_is_time(metric);
}

static int compare_rows(const struct shared *shared, struct comparisons *all)
{
    for (size_t row = 0; row < shared->rows; row++)
        for (enum metric metric = 0; metric <= METRIC_RELATIVE; metric++) {
            struct comparison comparison;
            if (!worth_comparing(shared, row, metric))
                continue;
            int error = compare_row(shared, row, metric, &comparison);
            if (error != 0)
                return error;
            comparisons_add(all, &comparison);
        }
    return 0;
}

// ---- all ---------------------------------------------------------------------------

static int compare_tables(struct compared *compared, const struct report_table *base,
                          const struct report_table *head, double wanted, unsigned batch)
{
    if (!note_table(compared->only_base, base, head))
        return 0;
    note_rows(compared->only_base, base, head);
    note_rows(compared->only_head, head, base);
    struct shared shared = {.tables = {base, head}, .batch = batch, .wanted = wanted};
    int error = share(&shared);
    if (error == 0)
        error = compare_rows(&shared, &compared->comparisons);
    unshare(&shared);
    return error;
}

int compare_reports(struct compared *compared, const struct report *base,
                    const struct report *head, double threshold, unsigned batch)
{
    int error = 0;
    *compared = (struct compared){.only_base = json_array(), .only_head = json_array()};
    for (size_t i = 0; error == 0 && i < base->table_count; i++) {
        const struct report_table *table = &base->tables[i];
        error = compare_tables(compared, table, report_find_table(head, table->id),
                               threshold, batch);
    }
    for (size_t i = 0; i < head->table_count; i++)
        if (report_find_table(base, head->tables[i].id) == NULL)
            note_table(compared->only_head, &head->tables[i], NULL);
    return error != 0 ? error : comparison_judge_all(&compared->comparisons, 0);
}

void compare_free(struct compared *compared)
{
    comparisons_free(&compared->comparisons);
    json_decref(compared->only_base);
    json_decref(compared->only_head);
}

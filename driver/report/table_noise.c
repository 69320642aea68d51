// SPDX-License-Identifier: MIT
//
// table_noise.c - see table_noise.h.
#include "driver/report/table_noise.h"

#include "driver/report/json.h"
#include "driver/report/samples.h"
#include "driver/statistics/significance.h"
#include "driver/statistics/statistics.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

// ---- twins -------------------------------------------------------------------------

// The pairs of all cells so far.
struct pairs {
    size_t n;
    double *twins;
    double *others;
};

// Adds the blocks in which this cell ran twice.
static int add_pairs(const json_t *table, const json_t *cell, enum metric metric,
                     unsigned batch, struct pairs *pairs)
{
    struct samples samples;
    struct samples twins;
    int error = samples_collect(table, cell, &samples);
    int twins_error = samples_collect_twins(table, cell, &twins);
    for (size_t i = 0; error == 0 && twins_error == 0 && i < samples.blocks; i++) {
        double twin = metric_of(twins.by_block[i], metric);
        double other = metric_of(samples.by_block[i], metric);
        if (isnan(twin) || isnan(other) || !samples_in_batch(table, i, batch))
            continue;
        pairs->twins[pairs->n] = twin;
        pairs->others[pairs->n] = other;
        pairs->n++;
    }
    samples_free(&samples);
    samples_free(&twins);
    return error != 0 ? error : twins_error;
}

static double floor_of(const struct ratio *ratio)
{
    if (isnan(ratio->interval.low))
        return (double)NAN;
    return fmax(1 / ratio->interval.low, ratio->interval.high) - 1;
}

// The ratio of all twins. 0 or -ENOMEM.
static int twins_ratio(const json_t *table, enum metric metric, unsigned batch,
                       uint64_t seed, struct ratio *ratio)
{
    json_t *cells = tree_array(table, "cells");
    size_t most = json_array_size(tree_array(table, "blocks")) * json_array_size(cells);
    double *room = calloc(2 * most + 1, sizeof *room);
    if (room == NULL)
        return -ENOMEM;
    struct pairs pairs = {.twins = room, .others = room + most};
    int error = 0;
    size_t index;
    json_t *cell;
    json_array_foreach(cells, index, cell)
    {
        if (error == 0 && tree_true(cell, "ranked"))
            error = add_pairs(table, cell, metric, batch, &pairs);
    }
    if (error == 0)
        error = statistics_ratio(pairs.twins, pairs.others, pairs.n, seed, ratio);
    free(room);
    return error;
}

double table_noise_floor(const json_t *table, enum metric metric, unsigned batch,
                         uint64_t seed)
{
    struct ratio ratio;
    return twins_ratio(table, metric, batch, seed, &ratio) == 0 ? floor_of(&ratio)
                                                                : (double)NAN;
}

// ---- blocks ------------------------------------------------------------------------

// How many blocks of the batch were disturbed; of those that count, if `counted`.
static size_t count_disturbed(const json_t *table, unsigned batch, bool counted)
{
    size_t count = 0;
    size_t index;
    json_t *block;
    json_array_foreach(tree_array(table, "blocks"), index, block)
    {
        count +=
            samples_in_batch(table, index, batch) &&
            tree_text(block, "disturbed", NULL) != NULL &&
            (!counted || (tree_true(block, "valid") && !tree_true(block, "accepted")));
    }
    return count;
}

bool table_noise_is_noisy(const json_t *table, unsigned batch)
{
    return count_disturbed(table, batch, true) > 0;
}

// The median of the times of one block; NAN: nothing in it counts.
static double block_median(const struct samples *samples, size_t cells, size_t block,
                           double *scratch)
{
    size_t n = 0;
    for (size_t i = 0; i < cells; i++) {
        double time = tree_number(samples[i].by_block[block], "wall_ns");
        if (!isnan(time))
            scratch[n++] = time;
    }
    if (n < cells)
        return (double)NAN; // medians of different cells cannot be compared
    return statistics_median(scratch, n);
}

// Spearman's rho of the number of a block and its median, NAN: nothing to correlate.
static double drift_of(const json_t *table, struct samples *samples, size_t cells)
{
    size_t blocks = json_array_size(tree_array(table, "blocks"));
    double *room = calloc(2 * blocks + cells + 1, sizeof *room);
    double rho = (double)NAN;
    size_t n = 0;
    for (size_t i = 0; room != NULL && i < blocks; i++) {
        double median = block_median(samples, cells, i, room + 2 * blocks);
        if (isnan(median))
            continue;
        room[n] = (double)i;
        room[blocks + n] = median;
        n++;
    }
    if (room != NULL && n >= 6)
        rho = significance_spearman(room, room + blocks, n);
    free(room);
    return rho;
}

static int drift(const json_t *table, double *rho)
{
    json_t *cells = tree_array(table, "cells");
    struct samples *samples = calloc(json_array_size(cells) + 1, sizeof *samples);
    if (samples == NULL)
        return -ENOMEM;
    size_t ranked = 0;
    int error = 0;
    size_t index;
    json_t *cell;
    json_array_foreach(cells, index, cell)
    {
        if (error == 0 && tree_true(cell, "ranked"))
            error = samples_collect(table, cell, &samples[ranked++]);
    }
    *rho = error == 0 ? drift_of(table, samples, ranked) : (double)NAN;
    for (size_t i = 0; i < ranked; i++)
        samples_free(&samples[i]);
    free(samples);
    return error;
}

int table_noise_add(json_t *table, uint64_t seed)
{
    struct ratio twins;
    double rho;
    if (twins_ratio(table, METRIC_WALL, 0, seed, &twins) != 0 || drift(table, &rho) != 0)
        return -ENOMEM;
    json_t *noise =
        json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:I, s:b, s:o}", "twins",
                  (json_int_t)twins.n, "ratio", tree_real(twins.estimate), "low",
                  tree_real(twins.interval.low), "high", tree_real(twins.interval.high),
                  "confidence", tree_real(twins.interval.confidence), "floor",
                  tree_real(floor_of(&twins)), "disturbed",
                  (json_int_t)count_disturbed(table, 0, false), "noisy",
                  table_noise_is_noisy(table, 0), "drift", tree_real(rho));
    return json_object_set_new(table, "noise", noise) != 0 ? -ENOMEM : 0;
}

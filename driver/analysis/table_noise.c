// SPDX-License-Identifier: MIT
//
// table_noise.c - see table_noise.h.
#include "driver/analysis/table_noise.h"

#include "driver/analysis/pairs.h"
#include "driver/statistics/significance.h"
#include "driver/statistics/statistics.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#define DRIFT_BLOCKS_LEAST 6

// ---- twins -------------------------------------------------------------------------

// Adds the blocks in which this cell ran twice.
static int add_twins(const struct report_table *table, const struct report_cell *cell,
                     enum metric metric, unsigned batch, struct pairs *pairs)
{
    struct samples samples;
    struct samples twins;
    int error = samples_collect(table, &cell->samples, &samples);
    int twins_error = samples_collect(table, &cell->twins, &twins);
    if (error == 0 && twins_error == 0)
        pairs_collect(table, &twins, &samples, metric, batch, pairs);
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
static int twins_ratio(const struct report_table *table, enum metric metric,
                       unsigned batch, uint64_t seed, struct ratio *ratio)
{
    size_t most = table->block_count * table->cell_count;
    double *room = calloc(2 * most + 1, sizeof *room);
    if (room == NULL)
        return -ENOMEM;
    struct pairs pairs = {.head = room, .base = room + most};
    int error = 0;
    for (size_t i = 0; error == 0 && i < table->cell_count; i++)
        if (table->cells[i].ranked)
            error = add_twins(table, &table->cells[i], metric, batch, &pairs);
    if (error == 0)
        error = statistics_ratio(pairs.head, pairs.base, pairs.n, seed, ratio);
    free(room);
    return error;
}

double table_noise_floor(const struct report_table *table, enum metric metric,
                         unsigned batch, uint64_t seed)
{
    struct ratio ratio;
    return twins_ratio(table, metric, batch, seed, &ratio) == 0 ? floor_of(&ratio)
                                                                : (double)NAN;
}

double table_noise_row_floor(const struct report_table *table,
                             const struct report_cell *cell,
                             const struct report_cell *base, enum metric metric)
{
    size_t blocks = table->block_count;
    double *room = calloc(4 * blocks + 1, sizeof *room);
    double floor = (double)NAN;
    if (room == NULL)
        return floor;
    struct pairs pairs = {.head = room, .base = room + 2 * blocks};
    if (add_twins(table, cell, metric, 0, &pairs) == 0 &&
        (base == NULL || add_twins(table, base, metric, 0, &pairs) == 0) &&
        pairs.n >= TABLE_NOISE_TWINS) {
        for (size_t i = 0; i < pairs.n; i++)
            pairs.head[i] = log(pairs.head[i] / pairs.base[i]);
        floor = exp(fabs(statistics_median(pairs.head, pairs.n))) - 1;
    }
    free(room);
    return floor;
}

// ---- blocks ------------------------------------------------------------------------

// How many blocks of the batch were disturbed; of those that count, if `counted`.
static size_t count_disturbed(const struct report_table *table, unsigned batch,
                              bool counted)
{
    size_t count = 0;
    for (size_t i = 0; i < table->block_count; i++) {
        const struct report_block *block = &table->blocks[i];
        count += samples_in_batch(table, i, batch) && block->disturbed != NULL &&
                 (!counted || (block->valid && !block->accepted));
    }
    return count;
}

bool table_noise_is_noisy(const struct report_table *table, unsigned batch)
{
    return count_disturbed(table, batch, true) > 0;
}

// The median of the times of one block; NAN unless all cells have one: medians of
// different cells cannot be compared.
static double block_median(const struct samples *samples, size_t cells, size_t block,
                           double *scratch)
{
    for (size_t i = 0; i < cells; i++) {
        if (samples[i].by_block[block] == NULL)
            return (double)NAN;
        scratch[i] = samples[i].by_block[block]->wall_ns;
    }
    return statistics_median(scratch, cells);
}

// Spearman's rho of the number of a block and its median, NAN: nothing to correlate.
static double drift_of(size_t blocks, const struct samples *samples, size_t cells)
{
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
    if (room != NULL && n >= DRIFT_BLOCKS_LEAST)
        rho = significance_spearman(room, room + blocks, n);
    free(room);
    return rho;
}

static int find_drift(const struct report_table *table, double *rho)
{
    struct samples *samples = calloc(table->cell_count + 1, sizeof *samples);
    if (samples == NULL)
        return -ENOMEM;
    size_t ranked = 0;
    int error = 0;
    for (size_t i = 0; error == 0 && i < table->cell_count; i++)
        if (table->cells[i].ranked)
            error = samples_collect(table, &table->cells[i].samples, &samples[ranked++]);
    *rho = error == 0 ? drift_of(table->block_count, samples, ranked) : (double)NAN;
    for (size_t i = 0; i < ranked; i++)
        samples_free(&samples[i]);
    free(samples);
    return error;
}

int table_noise_find(struct report_table *table, uint64_t seed)
{
    struct table_noise *own = &table->noise;
    enum metric metric = table->by_run ? METRIC_RUN : METRIC_WALL;
    if (twins_ratio(table, metric, 0, seed, &own->twins) != 0 ||
        find_drift(table, &own->drift) != 0)
        return -ENOMEM;
    own->floor = floor_of(&own->twins);
    own->disturbed = count_disturbed(table, 0, false);
    own->noisy = table_noise_is_noisy(table, 0);
    return 0;
}

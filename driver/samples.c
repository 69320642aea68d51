// SPDX-License-Identifier: MIT
//
// samples.c - see samples.h.
#include "driver/samples.h"

#include "driver/tree.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// Where the block with this number stands in the table, if it is valid; else `blocks`.
static size_t valid_block_index(json_t *blocks, double number)
{
    size_t index;
    json_t *block;
    json_array_foreach(blocks, index, block)
    {
        if (tree_number(block, "number") == number)
            return tree_true(block, "valid") ? index : json_array_size(blocks);
    }
    return json_array_size(blocks);
}

static int sample_counts(const json_t *sample)
{
    return tree_number(sample, "exit_code") == 0 && tree_number(sample, "wall_ns") > 0 &&
           strcmp(tree_text(sample, "record.status", ""), "ok") == 0;
}

static int collect(const json_t *table, json_t *list, struct samples *samples)
{
    json_t *blocks = tree_array(table, "blocks");
    *samples = (struct samples){.blocks = json_array_size(blocks)};
    samples->by_block = calloc(samples->blocks + 1, sizeof *samples->by_block);
    if (samples->by_block == NULL)
        return -ENOMEM;
    size_t number;
    json_t *sample;
    json_array_foreach(list, number, sample)
    {
        if (!sample_counts(sample))
            continue;
        size_t index = valid_block_index(blocks, tree_number(sample, "block"));
        if (index == samples->blocks || samples->by_block[index] != NULL)
            continue;
        samples->by_block[index] = sample;
        samples->n++;
    }
    return 0;
}

int samples_collect(const json_t *table, const json_t *cell, struct samples *samples)
{
    return collect(table, tree_array(cell, "samples"), samples);
}

int samples_collect_twins(const json_t *table, const json_t *cell,
                          struct samples *samples)
{
    return collect(table, tree_array(cell, "twins"), samples);
}

void samples_free(struct samples *samples)
{
    free(samples->by_block);
    samples->by_block = NULL;
}

bool samples_in_batch(const json_t *table, size_t index, unsigned batch)
{
    const json_t *block = json_array_get(tree_array(table, "blocks"), index);
    double own = tree_number(block, "batch");
    return batch == 0 || (isnan(own) ? 1 : own) == batch;
}

size_t samples_values(const struct samples *samples, const char *path, double *values)
{
    size_t n = 0;
    for (size_t i = 0; i < samples->blocks; i++) {
        double value = tree_number(samples->by_block[i], path);
        if (!isnan(value))
            values[n++] = value;
    }
    return n;
}

// SPDX-License-Identifier: MIT
//
// samples.c - see samples.h.
#include "driver/report/samples.h"

#include "driver/report/json.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// The blocks of a table, looked at once.
struct block_index {
    size_t count;
    double *numbers; // of each block, or NAN for one that is not valid
};

// Where the valid block with this number stands, else `count`. Usually block 1 is the
// first of them, and so on.
static size_t block_place(const struct block_index *blocks, double number)
{
    if (number >= 1 && number <= (double)blocks->count &&
        blocks->numbers[(size_t)number - 1] == number)
        return (size_t)number - 1;
    size_t place = 0;
    while (place < blocks->count && blocks->numbers[place] != number)
        place++;
    return place;
}

static int index_blocks(const json_t *table, struct block_index *index)
{
    json_t *blocks = tree_array(table, "blocks");
    index->count = json_array_size(blocks);
    index->numbers = calloc(index->count + 1, sizeof *index->numbers);
    if (index->numbers == NULL)
        return -ENOMEM;
    size_t place;
    json_t *block;
    json_array_foreach(blocks, place, block)
    {
        bool valid = tree_true(block, "valid");
        index->numbers[place] = valid ? tree_number(block, "number") : (double)NAN;
    }
    return 0;
}

static int sample_counts(const json_t *sample)
{
    return tree_number(sample, "exit_code") == 0 && tree_number(sample, "wall_ns") > 0 &&
           strcmp(tree_text(sample, "record.status", ""), "ok") == 0;
}

static int collect(const json_t *table, json_t *list, struct samples *samples)
{
    struct block_index blocks;
    *samples = (struct samples){0};
    if (index_blocks(table, &blocks) != 0)
        return -ENOMEM;
    samples->by_block = calloc(blocks.count + 1, sizeof *samples->by_block);
    samples->blocks = samples->by_block == NULL ? 0 : blocks.count;
    size_t number;
    json_t *sample;
    json_array_foreach(list, number, sample)
    {
        if (samples->by_block == NULL || !sample_counts(sample))
            continue;
        size_t place = block_place(&blocks, tree_number(sample, "block"));
        if (place == blocks.count || samples->by_block[place] != NULL)
            continue;
        samples->by_block[place] = sample;
        samples->n++;
    }
    free(blocks.numbers);
    return samples->by_block == NULL ? -ENOMEM : 0;
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

// SPDX-License-Identifier: MIT
//
// samples.h - which runs of a cell count. A run counts when its block is valid, the
// runner ended with 0, and its record says that the answer was right. A block is
// declared invalid by signals from outside before any time is looked at (never because
// a time looks odd), so leaving its runs out cannot favour anybody.
//
// The runs are kept by block, because models are compared within blocks.
#ifndef QUARTET_DRIVER_REPORT_SAMPLES_H
#define QUARTET_DRIVER_REPORT_SAMPLES_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

struct samples {
    size_t n;          // how many count
    size_t blocks;     // of the table
    json_t **by_block; // the run in each block of the table, or NULL; borrowed
};

// Finds the runs of `cell` that count; should there be two in one block, the first.
// 0 or -ENOMEM; samples_free() afterwards in both cases.
int samples_collect(const json_t *table, const json_t *cell, struct samples *samples);
void samples_free(struct samples *samples);

// The same for the second runs that a cell has in some blocks (measure/block.h).
int samples_collect_twins(const json_t *table, const json_t *cell,
                          struct samples *samples);

// Does the block at this index belong to the batch (measure/block.h)? Batch 0 are all.
bool samples_in_batch(const json_t *table, size_t index, unsigned batch);

// Writes the number at `path` of each run that has one to values[0..blocks), in the
// order of the blocks, and returns how many there are.
size_t samples_values(const struct samples *samples, const char *path, double *values);

#endif

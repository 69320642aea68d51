// SPDX-License-Identifier: MIT
//
// samples.h - which runs of a cell count. A run counts when its block is valid, the
// runner ended with 0, its record says that the answer was right, and
// nothing that is known contradicts it (sample_check.h). A block is
// declared invalid by signals from outside before any time is looked at (never because
// a time looks odd), so leaving its runs out cannot favour anybody.
//
// The runs are kept by block, because models are compared within blocks.
#ifndef QUARTET_DRIVER_ANALYSIS_SAMPLES_H
#define QUARTET_DRIVER_ANALYSIS_SAMPLES_H

#include "driver/report/model.h"

#include <stdbool.h>
#include <stddef.h>

struct samples {
    size_t n;      // how many count
    size_t blocks; // of the table
    const struct sample *
        *by_block; // the run in each block of the table, or NULL; borrowed
};

// Finds the runs of a cell that count, of its samples or its twins; should there be two in
// one block, the first. 0 or -ENOMEM; samples_free() afterwards in both cases.
int samples_collect(const struct report_table *table, const struct sample_list *list,
                    struct samples *samples);
void samples_free(struct samples *samples);

// Does the block at this index belong to the batch (measure/block.h)? Batch 0 are all.
bool samples_in_batch(const struct report_table *table, size_t index, unsigned batch);

// Writes what `value` gives of each run that has it to values[0..blocks), in the order of
// the blocks, and returns how many there are.
size_t samples_values(const struct samples *samples,
                      double (*value)(const struct sample *sample), double *values);

// Such values.
double sample_wall_ns(const struct sample *sample);
double sample_run_ns(const struct sample *sample);
double sample_cpu_ns(const struct sample *sample);    // user and system
double sample_caused_ns(const struct sample *sample); // and that of the peer, if known
double sample_operations(const struct sample *sample);

// Does the block of this number not count? One that is not there is not invalid.
bool samples_block_is_invalid(const struct report_table *table, double number);

#endif

// SPDX-License-Identifier: MIT
//
// samples.c - see samples.h.
#include "driver/analysis/samples.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

// Where the valid block with this number stands, else the number of blocks. Usually block
// 1 is the first of them, and so on.
static size_t block_place(const struct report_table *table, double number)
{
    const struct report_block *blocks = table->blocks;
    if (number >= 1 && number <= (double)table->block_count &&
        blocks[(size_t)number - 1].valid && blocks[(size_t)number - 1].number == number)
        return (size_t)number - 1;
    size_t place = 0;
    while (place < table->block_count &&
           !(blocks[place].valid && blocks[place].number == number))
        place++;
    return place;
}

bool samples_block_is_invalid(const struct report_table *table, double number)
{
    for (size_t i = 0; i < table->block_count; i++)
        if (table->blocks[i].number == number)
            return !table->blocks[i].valid;
    return false;
}

static bool counts(const struct sample *sample)
{
    return sample->exit_code == 0 && sample->wall_ns > 0 && sample->record.ok &&
           sample->refused == NULL;
}

int samples_collect(const struct report_table *table, const struct sample_list *list,
                    struct samples *samples)
{
    *samples = (struct samples){0};
    samples->by_block = calloc(table->block_count + 1, sizeof *samples->by_block);
    if (samples->by_block == NULL)
        return -ENOMEM;
    samples->blocks = table->block_count;
    for (size_t i = 0; i < list->count; i++) {
        if (!counts(&list->list[i]))
            continue;
        size_t place = block_place(table, list->list[i].block);
        if (place == samples->blocks || samples->by_block[place] != NULL)
            continue;
        samples->by_block[place] = &list->list[i];
        samples->n++;
    }
    return 0;
}

void samples_free(struct samples *samples)
{
    free(samples->by_block);
    samples->by_block = NULL;
}

bool samples_in_batch(const struct report_table *table, size_t index, unsigned batch)
{
    return batch == 0 || table->blocks[index].batch == batch;
}

size_t samples_values(const struct samples *samples,
                      double (*value)(const struct sample *sample), double *values)
{
    size_t n = 0;
    for (size_t i = 0; i < samples->blocks; i++) {
        if (samples->by_block[i] == NULL)
            continue;
        double number = value(samples->by_block[i]);
        if (!isnan(number))
            values[n++] = number;
    }
    return n;
}

double sample_wall_ns(const struct sample *sample)
{
    return sample->wall_ns;
}

double sample_run_ns(const struct sample *sample)
{
    return sample->record.phases_ns[PHASE_RUN];
}

double sample_cpu_ns(const struct sample *sample)
{
    return sample->record.user_ns + sample->record.system_ns;
}

double sample_caused_ns(const struct sample *sample)
{
    return sample_cpu_ns(sample) + sample->record.peer_cpu_ns;
}

double sample_operations(const struct sample *sample)
{
    return sample->record.operations;
}

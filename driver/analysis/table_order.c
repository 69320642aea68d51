// SPDX-License-Identifier: MIT
//
// table_order.c - see table_order.h.
#include "driver/analysis/table_order.h"

#include "driver/statistics/tukey.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

// The rows that are compared, in the order of the ranking.
struct compared {
    size_t count;
    size_t *cells; // their indexes
    size_t *row;   // by index of a cell
};

static void find_compared(const struct report_table *table, struct compared *compared)
{
    for (size_t rank = 0; rank < table->ranked; rank++) {
        size_t index = table->ranking[rank];
        if (table->cells[index].base_of != NULL)
            continue;
        compared->row[index] = compared->count;
        compared->cells[compared->count++] = index;
    }
}

// The logarithms of a block in which each row has a run that counts. false: one lacks.
static bool take_block(const struct report_table *table, const struct samples *samples,
                       const struct compared *compared, size_t block, double *logs)
{
    for (size_t row = 0; row < compared->count; row++) {
        const struct samples *own = &samples[compared->cells[row]];
        if (block >= own->blocks || own->by_block[block] == NULL)
            return false;
        const struct sample *sample = own->by_block[block];
        logs[row] = log(table->by_run ? sample_run_ns(sample) : sample->wall_ns);
    }
    return true;
}

int table_order_find(struct report_table *table, const struct samples *samples,
                     size_t tables)
{
    size_t most = table->ranked + 1;
    struct compared compared = {.cells = calloc(most, sizeof(size_t)),
                                .row = calloc(table->cell_count + 1, sizeof(size_t))};
    double *logs = calloc(most * (table->block_count + 1), sizeof *logs);
    double *p = calloc(most * most, sizeof *p);
    int error = -ENOMEM;
    if (compared.cells != NULL && compared.row != NULL && logs != NULL && p != NULL) {
        size_t n = 0;
        find_compared(table, &compared);
        for (size_t block = 0; block < table->block_count; block++)
            n += take_block(table, samples, &compared, block, logs + n * compared.count)
                     ? 1
                     : 0;
        tukey_compare(logs, n, compared.count, tables, p);
        for (size_t i = 0; i < table->pair_count; i++) {
            struct pair *pair = &table->pairs[i];
            pair->p_order =
                p[compared.row[pair->a] * compared.count + compared.row[pair->b]];
            pair->floor = table->noise.floor;
        }
        error = 0;
    }
    free(compared.cells);
    free(compared.row);
    free(logs);
    free(p);
    return error;
}

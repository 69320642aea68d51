// SPDX-License-Identifier: MIT
//
// schedule.c - see schedule.h.
#include "driver/measure/schedule.h"

#include "driver/measure/block.h"
#include "driver/statistics/order.h"
#include "lib/allocate.h"
#include "lib/mix.h"

// Is it in the order of the rounds? What fails in one of them keeps its place there, so
// that the order is the same when the session goes on after an interruption.
static bool has_place(const struct cell *cell)
{
    return cell->live || cell->result->samples.count > 0;
}

// Each table has a sequence of its own, drawn from the seed and its name: it does not
// matter for its order which other tables are measured, nor how many rounds follow.
static uint64_t seed_of(const struct batch *batch, const struct table *table)
{
    uint64_t seed = batch->seed;
    for (const char *text = table->result->id; *text != '\0'; text++)
        seed = mix_into(seed, (unsigned char)*text);
    return seed;
}

// Rows that are ranked against each other. The twin is one more cell as far as the order is
// concerned.
static void order_cells(uint64_t seed, const uint8_t *placed, size_t count,
                        unsigned rounds, uint8_t *order)
{
    order_make(seed, count + 1, rounds, order);
    for (size_t i = 0; i < (count + 1) * rounds; i++) {
        size_t round = i / (count + 1);
        order[i] = order[i] < count ? placed[order[i]]
                                    : (uint8_t)(placed[round % count] | BLOCK_TWIN);
    }
}

// Rows of which each is compared with its base: placed[2 p] and placed[2 p + 1].
static void order_pairs(uint64_t seed, const uint8_t *placed, size_t count,
                        unsigned rounds, uint8_t *order)
{
    order_make_pairs(seed, count / 2, rounds, order);
    for (size_t i = 0; i < (count + 1) * rounds; i++)
        order[i] = (uint8_t)(placed[order[i] & ~ORDER_TWIN] |
                             ((order[i] & ORDER_TWIN) != 0 ? BLOCK_TWIN : 0));
}

// The numbers of all cells that run; where there are bases, of the rows that have one, row
// and base after each other: what has nothing to be compared with need not run.
static size_t place_cells(const struct table *table, uint8_t *placed, bool *paired)
{
    size_t count = 0;
    *paired = false;
    for (size_t i = 0; i < table->count; i++)
        *paired = *paired || table->cells[i].base != NULL;
    for (size_t i = 0; i < table->count; i++) {
        const struct cell *cell = &table->cells[i];
        if (!has_place(cell) ||
            (*paired && (cell->base == NULL || !has_place(cell->base))))
            continue;
        placed[count++] = (uint8_t)i;
        if (*paired)
            placed[count++] = (uint8_t)(cell->base - table->cells);
    }
    return count;
}

struct schedule schedule_make(const struct batch *batch, const struct table *table)
{
    uint8_t placed[TABLE_CELLS_MAXIMUM];
    bool paired;
    size_t count = place_cells(table, placed, &paired);
    struct schedule schedule = {.count = count == 0 ? 0 : count + 1};
    schedule.order = allocate(schedule.count * batch->last, 1);
    if (count > 0)
        (paired ? order_pairs : order_cells)(seed_of(batch, table), placed, count,
                                             batch->last, schedule.order);
    return schedule;
}

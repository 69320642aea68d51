// SPDX-License-Identifier: MIT
//
// Williams squares, relabelled and shuffled: see order.h.
#include "driver/statistics/order.h"

#include "driver/statistics/random.h"
#include "lib/check.h"

// The numbers 0 ... count-1 in random order, each order equally likely (Fisher-Yates).
static void shuffle(struct random *random, uint8_t *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        numbers[i] = (uint8_t)i;
    for (size_t i = count; i > 1; i--) {
        size_t j = (size_t)random_below(random, i);
        uint8_t swapped = numbers[i - 1];
        numbers[i - 1] = numbers[j];
        numbers[j] = swapped;
    }
}

// Row 0 is 0, 1, n-1, 2, n-2, ...: it walks to and fro, so that the steps between
// neighbours, 1, -2, 3, -4, ..., are all different modulo n when n is even. Row r adds r
// to each: so each step occurs once from each start.
static size_t williams(size_t cells, size_t row, size_t position)
{
    size_t zigzag = position % 2 == 1 ? (position + 1) / 2 : cells - position / 2;
    return (zigzag + row) % cells;
}

// Rows n ... 2n-1, for odd n, are rows 0 ... n-1 read backwards: they have the steps
// that are missing, and the others once more.
static size_t square_at(size_t cells, size_t row, size_t position)
{
    if (row < cells)
        return williams(cells, row, position);
    return williams(cells, row - cells, cells - 1 - position);
}

size_t order_period(size_t cells)
{
    return cells % 2 == 0 || cells == 1 ? cells : 2 * cells;
}

void order_make(uint64_t seed, size_t cells, size_t rounds, uint8_t *order)
{
    CHECK(cells <= ORDER_CELLS_MAXIMUM);
    if (cells == 0)
        return;
    uint8_t labels[ORDER_CELLS_MAXIMUM];
    uint8_t rows[2 * ORDER_CELLS_MAXIMUM];
    struct random random;
    random_init(&random, seed);
    size_t period = order_period(cells);
    for (size_t round = 0; round < rounds; round++) {
        if (round % period == 0) {
            shuffle(&random, labels, cells);
            shuffle(&random, rows, period);
        }
        for (size_t position = 0; position < cells; position++) {
            size_t cell = square_at(cells, rows[round % period], position);
            order[round * cells + position] = labels[cell];
        }
    }
}

// One round. first[pair] is 0 or 1: who of the pair runs first.
static void place_pairs(struct random *random, size_t pairs, size_t twin,
                        const uint8_t *first, uint8_t *order)
{
    uint8_t rows[ORDER_PAIRS_MAXIMUM];
    size_t position = 0;
    shuffle(random, rows, pairs);
    for (size_t i = 0; i < pairs; i++) {
        size_t pair = rows[i];
        order[position++] = (uint8_t)(2 * pair + first[pair]);
        order[position++] = (uint8_t)(2 * pair + 1 - first[pair]);
        if (pair == twin) {
            order[position] = order[position - 1] | ORDER_TWIN;
            position++;
        }
    }
}

void order_make_pairs(uint64_t seed, size_t pairs, size_t rounds, uint8_t *order)
{
    uint8_t first[ORDER_PAIRS_MAXIMUM] = {0};
    struct random random;
    CHECK(pairs <= ORDER_PAIRS_MAXIMUM);
    random_init(&random, seed);
    for (size_t round = 0; pairs > 0 && round < rounds; round++) {
        for (size_t pair = 0; pair < pairs; pair++)
            first[pair] = round % 2 == 0 ? (uint8_t)random_below(&random, 2)
                                         : (uint8_t)(1 - first[pair]);
        place_pairs(&random, pairs, round % pairs, first,
                    order + round * (2 * pairs + 1));
    }
}

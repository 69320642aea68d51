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

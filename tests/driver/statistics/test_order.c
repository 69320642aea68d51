// SPDX-License-Identifier: MIT
//
// test_order.c - driver/statistics/order.c: a whole period is balanced, for even and odd counts;
// every round has every cell once; the seed alone decides.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "driver/statistics/order.h"

#include <stdbool.h>
#include <string.h>

#define CELLS_MAX  17
#define ROUNDS_MAX (4 * CELLS_MAX)

// How often each cell ran just after each other one.
static void count_neighbours(const uint8_t *order, size_t cells, size_t rounds,
                             unsigned after[CELLS_MAX][CELLS_MAX])
{
    memset(after, 0, sizeof(unsigned[CELLS_MAX][CELLS_MAX]));
    for (size_t round = 0; round < rounds; round++)
        for (size_t i = 1; i < cells; i++)
            after[order[round * cells + i - 1]][order[round * cells + i]]++;
}

static void each_pair_is_equally_often_neighbours(void **state)
{
    (void)state;
    for (size_t cells = 2; cells <= CELLS_MAX; cells++) {
        uint8_t order[CELLS_MAX * ROUNDS_MAX];
        unsigned after[CELLS_MAX][CELLS_MAX];
        size_t rounds = order_period(cells);
        order_make(cells * 31, cells, rounds, order);
        count_neighbours(order, cells, rounds, after);
        unsigned expected = cells % 2 == 0 ? 1 : 2;
        for (size_t a = 0; a < cells; a++)
            for (size_t b = 0; b < cells; b++)
                assert_int_equal(after[a][b], a == b ? 0 : expected);
    }
}

static void each_cell_is_equally_often_at_each_position(void **state)
{
    (void)state;
    for (size_t cells = 1; cells <= CELLS_MAX; cells++) {
        uint8_t order[CELLS_MAX * ROUNDS_MAX];
        unsigned at[CELLS_MAX][CELLS_MAX] = {{0}};
        size_t rounds = order_period(cells);
        order_make(7, cells, rounds, order);
        for (size_t round = 0; round < rounds; round++)
            for (size_t i = 0; i < cells; i++)
                at[order[round * cells + i]][i]++;
        for (size_t cell = 0; cell < cells; cell++)
            for (size_t i = 0; i < cells; i++)
                assert_int_equal(at[cell][i], rounds / cells);
    }
}

static void each_round_has_each_cell_once(void **state)
{
    (void)state;
    for (size_t cells = 1; cells <= CELLS_MAX; cells++) {
        uint8_t order[CELLS_MAX * ROUNDS_MAX];
        order_make(1, cells, ROUNDS_MAX, order);
        for (size_t round = 0; round < ROUNDS_MAX; round++) {
            unsigned seen = 0;
            for (size_t i = 0; i < cells; i++)
                seen |= 1U << order[round * cells + i];
            assert_int_equal(seen, (1U << cells) - 1);
        }
    }
}

static void the_seed_decides(void **state)
{
    (void)state;
    uint8_t first[5 * 12];
    uint8_t again[5 * 12];
    uint8_t other[5 * 12];
    order_make(42, 5, 12, first);
    order_make(42, 5, 12, again);
    order_make(43, 5, 12, other);
    assert_memory_equal(first, again, sizeof first);
    assert_memory_not_equal(first, other, sizeof first);
}

// A short session is the beginning of a long one.
static void more_rounds_go_on_where_fewer_end(void **state)
{
    (void)state;
    uint8_t few[4 * 4];
    uint8_t many[4 * 12];
    order_make(9, 4, 4, few);
    order_make(9, 4, 12, many);
    assert_memory_equal(few, many, sizeof few);
}

// Over many seeds each cell begins a session about equally often (chi-squared test with
// 4 degrees of freedom: 18.47 is exceeded by chance once in a thousand).
static void no_cell_is_preferred(void **state)
{
    (void)state;
    double begins[5] = {0};
    uint8_t order[5];
    for (uint64_t seed = 0; seed < 5000; seed++) {
        order_make(seed, 5, 1, order);
        begins[order[0]]++;
    }
    double chi_squared = 0;
    for (int i = 0; i < 5; i++)
        chi_squared += (begins[i] - 1000) * (begins[i] - 1000) / 1000;
    assert_true(chi_squared < 18.47);
}

// The two of each pair stand next to each other; each is first in one of every two rounds;
// the twin stands right behind itself, and each pair gets one in turn.
static void pairs_are_neighbours(void **state)
{
    (void)state;
    for (size_t pairs = 1; pairs <= 9; pairs++) {
        enum { ROUNDS = 40 };
        uint8_t order[ROUNDS * (2 * 9 + 1)];
        unsigned heads_first[9] = {0};
        size_t count = 2 * pairs + 1;
        order_make_pairs(pairs * 7, pairs, ROUNDS, order);
        for (size_t round = 0; round < ROUNDS; round++) {
            const uint8_t *own = order + round * count;
            unsigned seen[9] = {0};
            for (size_t i = 0; i < count;) {
                size_t pair = own[i] / 2;
                assert_int_equal(own[i] ^ 1, own[i + 1]);
                seen[pair]++;
                heads_first[pair] += own[i] % 2;
                i += 2;
                bool twin = pair == round % pairs;
                if (twin)
                    assert_int_equal(own[i], own[i - 1] | ORDER_TWIN);
                i += twin ? 1 : 0;
            }
            for (size_t pair = 0; pair < pairs; pair++)
                assert_int_equal(seen[pair], 1);
        }
        for (size_t pair = 0; pair < pairs; pair++)
            assert_int_equal(heads_first[pair], ROUNDS / 2);
    }
}

// The rounds that follow do not change those before; the seed alone decides.
static void pairs_follow_from_the_seed(void **state)
{
    (void)state;
    uint8_t few[4 * 7];
    uint8_t many[12 * 7];
    uint8_t others[12 * 7];
    order_make_pairs(11, 3, 4, few);
    order_make_pairs(11, 3, 12, many);
    order_make_pairs(12, 3, 12, others);
    assert_memory_equal(few, many, sizeof few);
    assert_memory_not_equal(many, others, sizeof many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_pair_is_equally_often_neighbours),
        cmocka_unit_test(each_cell_is_equally_often_at_each_position),
        cmocka_unit_test(each_round_has_each_cell_once),
        cmocka_unit_test(the_seed_decides),
        cmocka_unit_test(more_rounds_go_on_where_fewer_end),
        cmocka_unit_test(no_cell_is_preferred),
        cmocka_unit_test(pairs_are_neighbours),
        cmocka_unit_test(pairs_follow_from_the_seed),
    };
    return cmocka_run_group_tests_name("order", tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
//
// test_tail.c - driver/statistics/tail.c: a percentile against all values sorted, and how
// often tails that do not differ are told apart, and tails that do are not. The latencies of
// a block share its luck, as those of a run do.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "driver/statistics/random.h"
#include "driver/statistics/tail.h"
#include "driver/statistics/verdict.h"
#include "tests/driver/statistics/draw.h"

#include <math.h>
#include <stdlib.h>

enum { OPERATIONS = 1000, TRIALS = 40 };

// One block of one build: latencies around 1 ms; of one in fifty, a hiccup makes `tail` ms.
static void draw_block(struct tail *build, size_t block, double luck, double tail,
                       struct random *random)
{
    for (int i = 0; i < OPERATIONS; i++) {
        double ms = 1 + 0.1 * draw_normal(random);
        if (random_below(random, 50) == 0)
            ms = tail * (1 + 0.2 * draw_normal(random));
        tail_add(build, block, floor(1e6 * fabs(ms) * luck), 1);
    }
}

static struct tail_comparison compare(size_t blocks, double tail, struct random *random)
{
    struct tail head = {0};
    struct tail base = {0};
    struct tail_comparison found;
    for (size_t i = 0; i < blocks; i++) {
        draw_block(&head, i, exp(0.1 * draw_normal(random)), tail, random);
        draw_block(&base, i, exp(0.1 * draw_normal(random)), 3, random);
    }
    tail_compare(&head, &base, blocks, random_next(random), &found);
    tail_free(&head);
    tail_free(&base);
    return found;
}

static int ascending(const void *a, const void *b)
{
    double one = *(const double *)a;
    double other = *(const double *)b;
    return (one > other) - (one < other);
}

static void the_percentile_is_that_of_all_values(void **state)
{
    (void)state;
    struct random random;
    struct tail head = {0};
    struct tail base = {0};
    struct tail_comparison found;
    double values[3 * OPERATIONS];
    random_init(&random, 1);
    for (size_t i = 0; i < 3; i++)
        draw_block(&head, i, 1 + (double)i, 3, &random);
    for (size_t i = 0; i < 3; i++)
        tail_add(&base, i, 1000, 10); // all alike
    for (size_t i = 0; i < head.count; i++)
        values[i] = head.list[i].ns;
    qsort(values, head.count, sizeof *values, ascending);
    tail_compare(&head, &base, 3, 1, &found);
    // At most one in a hundred, 30 of 3000, lies beyond it.
    assert_true(found.head == values[3 * OPERATIONS - 1 - 30]);
    assert_true(found.base == 1000);
    assert_true(found.ratio.estimate == found.head / 1000);
    assert_true(found.ratio.interval.confidence == 0); // of three blocks nothing is known
    tail_free(&head);
    tail_free(&base);
}

static void equal_tails_are_not_told_apart(void **state)
{
    (void)state;
    struct random random;
    int covered = 0;
    random_init(&random, 2);
    for (int i = 0; i < TRIALS; i++) {
        struct tail_comparison found = compare(20, 3, &random);
        const struct interval *interval = &found.ratio.interval;
        covered += interval->low <= 1 && 1 <= interval->high ? 1 : 0;
        assert_true(interval->low <= verdict_border(0.25));
        assert_true(interval->low <= found.ratio.estimate);
        assert_true(interval->high >= found.ratio.estimate);
    }
    assert_true(covered >= TRIALS * 95 / 100);
}

static void a_longer_tail_is_found(void **state)
{
    (void)state;
    struct random random;
    int found = 0;
    random_init(&random, 3);
    for (int i = 0; i < TRIALS; i++) {
        struct tail_comparison tails = compare(40, 3 * 1.4, &random);
        found +=
            tails.ratio.interval.low > verdict_border(0.25) && tails.p < 0.05 ? 1 : 0;
    }
    assert_true(found >= TRIALS * 95 / 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_percentile_is_that_of_all_values),
        cmocka_unit_test(equal_tails_are_not_told_apart),
        cmocka_unit_test(a_longer_tail_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

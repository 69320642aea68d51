// SPDX-License-Identifier: MIT
//
// test_anytime.c - driver/statistics/anytime.c: capital against its integral and by hand, what
// it takes to win, and that looking at each pair fools nobody more often than promised.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "driver/statistics/anytime.h"
#include "driver/statistics/random.h"
#include "tests/driver/statistics/draw.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

// The fair game itself: the mean, over coins from 1/2 to 1, of what betting on that coin
// brings: p/(1/2) for each head, (1-p)/(1/2) for each tail. By Simpson's rule.
static double integrated_capital(unsigned heads, unsigned n)
{
    enum { STEPS = 2000 };
    double sum = 0;
    for (int i = 0; i <= STEPS; i++) {
        double p = 0.5 + 0.5 * i / STEPS;
        double weight = i == 0 || i == STEPS ? 1 : i % 2 == 1 ? 4 : 2;
        sum += weight * pow(2 * p, heads) * pow(2 * (1 - p), n - heads);
    }
    return sum / (3.0 * STEPS);
}

static void capital_is_the_integral(void **state)
{
    (void)state;
    for (unsigned n = 0; n <= 60; n++)
        for (unsigned heads = 0; heads <= n; heads++) {
            double expected = integrated_capital(heads, n);
            double found = exp(anytime_log_capital(heads, n));
            assert_true(fabs(found / expected - 1) < 1e-6);
        }
    // By hand: of one coin 3/2 or 1/2; of two heads 7/3.
    assert_true(fabs(exp(anytime_log_capital(1, 1)) - 1.5) < 1e-12);
    assert_true(fabs(exp(anytime_log_capital(0, 1)) - 0.5) < 1e-12);
    assert_true(fabs(exp(anytime_log_capital(2, 2)) - 7.0 / 3) < 1e-12);
}

// Before each coin the expected capital after it is what one has.
static void the_game_is_fair(void **state)
{
    (void)state;
    for (size_t n = 0; n <= 200; n++)
        for (size_t heads = 0; heads <= n; heads++) {
            double now = anytime_log_capital(heads, n);
            double head = exp(anytime_log_capital(heads + 1, n + 1) - now);
            double tail = exp(anytime_log_capital(heads, n + 1) - now);
            assert_true(fabs((head + tail) / 2 - 1) < 1e-9);
        }
}

static void it_takes_so_many_pairs(void **state)
{
    (void)state;
    static const struct {
        size_t comparisons;
        unsigned pairs;
    } known[] = {{1, ANYTIME_PAIRS_LEAST}, {8, 11}, {44, 14}, {126, 16}};
    double d[32];
    for (size_t i = 0; i < 32; i++)
        d[i] = 0.01 * (double)(i + 1);
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        unsigned n = anytime_pairs_needed(known[i].comparisons, 0.05);
        assert_int_equal(n, known[i].pairs);
        assert_true(anytime_p(d, n) * (double)known[i].comparisons < 0.05);
        assert_true(anytime_p(d, n - 1) * (double)known[i].comparisons >= 0.05);
    }
}

static void the_interval_is_of_two_of_the_ratios(void **state)
{
    (void)state;
    double d[] = {7, 3, 5, 1, 8, 2, 6, 4};
    struct ratio ratio;
    anytime_ratio(d, 7, &ratio);
    assert_true(isnan(ratio.interval.low) && ratio.interval.confidence == 0);
    anytime_ratio(d, 8, &ratio);
    assert_true(fabs(log(ratio.interval.low) - 1) < 1e-12);
    assert_true(fabs(log(ratio.interval.high) - 8) < 1e-12);
    assert_true(fabs(log(ratio.estimate) - 4.5) < 1e-12);
    assert_true(ratio.interval.confidence == STATISTICS_LEVEL);
    anytime_ratio(d, 0, &ratio);
    assert_true(isnan(ratio.estimate) && ratio.n == 0);
}

// Equal pairs say nothing; order, scale and outliers do not matter.
static void only_signs_count(void **state)
{
    (void)state;
    double plain[] = {1, 1, -1, 1, 1, 1, 1, 1, 1, 1};
    double wild[] = {0, 1e9, 3, 2, -1e-9, 4, 5, 0, 6, 1, 1, 1};
    assert_true(anytime_p(plain, 10) == anytime_p(wild, 12));
    double negative[10];
    for (size_t i = 0; i < 10; i++)
        negative[i] = -plain[i];
    assert_true(anytime_p(plain, 10) == anytime_p(negative, 10));
    assert_true(anytime_p(plain, 0) == 1);
    double zeros[12] = {0};
    assert_true(anytime_p(zeros, 12) == 1);
}

// As in a small table: more than half of the pairs by some square root of them, whatever 2^-n is.
static void thousands_of_pairs_are_numbers_too(void **state)
{
    (void)state;
    enum { PAIRS = 3000 };
    double d[PAIRS];
    for (size_t n = 1000; n <= PAIRS; n += 100) {
        size_t needed = anytime_pairs_above(n, 0.05);
        assert_true(needed > n / 2 && needed < n / 2 + 3 * (size_t)sqrt((double)n));
        assert_true(anytime_log_capital(needed - 1, n) < log(40));
        assert_true(anytime_log_capital(needed, n) >= log(40));
        for (size_t i = 0; i < n; i++)
            d[i] = 1;
        assert_true(anytime_p(d, n) < 1e-200);
    }
}

// Of streams without a difference, looked at after each of 200 pairs, at most one in
// twenty ever shows p < 0.05, or an interval without the truth: the promise of anytime.h.
static void looking_often_fools_nobody(void **state)
{
    (void)state;
    enum { STREAMS = 1000, PAIRS = 200 };
    struct random random;
    unsigned fooled = 0;
    unsigned missed = 0;
    random_init(&random, 5);
    for (unsigned i = 0; i < STREAMS; i++) {
        double d[PAIRS];
        bool significant = false;
        bool outside = false;
        for (size_t n = 1; n <= PAIRS; n++) {
            double copy[PAIRS];
            struct ratio ratio;
            d[n - 1] = draw_normal(&random);
            memcpy(copy, d, n * sizeof *copy);
            significant = significant || anytime_p(copy, n) < 0.05;
            anytime_ratio(copy, n, &ratio);
            outside = outside || ratio.interval.low > 1 || ratio.interval.high < 1;
        }
        fooled += significant ? 1 : 0;
        missed += outside ? 1 : 0;
    }
    assert_true(fooled <= STREAMS / 20);
    assert_true(missed <= STREAMS / 20);
    assert_true(missed > 0); // or the interval is needlessly wide
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(capital_is_the_integral),
        cmocka_unit_test(the_game_is_fair),
        cmocka_unit_test(it_takes_so_many_pairs),
        cmocka_unit_test(the_interval_is_of_two_of_the_ratios),
        cmocka_unit_test(only_signs_count),
        cmocka_unit_test(thousands_of_pairs_are_numbers_too),
        cmocka_unit_test(looking_often_fools_nobody),
    };
    return cmocka_run_group_tests_name("stream", tests, NULL, NULL);
}

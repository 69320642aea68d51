// SPDX-License-Identifier: MIT
//
// test_floor.c - driver/statistics/floor.c: the floor of drawn noise is the one that theory says,
// shrinks with the number of pairs, and the verdict's false alarms are as rare as the
// noise deserves.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "driver/statistics/floor.h"
#include "driver/statistics/random.h"
#include "driver/statistics/verdict.h"
#include "tests/driver/statistics/draw.h"

#include <math.h>

#define STUDIES 20

// The mean of the floors of many sessions of n pairs whose logarithms are normal.
static double mean_floor(size_t n, double deviation, uint64_t seed)
{
    struct random random;
    double total = 0;
    random_init(&random, seed);
    for (size_t i = 0; i < STUDIES; i++) {
        double d[64];
        struct floor_study study;
        for (size_t j = 0; j < n; j++)
            d[j] = deviation * draw_normal(&random);
        assert_int_equal(floor_study(d, n, VERDICT_THRESHOLD, i, &study), 0);
        assert_int_equal(study.sessions, FLOOR_SESSIONS);
        total += study.floor;
    }
    return total / STUDIES;
}

// The median has the variance (pi / 2) s^2 / n (P. Laplace, 1818), so 95 % of them lie within
// 1.96 times its root.
static void normal_noise_has_the_floor_of_theory(void **state)
{
    (void)state;
    static const size_t counts[] = {12, 20, 30};
    for (size_t i = 0; i < 3; i++) {
        double theory = 1.96 * 0.01 * sqrt(1.5708 / (double)counts[i]);
        double found = mean_floor(counts[i], 0.01, i + 1);
        assert_true(fabs(found / theory - 1) < 0.12);
    }
}

static void the_floor_grows_with_the_noise(void **state)
{
    (void)state;
    double ratio = mean_floor(20, 0.02, 7) / mean_floor(20, 0.01, 7);
    assert_true(fabs(ratio - 2) < 0.05);
}

// Head and base can change their names.
static void a_side_that_is_slower_does_not_lower_the_floor(void **state)
{
    (void)state;
    double d[20];
    double mirrored[20];
    struct floor_study one;
    struct floor_study other;
    for (size_t i = 0; i < 20; i++) {
        d[i] = 0.05 + 0.001 * (double)i;
        mirrored[i] = i % 2 == 0 ? d[i] : -d[i];
    }
    assert_int_equal(floor_study(d, 20, 0.05, 1, &one), 0);
    assert_int_equal(floor_study(mirrored, 20, 0.05, 1, &other), 0);
    assert_true(one.floor > 0.02);
    assert_true(fabs(one.floor / other.floor - 1) < 0.2);
}

static void what_never_differs_has_floor_zero(void **state)
{
    (void)state;
    const double d[20] = {0};
    struct floor_study study;
    assert_int_equal(floor_study(d, 20, 0.05, 1, &study), 0);
    assert_true(study.floor == 0);
    assert_int_equal(study.sessions, FLOOR_SESSIONS);
    assert_int_equal(study.suspected, 0);
}

static void too_few_pairs_have_no_floor(void **state)
{
    (void)state;
    const double d[] = {0.1, -0.1, 0.2, 0.1, 0.3};
    struct floor_study study;
    for (size_t n = 0; n <= 5; n++) {
        assert_int_equal(floor_study(d, n, 0.05, 1, &study), 0);
        assert_true(isnan(study.floor));
        assert_int_equal(study.sessions, 0);
    }
}

static void the_same_seed_gives_the_same_study(void **state)
{
    (void)state;
    double d[20];
    struct random random;
    random_init(&random, 3);
    for (size_t i = 0; i < 20; i++)
        d[i] = 0.02 * draw_normal(&random);
    struct floor_study one;
    struct floor_study again;
    struct floor_study other;
    assert_int_equal(floor_study(d, 20, 0.05, 1, &one), 0);
    assert_int_equal(floor_study(d, 20, 0.05, 1, &again), 0);
    assert_int_equal(floor_study(d, 20, 0.05, 2, &other), 0);
    assert_true(one.floor == again.floor);
    assert_true(one.floor != other.floor);
}

// With a threshold far below the noise a gate errs sometimes, but not more often than one
// in twenty; with the usual threshold, quiet noise never errs.
static void false_alarms_are_counted(void **state)
{
    (void)state;
    struct random random;
    struct floor_study study;
    double quiet[20];
    double noisy[20];
    size_t suspected = 0;
    random_init(&random, 5);
    for (size_t i = 0; i < 20; i++)
        quiet[i] = 0.004 * draw_normal(&random);
    assert_int_equal(floor_study(quiet, 20, 0.05, 1, &study), 0);
    assert_int_equal(study.suspected, 0);
    assert_int_equal(study.confirmed, 0);
    for (size_t i = 0; i < 20; i++)
        noisy[i] = 0.3 * draw_normal(&random);
    for (uint64_t seed = 0; seed < 10; seed++) {
        assert_int_equal(floor_study(noisy, 20, 0.001, seed, &study), 0);
        suspected += study.suspected;
        assert_true(study.suspected <= FLOOR_SESSIONS / 20);
        assert_true(study.confirmed <= study.suspected);
    }
    assert_true(suspected > 0); // or nothing has been counted
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(normal_noise_has_the_floor_of_theory),
        cmocka_unit_test(the_floor_grows_with_the_noise),
        cmocka_unit_test(a_side_that_is_slower_does_not_lower_the_floor),
        cmocka_unit_test(what_never_differs_has_floor_zero),
        cmocka_unit_test(too_few_pairs_have_no_floor),
        cmocka_unit_test(the_same_seed_gives_the_same_study),
        cmocka_unit_test(false_alarms_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

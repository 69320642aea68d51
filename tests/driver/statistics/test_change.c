// SPDX-License-Identifier: MIT
//
// test_change.c - change points against an independent program and a published series
// (change_golden.py), and over histories of sixty commits with known steps.
#include "driver/statistics/change.h"
#include "driver/statistics/random.h"
#include "lib/check.h"
#include "tests/driver/statistics/draw.h"
#include "tests/driver/statistics/golden.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#define COMMITS   60
#define HISTORIES 30
#define LEVEL     (0.05 / HISTORIES) // of one row, where thirty rows are looked at
#define NOISE     0.01               // of one report

static int open_golden(void **state)
{
    return golden_open(state, "tests/driver/statistics/change_golden.json");
}

static void places_and_p_are_those_of_the_definition(void **state)
{
    size_t index;
    const json_t *one;
    double level = json_number_value(json_object_get(*state, "level"));
    json_array_foreach(golden_samples(state, "series"), index, one)
    {
        double values[GOLDEN_VALUES];
        struct change found[GOLDEN_VALUES];
        double wanted[GOLDEN_VALUES];
        size_t n = golden_values(one, "values", values);
        size_t count = golden_values(one, "changes", wanted);
        double q = json_number_value(json_object_get(one, "q"));
        double p = json_number_value(json_object_get(one, "p"));
        struct change best = change_best(values, n);
        assert_int_equal(best.first, json_integer_value(json_object_get(one, "first")));
        assert_true(fabs(best.q / q - 1) < 1e-9);
        assert_int_equal(change_find(values, n, level, 1, found), count);
        assert_true((p <= level) == (count > 0));
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(found[i].first, (size_t)wanted[i]);
            if (found[i].first == best.first) // both shuffled, each in its own way
                assert_true(fabs(found[i].p - p) < 4 * sqrt(p / 500) + 1e-3);
        }
    }
}

// The Nile fell after 1898, the 28th year of the series.
static void the_nile_fell_after_1898(void **state)
{
    double values[GOLDEN_VALUES];
    struct change found[GOLDEN_VALUES];
    const json_t *nile = json_array_get(golden_samples(state, "series"), 0);
    size_t n = golden_values(nile, "values", values);
    assert_int_equal(n, 100);
    assert_int_equal(change_find(values, n, 0.01, 7, found), 1);
    assert_int_equal(found[0].first, 28);
    assert_true(found[0].p < 0.001);
}

// Logarithms of the medians of sixty reports.
static void draw_history(struct random *random, double *values)
{
    for (size_t i = 0; i < COMMITS; i++)
        values[i] = NOISE * draw_normal(random);
}

static void equal_commits_raise_no_alarm(void **state)
{
    (void)state;
    size_t alarms = 0;
    struct random random;
    random_init(&random, 20261128);
    for (size_t i = 0; i < HISTORIES; i++) {
        double values[COMMITS];
        struct change found[COMMITS];
        draw_history(&random, values);
        alarms += change_find(values, COMMITS, LEVEL, i, found);
    }
    assert_int_equal(alarms, 0);
}

static bool is_found(const struct change *found, size_t count, size_t step)
{
    for (size_t i = 0; i < count; i++)
        if (found[i].first + 2 >= step && found[i].first <= step + 2)
            return true;
    return false;
}

// Two steps of 5 %, at places that differ from history to history.
static void steps_are_found_within_two_commits(void **state)
{
    (void)state;
    struct random random;
    random_init(&random, 4);
    for (size_t i = 0; i < 20; i++) {
        double values[COMMITS];
        struct change found[COMMITS];
        const size_t steps[] = {14 + i % 5, 33 + i % 7};
        draw_history(&random, values);
        for (size_t j = 0; j < COMMITS; j++)
            values[j] += log(1.05) * ((j >= steps[0] ? 1 : 0) + (j >= steps[1] ? 1 : 0));
        size_t count = change_find(values, COMMITS, LEVEL, i, found);
        assert_int_equal(count, 2);
        assert_true(is_found(found, count, steps[0]));
        assert_true(is_found(found, count, steps[1]));
    }
}

static void little_and_constant_series_have_no_change(void **state)
{
    (void)state;
    const double values[COMMITS] = {1, 1, 1, 9, 9};
    const double constant[COMMITS] = {0};
    struct change found[COMMITS];
    assert_int_equal(change_find(values, 5, 0.05, 1, found), 0);
    assert_int_equal(change_best(values, 5).first, 0);
    assert_int_equal(change_find(values, 0, 0.05, 1, found), 0);
    assert_int_equal(change_find(constant, COMMITS, 0.05, 1, found), 0);
}

static void one_outlier_is_no_change(void **state)
{
    (void)state;
    struct random random;
    double values[COMMITS];
    struct change found[COMMITS];
    random_init(&random, 9);
    draw_history(&random, values);
    values[30] += 0.5;
    assert_int_equal(change_find(values, COMMITS, LEVEL, 1, found), 0);
}

static void the_same_seed_gives_the_same_p(void **state)
{
    double values[GOLDEN_VALUES];
    struct change one[GOLDEN_VALUES];
    struct change other[GOLDEN_VALUES];
    size_t n = golden_values(json_array_get(golden_samples(state, "series"), 4), "values",
                             values);
    size_t count = change_find(values, n, 0.01, 5, one);
    assert_int_equal(count, change_find(values, n, 0.01, 5, other));
    assert_true(count > 0);
    assert_memory_equal(one, other, count * sizeof *one);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(places_and_p_are_those_of_the_definition),
        cmocka_unit_test(the_nile_fell_after_1898),
        cmocka_unit_test(equal_commits_raise_no_alarm),
        cmocka_unit_test(steps_are_found_within_two_commits),
        cmocka_unit_test(little_and_constant_series_have_no_change),
        cmocka_unit_test(one_outlier_is_no_change),
        cmocka_unit_test(the_same_seed_gives_the_same_p),
    };
    return cmocka_run_group_tests_name("change", tests, open_golden, golden_close);
}

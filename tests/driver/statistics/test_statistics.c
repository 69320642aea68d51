// SPDX-License-Identifier: MIT
//
// test_statistics.c - driver/statistics/statistics.c and ratio.c against numpy and scipy
// (statistics_golden.json, made by statistics_golden.py), against what must hold for
// any data, and by simulation: does an interval cover the truth as often as it says?
// Run from the root of the source tree.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "driver/statistics/random.h"
#include "driver/statistics/statistics.h"
#include "driver/statistics/walsh.h"
#include "lib/check.h"
#include "tests/driver/statistics/draw.h"
#include "tests/driver/statistics/golden.h"

#include <jansson.h>
#include <math.h>
#include <string.h>

static int open_golden(void **state)
{
    return golden_open(state, "tests/driver/statistics/statistics_golden.json");
}

// |a - b| within a part of their size: assert_float_equal has single precision.
static void assert_close(double actual, double expected, double part)
{
    if (fabs(actual - expected) > part * fmax(fabs(actual), fabs(expected)))
        fail_msg("%.17g is not %.17g", actual, expected);
}

static void assert_close_to_json(double actual, const json_t *expected, double part)
{
    if (json_is_null(expected))
        assert_true(isnan(actual));
    else
        assert_close(actual, json_number_value(expected), part);
}

static void assert_interval(const struct interval *actual, const json_t *expected)
{
    assert_close_to_json(actual->low, json_array_get(expected, 0), 1e-9);
    assert_close_to_json(actual->high, json_array_get(expected, 1), 1e-9);
    assert_close_to_json(actual->confidence, json_array_get(expected, 2), 1e-9);
}

static void summaries_agree_with_numpy(void **state)
{
    size_t index;
    json_t *sample;
    json_array_foreach(golden_samples(state, "summaries"), index, sample)
    {
        double values[GOLDEN_VALUES];
        size_t n = golden_values(sample, "values", values);
        struct summary summary;
        statistics_summarise(values, n, &summary);
        assert_int_equal(summary.n, n);
        assert_close_to_json(summary.median, json_object_get(sample, "median"), 1e-12);
        assert_close_to_json(summary.mad, json_object_get(sample, "mad"), 1e-9);
        assert_close_to_json(summary.min, json_object_get(sample, "min"), 0);
        assert_close_to_json(summary.max, json_object_get(sample, "max"), 0);
        assert_close_to_json(summary.mean, json_object_get(sample, "mean"), 1e-12);
        assert_close_to_json(summary.stddev, json_object_get(sample, "stddev"), 1e-9);
        assert_interval(&summary.interval, json_object_get(sample, "interval"));
    }
}

static void quantiles_agree_with_numpy(void **state)
{
    size_t index;
    json_t *sample;
    json_array_foreach(golden_samples(state, "summaries"), index, sample)
    {
        double values[GOLDEN_VALUES];
        size_t n = golden_values(sample, "values", values);
        statistics_sort(values, n);
        size_t which;
        json_t *pair;
        json_array_foreach(json_object_get(sample, "quantiles"), which, pair)
        {
            double p = json_number_value(json_array_get(pair, 0));
            assert_close_to_json(statistics_quantile(values, n, p),
                                 json_array_get(pair, 1), 1e-12);
        }
    }
}

// Our bootstrap draws other random numbers than scipy's, and few pairs have few different
// resamples: the ends may differ by a jump that is a small
// part of the width.
static void assert_bootstrap(const struct ratio *ratio, const json_t *expected)
{
    double low = json_number_value(json_array_get(expected, 0));
    double high = json_number_value(json_array_get(expected, 1));
    assert_true(fabs(ratio->bootstrap.low - low) < 0.1 * (high - low));
    assert_true(fabs(ratio->bootstrap.high - high) < 0.1 * (high - low));
}

static void ratios_agree_with_scipy(void **state)
{
    size_t index;
    json_t *sample;
    json_array_foreach(golden_samples(state, "ratios"), index, sample)
    {
        double a[GOLDEN_VALUES];
        double b[GOLDEN_VALUES];
        size_t n = golden_values(sample, "a", a);
        golden_values(sample, "b", b);
        struct ratio ratio;
        assert_int_equal(statistics_ratio(a, b, n, 1, &ratio), 0);
        assert_int_equal(ratio.n, n);
        assert_close_to_json(ratio.estimate, json_object_get(sample, "estimate"), 1e-12);
        const json_t *exact = json_object_get(sample, "exact");
        if (n < 6) {
            assert_interval(&ratio.interval, exact);
            continue;
        }
        assert_bootstrap(&ratio, json_object_get(sample, "bootstrap"));
        double low = json_number_value(json_array_get(exact, 0));
        double high = json_number_value(json_array_get(exact, 1));
        assert_close(ratio.interval.low, fmin(low, ratio.bootstrap.low), 1e-12);
        assert_close(ratio.interval.high, fmax(high, ratio.bootstrap.high), 1e-12);
        assert_close_to_json(ratio.interval.confidence, json_array_get(exact, 2), 1e-9);
    }
}

// Pairs whose true ratio is `factor`, with noise common to a block, noise of each run,
// and now and then a run that is 50 % slower.
static void draw_pairs(struct random *random, double factor, size_t n, double *a,
                       double *b)
{
    for (size_t i = 0; i < n; i++) {
        double block = 200e6 * exp(0.1 * draw_normal(random));
        double hiccup_a = draw_uniform(random) < 0.05 ? 1.5 : 1;
        double hiccup_b = draw_uniform(random) < 0.05 ? 1.5 : 1;
        a[i] = factor * block * hiccup_a * exp(0.01 * draw_normal(random));
        b[i] = block * hiccup_b * exp(0.01 * draw_normal(random));
    }
}

static void small_samples_never_claim_95_percent(void **state)
{
    (void)state;
    static const double expected[] = {0, 0.5, 0.75, 0.875, 0.9375, 0.96875};
    struct random random;
    random_init(&random, 4);
    for (size_t n = 1; n <= 6; n++) {
        double a[6];
        double b[6];
        draw_pairs(&random, 1.1, n, a, b);
        struct ratio ratio;
        assert_int_equal(statistics_ratio(a, b, n, 1, &ratio), 0);
        assert_close(ratio.interval.confidence, expected[n - 1], 1e-12);
        struct summary summary;
        statistics_summarise(a, n, &summary);
        assert_close(summary.interval.confidence, expected[n - 1], 1e-12);
        assert_true(summary.interval.low == summary.min);
        assert_true(summary.interval.high == summary.max);
    }
}

static void one_pair_or_none_gives_no_interval(void **state)
{
    (void)state;
    double a = 3;
    double b = 2;
    struct ratio ratio;
    assert_int_equal(statistics_ratio(&a, &b, 0, 1, &ratio), 0);
    assert_true(isnan(ratio.estimate) && isnan(ratio.interval.low));
    assert_int_equal(statistics_ratio(&a, &b, 1, 1, &ratio), 0);
    assert_close(ratio.estimate, 1.5, 1e-12);
    assert_true(isnan(ratio.interval.low) && isnan(ratio.interval.high));
}

// Which of two models is called A must not matter; nor must the unit of time.
static void names_and_units_do_not_matter(void **state)
{
    (void)state;
    static const size_t sizes[] = {2, 4, 5, 6, 12, 40, 300};
    struct random random;
    random_init(&random, 5);
    for (size_t s = 0; s < ARRAY_LEN(sizes); s++) {
        double a[GOLDEN_VALUES];
        double b[GOLDEN_VALUES];
        double scaled[GOLDEN_VALUES];
        draw_pairs(&random, 1.02, sizes[s], a, b);
        for (size_t i = 0; i < sizes[s]; i++)
            scaled[i] = a[i] * 1e-9;
        struct ratio there;
        struct ratio back;
        struct ratio seconds;
        assert_int_equal(statistics_ratio(a, b, sizes[s], 7, &there), 0);
        assert_int_equal(statistics_ratio(b, a, sizes[s], 7, &back), 0);
        assert_int_equal(statistics_ratio(scaled, b, sizes[s], 7, &seconds), 0);
        assert_close(there.estimate, 1 / back.estimate, 1e-12);
        assert_close(there.interval.low, 1 / back.interval.high, 1e-9);
        assert_close(there.interval.high, 1 / back.interval.low, 1e-9);
        assert_close(there.estimate, seconds.estimate * 1e9, 1e-9);
        assert_close(there.interval.low, seconds.interval.low * 1e9, 1e-9);
    }
}

static void order_of_blocks_does_not_matter(void **state)
{
    (void)state;
    struct random random;
    random_init(&random, 6);
    double a[12];
    double b[12];
    double a_turned[12];
    double b_turned[12];
    draw_pairs(&random, 1.02, 12, a, b);
    for (size_t i = 0; i < 12; i++) {
        a_turned[i] = a[(i + 5) % 12];
        b_turned[i] = b[(i + 5) % 12];
    }
    struct ratio one;
    struct ratio other;
    assert_int_equal(statistics_ratio(a, b, 12, 7, &one), 0);
    assert_int_equal(statistics_ratio(a_turned, b_turned, 12, 7, &other), 0);
    assert_close(one.estimate, other.estimate, 1e-12);
    double width = one.bootstrap.high - one.bootstrap.low;
    assert_true(fabs(one.bootstrap.low - other.bootstrap.low) < 0.1 * width);
}

static void the_same_seed_gives_the_same_interval(void **state)
{
    (void)state;
    struct random random;
    random_init(&random, 8);
    double a[12];
    double b[12];
    draw_pairs(&random, 1, 12, a, b);
    struct ratio one;
    struct ratio other;
    assert_int_equal(statistics_ratio(a, b, 12, 9, &one), 0);
    assert_int_equal(statistics_ratio(a, b, 12, 9, &other), 0);
    assert_memory_equal(&one, &other, sizeof(one));
}

static void a_model_against_itself_is_equal(void **state)
{
    (void)state;
    double a[4] = {200, 210, 190, 205};
    struct ratio ratio;
    assert_int_equal(statistics_ratio(a, a, 4, 1, &ratio), 0);
    assert_true(ratio.estimate == 1 && ratio.interval.low == 1 &&
                ratio.interval.high == 1);
}

// The promise of `confidence`: of many simulated sessions, at least that part has an
// interval around the true ratio. 3 standard errors are left to chance.
static void intervals_cover_as_often_as_they_say(void **state)
{
    (void)state;
    static const size_t sizes[] = {2, 3, 4, 5, 6, 8, 12, 20, 40, 41, 100};
    struct random random;
    random_init(&random, 10);
    for (size_t s = 0; s < ARRAY_LEN(sizes); s++) {
        const size_t sessions = 400;
        size_t covered = 0;
        double confidence = 0;
        for (size_t session = 0; session < sessions; session++) {
            double a[100];
            double b[100];
            struct ratio ratio;
            draw_pairs(&random, 1.03, sizes[s], a, b);
            assert_int_equal(statistics_ratio(a, b, sizes[s], session, &ratio), 0);
            covered += ratio.interval.low <= 1.03 && 1.03 <= ratio.interval.high;
            confidence = ratio.interval.confidence;
        }
        double part = (double)covered / (double)sessions;
        double chance = 3 * sqrt(confidence * (1 - confidence) / (double)sessions);
        print_message("# %zu pairs: covers %.3f, says %.3f\n", sizes[s], part,
                      confidence);
        assert_true(part >= confidence - chance);
    }
}

static void quantiles_need_no_sorting(void **state)
{
    (void)state;
    static const double parts[] = {0, 0.025, 0.5, 0.975, 1};
    struct random random;
    random_init(&random, 13);
    for (size_t n = 1; n <= 300; n += 13)
        for (size_t i = 0; i < ARRAY_LEN(parts); i++) {
            double values[300];
            double sorted[300];
            for (size_t k = 0; k < n; k++)
                values[k] = sorted[k] = (double)random_below(&random, 50);
            statistics_sort(sorted, n);
            assert_close(statistics_select_quantile(values, n, parts[i]),
                         statistics_quantile(sorted, n, parts[i]), 1e-12);
        }
}

static void shared_resamples_change_nothing(void **state)
{
    (void)state;
    struct random random;
    struct resamples *shared = NULL;
    random_init(&random, 14);
    for (size_t n = 5; n <= 45; n += 4)
        for (size_t again = 0; again < 2; again++) {
            double a[45];
            double b[45];
            struct ratio alone;
            struct ratio together;
            draw_pairs(&random, 1.02, n, a, b);
            assert_int_equal(statistics_ratio(a, b, n, 3, &alone), 0);
            assert_int_equal(statistics_ratio_shared(a, b, n, 3, &shared, &together), 0);
            assert_memory_equal(&alone.interval, &together.interval,
                                sizeof alone.interval);
            assert_memory_equal(&alone.bootstrap, &together.bootstrap,
                                sizeof alone.bootstrap);
        }
    resamples_free(shared);
}

static void random_below_is_even(void **state)
{
    (void)state;
    struct random random;
    random_init(&random, 11);
    size_t counts[6] = {0};
    for (size_t i = 0; i < 60000; i++)
        counts[random_below(&random, 6)]++;
    for (size_t i = 0; i < 6; i++)
        assert_in_range(counts[i], 9600, 10400);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(summaries_agree_with_numpy),
        cmocka_unit_test(quantiles_agree_with_numpy),
        cmocka_unit_test(ratios_agree_with_scipy),
        cmocka_unit_test(small_samples_never_claim_95_percent),
        cmocka_unit_test(one_pair_or_none_gives_no_interval),
        cmocka_unit_test(names_and_units_do_not_matter),
        cmocka_unit_test(order_of_blocks_does_not_matter),
        cmocka_unit_test(the_same_seed_gives_the_same_interval),
        cmocka_unit_test(a_model_against_itself_is_equal),
        cmocka_unit_test(intervals_cover_as_often_as_they_say),
        cmocka_unit_test(quantiles_need_no_sorting),
        cmocka_unit_test(shared_resamples_change_nothing),
        cmocka_unit_test(random_below_is_even),
    };
    return cmocka_run_group_tests_name("statistics", tests, open_golden, golden_close);
}

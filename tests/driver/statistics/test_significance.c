// SPDX-License-Identifier: MIT
//
// test_significance.c - driver/statistics/significance.c, mann_whitney.c and unpaired.c against
// scipy (significance_golden.json, made by significance_golden.py), and against what
// must hold for any data. Run from the root of the source tree.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "driver/statistics/random.h"
#include "driver/statistics/significance.h"
#include "driver/statistics/statistics.h"
#include "tests/driver/statistics/draw.h"
#include "tests/driver/statistics/golden.h"

#include <jansson.h>
#include <math.h>

static int open_golden(void **state)
{
    return golden_open(state, "tests/driver/statistics/significance_golden.json");
}

static double read_number(const json_t *object, const char *key)
{
    return json_number_value(json_object_get(object, key));
}

static void assert_near(double actual, double expected, double distance)
{
    if (isnan(actual) || fabs(actual - expected) > distance)
        fail_msg("%.17g is not %.17g", actual, expected);
}

// ---- against scipy -----------------------------------------------------------------

static void sign_flips_agree_with_scipy(void **state)
{
    size_t index;
    json_t *sample;
    json_array_foreach(golden_samples(state, "sign_flips"), index, sample)
    {
        double d[GOLDEN_VALUES];
        size_t n = golden_values(sample, "d", d);
        double p = read_number(sample, "p");
        // Above 20 pairs scipy draws, and so do we later: 4 standard errors are allowed.
        double chance = 4 * sqrt(2 * p * (1 - p) / SIGN_FLIP_DRAWS) + 3e-5;
        assert_near(significance_sign_flip(d, n, 1), p, n <= 20 ? 1e-9 : chance);
    }
}

static void unpaired_ratios_agree_with_scipy(void **state)
{
    size_t index;
    json_t *sample;
    json_array_foreach(golden_samples(state, "unpaired"), index, sample)
    {
        double a[GOLDEN_VALUES];
        double b[GOLDEN_VALUES];
        size_t m = golden_values(sample, "a", a);
        size_t n = golden_values(sample, "b", b);
        struct unpaired_ratio ratio;
        assert_int_equal(statistics_unpaired_ratio(a, m, b, n, 1, &ratio), 0);
        assert_near(ratio.estimate, read_number(sample, "estimate"), 1e-12);
        assert_near(ratio.p, read_number(sample, "p"), 1e-9);
        assert_near(significance_mann_whitney(b, n, a, m),
                    read_number(sample, "swapped_p"), 1e-9);
        // Each draws its own resamples; the ends may differ by a small jump.
        const json_t *interval = json_object_get(sample, "interval");
        double low = json_number_value(json_array_get(interval, 0));
        double high = json_number_value(json_array_get(interval, 1));
        assert_near(ratio.interval.low, low, 0.1 * (high - low));
        assert_near(ratio.interval.high, high, 0.1 * (high - low));
    }
}

static void rank_correlations_agree_with_scipy(void **state)
{
    size_t index;
    json_t *sample;
    json_array_foreach(golden_samples(state, "correlations"), index, sample)
    {
        double x[GOLDEN_VALUES];
        double y[GOLDEN_VALUES];
        size_t n = golden_values(sample, "x", x);
        golden_values(sample, "y", y);
        assert_near(significance_spearman(x, y, n), read_number(sample, "rho"), 1e-12);
    }
}

static void holm_agrees_with_its_definition(void **state)
{
    size_t index;
    json_t *sample;
    json_array_foreach(golden_samples(state, "holm"), index, sample)
    {
        double p[GOLDEN_VALUES];
        double adjusted[GOLDEN_VALUES];
        size_t n = golden_values(sample, "p", p);
        golden_values(sample, "adjusted", adjusted);
        assert_int_equal(significance_holm(p, n), 0);
        for (size_t i = 0; i < n; i++)
            assert_near(p[i], adjusted[i], 1e-12);
    }
}

static void geometric_means_agree_with_scipy(void **state)
{
    size_t index;
    json_t *sample;
    json_array_foreach(golden_samples(state, "geometric_means"), index, sample)
    {
        double values[GOLDEN_VALUES];
        size_t n = golden_values(sample, "values", values);
        double mean = read_number(sample, "mean");
        assert_near(statistics_geometric_mean(values, n), mean, 1e-12 * mean);
    }
}

// ---- what holds for any data -------------------------------------------------------

// Under no difference, p < 0.05 may come up in at most 5 % of all samples.
static void chance_alone_is_rarely_significant(void **state)
{
    (void)state;
    struct random random;
    random_init(&random, 3);
    const size_t trials = 4000;
    size_t flips = 0;
    size_t unpaired = 0;
    for (size_t trial = 0; trial < trials; trial++) {
        double d[9];
        double a[9];
        for (size_t i = 0; i < 9; i++) {
            d[i] = draw_uniform(&random) - 0.5;
            a[i] = draw_uniform(&random) - 0.5;
        }
        flips += significance_sign_flip(d, 9, trial) < 0.05;
        unpaired += significance_mann_whitney(d, 9, a, 9) < 0.05;
    }
    assert_true((double)flips < 0.062 * (double)trials);
    assert_true((double)unpaired < 0.062 * (double)trials);
}

static void names_and_units_do_not_matter(void **state)
{
    (void)state;
    struct random random;
    random_init(&random, 4);
    double d[40];
    double turned[40];
    double larger[40];
    for (size_t i = 0; i < 40; i++) {
        d[i] = draw_uniform(&random) - 0.4;
        turned[i] = -d[i];
        larger[i] = 1000 * d[i];
    }
    double p = significance_sign_flip(d, 12, 5);
    assert_near(significance_sign_flip(turned, 12, 5), p, 1e-12);
    assert_near(significance_sign_flip(larger, 12, 5), p, 1e-12);
    assert_near(significance_sign_flip(d, 30, 5), significance_sign_flip(turned, 30, 5),
                1e-12);
    assert_near(significance_sign_flip(d, 40, 5), significance_sign_flip(turned, 40, 5),
                1e-12);
    p = significance_mann_whitney(d, 12, turned, 18);
    assert_near(significance_mann_whitney(turned, 18, d, 12), p, 1e-12);
}

// Flips that are counted and flips that are drawn must tell about the same: one more pair
// without a difference changes the method, and hardly the median at which sizes are cut.
static void counted_and_drawn_flips_agree(void **state)
{
    (void)state;
    struct random random;
    random_init(&random, 6);
    for (size_t trial = 0; trial < 20; trial++) {
        double d[SIGN_FLIP_EXACT_MAX + 1] = {0};
        for (size_t i = 0; i < SIGN_FLIP_EXACT_MAX; i++)
            d[i] = 0.02 * draw_normal(&random) + 0.005;
        double counted = significance_sign_flip(d, SIGN_FLIP_EXACT_MAX, trial);
        double drawn = significance_sign_flip(d, SIGN_FLIP_EXACT_MAX + 1, trial);
        double chance = 4 * sqrt(counted * (1 - counted) / SIGN_FLIP_DRAWS) + 3e-5;
        assert_near(drawn, counted, chance + 0.2 * counted);
    }
}

static void one_hiccup_hides_nothing(void **state)
{
    (void)state;
    double d[12] = {0.05, 0.06, 0.05, 0.04, 0.05, 0.06, 0.05, 0.05, 0.04, 0.06, 0.05};
    d[11] = -3;
    assert_true(significance_sign_flip(d, 12, 1) < 0.05);
}

static void too_few_values_prove_nothing(void **state)
{
    (void)state;
    double one = 1;
    double same[5] = {2, 2, 2, 2, 2};
    struct unpaired_ratio ratio;
    assert_near(significance_sign_flip(&one, 0, 1), 1, 0);
    assert_near(significance_sign_flip(&one, 1, 1), 1, 0);
    assert_near(significance_mann_whitney(&one, 0, &one, 1), 1, 0);
    assert_near(significance_mann_whitney(&one, 1, &one, 1), 1, 0);
    assert_near(significance_mann_whitney(same, 5, same, 5), 1, 0);
    assert_true(isnan(significance_spearman(same, same, 5)));
    assert_true(isnan(significance_spearman(same, same, 2)));
    assert_int_equal(statistics_unpaired_ratio(&one, 1, same, 0, 1, &ratio), 0);
    assert_true(isnan(ratio.estimate));
    assert_int_equal(statistics_unpaired_ratio(&one, 1, same, 5, 1, &ratio), 0);
    assert_near(ratio.estimate, 0.5, 1e-12);
    assert_true(isnan(ratio.interval.low));
}

static void holm_passes_over_the_unknown(void **state)
{
    (void)state;
    double p[3] = {0.02, (double)NAN, 0.04};
    assert_int_equal(significance_holm(p, 3), 0);
    assert_near(p[0], 0.04, 1e-12);
    assert_near(p[2], 0.04, 1e-12);
    assert_true(isnan(p[1]));
    assert_int_equal(significance_holm(p, 0), 0);
}

static void a_wider_interval_detects_less(void **state)
{
    (void)state;
    struct interval interval = {.low = 0.98, .high = 1 / 0.98, .confidence = 0.95};
    double half = -log(0.98);
    assert_near(statistics_detectable(&interval, 1),
                exp(half * (1 + 1.6448536269514722 / 1.959963984540054)), 1e-12);
    double with_border = statistics_detectable(&interval, 1.025);
    assert_near(with_border, 1.025 * statistics_detectable(&interval, 1), 1e-12);
}

// 2^(1-n), times as many as there are, must be below 5 %.
static void how_many_pairs_are_needed(void **state)
{
    (void)state;
    static const struct {
        size_t comparisons;
        unsigned pairs;
    } known[] = {{1, 6}, {8, 9}, {44, 11}, {126, 13}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        unsigned n = significance_pairs_needed(known[i].comparisons, 0.05);
        double comparisons = (double)known[i].comparisons;
        assert_int_equal(n, known[i].pairs);
        assert_true(comparisons * pow(2, 1 - (double)n) < 0.05);
        assert_true(comparisons * pow(2, 2 - (double)n) >= 0.05);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sign_flips_agree_with_scipy),
        cmocka_unit_test(unpaired_ratios_agree_with_scipy),
        cmocka_unit_test(rank_correlations_agree_with_scipy),
        cmocka_unit_test(holm_agrees_with_its_definition),
        cmocka_unit_test(geometric_means_agree_with_scipy),
        cmocka_unit_test(chance_alone_is_rarely_significant),
        cmocka_unit_test(names_and_units_do_not_matter),
        cmocka_unit_test(counted_and_drawn_flips_agree),
        cmocka_unit_test(one_hiccup_hides_nothing),
        cmocka_unit_test(too_few_values_prove_nothing),
        cmocka_unit_test(holm_passes_over_the_unknown),
        cmocka_unit_test(a_wider_interval_detects_less),
        cmocka_unit_test(how_many_pairs_are_needed),
    };
    return cmocka_run_group_tests_name("significance", tests, open_golden, golden_close);
}

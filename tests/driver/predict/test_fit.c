// SPDX-License-Identifier: MIT
//
// test_fit.c - driver/predict/: prices that have made a run are found again, none is below
// zero, and an interval is as wide as spread and misfit say.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "driver/predict/estimate.h"
#include "driver/predict/fit.h"
#include "lib/check.h"

#include <math.h>
#include <string.h>

static bool near(double found, double wanted)
{
    return fabs(found - wanted) <= 1e-6 * fabs(wanted) + 1e-9;
}

// ---- fit -------------------------------------------------------------------------------

// Runs that cost 5 ms, 200 us per worker and 10 us per exchange: counts of very unlike sizes.
static void prices_are_found_again(void **state)
{
    (void)state;
    static const double counts[][3] = {
        {1, 4, 200}, {1, 32, 64}, {1, 32, 100000}, {1, 100, 2000}, {1, 8, 8}};
    static const double prices[] = {5e6, 2e5, 1e4};
    struct fit_row rows[ARRAY_LEN(counts)] = {0};
    double found[TERMS_MOST];
    for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
        memcpy(rows[i].counts, counts[i], sizeof counts[i]);
        for (size_t j = 0; j < 3; j++)
            rows[i].value += counts[i][j] * prices[j];
        rows[i].scale = rows[i].value;
    }
    fit_prices(rows, ARRAY_LEN(rows), 3, found);
    for (size_t j = 0; j < 3; j++)
        assert_true(near(found[j], prices[j]));
    assert_true(found[3] == 0);
}

// y = 10 - x would need a negative price; the best without one is a constant. Relative to 8 and
// to c, which is more than 4, its errors are 1 - c/8 and 1 - 4/c; the first is beyond a tenth
// and pulls with 0.1/8, the second with (c - 4)/c^2: c is 4.2229.
static void no_price_is_below_zero(void **state)
{
    (void)state;
    const struct fit_row rows[] = {{{1, 2}, 8, 8}, {{1, 6}, 4, 4}};
    double found[TERMS_MOST];
    fit_prices(rows, 2, 2, found);
    assert_true(fabs(found[0] - 4.2229) < 1e-4);
    assert_true(found[1] == 0);
}

// Six runs at 5 ms and 10 us per exchange; one of them took six times as long, or a sixth. By
// least squares the price of an exchange would be wrong by more than half.
static void a_disturbed_run_does_not_make_the_prices(void **state)
{
    (void)state;
    static const double exchanges[] = {200, 100, 1000, 2000, 400, 4000};
    for (int slow = 0; slow < 2; slow++) {
        struct fit_row rows[ARRAY_LEN(exchanges)] = {0};
        double found[TERMS_MOST];
        for (size_t i = 0; i < ARRAY_LEN(exchanges); i++) {
            rows[i].counts[0] = 1;
            rows[i].counts[1] = exchanges[i];
            rows[i].value = (5e6 + exchanges[i] * 1e4) * (i != 2 ? 1 : slow ? 6 : 1. / 6);
            rows[i].scale = rows[i].value;
        }
        fit_prices(rows, ARRAY_LEN(rows), 2, found);
        assert_true(fabs(found[0] / 5e6 - 1) < 0.2);
        assert_true(fabs(found[1] / 1e4 - 1) < 0.2);
    }
}

static void what_no_run_counts_costs_nothing(void **state)
{
    (void)state;
    const struct fit_row rows[] = {{{1, 0}, 3, 3}, {{2, 0}, 6, 6}};
    double found[TERMS_MOST];
    fit_prices(rows, 2, 2, found);
    assert_true(near(found[0], 3));
    assert_true(found[1] == 0);
}

// ---- intervals -------------------------------------------------------------------------

// 3 tasks at 10 ns and 5 ns to start, known to exp(1.86 x 0.05) either way: 0.03 and 0.04 are
// the sides of a triangle whose third one is 0.05.
static void an_interval_holds_spread_and_misfit(void **state)
{
    (void)state;
    static const struct formula formula = {
        .workload = "none",
        .terms = {[QUANTITY_CPU] = {{"start", count_one}, {"task", count_tasks}}}};
    const struct book book = {.formula = &formula};
    struct book_model model = {.name = "coroutine"};
    const struct situation situation = {.tasks = 3, .in_flight = 3, .cpus = 2};
    struct estimate estimate;
    model.of[QUANTITY_CPU] =
        (struct book_prices){.prices = {5, 10}, .spread = 0.03, .misfit = 0.04};
    estimate_find(&book, &model, &situation, QUANTITY_CPU, &estimate);
    assert_true(near(estimate.value, 35));
    assert_true(near(estimate.low, 35 * exp(-1.86 * 0.05)));
    assert_true(near(estimate.high, 35 * exp(1.86 * 0.05)));
    model.of[QUANTITY_CPU].spread = model.of[QUANTITY_CPU].misfit = 0;
    estimate_find(&book, &model, &situation, QUANTITY_CPU, &estimate);
    assert_true(near(estimate.high, 35 * exp(ESTIMATE_LEAST)));
}

static void only_processes_and_threads_share_cpus(void **state)
{
    (void)state;
    struct situation situation = {.tasks = 8, .in_flight = 3, .cpus = 4};
    situation_for_model(&situation, "coroutine");
    assert_true(situation.parallel == 1);
    situation_for_model(&situation, "multithread");
    assert_true(situation.parallel == 3);
    situation.cpus = 2;
    situation_for_model(&situation, "multiprocess");
    assert_true(situation.parallel == 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prices_are_found_again),
        cmocka_unit_test(no_price_is_below_zero),
        cmocka_unit_test(a_disturbed_run_does_not_make_the_prices),
        cmocka_unit_test(what_no_run_counts_costs_nothing),
        cmocka_unit_test(an_interval_holds_spread_and_misfit),
        cmocka_unit_test(only_processes_and_threads_share_cpus),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
//
// test_power.c - driver/statistics/power.c: the slow-down that it names is the one that a gate
// finds, when one is played pair by pair with the verdict of the gate; it grows with the
// noise and with the number of rows.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "driver/statistics/anytime.h"
#include "driver/statistics/looks.h"
#include "driver/statistics/power.h"
#include "driver/statistics/random.h"
#include "driver/statistics/verdict.h"
#include "tests/driver/statistics/draw.h"

#include <math.h>
#include <string.h>

#define PAIRS 200 // so many that draws from them are as good as draws of the noise itself
#define GATES 2000

static void draw(double *d, size_t n, double deviation, struct random *random)
{
    for (size_t i = 0; i < n; i++)
        d[i] = deviation * draw_normal(random);
}

static struct power study(double deviation, size_t rows)
{
    struct random random;
    double d[PAIRS];
    const struct power_question question = {.threshold = 0.05, .rows = rows, .seed = 1};
    random_init(&random, 7);
    draw(d, PAIRS, deviation, &random);
    return power_study(d, PAIRS, &question);
}

// Plays a gate of one of `rows` rows; after how many pairs it says REGRESSION, or 0.
static size_t play(double deviation, double slowdown, double rows, struct random *random)
{
    double d[POWER_PAIRS_MOST], sorted[POWER_PAIRS_MOST];
    draw(d, POWER_PAIRS_MOST, deviation, random);
    for (size_t i = 0; i < POWER_PAIRS_MOST; i++)
        d[i] += log1p(slowdown);
    for (size_t n = ANYTIME_PAIRS_LEAST; n <= POWER_PAIRS_MOST;) {
        struct ratio ratio;
        struct reason reason;
        memcpy(sorted, d, n * sizeof *d);
        anytime_ratio(sorted, n, &ratio);
        const struct evidence evidence = {.n = n,
                                          .interval = ratio.interval,
                                          .p = fmin(1, rows * anytime_p(d, n)),
                                          .wanted = 0.05,
                                          .threshold = 0.05};
        if (verdict_of(&evidence, &reason) == VERDICT_REGRESSION)
            return n;
        size_t next = looks_next((unsigned)n);
        n = n < POWER_PAIRS_MOST && next > POWER_PAIRS_MOST ? POWER_PAIRS_MOST : next;
    }
    return 0;
}

// The part of gates that find the slow-down within so many pairs.
static double found(double deviation, const struct power *power, double rows)
{
    struct random random;
    double count = 0;
    random_init(&random, 11);
    for (size_t i = 0; i < GATES; i++) {
        size_t pairs = play(deviation, power->slowdown, rows, &random);
        count += pairs > 0 && pairs <= power->pairs ? 1 : 0;
    }
    return count / GATES;
}

static void a_gate_finds_what_is_named_in_95_of_100_cases(void **state)
{
    (void)state;
    static const double deviations[] = {0.005, 0.017, 0.05, 0.15};
    for (size_t i = 0; i < 4; i++)
        for (size_t rows = 1; rows <= 44; rows += 43) {
            struct power power = study(deviations[i], rows);
            double part = found(deviations[i], &power, (double)rows);
            assert_true(power.slowdown >= 0.05 && power.pairs <= POWER_PAIRS_MOST);
            assert_true(part > 0.92);
            // Not far too many pairs, and no far too large slow-down either.
            struct power fewer = power;
            if (power.pairs > ANYTIME_PAIRS_LEAST)
                fewer.pairs -= power.pairs / 4 + 1;
            fewer.slowdown =
                power.pairs == POWER_PAIRS_MOST ? 0.8 * power.slowdown : power.slowdown;
            assert_true(fewer.pairs == power.pairs ||
                        found(deviations[i], &fewer, (double)rows) < 0.95);
        }
}

static void more_noise_and_more_rows_need_more(void **state)
{
    (void)state;
    struct power quiet = study(0.005, 1);
    struct power of_many = study(0.005, 44);
    struct power noisy = study(0.2, 1);
    assert_true(quiet.slowdown == 0.05 && quiet.pairs == 8);
    assert_true(of_many.slowdown == 0.05 && of_many.pairs == 14);
    assert_true(noisy.slowdown > 0.2 && noisy.pairs > 40);
    assert_true(isnan(study(20, 1).slowdown));
}

static void too_few_pairs_say_nothing(void **state)
{
    (void)state;
    const double d[VERDICT_ROUNDS_LEAST] = {0};
    const struct power_question question = {.threshold = 0.05, .rows = 1};
    assert_true(isnan(power_study(d, VERDICT_ROUNDS_LEAST - 1, &question).slowdown));
    assert_true(power_study(d, VERDICT_ROUNDS_LEAST, &question).slowdown == 0.05);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_gate_finds_what_is_named_in_95_of_100_cases),
        cmocka_unit_test(more_noise_and_more_rows_need_more),
        cmocka_unit_test(too_few_pairs_say_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

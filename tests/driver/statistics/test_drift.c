// SPDX-License-Identifier: MIT
//
// test_drift.c - the sum of small steps: a creep is reported when it has become large, and sixty
// equal commits never are, over many simulated histories.
#include "driver/statistics/drift.h"
#include "lib/check.h"
#include "tests/driver/statistics/draw.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define THRESHOLD 0.05
#define COMMITS   60
#define HISTORIES 2000

// One merge as the gate saw it: the true step, an error, and the interval for such errors.
static void merge(struct drift *drift, struct random *random, double step, double error)
{
    double seen = log(step) + error * draw_normal(random);
    assert_true(drift_add(drift, exp(seen), exp(seen - 1.959964 * error),
                          exp(seen + 1.959964 * error)));
}

// After how many merges of this size it is reported; 0: never.
static size_t reported_at(struct random *random, double step, double error, size_t merges)
{
    struct drift drift = {0};
    for (size_t i = 1; i <= merges; i++) {
        merge(&drift, random, step, error);
        if (drift_judge(&drift, THRESHOLD, 1).beyond)
            return i;
    }
    return 0;
}

static void ten_merges_of_two_percent_are_reported_at_the_third(void **state)
{
    (void)state;
    size_t at[11] = {0};
    struct random random;
    random_init(&random, 1);
    for (size_t i = 0; i < HISTORIES; i++)
        at[reported_at(&random, 1.02, 0.003, 10)]++;
    assert_int_equal(at[0], 0);
    assert_true(at[3] > HISTORIES * 95 / 100);
    // Without noise it is the third in any case: 1.02^2 is 1.0404, 1.02^3 is 1.0612.
    assert_int_equal(reported_at(&random, 1.02, 1e-6, 10), 3);
}

static void equal_commits_are_never_reported(void **state)
{
    (void)state;
    static const double errors[] = {0.001, 0.003, 0.01, 0.03};
    struct random random;
    random_init(&random, 2);
    for (size_t i = 0; i < ARRAY_LEN(errors); i++) {
        size_t alarms = 0;
        for (size_t j = 0; j < HISTORIES; j++)
            alarms += reported_at(&random, 1, errors[i], COMMITS) != 0;
        assert_true(alarms <= HISTORIES * 5 / 100);
        if (errors[i] == 0.003) // as the gate sees a row on a quiet machine
            assert_true(alarms <= HISTORIES / 100);
        if (errors[i] == 0.001)
            assert_int_equal(alarms, 0);
    }
}

static void many_rows_need_more(void **state)
{
    (void)state;
    struct drift drift = {0};
    assert_true(drift_add(&drift, 1.06, 1.045, 1.075));
    assert_true(drift_judge(&drift, THRESHOLD, 1).beyond);
    assert_false(drift_judge(&drift, THRESHOLD, 10000).beyond);
    assert_true(drift_judge(&drift, THRESHOLD, 10000).border >
                drift_judge(&drift, THRESHOLD, 1).border);
}

static void faster_and_unknown_steps(void **state)
{
    (void)state;
    struct drift drift = {0};
    assert_false(drift_add(&drift, (double)NAN, 1, 2));
    assert_false(drift_add(&drift, 1, (double)NAN, (double)NAN));
    assert_false(drift_add(&drift, 1, 1, 1));
    assert_int_equal(drift.n, 0);
    assert_false(drift_judge(&drift, THRESHOLD, 0).beyond);
    assert_true(drift_add(&drift, 1.1, 1.099, 1.101));
    assert_true(drift_add(&drift, 1 / 1.1, 0.908, 0.910));
    assert_false(drift_judge(&drift, THRESHOLD, 1).beyond);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_merges_of_two_percent_are_reported_at_the_third),
        cmocka_unit_test(equal_commits_are_never_reported),
        cmocka_unit_test(many_rows_need_more),
        cmocka_unit_test(faster_and_unknown_steps),
    };
    return cmocka_run_group_tests_name("drift", tests, NULL, NULL);
}

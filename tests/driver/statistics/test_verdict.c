// SPDX-License-Identifier: MIT
//
// test_verdict.c - driver/statistics/verdict.c: where the borders lie, and that nothing is
// concluded from too little. How often verdicts are right is simulated in
// test_simulation.c.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "driver/statistics/verdict.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

static struct evidence evidence(double low, double high)
{
    return (struct evidence){.n = 20,
                             .interval = {.low = low, .high = high, .confidence = 0.95},
                             .p = 0.001,
                             .wanted = 0.05,
                             .threshold = 0.05};
}

static enum verdict judge(struct evidence given)
{
    struct reason reason;
    enum verdict verdict = verdict_of(&given, &reason);
    bool open = verdict == VERDICT_INCONCLUSIVE || verdict == VERDICT_SUSPECT;
    assert_int_equal(open, reason.text[0] != '\0');
    return verdict;
}

static void the_threshold_is_never_below_the_noise(void **state)
{
    (void)state;
    assert_true(verdict_threshold(0.05, 0.01) == 0.05);
    assert_true(fabs(verdict_threshold(0.05, 0.1) - 0.15) < 1e-12);
    assert_true(verdict_threshold(0.05, (double)NAN) == 0.05);
    assert_true(verdict_border(0.05) == 1.025);
}

static void thresholds_are_parsed(void **state)
{
    (void)state;
    static const char *const nonsense[] = {"",    "%",   "0",     "5",
                                           "-5%", "nan", "inf",   "101%",
                                           "5%%", "5 %", "0.05%", "0x1p-3%x"};
    double threshold = 0;
    struct reason reason;
    assert_int_equal(verdict_parse_threshold("5%", &threshold, &reason), 0);
    assert_true(fabs(threshold - 0.05) < 1e-12);
    assert_int_equal(verdict_parse_threshold("0.05", &threshold, &reason), 0);
    assert_true(threshold == 0.05);
    for (size_t i = 0; i < sizeof nonsense / sizeof nonsense[0]; i++)
        assert_int_equal(verdict_parse_threshold(nonsense[i], &threshold, &reason),
                         -EINVAL);
}

static void each_place_has_its_verdict(void **state)
{
    (void)state;
    assert_int_equal(judge(evidence(1.03, 1.07)), VERDICT_REGRESSION);
    assert_int_equal(judge(evidence(1.0249, 1.07)), VERDICT_INCONCLUSIVE);
    assert_int_equal(judge(evidence(0.99, 1.01)), VERDICT_SAME);
    assert_int_equal(judge(evidence(1.01, 1.02)), VERDICT_SAME);
    assert_int_equal(judge(evidence(0.90, 0.96)), VERDICT_IMPROVED);
    assert_int_equal(judge(evidence(0.90, 1.10)), VERDICT_INCONCLUSIVE);
    assert_int_equal(judge(evidence(0.94, 0.99)), VERDICT_INCONCLUSIVE);
}

static void noise_makes_nothing_alike(void **state)
{
    (void)state;
    struct evidence given = evidence(0.93, 1.08);
    given.threshold = 0.3;
    assert_int_equal(judge(given), VERDICT_INCONCLUSIVE);
    given = evidence(1.06, 1.10);
    given.threshold = 0.3;
    assert_int_equal(judge(given), VERDICT_INCONCLUSIVE);
}

// Swapping base and head turns the interval round; so must the verdict.
static void improvement_mirrors_regression(void **state)
{
    (void)state;
    for (int step = 0; step < 400; step++) {
        double low = 0.8 + 0.001 * step;
        struct evidence there = evidence(low, low * 1.03);
        struct evidence back = evidence(1 / (low * 1.03), 1 / low);
        enum verdict mirrored = judge(back);
        if (mirrored == VERDICT_REGRESSION)
            mirrored = VERDICT_IMPROVED;
        else if (mirrored == VERDICT_IMPROVED)
            mirrored = VERDICT_REGRESSION;
        assert_int_equal(judge(there), mirrored);
    }
}

static void too_little_concludes_nothing(void **state)
{
    (void)state;
    struct evidence given = evidence(0.99, 1.01);
    given.n = 5;
    assert_int_equal(judge(given), VERDICT_INCONCLUSIVE);
    given = evidence(0.99, 1.01);
    given.noisy = true;
    assert_int_equal(judge(given), VERDICT_INCONCLUSIVE);
    assert_int_equal(judge(evidence((double)NAN, 1)), VERDICT_INCONCLUSIVE);
    assert_int_equal(judge(evidence(1.1, (double)INFINITY)), VERDICT_INCONCLUSIVE);
    given = evidence(0.99, 1.01);
    given.p = (double)NAN;
    assert_int_equal(judge(given), VERDICT_INCONCLUSIVE);
    given = evidence(0.90, 0.95);
    given.p = 0.05;
    assert_int_equal(judge(given), VERDICT_INCONCLUSIVE);
}

// An interval wholly above the border is never nothing, whatever else is lacking; and the
// reason is what is lacking.
static void what_lies_above_the_border_is_suspect_at_least(void **state)
{
    (void)state;
    struct reason reason;
    struct evidence given = evidence(1.026, 1.2);
    given.p = 0.05;
    assert_int_equal(verdict_of(&given, &reason), VERDICT_SUSPECT);
    assert_non_null(strstr(reason.text, "20 rounds are not enough for so many rows"));
    given = evidence(1.026, 1.2);
    given.n = 5;
    assert_int_equal(verdict_of(&given, &reason), VERDICT_SUSPECT);
    assert_non_null(strstr(reason.text, "5 rounds count"));
    given = evidence(1.026, 1.2);
    given.noisy = true;
    assert_int_equal(verdict_of(&given, &reason), VERDICT_SUSPECT);
    assert_non_null(strstr(reason.text, "noisy"));
    given = evidence(1.026, 1.2);
    given.p = (double)NAN;
    assert_int_equal(judge(given), VERDICT_SUSPECT);
}

// T of 10 % where 5 % were asked for is the most that is an answer.
static void a_machine_that_shows_too_little_decides_only_what_is_slower(void **state)
{
    (void)state;
    struct reason reason;
    struct evidence given = evidence(0.99, 1.01);
    given.threshold = 0.10;
    assert_int_equal(judge(given), VERDICT_SAME);
    given.threshold = 0.101;
    assert_int_equal(verdict_of(&given, &reason), VERDICT_INCONCLUSIVE);
    assert_non_null(strstr(reason.text, "10.1 % can be told here, and 5.0 %"));
    given = evidence(1.06, 1.2);
    given.threshold = 0.101;
    assert_int_equal(judge(given), VERDICT_REGRESSION);
}

// With four times the pairs an interval has half the width, or, by good luck, a quarter.
static void what_rounds_cannot_decide_is_futile(void **state)
{
    (void)state;
    struct evidence alike = evidence(1 / 1.2, 1.2);
    assert_true(verdict_is_futile(&alike, 30));
    assert_false(verdict_is_futile(&alike, 80));
    assert_false(verdict_is_futile(&alike, 20)); // nothing is left to be saved
    struct evidence slower = evidence(1.0, 1.08);
    assert_false(verdict_is_futile(&slower, 80));
    struct evidence border = evidence(0.90, 1.18); // about 1.03: who knows
    assert_true(verdict_is_futile(&border, 40));
    struct evidence unknown = evidence((double)NAN, 1);
    assert_false(verdict_is_futile(&unknown, 40));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_threshold_is_never_below_the_noise),
        cmocka_unit_test(thresholds_are_parsed),
        cmocka_unit_test(each_place_has_its_verdict),
        cmocka_unit_test(noise_makes_nothing_alike),
        cmocka_unit_test(improvement_mirrors_regression),
        cmocka_unit_test(too_little_concludes_nothing),
        cmocka_unit_test(what_lies_above_the_border_is_suspect_at_least),
        cmocka_unit_test(a_machine_that_shows_too_little_decides_only_what_is_slower),
        cmocka_unit_test(what_rounds_cannot_decide_is_futile),
    };
    return cmocka_run_group_tests_name("verdict", tests, NULL, NULL);
}

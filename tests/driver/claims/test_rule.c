// SPDX-License-Identifier: MIT
//
// test_rule.c - driver/claims/rule.c and figure.c over invented figures: every verdict, the
// bounds, and what may decide nothing; and a report with a lie planted in it.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "driver/claims/figure.h"
#include "driver/claims/outcome.h"
#include "driver/claims/rule.h"
#include "driver/report/model.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#define NONE ((double)NAN)

static struct figure between(double low, double high)
{
    return (struct figure){.known = true,
                           .n = 8,
                           .estimate = (low + high) / 2,
                           .interval = {low, high, 0.95}};
}

static struct claim_condition bounds(double least, double most)
{
    return (struct claim_condition){.alone = true, .least = least, .most = most};
}

// ---- one condition -----------------------------------------------------------------

static void a_condition_needs_the_whole_interval(void **state)
{
    (void)state;
    static const struct {
        double low, high, least, most;
        enum truth expected;
    } cases[] = {
        {1.6, 2.0, 1.5, NONE, TRUTH_YES},     {1.5, 2.0, 1.5, NONE, TRUTH_YES},
        {1.4, 2.0, 1.5, NONE, TRUTH_UNKNOWN}, {1.0, 1.5, 1.5, NONE, TRUTH_UNKNOWN},
        {1.0, 1.4, 1.5, NONE, TRUTH_NO},      {1.0, 1.4, NONE, 1.4, TRUTH_YES},
        {1.0, 1.5, NONE, 1.4, TRUTH_UNKNOWN}, {1.5, 1.6, NONE, 1.4, TRUTH_NO},
        {1.0, 1.1, 0.9, 1.2, TRUTH_YES},      {0.8, 1.1, 0.9, 1.2, TRUTH_UNKNOWN},
        {0.8, 1.3, 0.9, 1.2, TRUTH_UNKNOWN},  {1.3, 1.4, 0.9, 1.2, TRUTH_NO},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct claim_condition condition = bounds(cases[i].least, cases[i].most);
        const struct figure figure = between(cases[i].low, cases[i].high);
        assert_int_equal(rule_condition(&condition, &figure), cases[i].expected);
    }
}

static void what_is_not_known_decides_nothing(void **state)
{
    (void)state;
    const struct claim_condition condition = bounds(1.5, NONE);
    struct figure figure = between(2, 3);
    figure.noisy = true;
    assert_int_equal(rule_condition(&condition, &figure), TRUTH_UNKNOWN);
    figure = between(2, 3);
    figure.n = RULE_ROUNDS - 1;
    assert_int_equal(rule_condition(&condition, &figure), TRUTH_UNKNOWN);
    figure = between(2, 3);
    figure.interval.confidence = 0.8;
    assert_int_equal(rule_condition(&condition, &figure), TRUTH_UNKNOWN);
    figure = between(NONE, NONE);
    assert_int_equal(rule_condition(&condition, &figure), TRUTH_UNKNOWN);
    figure = between(2, 3);
    figure.known = false;
    assert_int_equal(rule_condition(&condition, &figure), TRUTH_UNKNOWN);
}

// A count is no estimate: one round suffices, and one that differs is enough.
static void counts_are_exact(void **state)
{
    (void)state;
    struct claim_condition condition = bounds(300, 300);
    struct figure figure = between(300, 300);
    condition.exact = true;
    figure.n = 1;
    assert_int_equal(rule_condition(&condition, &figure), TRUTH_YES);
    figure.interval.low = 299;
    assert_int_equal(rule_condition(&condition, &figure), TRUTH_NO);
    figure = between(5, 5);
    figure.counted = true;
    figure.n = 1;
    condition = bounds(1, NONE);
    assert_int_equal(rule_condition(&condition, &figure), TRUTH_YES);
}

// ---- rules -------------------------------------------------------------------------

static struct claim_rule rule_of(bool any, size_t count, double least)
{
    struct claim_rule rule = {.any = any, .count = count};
    for (size_t i = 0; i < count; i++)
        rule.list[i] = bounds(least, NONE);
    return rule;
}

static void all_and_any(void **state)
{
    (void)state;
    const struct claim_rule all = rule_of(false, 2, 1);
    const struct claim_rule any = rule_of(true, 2, 1);
    const struct claim_rule none = {0};
    const struct figure yes = between(2, 3);
    const struct figure no = between(0.1, 0.2);
    const struct figure open = between(0.5, 2);
    assert_int_equal(rule_holds(&all, (struct figure[]){yes, yes}), TRUTH_YES);
    assert_int_equal(rule_holds(&all, (struct figure[]){yes, open}), TRUTH_UNKNOWN);
    assert_int_equal(rule_holds(&all, (struct figure[]){open, no}), TRUTH_NO);
    assert_int_equal(rule_holds(&any, (struct figure[]){no, yes}), TRUTH_YES);
    assert_int_equal(rule_holds(&any, (struct figure[]){no, open}), TRUTH_UNKNOWN);
    assert_int_equal(rule_holds(&any, (struct figure[]){no, no}), TRUTH_NO);
    assert_int_equal(rule_holds(&none, NULL), TRUTH_UNKNOWN);
}

static enum claim_verdict verdict_between(double low, double high, bool with_refuted)
{
    static struct claim claim;
    claim = (struct claim){.confirmed = rule_of(false, 1, 1.5)};
    if (with_refuted)
        claim.refuted = (struct claim_rule){.count = 1, .list = {bounds(NONE, 1.2)}};
    const struct figure figure = between(low, high);
    return rule_verdict(&claim, &figure, &figure);
}

static void verdicts(void **state)
{
    (void)state;
    assert_int_equal(verdict_between(1.6, 2, true), CLAIM_CONFIRMED);
    assert_int_equal(verdict_between(1, 1.1, true), CLAIM_REFUTED);
    assert_int_equal(verdict_between(1.3, 1.4, true), CLAIM_UNDECIDED);
    assert_int_equal(verdict_between(1.1, 1.6, true), CLAIM_UNDECIDED);
    assert_int_equal(verdict_between(1.3, 1.4, false), CLAIM_REFUTED);
    assert_int_equal(verdict_between(1.3, 1.6, false), CLAIM_UNDECIDED);
}

static void rules_that_contradict_each_other_decide_nothing(void **state)
{
    (void)state;
    static struct claim claim;
    claim = (struct claim){.confirmed = rule_of(false, 1, 1)};
    claim.refuted = claim.confirmed;
    const struct figure figure = between(2, 3);
    assert_int_equal(rule_verdict(&claim, &figure, &figure), CLAIM_UNDECIDED);
}

static void says_what_would_decide(void **state)
{
    (void)state;
    char text[400];
    const struct claim_condition condition = bounds(1.5, NONE);
    struct figure figure = between(1.4, 2);
    unsigned rounds = rule_rounds_needed(&condition, &figure);
    assert_true(rounds > 8 && rounds < 30);
    outcome_advice(&condition, &figure, LANGUAGE_ENGLISH, text, sizeof text);
    assert_non_null(strstr(text, "--rounds"));
    figure = between(1.4, 1.6);
    assert_int_equal(rule_rounds_needed(&condition, &figure), 0);
    figure = between(1.6, 2);
    outcome_advice(&condition, &figure, LANGUAGE_ENGLISH, text, sizeof text);
    assert_string_equal(text, "");
}

// ---- figures of an invented report -------------------------------------------------

#define BLOCKS 8

static struct report_block blocks[BLOCKS];
static struct sample samples[3][BLOCKS];
static struct report_cell cells[3];
static struct report_table table;
static struct report report;

// Rows "coroutine" and "multithread", whose runs use `cpu_ns` of 100 ms; "lost" is refused.
static void make_report(double coroutine_cpu_ns)
{
    static const char *const labels[] = {"coroutine", "multithread", "lost"};
    for (size_t i = 0; i < BLOCKS; i++) {
        blocks[i] = (struct report_block){
            .number = (double)i + 1, .round = (double)i + 1, .batch = 1, .valid = true};
        for (size_t j = 0; j < 3; j++) {
            samples[j][i] =
                (struct sample){.block = (double)i + 1, .wall_ns = 1e8 + (double)i};
            samples[j][i].record.ok = true;
            samples[j][i].record.operations = 100;
            samples[j][i].record.user_ns = j == 0 ? coroutine_cpu_ns : 2e8;
        }
    }
    for (size_t j = 0; j < 3; j++)
        cells[j] = (struct report_cell){.id = labels[j],
                                        .label = labels[j],
                                        .samples = {BLOCKS, BLOCKS, samples[j]},
                                        .ranked = j < 2,
                                        .unranked_reason = "the sum is wrong"};
    table = (struct report_table){.id = "primes",
                                  .block_count = BLOCKS,
                                  .blocks = blocks,
                                  .cell_count = 3,
                                  .cells = cells};
    report = (struct report){.table_count = 1, .tables = &table, .plan = {.seed = 1}};
}

static struct claim_condition cpu_of_wall(const char *row, double most)
{
    return (
        struct claim_condition){.of = {.table = "primes", .row = row, .metric = "cpu"},
                                .to = {.table = "primes", .row = row, .metric = "wall"},
                                .least = NONE,
                                .most = most};
}

// "Coroutines use one CPU": a runner that secretly starts a second thread uses two.
static void a_planted_lie_turns_the_verdict(void **state)
{
    (void)state;
    static struct outcome outcome;
    static struct claim claim;
    const struct evidence evidence = {.report = &report};
    claim = (struct claim){
        .confirmed = {.count = 1, .list = {cpu_of_wall("coroutine", 1.1)}}};
    make_report(0.99e8);
    outcome_find(&claim, &evidence, &outcome);
    assert_int_equal(outcome.verdict, CLAIM_CONFIRMED);
    make_report(1.95e8);
    outcome_find(&claim, &evidence, &outcome);
    assert_int_equal(outcome.verdict, CLAIM_REFUTED);
    assert_int_equal(outcome.confirmed[0].n, BLOCKS);
}

static void a_row_that_is_refused_or_missing_is_not_known(void **state)
{
    (void)state;
    struct figure figure;
    const struct evidence evidence = {.report = &report};
    make_report(1e8);
    struct claim_condition condition = cpu_of_wall("lost", 1.1);
    figure_find(&condition, &evidence, &figure);
    assert_false(figure.known);
    assert_non_null(strstr(figure.why, "the sum is wrong"));
    condition = cpu_of_wall("nobody", 1.1);
    figure_find(&condition, &evidence, &figure);
    assert_false(figure.known);
    assert_non_null(strstr(figure.why, "no row 'nobody'"));
    condition.of.table = condition.to.table = "nowhere";
    figure_find(&condition, &evidence, &figure);
    assert_non_null(strstr(figure.why, "no table 'nowhere'"));
}

static void times_of_disturbed_rounds_decide_nothing(void **state)
{
    (void)state;
    struct figure figure;
    const struct evidence evidence = {.report = &report};
    const struct claim_condition condition = cpu_of_wall("coroutine", 1.1);
    make_report(1e8);
    table.noise.noisy = true;
    figure_find(&condition, &evidence, &figure);
    assert_true(figure.known && figure.noisy);
    assert_int_equal(rule_condition(&condition, &figure), TRUTH_UNKNOWN);
}

static void outputs_of_python_are_figures(void **state)
{
    (void)state;
    struct figure figure;
    json_t *outputs = json_pack("[{s:i}, {s:i}, {s:i}]", "in_order", 100, "in_order", 100,
                                "in_order", 99);
    const struct evidence evidence = {.outputs = outputs};
    struct claim_condition condition = bounds(100, 100);
    condition.exact = true;
    condition.of.output = "in_order";
    figure_find(&condition, &evidence, &figure);
    assert_true(figure.known && figure.n == 3 && figure.interval.low == 99);
    assert_int_equal(rule_condition(&condition, &figure), TRUTH_NO);
    condition.of.output = "nothing";
    figure_find(&condition, &evidence, &figure);
    assert_false(figure.known);
    json_decref(outputs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_condition_needs_the_whole_interval),
        cmocka_unit_test(what_is_not_known_decides_nothing),
        cmocka_unit_test(counts_are_exact),
        cmocka_unit_test(all_and_any),
        cmocka_unit_test(verdicts),
        cmocka_unit_test(rules_that_contradict_each_other_decide_nothing),
        cmocka_unit_test(says_what_would_decide),
        cmocka_unit_test(a_planted_lie_turns_the_verdict),
        cmocka_unit_test(a_row_that_is_refused_or_missing_is_not_known),
        cmocka_unit_test(times_of_disturbed_rounds_decide_nothing),
        cmocka_unit_test(outputs_of_python_are_figures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
//
// test_simulation.c - how often is the gate right? Sessions are drawn from a seed, on
// machines that disturb in one way each (machine.h), with the order, the looks, the bets and
// the verdicts of the real gate (driver/gate/gate.c): tables of four rows, pairs of
// neighbours, a twin in each block, links of each build in turn.
//
// With --table, prints what it found as a table for docs/gate.md; `make simulate`.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/driver/statistics/simulation.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double part(size_t count, size_t of)
{
    return (double)count / (double)of;
}

static struct question ask(size_t shape, size_t tables, double factor)
{
    return (struct question){.shape = &shapes[shape],
                             .tables = tables,
                             .links = LINKS,
                             .factor = factor,
                             .threshold = VERDICT_THRESHOLD};
}

// ---- tests -------------------------------------------------------------------------

static void equal_builds_are_not_called_slower(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
        assert_int_equal(run_gates(ask(i, 1, 1), 500).false_gates, 0);
        assert_int_equal(run_gates(ask(i, TABLES, 1), 50).false_gates, 0);
    }
}

static void equal_builds_are_decided_soon(void **state)
{
    (void)state;
    static const size_t quiet[] = {PLAIN, WANDER, WALK, SLOW_REGIMES, STEPS};
    for (size_t i = 0; i < ARRAY_LEN(quiet); i++) {
        struct tally tally = run_gates(ask(quiet[i], TABLES, 1), 60);
        assert_true(part(tally.undecided_gates, tally.gates) <= 0.05);
        assert_true(part(tally.pairs, tally.rows) <= 15);
    }
}

static void five_percent_are_found(void **state)
{
    (void)state;
    static const struct {
        size_t shape;
        double least;
    } known[] = {{PLAIN, 0.95}, {WANDER, 0.95},   {WALK, 0.95},      {SLOW_REGIMES, 0.95},
                 {HALF, 0.95},  {POSITION, 0.80}, {DOUBLED_10, 0.80}};
    for (size_t i = 0; i < ARRAY_LEN(known); i++)
        for (size_t tables = 1; tables <= TABLES; tables += TABLES - 1) {
            size_t gates = tables == 1 ? 400 : 100;
            struct tally tally = run_gates(ask(known[i].shape, tables, 1.05), gates);
            assert_true(part(tally.found, gates) >= known[i].least);
            assert_int_equal(tally.false_gates, 0);
        }
}

static void three_percent_are_found_where_it_is_quiet(void **state)
{
    (void)state;
    struct question question = ask(PLAIN, 1, 1.03);
    question.threshold = 0.03;
    assert_true(part(run_gates(question, 400).found, 400) >= 0.95);
}

// Where the machine does not allow a verdict, there is none; never a wrong one.
static void a_storm_makes_no_wrong_verdicts(void **state)
{
    (void)state;
    struct tally slower = run_gates(ask(DOUBLED_30, 1, 1.10), 400);
    assert_true(part(slower.passed, slower.gates) <= 0.01);
}

// At all looks together.
static void intervals_cover_at_least_as_often_as_they_say(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(shapes); i++) {
        struct tally tally = run_gates(ask(i, 1, 1.05), 500);
        assert_true(part(tally.covered, tally.rows) >= 0.95);
    }
}

// That the links are drawn is what makes it so: two files alone, and no number of rounds
// tells what the linker did from what the change did.
static void without_links_a_layout_is_called_slower(void **state)
{
    (void)state;
    struct question question = ask(LAYOUT_NORMAL, 1, 1);
    question.links = 1;
    assert_true(part(run_gates(question, 200).false_gates, 200) > 0.05);
}

// ---- the table ---------------------------------------------------------------------

static void print_line(size_t shape, size_t tables, size_t gates)
{
    struct tally equal = run_gates(ask(shape, tables, 1), gates);
    struct tally slower = run_gates(ask(shape, tables, 1.05), gates / 4);
    printf(
        "%-21s %4zu %6zu %6zu %8zu %9.1f %% %9.2f %% %6.1f %8.1f %% %8.1f %% %8.1f %%\n",
        shapes[shape].name, tables * TABLE_ROWS, equal.gates, equal.false_gates,
        equal.suspect_gates, 100 * part(equal.undecided_gates, equal.gates),
        100 * part(equal.undecided_rows, equal.rows), part(equal.pairs, equal.rows),
        100 * part(equal.covered, equal.rows), 100 * part(slower.found, slower.gates),
        100 * part(slower.passed, slower.gates));
    fflush(stdout);
}

static void print_small_threshold(void)
{
    for (size_t tables = 1; tables <= TABLES; tables += TABLES - 1) {
        struct question question = ask(PLAIN, tables, 1.03);
        question.threshold = 0.03;
        struct tally tally = run_gates(question, 400);
        printf(
            "plain, 1.2 %%, %zu rows, --threshold 3%%: +3 %% found %.1f %%, called SAME "
            "%.1f %%\n",
            tables * TABLE_ROWS, 100 * part(tally.found, tally.gates),
            100 * part(tally.passed, tally.gates));
    }
}

static void print_one_link(void)
{
    for (size_t shape = LAYOUT_EITHER; shape <= LAYOUT_NORMAL; shape++) {
        struct question question = ask(shape, 1, 1);
        question.links = 1;
        struct tally tally = run_gates(question, 1000);
        printf("%s, one link of each build, 4 rows: false alarms in %.1f %% of gates\n",
               shapes[shape].name, 100 * part(tally.false_gates, tally.gates));
    }
}

static void print_table(void)
{
    printf("%-21s %4s %6s %6s %8s %11s %11s %6s %10s %10s %10s\n", "noise", "rows",
           "gates", "false", "suspect", "open gates", "open rows", "pairs", "covered",
           "+5 % found", "SAME");
    for (size_t shape = 0; shape < ARRAY_LEN(shapes); shape++) {
        print_line(shape, 1, 4000);
        print_line(shape, TABLES, 1000);
    }
    print_small_threshold();
    print_one_link();
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_builds_are_not_called_slower),
        cmocka_unit_test(equal_builds_are_decided_soon),
        cmocka_unit_test(five_percent_are_found),
        cmocka_unit_test(three_percent_are_found_where_it_is_quiet),
        cmocka_unit_test(a_storm_makes_no_wrong_verdicts),
        cmocka_unit_test(intervals_cover_at_least_as_often_as_they_say),
        cmocka_unit_test(without_links_a_layout_is_called_slower),
    };
    if (argc > 1 && strcmp(argv[1], "--table") == 0) {
        print_table();
        return 0;
    }
    return cmocka_run_group_tests_name("simulation", tests, NULL, NULL);
}

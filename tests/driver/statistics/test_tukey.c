// SPDX-License-Identifier: MIT
//
// test_tukey.c - the studentized range against printed tables, and how often a report of ten
// tables calls equal rows different, or misses rows that are 20 % apart, at the four rounds
// of the profile `quick` and on the machines of machine.h.
#include "driver/statistics/tukey.h"
#include "lib/check.h"
#include "tests/driver/statistics/machine.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define ROWS   5
#define BLOCKS 4   // rounds of the profile quick
#define TABLES 10  // of one report
#define DRAWS  300 // tables of each machine

// Upper points of the studentized range, as H. Harter's tables print them (Ann. Math.
// Statist. 31 (1960)).
static void the_range_is_that_of_printed_tables(void **state)
{
    (void)state;
    static const struct {
        double p;
        size_t k;
        size_t df;
        double q;
    } known[] = {{0.05, 2, 10, 3.151}, {0.01, 2, 10, 4.482}, {0.05, 3, 10, 3.877},
                 {0.05, 4, 20, 3.958}, {0.01, 4, 20, 5.018}, {0.05, 5, 12, 4.508},
                 {0.05, 5, 20, 4.232}, {0.05, 3, 6, 4.339},  {0.01, 3, 6, 6.331},
                 {0.05, 10, 30, 4.824}};
    for (size_t i = 0; i < ARRAY_LEN(known); i++) {
        double p = tukey_p(known[i].q, known[i].k, known[i].df);
        assert_true(fabs(p / known[i].p - 1) < 0.003);
    }
}

static void two_rows_are_students_t(void **state)
{
    (void)state;
    // Two-sided 5 % points of t with 3, 10 and 30 degrees of freedom.
    assert_true(fabs(tukey_p(3.18245 * sqrt(2), 2, 3) - 0.05) < 1e-4);
    assert_true(fabs(tukey_p(2.22814 * sqrt(2), 2, 10) - 0.05) < 1e-4);
    assert_true(fabs(tukey_p(2.04227 * sqrt(2), 2, 30) - 0.05) < 1e-4);
}

static void nothing_is_said_of_too_little(void **state)
{
    (void)state;
    const double logs[] = {0, 1, 0, 1, 0, 1};
    double p[4];
    tukey_compare(logs, 2, 2, 1, p);
    assert_true(isnan(p[1]));
    tukey_compare(logs, 3, 1, 1, p);
    assert_true(isnan(p[0]));
    tukey_compare(logs, 3, 2, 1, p); // nothing varies: a difference for sure
    assert_true(isnan(p[0]) && isnan(p[3]));
    assert_true(p[1] < 1e-9);
    assert_true(p[2] < 1e-9);
}

// ---- simulated tables ----------------------------------------------------------------

static void shuffle(struct random *random, size_t *rows)
{
    for (size_t i = 0; i < ROWS; i++)
        rows[i] = i;
    for (size_t i = ROWS; i > 1; i--) {
        size_t j = (size_t)random_below(random, i);
        size_t row = rows[i - 1];
        rows[i - 1] = rows[j];
        rows[j] = row;
    }
}

// A table in which each row takes `factor` times as long as the one before.
static void draw_table(const struct shape *shape, uint64_t seed, double factor,
                       double *logs)
{
    struct machine machine = {.shape = shape};
    random_init(&machine.random, seed);
    machine_start(&machine);
    for (size_t block = 0; block < BLOCKS; block++) {
        size_t rows[ROWS];
        bool late = random_below(&machine.random, 2) == 0;
        shuffle(&machine.random, rows);
        for (size_t i = 0; i < ROWS; i++) {
            double own = pow(factor, (double)rows[i]);
            machine.half = shape->half && late == (i > ROWS / 2);
            logs[block * ROWS + rows[i]] =
                log(machine_run(&machine, rows[i], own, false));
        }
    }
}

struct counted {
    size_t wrong; // tables of equal rows of which two look different
    size_t found; // neighbours, 20 % apart, that are told apart
};

static struct counted count(const struct shape *shape)
{
    struct counted counted = {0};
    double logs[BLOCKS * ROWS];
    double p[ROWS * ROWS];
    for (uint64_t i = 0; i < DRAWS; i++) {
        bool any = false;
        draw_table(shape, 2 * i + 1, 1, logs);
        tukey_compare(logs, BLOCKS, ROWS, TABLES, p);
        for (size_t j = 0; j < ROWS * ROWS; j++)
            any = any || p[j] < 0.05;
        counted.wrong += any ? 1 : 0;
        draw_table(shape, 2 * i + 2, 1.2, logs);
        tukey_compare(logs, BLOCKS, ROWS, TABLES, p);
        for (size_t row = 1; row < ROWS; row++)
            counted.found += p[row * ROWS + row - 1] < 0.05 ? 1 : 0;
    }
    return counted;
}

// 5 % of reports of ten tables: one table in 195. With four wrong ones among 300 or fewer
// that is not refuted (P(5 or more) is 2 %).
#define WRONG_MOST 4
#define FOUND_MOST (DRAWS * (ROWS - 1))

static const struct {
    struct shape shape;
    double found; // at the least
} machines[] = {
    {{.name = "plain, 1.2 %", .jitter = 0.012}, 0.95},
    {{.name = "AR(1) .95, 4 %", .jitter = 0.003, .wander = 0.04}, 0.95},
    {{.name = "random walk, 1 %", .jitter = 0.003, .walk = 0.01}, 0.95},
    {{.name = "x1.3 for 3-60 s", .jitter = 0.012, .slow_least_s = 3, .slow_most_s = 60},
     0.95},
    {{.name = "carry-over", .jitter = 0.012, .carried = 0.03}, 0.95},
    {{.name = "steps of 4 %", .jitter = 0.012, .step = 0.04}, 0.95},
    // Noise that hits single runs hides differences in four rounds, and makes none.
    {{.name = "x1.3 for 0.5-3 s", .jitter = 0.012, .slow_least_s = 0.5, .slow_most_s = 3},
     0},
    {{.name = "x1.3 half a block", .jitter = 0.012, .half = true}, 0},
    {{.name = "x2 in 10 % of runs", .jitter = 0.012, .doubled = 0.1}, 0},
    {{.name = "x2 in 30 % of runs", .jitter = 0.012, .doubled = 0.3}, 0},
};

static void equal_rows_seldom_look_different(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(machines); i++) {
        struct counted counted = count(&machines[i].shape);
        print_message("%-20s wrong %zu of %d tables, found %.1f %%\n",
                      machines[i].shape.name, counted.wrong, DRAWS,
                      100 * (double)counted.found / FOUND_MOST);
        assert_true(counted.wrong <= WRONG_MOST);
        assert_true((double)counted.found >= machines[i].found * FOUND_MOST);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_range_is_that_of_printed_tables),
        cmocka_unit_test(two_rows_are_students_t),
        cmocka_unit_test(nothing_is_said_of_too_little),
        cmocka_unit_test(equal_rows_seldom_look_different),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
//
// test_layout.c - driver/statistics/layout.c: links that differ are found, and by as much as
// they do; links that do not are not, and outliers make no links of themselves.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "driver/statistics/layout.h"
#include "driver/statistics/random.h"
#include "driver/statistics/statistics.h"
#include "tests/driver/statistics/draw.h"

#include <math.h>

#define LINKS   8
#define PAIRS   64
#define STUDIES 200

struct machine {
    double links, noise; // deviations
    double hiccups;      // part of the pairs of which one run takes twice as long
};

static struct layout_study study(const struct machine *machine, size_t n, uint64_t seed)
{
    struct random random;
    struct layout_pair pairs[PAIRS];
    double of[LINKS + 1];
    random_init(&random, seed);
    for (size_t i = 1; i <= LINKS; i++)
        of[i] = machine->links * draw_normal(&random);
    for (size_t i = 0; i < n; i++) {
        pairs[i].head = (unsigned)(i % LINKS + 1);
        pairs[i].base = (unsigned)((i + i / LINKS % (LINKS - 1) + 1) % LINKS + 1);
        pairs[i].d = of[pairs[i].head] - of[pairs[i].base] +
                     machine->noise * sqrt(2) * draw_normal(&random);
        if ((double)random_below(&random, 1000) < 1000 * machine->hiccups)
            pairs[i].d += random_below(&random, 2) == 0 ? log(2) : -log(2);
    }
    return layout_study(pairs, n, seed);
}

// How often links are found to differ; *median of what was found.
static double found(const struct machine *machine, size_t n, double *median)
{
    double floors[STUDIES];
    size_t count = 0;
    for (uint64_t seed = 1; seed <= STUDIES; seed++) {
        struct layout_study one = study(machine, n, seed);
        if (!isnan(one.floor))
            floors[count++] = one.floor;
    }
    *median = count == 0 ? 0 : statistics_median(floors, count);
    return (double)count / STUDIES;
}

static void links_that_differ_are_found(void **state)
{
    (void)state;
    double median;
    const struct machine machine = {.links = 0.01, .noise = 0.003};
    assert_true(found(&machine, PAIRS, &median) > 0.99);
    assert_true(fabs(median / expm1(1.96 * sqrt(2) * 0.01) - 1) < 0.1);
    assert_true(found(&machine, 20, &median) > 0.98);
    assert_true(fabs(median / expm1(1.96 * sqrt(2) * 0.01) - 1) < 0.15);
}

static void links_that_are_alike_are_not(void **state)
{
    (void)state;
    double median;
    const struct machine plain = {.noise = 0.01};
    const struct machine hiccups = {.noise = 0.003, .hiccups = 0.1};
    assert_true(found(&plain, PAIRS, &median) < 0.09);
    assert_true(found(&plain, 20, &median) < 0.09);
    assert_true(found(&hiccups, PAIRS, &median) < 0.09);
}

static void hiccups_hide_little(void **state)
{
    (void)state;
    double median;
    const struct machine machine = {.links = 0.01, .noise = 0.003, .hiccups = 0.05};
    assert_true(found(&machine, PAIRS, &median) > 0.95);
    assert_true(fabs(median / expm1(1.96 * sqrt(2) * 0.01) - 1) < 0.25);
}

static void too_few_pairs_say_nothing(void **state)
{
    (void)state;
    const struct machine machine = {.links = 0.01, .noise = 0.001};
    struct layout_study few = study(&machine, LAYOUT_PAIRS_LEAST - 1, 1);
    assert_true(isnan(few.floor) && isnan(few.limit));
    struct layout_pair alike[PAIRS];
    for (size_t i = 0; i < PAIRS; i++)
        alike[i] = (struct layout_pair){0.01, 1, 1};
    few = layout_study(alike, PAIRS, 1);
    assert_true(isnan(few.floor) && isnan(few.limit));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(links_that_differ_are_found),
        cmocka_unit_test(links_that_are_alike_are_not),
        cmocka_unit_test(hiccups_hide_little),
        cmocka_unit_test(too_few_pairs_say_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

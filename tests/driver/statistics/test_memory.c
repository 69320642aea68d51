// SPDX-License-Identifier: MIT
//
// test_memory.c - driver/statistics/ when memory runs out: whichever request is refused, a
// function says so or gives the figure that it gives otherwise; and nobody keeps memory.
#define _GNU_SOURCE // RTLD_NEXT

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "driver/statistics/change.h"
#include "driver/statistics/floor.h"
#include "driver/statistics/layout.h"
#include "driver/statistics/power.h"
#include "driver/statistics/significance.h"
#include "driver/statistics/statistics.h"
#include "driver/statistics/tail.h"
#include "driver/statistics/walsh.h"
#include "tests/counted_memory.h"

#include <errno.h>
#include <math.h>
#include <string.h>

// ---- the functions -------------------------------------------------------------------------

enum { FIGURES = 4, VALUES = 60 };

struct answer {
    int error;
    double figures[FIGURES]; // NAN: it says that it has none
};

static double above[VALUES]; // pairs whose ratios lie around 1.1
static double below[VALUES];
static double logarithms[VALUES];

static int fill(void **state)
{
    (void)state;
    for (size_t i = 0; i < VALUES; i++) {
        below[i] = 100 + (double)(i * i % 23);
        above[i] = 110 + (double)(i * 7 % 31);
        logarithms[i] = log(above[i] / below[i]) - log(1.1);
    }
    return 0;
}

static struct answer of_ratio(int error, const struct ratio *ratio)
{
    return (struct answer){error,
                           {ratio->estimate, ratio->interval.low, ratio->interval.high}};
}

static struct answer ratio_of(size_t n)
{
    struct ratio ratio = {0};
    int error = statistics_ratio(above, below, n, 1, &ratio);
    return of_ratio(error, &ratio);
}

static struct answer ratio_shared(size_t n)
{
    struct ratio ratio = {0};
    struct resamples *shared = NULL;
    int error = statistics_ratio_shared(above, below, n, 1, &shared, &ratio);
    if (error == 0)
        error = statistics_ratio_shared(above, below, n + 1, 1, &shared, &ratio);
    resamples_free(shared);
    return of_ratio(error, &ratio);
}

static struct answer unpaired(size_t n)
{
    struct unpaired_ratio ratio = {0};
    int error = statistics_unpaired_ratio(above, n, below, n, 1, &ratio);
    return (struct answer){
        error, {ratio.estimate, ratio.interval.low, ratio.interval.high, ratio.p}};
}

static struct answer sign_flip(size_t n)
{
    return (struct answer){0, {significance_sign_flip(logarithms, n, 1)}};
}

static struct answer mann_whitney(size_t n)
{
    return (struct answer){0, {significance_mann_whitney(above, n, below, n)}};
}

static struct answer spearman(size_t n)
{
    return (struct answer){0, {significance_spearman(above, below, n)}};
}

static struct answer holm(size_t n)
{
    double p[VALUES];
    for (size_t i = 0; i < n; i++)
        p[i] = 0.001 * (double)(1 + i * 7 % n);
    int error = significance_holm(p, n);
    return (struct answer){error, {p[0], p[1], p[2], p[3]}};
}

static struct answer ranks(size_t n)
{
    double found[VALUES] = {0};
    int error = significance_ranks(above, n, found);
    return (struct answer){error, {found[0], found[1], found[2], found[3]}};
}

static struct answer noise_floor(size_t n)
{
    struct floor_study study;
    int error = floor_study(logarithms, n, 0.05, 1, &study);
    return (struct answer){error, {study.floor, (double)study.suspected}};
}

static struct answer change(size_t n)
{
    struct change changes[VALUES / CHANGE_LEAST];
    struct change best = change_best(above, n);
    size_t count = change_find(above, n, 0.05, 1, changes);
    return (struct answer){0, {(double)best.first, best.q, (double)count}};
}

static struct answer layout(size_t n)
{
    struct layout_pair pairs[VALUES];
    for (size_t i = 0; i < n; i++)
        pairs[i] = (struct layout_pair){logarithms[i], (unsigned)(1 + i % 8),
                                        (unsigned)(1 + i / 8)};
    struct layout_study study = layout_study(pairs, n, 1);
    return (struct answer){0, {study.limit}};
}

static struct answer power(size_t n)
{
    const struct power_question question = {.threshold = 0.05, .rows = 1, .seed = 1};
    struct power found = power_study(logarithms, n, &question);
    return (struct answer){0, {found.slowdown, (double)found.pairs}};
}

static struct answer tail(size_t n)
{
    struct tail head = {0};
    struct tail base = {0};
    struct tail_comparison found;
    for (size_t i = 0; i < n; i++) {
        tail_add(&head, i, above[i], 1);
        tail_add(&base, i, below[i], 1);
    }
    tail_compare(&head, &base, n, 1, &found);
    tail_free(&head);
    tail_free(&base);
    return of_ratio(0, &found.ratio);
}

// How a function says that it lacks memory.
enum says { BY_ERROR, BY_NAN, BY_THE_END }; // of the program (lib/allocate.h)

static const struct function {
    const char *name;
    struct answer (*call)(size_t n);
    size_t sizes[3];
    enum says says;
} functions[] = {
    {"statistics_ratio", ratio_of, {4, 12, VALUES}, BY_ERROR},
    {"statistics_ratio_shared", ratio_shared, {12}, BY_ERROR},
    {"statistics_unpaired_ratio", unpaired, {12}, BY_ERROR},
    {"significance_sign_flip", sign_flip, {12, 29, VALUES}, BY_NAN},
    {"significance_mann_whitney", mann_whitney, {5, VALUES}, BY_NAN},
    {"significance_spearman", spearman, {12}, BY_NAN},
    {"significance_holm", holm, {12, VALUES}, BY_ERROR},
    {"significance_ranks", ranks, {12, VALUES}, BY_ERROR},
    {"floor_study", noise_floor, {12}, BY_ERROR},
    {"change", change, {30}, BY_THE_END},
    {"layout_study", layout, {40}, BY_THE_END},
    {"power_study", power, {20}, BY_THE_END},
    {"tail_compare", tail, {20}, BY_THE_END},
};

static struct answer call(const struct function *function, size_t n, size_t refuse)
{
    long before = kept;
    requests = 0;
    refused = refuse;
    struct answer answer = function->call(n);
    refused = 0;
    if (kept != before)
        fail_msg("%s(%zu), request %zu refused: %ld pieces of memory are not given back",
                 function->name, n, refuse, kept - before);
    return answer;
}

// Is it the right answer, or does it say that it is none?
static bool is_honest(enum says says, const struct answer *answer,
                      const struct answer *right)
{
    if (says == BY_ERROR && answer->error == -ENOMEM)
        return true;
    bool same = answer->error == 0;
    for (size_t i = 0; i < FIGURES; i++) {
        bool none = isnan(answer->figures[i]);
        if (says == BY_NAN && none)
            return true;
        same = same && ((none && isnan(right->figures[i])) ||
                        answer->figures[i] == right->figures[i]);
    }
    return same;
}

static void refuse_each(const struct function *function, size_t n)
{
    struct answer right = call(function, n, 0);
    size_t all = requests;
    assert_int_equal(right.error, 0);
    for (size_t number = 1; function->says != BY_THE_END && number <= all; number++) {
        struct answer found = call(function, n, number);
        if (!is_honest(function->says, &found, &right))
            fail_msg("%s(%zu) without its request %zu: error %d, %g instead of %g",
                     function->name, n, number, found.error, found.figures[0],
                     right.figures[0]);
    }
}

static void whichever_is_refused_nothing_wrong_is_said(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        for (size_t j = 0; j < 3 && functions[i].sizes[j] > 0; j++)
            refuse_each(&functions[i], functions[i].sizes[j]);
}

static void these_functions_ask_for_memory(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        call(&functions[i], functions[i].sizes[0], 0);
        if (requests == 0)
            fail_msg("%s asks for none: it is not tested here", functions[i].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(these_functions_ask_for_memory),
        cmocka_unit_test(whichever_is_refused_nothing_wrong_is_said),
    };
    return cmocka_run_group_tests(tests, fill, NULL);
}

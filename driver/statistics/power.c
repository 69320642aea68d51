// SPDX-License-Identifier: MIT
//
// power.c - see power.h.
#include "driver/statistics/power.h"

#include "driver/statistics/anytime.h"
#include "driver/statistics/looks.h"
#include "driver/statistics/random.h"
#include "driver/statistics/statistics.h"
#include "driver/statistics/verdict.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#define NEVER 1e9 // pairs, of a session that does not find it

struct study {
    const double *logarithms;
    size_t n;
    const struct power_question *question;
    double border;                              // logarithm, of the verdict
    size_t above_border[POWER_PAIRS_MOST + 1];  // of so many pairs: for the interval
    size_t above_nothing[POWER_PAIRS_MOST + 1]; // and for p
};

static struct study begin(const double *logarithms, size_t n,
                          const struct power_question *question)
{
    struct study study = {.logarithms = logarithms,
                          .n = n,
                          .question = question,
                          .border = log(verdict_border(question->threshold))};
    for (size_t i = 0; i <= POWER_PAIRS_MOST; i++) {
        study.above_border[i] = anytime_pairs_above(i, 1 - STATISTICS_LEVEL);
        study.above_nothing[i] =
            anytime_pairs_above(i, VERDICT_P / (double)question->rows);
    }
    return study;
}

// After how many pairs a session that is drawn from this seed says REGRESSION.
static double pairs_until_found(const struct study *study, double slower, uint64_t seed)
{
    struct random random;
    size_t above_border = 0, above = 0, below = 0;
    unsigned look = ANYTIME_PAIRS_LEAST;
    random_init(&random, seed);
    for (unsigned i = 1; i <= POWER_PAIRS_MOST; i++) {
        double d = study->logarithms[random_below(&random, study->n)];
        d = slower + (random_below(&random, 2) == 0 ? d : -d);
        above_border += d > study->border ? 1 : 0;
        above += d > 0 ? 1 : 0;
        below += d < 0 ? 1 : 0;
        if (i < look && i < POWER_PAIRS_MOST)
            continue;
        if (above_border >= study->above_border[i] &&
            above >= study->above_nothing[above + below])
            return i;
        look = looks_next(i);
    }
    return NEVER;
}

// After how many pairs 95 of 100 sessions have found it, or NEVER.
static double pairs_of_most(const struct study *study, double slowdown)
{
    double pairs[POWER_SESSIONS];
    for (size_t i = 0; i < POWER_SESSIONS; i++)
        pairs[i] =
            pairs_until_found(study, log1p(slowdown), mix_into(study->question->seed, i));
    statistics_sort(pairs, POWER_SESSIONS);
    return pairs[(size_t)(POWER_LEVEL * POWER_SESSIONS) - 1];
}

struct power power_study(const double *logarithms, size_t n,
                         const struct power_question *question)
{
    struct power power = {.slowdown = (double)NAN};
    if (n < VERDICT_ROUNDS_LEAST)
        return power;
    struct study study = begin(logarithms, n, question);
    double small = question->threshold;
    double large = POWER_MOST;
    double pairs = pairs_of_most(&study, small);
    if (pairs < NEVER)
        return (struct power){small, (size_t)pairs};
    if (pairs_of_most(&study, large) >= NEVER)
        return power;
    while (large / small > 1.02) { // 5 % or 5.1 %: nobody cares
        double middle = sqrt(small * large);
        bool found = pairs_of_most(&study, middle) < NEVER;
        *(found ? &large : &small) = middle;
    }
    return (struct power){large, (size_t)pairs_of_most(&study, large)};
}

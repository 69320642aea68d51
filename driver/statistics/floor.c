// SPDX-License-Identifier: MIT
//
// floor.c - see floor.h.
#include "driver/statistics/floor.h"

#include "driver/statistics/random.h"
#include "driver/statistics/significance.h"
#include "driver/statistics/statistics.h"
#include "driver/statistics/verdict.h"
#include "lib/mix.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#define SECOND_BATCH UINT64_C(0x5ec0) // makes other numbers of the same seed

// What all draws have in common.
struct source {
    const double *logarithms;
    size_t n;
    double *ratios;     // of the session drawn last
    double *ones;       // what they are ratios to
    double *logs;       // scratch space
    double *sizes;      // |e - 1| of each session's estimate
    double *lows;       // lower end of each session's interval
    struct ratio ratio; // of the session drawn last
};

// Draws n pairs with replacement, each with a coin for its sign.
static int draw_session(struct source *source, uint64_t seed)
{
    struct random random;
    random_init(&random, seed);
    for (size_t i = 0; i < source->n; i++) {
        double d = source->logarithms[random_below(&random, source->n)];
        source->logs[i] = random_below(&random, 2) == 0 ? d : -d;
        source->ratios[i] = exp(source->logs[i]);
    }
    return statistics_ratio_resampled(source->ratios, source->ones, source->n, seed, 0,
                                      &source->ratio);
}

static bool is_slower(const struct source *source, double threshold, uint64_t seed)
{
    struct reason reason;
    struct evidence evidence = {
        .n = source->n,
        .interval = source->ratio.interval,
        .p = significance_sign_flip(source->logs, source->n, seed),
        .wanted = threshold,
        .threshold = threshold,
    };
    return verdict_of_batch(&evidence, &reason) == VERDICT_REGRESSION;
}

// Draws the sessions once to know the floor. 0 or -ENOMEM.
static int find_floor(struct source *source, uint64_t seed, struct floor_study *study)
{
    for (size_t i = 0; i < FLOOR_SESSIONS; i++) {
        if (draw_session(source, mix_into(seed, i)) != 0)
            return -ENOMEM;
        source->sizes[i] = fabs(source->ratio.estimate - 1);
        source->lows[i] = source->ratio.interval.low;
    }
    statistics_sort(source->sizes, FLOOR_SESSIONS);
    study->floor = statistics_quantile(source->sizes, FLOOR_SESSIONS, FLOOR_LEVEL);
    study->sessions = FLOOR_SESSIONS;
    return 0;
}

// Draws those again whose interval lies so high that they may be called slower: they are
// few, and the p-value takes long.
static int find_alarms(struct source *source, double threshold, uint64_t seed,
                       struct floor_study *study)
{
    double raised = verdict_threshold(threshold, study->floor);
    for (size_t i = 0; i < FLOOR_SESSIONS; i++) {
        uint64_t own = mix_into(seed, i);
        if (source->lows[i] <= verdict_border(raised))
            continue;
        if (draw_session(source, own) != 0)
            return -ENOMEM;
        if (!is_slower(source, raised, own))
            continue;
        study->suspected++;
        own = mix_into(own, SECOND_BATCH);
        if (draw_session(source, own) != 0)
            return -ENOMEM;
        study->confirmed += source->ratio.interval.low > verdict_border(raised) &&
                            is_slower(source, raised, own);
    }
    return 0;
}

static bool all_equal(const double *logarithms, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (logarithms[i] != 0)
            return false;
    return true;
}

int floor_study(const double *logarithms, size_t n, double threshold, uint64_t seed,
                struct floor_study *study)
{
    *study = (struct floor_study){.floor = (double)NAN};
    if (n < VERDICT_ROUNDS_LEAST)
        return 0;
    if (all_equal(logarithms, n)) { // a counter that never differs
        *study = (struct floor_study){.sessions = FLOOR_SESSIONS};
        return 0;
    }
    double *room = calloc(3 * n + 2 * (size_t)FLOOR_SESSIONS, sizeof *room);
    if (room == NULL)
        return -ENOMEM;
    struct source source = {.logarithms = logarithms,
                            .n = n,
                            .ratios = room,
                            .ones = room + n,
                            .logs = room + 2 * n,
                            .sizes = room + 3 * n,
                            .lows = room + 3 * n + FLOOR_SESSIONS};
    for (size_t i = 0; i < n; i++)
        source.ones[i] = 1;
    int error = find_floor(&source, seed, study);
    if (error == 0)
        error = find_alarms(&source, threshold, seed, study);
    free(room);
    return error;
}

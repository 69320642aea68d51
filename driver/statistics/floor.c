// SPDX-License-Identifier: MIT
//
// floor.c - see floor.h.
#include "driver/statistics/floor.h"

#include "driver/statistics/anytime.h"
#include "driver/statistics/looks.h"
#include "driver/statistics/random.h"
#include "driver/statistics/statistics.h"
#include "driver/statistics/verdict.h"
#include "lib/mix.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

// All draws have these in common.
struct source {
    const double *logarithms;
    size_t n;
    double *logs;       // of the session drawn last
    double *sorted;     // scratch space
    double *sizes;      // |e - 1| of each session's estimate
    struct ratio ratio; // of the session drawn last
};

// Draws n pairs with replacement, each with a coin for its sign.
static void draw_session(struct source *source, uint64_t seed)
{
    struct random random;
    random_init(&random, seed);
    for (size_t i = 0; i < source->n; i++) {
        double d = source->logarithms[random_below(&random, source->n)];
        source->logs[i] = random_below(&random, 2) == 0 ? d : -d;
    }
}

// The verdict of a gate on the first `n` pairs.
static enum verdict look(struct source *source, size_t n, double threshold)
{
    struct reason reason;
    memcpy(source->sorted, source->logs, n * sizeof *source->logs);
    anytime_ratio(source->sorted, n, &source->ratio);
    const struct evidence evidence = {.n = n,
                                      .interval = source->ratio.interval,
                                      .p = anytime_p(source->logs, n),
                                      .wanted = threshold,
                                      .threshold = threshold};
    return verdict_of(&evidence, &reason);
}

// The course of a gate: looks until something is decided or all pairs are used.
static enum verdict run_gate(struct source *source, double threshold)
{
    enum verdict verdict = VERDICT_INCONCLUSIVE;
    for (size_t n = ANYTIME_PAIRS_LEAST; n <= source->n; n = looks_next((unsigned)n)) {
        verdict = look(source, n, threshold);
        if (verdict != VERDICT_INCONCLUSIVE && verdict != VERDICT_SUSPECT)
            break;
    }
    return verdict;
}

static void find_floor(struct source *source, uint64_t seed, struct floor_study *study)
{
    for (size_t i = 0; i < FLOOR_SESSIONS; i++) {
        draw_session(source, mix_into(seed, i));
        memcpy(source->sorted, source->logs, source->n * sizeof *source->logs);
        anytime_ratio(source->sorted, source->n, &source->ratio);
        source->sizes[i] = fabs(source->ratio.estimate - 1);
    }
    statistics_sort(source->sizes, FLOOR_SESSIONS);
    study->floor = statistics_quantile(source->sizes, FLOOR_SESSIONS, FLOOR_LEVEL);
    study->sessions = FLOOR_SESSIONS;
}

static void find_alarms(struct source *source, double threshold, uint64_t seed,
                        struct floor_study *study)
{
    double raised = verdict_threshold(threshold, study->floor);
    for (size_t i = 0; i < FLOOR_SESSIONS; i++) {
        draw_session(source, mix_into(seed, i));
        enum verdict verdict = run_gate(source, raised);
        study->suspected += verdict >= VERDICT_SUSPECT ? 1 : 0;
        study->confirmed += verdict == VERDICT_REGRESSION ? 1 : 0;
    }
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
    double *room = calloc(2 * n + FLOOR_SESSIONS, sizeof *room);
    if (room == NULL)
        return -ENOMEM;
    struct source source = {.logarithms = logarithms,
                            .n = n,
                            .logs = room,
                            .sorted = room + n,
                            .sizes = room + 2 * n};
    find_floor(&source, seed, study);
    find_alarms(&source, threshold, seed, study);
    free(room);
    return 0;
}

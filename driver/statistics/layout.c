// SPDX-License-Identifier: MIT
//
// layout.c - see layout.h.
#include "driver/statistics/layout.h"

#include "driver/statistics/random.h"
#include "driver/statistics/statistics.h"
#include "lib/allocate.h"

#include <math.h>
#include <stdlib.h>

#define DEALS     400
#define LEVEL     0.95
#define FARTHEST  3.0    // deviations
#define QUANTILE  0.85   // of |d|, from which the deviation is known:
#define QUANTILES 1.4395 // so many deviations, where d is normal
#define APART     1.96

// Leaves no pair farther from 0 than FARTHEST deviations. (From the median of |d| they are not
// known: where half of the links are slow, half of the pairs differ, and half do not.)
static void bound(struct layout_pair *pairs, size_t n, double *room)
{
    for (size_t i = 0; i < n; i++)
        room[i] = fabs(pairs[i].d);
    statistics_sort(room, n);
    double most = FARTHEST / QUANTILES * statistics_quantile(room, n, QUANTILE);
    for (size_t i = 0; i < n; i++)
        pairs[i].d = fmax(-most, fmin(most, pairs[i].d));
}

// The variance of what a link makes of a time, at least 0.
static double variance(const struct layout_pair *pairs, size_t n)
{
    double sums[LAYOUT_LINKS_MOST + 1] = {0}, counts[LAYOUT_LINKS_MOST + 1] = {0};
    double all = 0, between = 0, inverse = 0, links = 0;
    for (size_t i = 0; i < n; i++) {
        sums[pairs[i].head] += pairs[i].d;
        sums[pairs[i].base] -= pairs[i].d;
        counts[pairs[i].head]++;
        counts[pairs[i].base]++;
        all += pairs[i].d * pairs[i].d / (double)n;
    }
    for (unsigned k = 1; k <= LAYOUT_LINKS_MOST; k++) {
        if (counts[k] == 0)
            continue;
        between += (sums[k] / counts[k]) * (sums[k] / counts[k]);
        inverse += 1 / counts[k];
        links++;
    }
    // E(between / links) = v + (all - v) * inverse / links, of which one v is the link's own.
    double part = inverse / links;
    return part >= 1 ? 0 : fmax(0, (between / links - all * part) / (1 - part));
}

// Deals the differences out to the pairs of links anew.
static void deal(struct layout_pair *pairs, size_t n, struct random *random)
{
    for (size_t i = n; i > 1; i--) {
        size_t other = random_below(random, i);
        double d = pairs[i - 1].d;
        pairs[i - 1].d = pairs[other].d;
        pairs[other].d = d;
    }
    for (size_t i = 0; i < n; i++)
        pairs[i].d = random_below(random, 2) == 0 ? pairs[i].d : -pairs[i].d;
}

static double floor_of(double of_variance)
{
    return expm1(APART * sqrt(2 * of_variance));
}

// The pairs whose links differ.
static size_t take(const struct layout_pair *pairs, size_t n, struct layout_pair *taken)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        if (pairs[i].head != pairs[i].base && pairs[i].head <= LAYOUT_LINKS_MOST &&
            pairs[i].base <= LAYOUT_LINKS_MOST)
            taken[count++] = pairs[i];
    return count;
}

struct layout_study layout_study(const struct layout_pair *pairs, size_t n, uint64_t seed)
{
    struct layout_study study = {(double)NAN, (double)NAN};
    struct layout_pair *taken = allocate(n + 1, sizeof *taken);
    double *room = allocate(n + DEALS, sizeof *room);
    struct random random;
    n = take(pairs, n, taken);
    if (n >= LAYOUT_PAIRS_LEAST) {
        bound(taken, n, room);
        double found = variance(taken, n);
        random_init(&random, seed);
        for (size_t i = 0; i < DEALS; i++) {
            deal(taken, n, &random);
            room[i] = variance(taken, n);
        }
        statistics_sort(room, DEALS);
        double limit = statistics_quantile(room, DEALS, LEVEL);
        study.limit = floor_of(limit);
        study.floor = found > limit ? floor_of(found) : (double)NAN;
    }
    free(room);
    free(taken);
    return study;
}

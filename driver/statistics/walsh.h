// SPDX-License-Identifier: MIT
//
// walsh.h - the averages (d[i] + d[j]) / 2, i <= j, of all pairs of n numbers, each with
// itself included (Walsh averages). Their median is the Hodges-Lehmann estimate, and
// counting in from both ends gives the interval of Wilcoxon's signed-rank test.
//
// There are n(n+1)/2 of them. Up to WALSH_LISTED numbers they are listed and sorted, which
// the bootstrap needs; for more, single ones are found without a list.
//
// Read next: ratio.c.
#ifndef QUARTET_DRIVER_STATISTICS_WALSH_H
#define QUARTET_DRIVER_STATISTICS_WALSH_H

#include "driver/statistics/statistics.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WALSH_LISTED 40

// One average, and the two numbers that it comes from.
struct walsh {
    double value;
    uint16_t i;
    uint16_t j;
};

// How many averages n numbers have.
static inline size_t walsh_count(size_t n)
{
    return n * (n + 1) / 2;
}

// Returns all averages of n <= WALSH_LISTED numbers in ascending order; the caller frees.
// NULL: out of memory.
struct walsh *walsh_list(const double *d, size_t n);

// Finds the average number `rank` (1: the smallest) of n > 0 ascending numbers, in about
// n log n steps and with room for 4 n numbers. 0 or -ENOMEM.
// Source: J. Monahan, "Algorithm 616: fast computation of the Hodges-Lehmann location
// estimator", ACM Trans. Math. Softw. 10 (1984).
int walsh_select(const double *sorted, size_t n, size_t rank, double *value);

// ---- the bootstrap -----------------------------------------------------------------

// So many resamples of n numbers, n <= WALSH_LISTED. They do not depend on the numbers: all
// comparisons of a table can share them.
struct resamples;

// NULL: out of memory. resamples_free() afterwards; it takes NULL, too.
struct resamples *resamples_new(size_t n, uint64_t seed, size_t count);
void resamples_free(struct resamples *resamples);

// Are these (may be NULL) what resamples_new() would make of the same arguments?
bool resamples_fit(const struct resamples *resamples, size_t n, uint64_t seed,
                   size_t count);

// The percentile interval of the median of the averages, over resamples of as many numbers
// as `list` was made from. 0 or -ENOMEM.
int walsh_bootstrap(const struct walsh *list, const struct resamples *resamples,
                    struct interval *interval);

#endif

// SPDX-License-Identifier: MIT
//
// significance.c - the test for pairs, the correction for many of them, and ranks with
// what is built on them. See significance.h; mann_whitney.c has the test without pairs.
#include "driver/significance.h"

#include "driver/random.h"
#include "driver/statistics.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// Sums of the same numbers in another order differ in their last bits.
#define ROUNDING 1e-9

// ---- sign flips ------------------------------------------------------------------

// Cuts the sizes of d at twice their median. Where the median is 0 (more than half
// of the pairs are equal) there is no scale to cut at.
static void cut(double *cut_d, const double *d, size_t n)
{
    double size[STATISTICS_PAIRS_MAX];
    memcpy(cut_d, d, n * sizeof *d);
    if (n > STATISTICS_PAIRS_MAX)
        return; // so many that no single one matters
    for (size_t i = 0; i < n; i++)
        size[i] = fabs(d[i]);
    statistics_sort(size, n);
    double limit = 2 * statistics_quantile(size, n, 0.5);
    for (size_t i = 0; limit > 0 && i < n; i++)
        cut_d[i] = fmax(-limit, fmin(limit, d[i]));
}

// Goes through all 2^(n-1) flips that leave the last sign alone (the other half mirrors
// them) in the order of a Gray code: one sign changes at a time.
static double flip_all(const double *d, size_t n, double observed)
{
    uint64_t flips = UINT64_C(1) << (n - 1);
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += d[i];
    uint64_t hits = fabs(sum) >= observed;
    uint64_t flipped = 0;
    for (uint64_t step = 1; step < flips; step++) {
        size_t which = 0;
        while ((step >> which & 1) == 0)
            which++;
        flipped ^= UINT64_C(1) << which;
        sum += (flipped >> which & 1) != 0 ? -2 * d[which] : 2 * d[which];
        hits += fabs(sum) >= observed;
    }
    return (double)hits / (double)flips;
}

static double flip_some(const double *d, size_t n, double observed, uint64_t seed)
{
    struct random random;
    uint64_t hits = 0;
    random_init(&random, seed);
    for (size_t draw = 0; draw < SIGN_FLIP_DRAWS; draw++) {
        uint64_t signs = 0;
        double sum = 0;
        for (size_t i = 0; i < n; i++, signs >>= 1) {
            if (i % 64 == 0)
                signs = random_next(&random);
            sum += (signs & 1) != 0 ? d[i] : -d[i];
        }
        hits += fabs(sum) >= observed;
    }
    return (double)(1 + hits) / (double)(1 + SIGN_FLIP_DRAWS);
}

double significance_sign_flip(const double *d, size_t n, uint64_t seed)
{
    if (n == 0)
        return 1;
    double *limited = malloc(n * sizeof *limited);
    if (limited == NULL)
        return (double)NAN;
    cut(limited, d, n);
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += limited[i];
    double observed = fabs(sum) * (1 - ROUNDING);
    double p = n <= SIGN_FLIP_EXACT_MAX ? flip_all(limited, n, observed)
                                        : flip_some(limited, n, observed, seed);
    free(limited);
    return p;
}

// ---- many of them ----------------------------------------------------------------

struct ranked {
    double value;
    size_t place; // where it stood
};

static int compare_ranked(const void *left, const void *right)
{
    const struct ranked *a = left;
    const struct ranked *b = right;
    return (a->value > b->value) - (a->value < b->value);
}

// Ascending, with NANs left out; NULL: out of memory.
static struct ranked *sort_places(const double *values, size_t n, size_t *count)
{
    struct ranked *list = malloc((n + 1) * sizeof *list);
    *count = 0;
    for (size_t i = 0; list != NULL && i < n; i++)
        if (!isnan(values[i]))
            list[(*count)++] = (struct ranked){.value = values[i], .place = i};
    if (list != NULL)
        qsort(list, *count, sizeof *list, compare_ranked);
    return list;
}

int significance_holm(double *p, size_t n)
{
    size_t count;
    struct ranked *list = sort_places(p, n, &count);
    if (list == NULL)
        return -ENOMEM;
    double least = 0; // a larger p never gets a smaller correction
    for (size_t i = 0; i < count; i++) {
        least = fmax(least, fmin(1, list[i].value * (double)(count - i)));
        p[list[i].place] = least;
    }
    free(list);
    return 0;
}

// ---- ranks -----------------------------------------------------------------------

int significance_ranks(const double *values, size_t n, double *ranks)
{
    size_t count;
    struct ranked *list = sort_places(values, n, &count);
    if (list == NULL)
        return -ENOMEM;
    for (size_t begin = 0, end; begin < count; begin = end) {
        end = begin;
        while (end < count && list[end].value == list[begin].value)
            end++;
        for (size_t i = begin; i < end; i++)
            ranks[list[i].place] = (double)(begin + 1 + end) / 2;
    }
    free(list);
    return 0;
}

// Pearson's correlation of the ranks.
static double correlation(const double *x, const double *y, size_t n)
{
    double mean = (double)(n + 1) / 2;
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (size_t i = 0; i < n; i++) {
        xx += (x[i] - mean) * (x[i] - mean);
        yy += (y[i] - mean) * (y[i] - mean);
        xy += (x[i] - mean) * (y[i] - mean);
    }
    return xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : (double)NAN;
}

double significance_spearman(const double *x, const double *y, size_t n)
{
    if (n < 3)
        return (double)NAN;
    double *ranks = calloc(2 * n, sizeof *ranks);
    double rho = (double)NAN;
    if (ranks != NULL && significance_ranks(x, n, ranks) == 0 &&
        significance_ranks(y, n, ranks + n) == 0)
        rho = correlation(ranks, ranks + n, n);
    free(ranks);
    return rho;
}

// SPDX-License-Identifier: MIT
//
// significance.c - the test for pairs, the correction for many of them, and ranks with
// what is built on them. See significance.h; mann_whitney.c has the test without pairs.
#include "driver/statistics/significance.h"

#include "driver/statistics/random.h"
#include "driver/statistics/statistics.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

// Sums of the same numbers in another order differ in their last bits.
#define ROUNDING 1e-9

// ---- sign flips ------------------------------------------------------------------

// Cuts the sizes of d at twice their median, in cut_d; `size` is scratch space. Where the
// median is 0 (more than half of the pairs are equal) there is no scale to cut at.
static void cut(double *cut_d, const double *d, size_t n, double *size)
{
    for (size_t i = 0; i < n; i++)
        size[i] = fabs(d[i]);
    double limit = 2 * statistics_select_quantile(size, n, 0.5);
    for (size_t i = 0; i < n; i++)
        cut_d[i] = limit > 0 ? fmax(-limit, fmin(limit, d[i])) : d[i];
}

// Writes all 2^n sums of +-d[i] in ascending order: those of one number less, once moved
// down and once moved up, and the two merged. `other` is as large; which of the two holds
// the sums is returned.
static double *all_sums(const double *d, size_t n, double *sums, double *other)
{
    size_t count = 1;
    sums[0] = 0;
    for (size_t i = 0; i < n; i++) {
        double step = fabs(d[i]);
        size_t down = 0;
        size_t up = 0;
        for (size_t k = 0; k < 2 * count; k++) {
            bool next_is_down =
                up == count || (down < count && sums[down] - step <= sums[up] + step);
            other[k] = next_is_down ? sums[down++] - step : sums[up++] + step;
        }
        count *= 2;
        double *swapped = sums;
        sums = other;
        other = swapped;
    }
    return sums;
}

// The part of all 2^n flips whose sum is as far from 0 as the observed one. Each is the sum
// of a flip of one half of the numbers and a flip of the other half: both lists ascend, so
// what is reached by each sum of the first half is found in one walk down the second.
// Sums lie symmetric to 0, so those of one side are counted. NAN: out of memory.
static double flip_all(const double *d, size_t n, double observed)
{
    size_t count_a = (size_t)1 << n / 2;
    size_t count_b = (size_t)1 << (n - n / 2);
    double *room = malloc(2 * (count_a + count_b) * sizeof *room);
    if (room == NULL)
        return (double)NAN;
    const double *a = all_sums(d, n / 2, room, room + count_a);
    double *room_b = room + 2 * count_a;
    const double *b = all_sums(d + n / 2, n - n / 2, room_b, room_b + count_b);
    uint64_t hits = 0;
    size_t reached = count_b; // b[reached] and what is behind it
    for (size_t i = 0; i < count_a; i++) {
        while (reached > 0 && a[i] + b[reached - 1] >= observed)
            reached--;
        hits += count_b - reached;
    }
    free(room);
    return fmin(1, 2 * ldexp((double)hits, -(int)n));
}

#define GROUP 8    // numbers whose signs are one byte of a random number
#define BATCH 1024 // flips drawn together: their sums stay in the nearest cache

// The sums of all 256 flips of up to GROUP numbers.
static void group_sums(const double *d, size_t n, double *sums)
{
    for (unsigned signs = 0; signs < 1U << GROUP; signs++) {
        sums[signs] = 0;
        for (size_t i = 0; i < n; i++)
            sums[signs] += (signs >> i & 1) != 0 ? d[i] : -d[i];
    }
}

// Adds random flips of all numbers to each of BATCH sums, eight groups per random number.
static void draw_batch(const double *tables, size_t groups, struct random *random,
                       double *sums)
{
    for (size_t i = 0; i < BATCH; i++)
        sums[i] = 0;
    for (size_t first = 0; first < groups; first += 8) {
        size_t end = groups < first + 8 ? groups : first + 8;
        for (size_t i = 0; i < BATCH; i++) {
            uint64_t bits = random_next(random);
            for (size_t group = first; group < end; group++, bits >>= GROUP)
                sums[i] += tables[group << GROUP | (bits & 0xff)];
        }
    }
}

static double flip_some(const double *d, size_t n, double observed, uint64_t seed)
{
    size_t groups = (n + GROUP - 1) / GROUP;
    double *tables = malloc((groups << GROUP) * sizeof *tables);
    if (tables == NULL)
        return (double)NAN;
    for (size_t i = 0; i < groups; i++)
        group_sums(d + i * GROUP, n - i * GROUP < GROUP ? n - i * GROUP : GROUP,
                   tables + (i << GROUP));
    struct random random;
    random_init(&random, seed);
    uint64_t hits = 0;
    for (size_t done = 0; done < SIGN_FLIP_DRAWS; done += BATCH) {
        double sums[BATCH];
        draw_batch(tables, groups, &random, sums);
        for (size_t i = 0; i < BATCH && done + i < SIGN_FLIP_DRAWS; i++)
            hits += fabs(sums[i]) >= observed;
    }
    free(tables);
    return (double)(1 + hits) / (double)(1 + SIGN_FLIP_DRAWS);
}

double significance_sign_flip(const double *d, size_t n, uint64_t seed)
{
    if (n == 0)
        return 1;
    double *limited = malloc(2 * n * sizeof *limited);
    if (limited == NULL)
        return (double)NAN;
    cut(limited, d, n, limited + n);
    double sum = 0;
    double size = 0;
    for (size_t i = 0; i < n; i++) {
        sum += limited[i];
        size += fabs(limited[i]);
    }
    double observed = fabs(sum) - ROUNDING * size;
    double p = 1; // when each flip reaches what was observed
    if (observed > 0)
        p = n <= SIGN_FLIP_EXACT_MAX ? flip_all(limited, n, observed)
                                     : flip_some(limited, n, observed, seed);
    free(limited);
    return p;
}

unsigned significance_pairs_needed(size_t comparisons, double level)
{
    unsigned n = 1;
    double p = (double)comparisons;
    while (p >= level) {
        p /= 2;
        n++;
    }
    return n;
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

// SPDX-License-Identifier: MIT
//
// unpaired.c - the ratio of two samples that were not measured side by side
// (statistics_unpaired_ratio), and two short formulas on intervals and ratios. See
// statistics.h.
#include "driver/statistics/random.h"
#include "driver/statistics/significance.h"
#include "driver/statistics/statistics.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

// The log of the median of a resample of ascending values. Drawing positions and picking
// the middle of them needs no sorting of values: positions are in their order.
static double resample_log_median(const double *sorted, size_t n, struct random *random,
                                  uint32_t *drawn)
{
    for (size_t i = 0; i < n; i++)
        drawn[i] = 0;
    for (size_t i = 0; i < n; i++)
        drawn[random_below(random, n)]++;
    size_t lower_rank = (n - 1) / 2; // from 0
    size_t upper_rank = n / 2;
    size_t seen = 0;
    double lower = 0;
    for (size_t i = 0;; i++) {
        size_t before = seen;
        seen += drawn[i];
        if (before <= lower_rank && lower_rank < seen)
            lower = sorted[i];
        if (upper_rank < seen)
            return log((lower + sorted[i]) / 2);
    }
}

// `room` holds the sorted samples, one behind the other.
static int bootstrap(const double *room, size_t count_a, size_t count_b, uint64_t seed,
                     struct interval *interval)
{
    size_t longest = count_a > count_b ? count_a : count_b;
    uint32_t *drawn = malloc(longest * sizeof *drawn);
    double *logs = malloc(STATISTICS_RESAMPLES * sizeof *logs);
    struct random random;
    random_init(&random, seed);
    int error = drawn == NULL || logs == NULL ? -ENOMEM : 0;
    for (size_t r = 0; error == 0 && r < STATISTICS_RESAMPLES; r++)
        logs[r] = resample_log_median(room, count_a, &random, drawn) -
                  resample_log_median(room + count_a, count_b, &random, drawn);
    if (error == 0) {
        double tail = (1 - STATISTICS_LEVEL) / 2;
        statistics_sort(logs, STATISTICS_RESAMPLES);
        interval->low = exp(statistics_quantile(logs, STATISTICS_RESAMPLES, tail));
        interval->high = exp(statistics_quantile(logs, STATISTICS_RESAMPLES, 1 - tail));
        interval->confidence = STATISTICS_LEVEL;
    }
    free(drawn);
    free(logs);
    return error;
}

int statistics_unpaired_ratio(const double *a, size_t count_a, const double *b,
                              size_t count_b, uint64_t seed, struct unpaired_ratio *ratio)
{
    const struct interval unknown = {.low = (double)NAN, .high = (double)NAN};
    *ratio = (struct unpaired_ratio){.estimate = (double)NAN,
                                     .interval = unknown,
                                     .p = (double)NAN};
    if (count_a == 0 || count_b == 0)
        return 0;
    double *room = malloc((count_a + count_b) * sizeof *room);
    if (room == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < count_a; i++)
        room[i] = a[i];
    for (size_t i = 0; i < count_b; i++)
        room[count_a + i] = b[i];
    statistics_sort(room, count_a);
    statistics_sort(room + count_a, count_b);
    ratio->estimate = statistics_quantile(room, count_a, 0.5) /
                      statistics_quantile(room + count_a, count_b, 0.5);
    int error = 0;
    if (count_a > 1 && count_b > 1)
        error = bootstrap(room, count_a, count_b, seed, &ratio->interval);
    ratio->p = significance_mann_whitney(a, count_a, b, count_b);
    free(room);
    return isnan(ratio->p) ? -ENOMEM : error;
}

double statistics_geometric_mean(const double *values, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += log(values[i]);
    return n == 0 ? (double)NAN : exp(sum / (double)n);
}

double statistics_detectable(const struct interval *interval, double border)
{
    static const double two_sided_95 = 1.959963984540054; // quantile of the normal
    static const double power_95 = 1.6448536269514722;    // distribution at 0.975, 0.95
    double half = (log(interval->high) - log(interval->low)) / 2;
    return exp(log(border) + half * (1 + power_95 / two_sided_95));
}

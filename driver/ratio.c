// SPDX-License-Identifier: MIT
//
// ratio.c - how many times longer does A take than B? (statistics_ratio)
//
// The pairs' log ratios d[0..n) are turned into all Walsh averages (d[i]+d[j])/2, and
// those are sorted once. Their median is the Hodges-Lehmann estimate; counting in from
// both ends gives the exact interval of Wilcoxon's signed-rank test. The bootstrap
// needs no second sort: drawing pair i c[i] times gives the average of i and j a
// weight of c[i]*c[j], so each resample's estimate is a weighted median of the same
// sorted list.
#include "driver/random.h"
#include "driver/statistics.h"
#include "lib/check.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// One Walsh average, and the two pairs that it comes from.
struct walsh {
    double value;
    size_t i;
    size_t j;
};

// Quantiles of Student's t distribution at 0.975 for 1 to 4 degrees of freedom.
static const double student_975[] = {12.706204736174698, 4.302652729749462,
                                     3.182446305284263, 2.776445105197799};

static int compare_walsh(const void *left, const void *right)
{
    const struct walsh *a = left;
    const struct walsh *b = right;
    return (a->value > b->value) - (a->value < b->value);
}

// Returns all n(n+1)/2 averages in ascending order, or NULL; the caller frees.
static struct walsh *walsh_averages(const double *d, size_t n)
{
    struct walsh *list = malloc(n * (n + 1) / 2 * sizeof *list);
    if (list == NULL)
        return NULL;
    size_t length = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = i; j < n; j++)
            list[length++] = (struct walsh){.value = (d[i] + d[j]) / 2, .i = i, .j = j};
    qsort(list, length, sizeof *list, compare_walsh);
    return list;
}

static double walsh_median(const struct walsh *list, size_t length)
{
    return (list[(length - 1) / 2].value + list[length / 2].value) / 2;
}

// How often the average of pairs i and j occurs when pair i was drawn drawn[i] times.
static uint64_t walsh_weight(const struct walsh *average, const uint32_t *drawn)
{
    uint64_t first = drawn[average->i];
    uint64_t second = drawn[average->j];
    return average->i == average->j ? first * (first + 1) / 2 : first * second;
}

// The estimate of one resample of n pairs: the median of the weighted averages.
static double resample_estimate(const struct walsh *list, size_t n, const uint32_t *drawn)
{
    uint64_t total = (uint64_t)n * (n + 1) / 2; // the weights always add up to this
    uint64_t lower_rank = (total + 1) / 2;
    uint64_t upper_rank = total / 2 + 1;
    uint64_t seen = 0;
    double lower = 0;
    for (const struct walsh *average = list;; average++) {
        uint64_t before = seen;
        seen += walsh_weight(average, drawn);
        if (before < lower_rank && seen >= lower_rank)
            lower = average->value;
        if (seen >= upper_rank)
            return (lower + average->value) / 2;
    }
}

// The percentile interval of the estimate over resamples. 0 or -ENOMEM.
static int bootstrap_interval(const struct walsh *list, size_t n, uint64_t seed,
                              size_t resamples, struct interval *interval)
{
    uint32_t drawn[STATISTICS_PAIRS_MAX];
    double *estimates = malloc(resamples * sizeof *estimates);
    if (estimates == NULL)
        return -ENOMEM;
    struct random random;
    random_init(&random, seed);
    for (size_t r = 0; r < resamples; r++) {
        memset(drawn, 0, n * sizeof *drawn);
        for (size_t i = 0; i < n; i++)
            drawn[random_below(&random, n)]++;
        estimates[r] = resample_estimate(list, n, drawn);
    }
    statistics_sort(estimates, resamples);
    double tail = (1 - STATISTICS_LEVEL) / 2;
    interval->low = statistics_quantile(estimates, resamples, tail);
    interval->high = statistics_quantile(estimates, resamples, 1 - tail);
    interval->confidence = STATISTICS_LEVEL; // nominal: see the header
    free(estimates);
    return 0;
}

// Fills p[w] with P(W = w), W the sum of the ranks 1..n that a coin each selects: the
// distribution of Wilcoxon's signed-rank statistic when the ratio is really 1.
static void signed_rank_distribution(double *p, size_t n)
{
    size_t length = n * (n + 1) / 2 + 1;
    memset(p, 0, length * sizeof *p);
    p[0] = 1;
    for (size_t rank = 1; rank <= n; rank++)
        for (size_t w = length; w-- > 0;)
            p[w] = (p[w] + (w >= rank ? p[w - rank] : 0)) / 2;
}

// The averages number k and length+1-k, with the largest k whose confidence
// 1 - 2 P(W <= k-1) reaches the level. Needs n >= 6. 0 or -ENOMEM.
static int signed_rank_interval(const struct walsh *list, size_t n,
                                struct interval *interval)
{
    size_t length = n * (n + 1) / 2;
    double *p = malloc((length + 1) * sizeof *p);
    if (p == NULL)
        return -ENOMEM;
    signed_rank_distribution(p, n);
    size_t k = 1;
    double tail = p[0];
    while (tail + p[k] <= (1 - STATISTICS_LEVEL) / 2)
        tail += p[k++];
    free(p);
    *interval = (struct interval){.low = list[k - 1].value,
                                  .high = list[length - k].value,
                                  .confidence = 1 - 2 * tail};
    return 0;
}

static void interval_widen(struct interval *interval, double low, double high)
{
    interval->low = fmin(interval->low, low);
    interval->high = fmax(interval->high, high);
}

// For 2 to 5 pairs: smallest to largest, widened to Student's interval.
static struct interval few_pairs_interval(const double *d, size_t n)
{
    struct interval interval = {.low = d[0],
                                .high = d[0],
                                .confidence = 1 - ldexp(2, -(int)n)};
    double mean = 0;
    for (size_t i = 0; i < n; i++) {
        interval_widen(&interval, d[i], d[i]);
        mean += d[i] / (double)n;
    }
    double squares = 0;
    for (size_t i = 0; i < n; i++)
        squares += (d[i] - mean) * (d[i] - mean);
    double error = sqrt(squares / (double)(n - 1) / (double)n);
    double reach = student_975[n - 2] * error;
    interval_widen(&interval, mean - reach, mean + reach);
    return interval;
}

// Fills `ratio` on the logarithmic scale for 2 <= n <= STATISTICS_PAIRS_MAX.
static int log_ratio(const double *d, size_t n, uint64_t seed, size_t resamples,
                     struct ratio *ratio)
{
    struct walsh *list = walsh_averages(d, n);
    if (list == NULL)
        return -ENOMEM;
    ratio->estimate = walsh_median(list, n * (n + 1) / 2);
    int error = 0;
    if (resamples > 0)
        error = bootstrap_interval(list, n, seed, resamples, &ratio->bootstrap);
    if (error == 0 && n < 6) {
        ratio->interval = few_pairs_interval(d, n);
        ratio->method = "Hodges-Lehmann; smallest to largest paired ratio, "
                        "widened to Student's 95 % interval";
    } else if (error == 0) {
        error = signed_rank_interval(list, n, &ratio->interval);
        interval_widen(&ratio->interval, ratio->bootstrap.low, ratio->bootstrap.high);
        ratio->method = "Hodges-Lehmann; exact signed-rank interval, "
                        "widened to the bootstrap percentile interval";
    }
    free(list);
    return error;
}

// The same for more pairs, where sorting all averages would take too long.
static void log_ratio_of_many(double *d, size_t n, struct ratio *ratio)
{
    statistics_sort(d, n);
    ratio->estimate = statistics_quantile(d, n, 0.5);
    ratio->interval = statistics_median_interval(d, n, STATISTICS_LEVEL);
    ratio->method = "median of the paired ratios; order-statistic interval";
}

static void interval_exp(struct interval *interval)
{
    interval->low = exp(interval->low);
    interval->high = exp(interval->high);
}

int statistics_ratio(const double *a, const double *b, size_t n, uint64_t seed,
                     struct ratio *ratio)
{
    return statistics_ratio_resampled(a, b, n, seed, STATISTICS_RESAMPLES, ratio);
}

int statistics_ratio_resampled(const double *a, const double *b, size_t n, uint64_t seed,
                               size_t resamples, struct ratio *ratio)
{
    const struct interval unknown = {.low = (double)NAN,
                                     .high = (double)NAN,
                                     .confidence = 0};
    *ratio = (struct ratio){.n = n,
                            .estimate = (double)NAN,
                            .interval = unknown,
                            .bootstrap = unknown,
                            .method = "too few pairs for an interval"};
    if (n == 0)
        return 0;
    double *d = malloc(n * sizeof *d);
    if (d == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < n; i++) {
        CHECK(a[i] > 0 && b[i] > 0);
        d[i] = log(a[i]) - log(b[i]);
    }
    int error = 0;
    if (n == 1)
        ratio->estimate = d[0];
    else if (n <= STATISTICS_PAIRS_MAX)
        error = log_ratio(d, n, seed, resamples, ratio);
    else
        log_ratio_of_many(d, n, ratio);
    free(d);
    ratio->estimate = exp(ratio->estimate);
    interval_exp(&ratio->interval);
    interval_exp(&ratio->bootstrap);
    return error;
}

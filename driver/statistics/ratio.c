// SPDX-License-Identifier: MIT
//
// ratio.c - how many times longer does A take than B? (statistics_ratio)
//
// The pairs' log ratios d[0..n) have n(n+1)/2 Walsh averages (walsh.h). Their median is
// the Hodges-Lehmann estimate, and counting in from both ends gives the interval of
// Wilcoxon's signed-rank test: exact where it is cheap to be so, and by a normal
// distribution with one correction where nobody could tell the difference.
#include "driver/statistics/statistics.h"
#include "driver/statistics/walsh.h"
#include "lib/check.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

// Quantiles of Student's t distribution at 0.975 for 1 to 4 degrees of freedom.
static const double student_975[] = {12.706204736174698, 4.302652729749462,
                                     3.182446305284263, 2.776445105197799};

// ---- Wilcoxon's signed-rank interval -----------------------------------------------

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

// The largest k for which 1 - 2 P(W <= k-1) reaches the level, and that confidence: then
// the averages number k and n(n+1)/2 + 1 - k are the ends of the interval. Needs n >= 6.
// 0 or -ENOMEM.
static int signed_rank_exact(size_t n, size_t *k, double *confidence)
{
    double *p = malloc((walsh_count(n) + 1) * sizeof *p);
    if (p == NULL)
        return -ENOMEM;
    signed_rank_distribution(p, n);
    double tail = p[0];
    *k = 1;
    while (tail + p[*k] <= (1 - STATISTICS_LEVEL) / 2)
        tail += p[(*k)++];
    free(p);
    *confidence = 1 - 2 * tail;
    return 0;
}

// P(W <= w) for many pairs: the normal distribution, corrected for the fourth cumulant
// (Edgeworth's series; the third is 0). Above 40 pairs it is right to 4 digits.
// Source: W. Feller, "An Introduction to Probability Theory and Its Applications", vol. 2,
// 2nd ed., section XVI.4.
static double signed_rank_tail(size_t n, double w)
{
    double m = (double)n;
    double variance = m * (m + 1) * (2 * m + 1) / 24;
    // A rank r that a coin selects has the fourth cumulant -r^4 / 8.
    double powers = m * (m + 1) * (2 * m + 1) * (3 * m * m + 3 * m - 1) / 30;
    double excess = -powers / 8 / (variance * variance);
    double z = (w + 0.5 - m * (m + 1) / 4) / sqrt(variance);
    double density = exp(-z * z / 2) / sqrt(2 * acos(-1.0));
    return erfc(-z / sqrt(2.0)) / 2 - density * excess / 24 * (z * z * z - 3 * z);
}

// The same k as of signed_rank_exact(), by halving.
static void signed_rank_approximate(size_t n, size_t *k, double *confidence)
{
    size_t fits = 1;
    size_t exceeds = walsh_count(n) / 2;
    while (exceeds - fits > 1) {
        size_t middle = fits + (exceeds - fits) / 2;
        if (signed_rank_tail(n, (double)middle - 1) <= (1 - STATISTICS_LEVEL) / 2)
            fits = middle;
        else
            exceeds = middle;
    }
    *k = fits;
    *confidence = 1 - 2 * signed_rank_tail(n, (double)fits - 1);
}

// ---- few pairs, some, many ---------------------------------------------------------

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

static double walsh_median(const struct walsh *list, size_t length)
{
    return (list[(length - 1) / 2].value + list[length / 2].value) / 2;
}

// Fills `ratio` on the logarithmic scale for 2 <= n < 6.
static int log_ratio_of_few(const double *d, size_t n, struct ratio *ratio)
{
    struct walsh *list = walsh_list(d, n);
    if (list == NULL)
        return -ENOMEM;
    ratio->estimate = walsh_median(list, walsh_count(n));
    ratio->interval = few_pairs_interval(d, n);
    ratio->method = "Hodges-Lehmann; smallest to largest paired ratio, "
                    "widened to Student's 95 % interval";
    free(list);
    return 0;
}

// The same for 6 <= n <= WALSH_LISTED.
static int log_ratio(const double *d, size_t n, const struct resamples *resamples,
                     struct ratio *ratio)
{
    struct walsh *list = walsh_list(d, n);
    if (list == NULL)
        return -ENOMEM;
    size_t length = walsh_count(n);
    size_t k;
    struct interval *interval = &ratio->interval;
    int error = signed_rank_exact(n, &k, &interval->confidence);
    if (error == 0 && resamples != NULL)
        error = walsh_bootstrap(list, resamples, &ratio->bootstrap);
    if (error == 0) {
        ratio->estimate = walsh_median(list, length);
        interval->low = fmin(list[k - 1].value, ratio->bootstrap.low);
        interval->high = fmax(list[length - k].value, ratio->bootstrap.high);
        ratio->method = "Hodges-Lehmann; exact signed-rank interval, "
                        "widened to the bootstrap percentile interval";
    }
    free(list);
    return error;
}

// The same for more: the bootstrap has nothing to add to the signed-rank interval.
static int log_ratio_of_many(double *d, size_t n, struct ratio *ratio)
{
    size_t length = walsh_count(n);
    size_t k;
    double lower;
    double upper;
    struct interval *interval = &ratio->interval;
    statistics_sort(d, n);
    signed_rank_approximate(n, &k, &interval->confidence);
    if (walsh_select(d, n, (length + 1) / 2, &lower) != 0 ||
        walsh_select(d, n, length / 2 + 1, &upper) != 0 ||
        walsh_select(d, n, k, &interval->low) != 0 ||
        walsh_select(d, n, length + 1 - k, &interval->high) != 0)
        return -ENOMEM;
    ratio->estimate = (lower + upper) / 2;
    ratio->method = "Hodges-Lehmann; signed-rank interval";
    return 0;
}

static void interval_exp(struct interval *interval)
{
    interval->low = exp(interval->low);
    interval->high = exp(interval->high);
}

// Fills `ratio` on the logarithmic scale for any n > 0.
static int log_ratio_of_any(double *d, size_t n, const struct resamples *resamples,
                            struct ratio *ratio)
{
    if (n >= 6 && n <= WALSH_LISTED)
        return log_ratio(d, n, resamples, ratio);
    if (n > WALSH_LISTED)
        return log_ratio_of_many(d, n, ratio);
    if (n > 1)
        return log_ratio_of_few(d, n, ratio);
    ratio->estimate = d[0];
    return 0;
}

// `resamples`: NULL for none.
static int ratio_of(const double *a, const double *b, size_t n,
                    const struct resamples *resamples, struct ratio *ratio)
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
    int error = log_ratio_of_any(d, n, resamples, ratio);
    free(d);
    ratio->estimate = exp(ratio->estimate);
    interval_exp(&ratio->interval);
    interval_exp(&ratio->bootstrap);
    return error;
}

// Makes *shared fit. 0 or -ENOMEM.
static int share(struct resamples **shared, size_t n, uint64_t seed, size_t count)
{
    if (count == 0 || n < 6 || n > WALSH_LISTED || resamples_fit(*shared, n, seed, count))
        return 0;
    resamples_free(*shared);
    *shared = resamples_new(n, seed, count);
    return *shared == NULL ? -ENOMEM : 0;
}

int statistics_ratio_shared(const double *a, const double *b, size_t n, uint64_t seed,
                            struct resamples **shared, struct ratio *ratio)
{
    int error = share(shared, n, seed, STATISTICS_RESAMPLES);
    return error != 0 ? error : ratio_of(a, b, n, *shared, ratio);
}

int statistics_ratio_resampled(const double *a, const double *b, size_t n, uint64_t seed,
                               size_t resamples, struct ratio *ratio)
{
    struct resamples *own = NULL;
    int error = share(&own, n, seed, resamples);
    if (error == 0)
        error = ratio_of(a, b, n, own, ratio);
    resamples_free(own);
    return error;
}

int statistics_ratio(const double *a, const double *b, size_t n, uint64_t seed,
                     struct ratio *ratio)
{
    return statistics_ratio_resampled(a, b, n, seed, STATISTICS_RESAMPLES, ratio);
}

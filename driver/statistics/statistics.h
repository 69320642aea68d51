// SPDX-License-Identifier: MIT
//
// statistics.h - the numbers behind every table, as pure functions over arrays.
//
// Two ideas carry all of it:
//  - Medians, not means: one run that met a hiccup must not move the result.
//  - Compare within blocks: two models are compared by the ratio of their times in
//    the *same* block, so what slows down a whole block cancels out.
// An interval always carries the confidence that it really has. With fewer than six
// runs no 95 % interval exists that holds without assumptions about the noise: then
// the interval is the widest one there is, and `confidence` says less than 0.95.
//
// Read next: analysis/analysis.h, which applies them to a report.
#ifndef QUARTET_DRIVER_STATISTICS_STATISTICS_H
#define QUARTET_DRIVER_STATISTICS_STATISTICS_H

#include <stddef.h>
#include <stdint.h>

#define STATISTICS_LEVEL     0.95  // the confidence that we would like to have
#define STATISTICS_RESAMPLES 10000 // bootstrap samples

// From low to high; `confidence` is the probability that such an interval covers the
// true value, computed and not wished for. One value alone has confidence 0.
struct interval {
    double low;
    double high;
    double confidence;
};

struct summary {
    size_t n;
    double median;
    struct interval interval; // of the median
    double mad;               // median of |x - median|, not scaled
    double min;
    double max;
    double mean;
    double stddev; // with n-1 in the denominator; NAN for n = 1
};

// How many times longer `a` takes than `b`.
struct ratio {
    size_t n;
    double estimate;           // Hodges-Lehmann, NAN for n = 0
    struct interval interval;  // what may be printed; NAN and confidence 0 for n < 2
    struct interval bootstrap; // the percentile interval alone, or NAN
    const char *method;        // how `interval` was made, in words
};

// Sorts ascending. NaNs are not allowed.
void statistics_sort(double *values, size_t n);

// The p-quantile (0 <= p <= 1) of n > 0 ascending values, linear between neighbours.
// Source: type 7 of R. Hyndman and Y. Fan, "Sample quantiles in statistical packages",
// The American Statistician 50 (1996); the default of numpy and R.
double statistics_quantile(const double *sorted, size_t n, double p);

// The same of values in any order, which are moved about (C. Hoare's FIND, Comm. ACM 4,
// 1961): for one or two quantiles of many values cheaper than sorting.
double statistics_select_quantile(double *values, size_t n, double p);

// The median of n values, which are sorted; NAN of none.
double statistics_median(double *values, size_t n);

// The interval [x(k), x(n+1-k)] of n > 0 ascending values for the median, with the
// largest k whose confidence 1 - 2 P(Bin(n, 1/2) <= k-1) is at least `level`; with
// k = 1 (smallest to largest) where none is. Right for any distribution.
// Source: H. David and H. Nagaraja, "Order Statistics", 3rd ed., section 7.1.
struct interval statistics_median_interval(const double *sorted, size_t n, double level);

// Fills `summary` from n > 0 values, which are used as scratch space and lost.
void statistics_summarise(double *values, size_t n, struct summary *summary);

// The ratio a/b from n pairs of positive times, a[i] and b[i] measured in the same
// block. With d[i] = ln(a[i] / b[i]):
//  estimate   exp of the median of all Walsh averages (d[i]+d[j])/2, i <= j
//  bootstrap  percentiles of the same estimate over resamples of the pairs, for
//             6 <= n <= 40 (WALSH_LISTED); else NAN
//  interval   n >= 6: that of Wilcoxon's signed-rank test, exact up to n = 40, widened
//             to the bootstrap's where there is one and it is wider. The bootstrap alone
//             is too narrow for a dozen pairs. It says more than the test where noise is
//             so skewed that an average of two is no good centre; the more pairs, the
//             less, and above 40 it is left out.
//             n < 6: smallest to largest ratio, confidence 1 - 2^(1-n), widened to
//             Student's 95 % interval, which is exact if the noise of d is normal.
// The same seed gives the same interval. Returns 0 or -ENOMEM.
// Sources: J. Hodges and E. Lehmann, Ann. Math. Statist. 34 (1963); M. Hollander,
// D. Wolfe and E. Chicken, "Nonparametric Statistical Methods", 3rd ed., section 3.3;
// B. Efron and R. Tibshirani, "An Introduction to the Bootstrap", section 13.3.
int statistics_ratio(const double *a, const double *b, size_t n, uint64_t seed,
                     struct ratio *ratio);

// The same for many comparisons: what the bootstrap draws is kept in *shared, NULL at first,
// and used again by the next comparison of as many pairs. resamples_free() (walsh.h) at the
// end, also after an error.
struct resamples;
int statistics_ratio_shared(const double *a, const double *b, size_t n, uint64_t seed,
                            struct resamples **shared, struct ratio *ratio);

// The same with another number of bootstrap samples than STATISTICS_RESAMPLES; with 0
// the interval is the signed-rank one alone. For simulations.
int statistics_ratio_resampled(const double *a, const double *b, size_t n, uint64_t seed,
                               size_t resamples, struct ratio *ratio);

// How many times larger `a` is than `b`, for samples of two different sessions.
struct unpaired_ratio {
    double estimate;          // ratio of the medians; NAN when a side is empty
    struct interval interval; // bootstrap percentiles; NAN where a side has one value
    double p;                 // of Mann and Whitney (significance.h)
};

// Resamples each side by itself. Medians of a resample are ratios of the data, so few
// values have few different ones, and an interval of less than some ten values a side is
// too narrow. All values must be positive. 0 or -ENOMEM.
// Source: B. Efron and R. Tibshirani, "An Introduction to the Bootstrap", section 8.3.
int statistics_unpaired_ratio(const double *a, size_t count_a, const double *b,
                              size_t count_b, uint64_t seed,
                              struct unpaired_ratio *ratio);

// The mean for ratios: that of their logarithms. NAN for n = 0.
double statistics_geometric_mean(const double *values, size_t n);

// The smallest true ratio that would be found with a probability of 95 %: whose interval,
// if it is as wide as this one (of confidence 95 %), would then lie wholly above
// `border`. With h half the width of the interval, on the scale of logarithms:
// ln border + h (1 + 1.645 / 1.960).
// Source: H. Bloom, "Minimum detectable effects", Evaluation Review 19 (1995).
double statistics_detectable(const struct interval *interval, double border);

#endif

// SPDX-License-Identifier: MIT
//
// statistics.c - quantiles and the summary of one sample.
// The comparison of two samples is in ratio.c.
#include "driver/statistics/statistics.h"

#include "lib/check.h"

#include <math.h>
#include <stdlib.h>

static int compare_doubles(const void *left, const void *right)
{
    double a = *(const double *)left;
    double b = *(const double *)right;
    return (a > b) - (a < b);
}

void statistics_sort(double *values, size_t n)
{
    qsort(values, n, sizeof *values, compare_doubles);
}

double statistics_quantile(const double *sorted, size_t n, double p)
{
    CHECK(n > 0);
    double position = p * (double)(n - 1);
    size_t below = (size_t)position;
    if (below + 1 >= n)
        return sorted[n - 1];
    double part = position - (double)below;
    return sorted[below] + part * (sorted[below + 1] - sorted[below]);
}

static void swap(double *one, double *other)
{
    double kept = *one;
    *one = *other;
    *other = kept;
}

// Moves values so that the one of rank k (from 0) stands at k, smaller ones before it and
// larger ones behind. Each pass leaves values[..j] <= pivot <= values[i..], j < i, and what
// is between the two equals the pivot.
static void select_rank(double *values, size_t n, size_t k)
{
    ptrdiff_t first = 0;
    ptrdiff_t last = (ptrdiff_t)n - 1;
    while (first < last) {
        double pivot = values[k];
        ptrdiff_t i = first;
        ptrdiff_t j = last;
        do {
            while (values[i] < pivot)
                i++;
            while (pivot < values[j])
                j--;
            if (i <= j)
                swap(&values[i++], &values[j--]);
        } while (i <= j);
        if (j < (ptrdiff_t)k)
            first = i;
        if ((ptrdiff_t)k < i)
            last = j;
    }
}

double statistics_select_quantile(double *values, size_t n, double p)
{
    CHECK(n > 0);
    double position = p * (double)(n - 1);
    size_t below = (size_t)position;
    select_rank(values, n, below);
    if (below + 1 >= n)
        return values[n - 1];
    double above = values[below + 1]; // the least of what stands behind
    for (size_t i = below + 2; i < n; i++)
        above = values[i] < above ? values[i] : above;
    return values[below] + (position - (double)below) * (above - values[below]);
}

// P(X = k) for X ~ Bin(n, 1/2): how likely are k of n runs below the true median?
static double coin_probability(size_t n, size_t k)
{
    double ways =
        lgamma((double)n + 1) - lgamma((double)k + 1) - lgamma((double)(n - k) + 1);
    return exp(ways - (double)n * log(2.0));
}

struct interval statistics_median_interval(const double *sorted, size_t n, double level)
{
    CHECK(n > 0);
    double allowed = (1 - level) / 2; // on each side
    size_t rank = 1;
    double tail = coin_probability(n, 0); // P(Bin <= rank - 1)
    while (2 * rank < n) {
        double wider = tail + coin_probability(n, rank);
        if (wider > allowed)
            break;
        tail = wider;
        rank++;
    }
    return (struct interval){.low = sorted[rank - 1],
                             .high = sorted[n - rank],
                             .confidence = fmax(0, 1 - 2 * tail)};
}

double statistics_median(double *values, size_t n)
{
    if (n == 0)
        return (double)NAN;
    statistics_sort(values, n);
    return statistics_quantile(values, n, 0.5);
}

// Replaces ascending values by their distances to `centre` and returns the median.
static double median_distance(double *values, size_t n, double centre)
{
    for (size_t i = 0; i < n; i++)
        values[i] = fabs(values[i] - centre);
    return statistics_median(values, n);
}

void statistics_summarise(double *values, size_t n, struct summary *summary)
{
    CHECK(n > 0);
    statistics_sort(values, n);
    double mean = 0;
    for (size_t i = 0; i < n; i++)
        mean += values[i] / (double)n;
    double squares = 0;
    for (size_t i = 0; i < n; i++)
        squares += (values[i] - mean) * (values[i] - mean);

    summary->n = n;
    summary->median = statistics_quantile(values, n, 0.5);
    summary->interval = statistics_median_interval(values, n, STATISTICS_LEVEL);
    summary->min = values[0];
    summary->max = values[n - 1];
    summary->mean = mean;
    summary->stddev = n > 1 ? sqrt(squares / (double)(n - 1)) : (double)NAN;
    summary->mad = median_distance(values, n, summary->median);
}

// SPDX-License-Identifier: MIT
//
// mann_whitney.c - do values of one sample tend to be larger than those of another?
// (significance_mann_whitney; see significance.h)
//
// U counts the pairs (one value of each side) in which `a` is larger. If nothing
// distinguishes the sides, each way to deal the ranks out is equally likely; how many
// ways give which U is a polynomial (Gauss's binomial coefficient) whose coefficients
// are computed exactly.
#include "driver/statistics/significance.h"

#include "driver/statistics/statistics.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

// Multiplies a polynomial of `length` coefficients by (1 - q^k).
static void multiply(double *ways, size_t length, size_t k)
{
    for (size_t u = length; u-- > k;)
        ways[u] -= ways[u - k];
}

// Divides it by (1 - q^k).
static void divide(double *ways, size_t length, size_t k)
{
    for (size_t u = k; u < length; u++)
        ways[u] += ways[u - k];
}

// P(U <= limit). With at most 20 values each, all numbers stay below 2^53: no rounding.
static double exact_tail(size_t m, size_t n, size_t limit)
{
    double ways[MANN_WHITNEY_EXACT * MANN_WHITNEY_EXACT + 1] = {1};
    size_t length = m * n + 1;
    for (size_t i = 1; i <= n; i++) {
        multiply(ways, length, m + i);
        divide(ways, length, i);
    }
    double all = 0;
    double tail = 0;
    for (size_t u = 0; u < length; u++) {
        all += ways[u];
        tail += u <= limit ? ways[u] : 0;
    }
    return tail / all;
}

// The sum of t^3 - t over all groups of t equal values.
static double tie_sum(const double *sorted, size_t n)
{
    double sum = 0;
    for (size_t begin = 0, end; begin < n; begin = end) {
        end = begin;
        while (end < n && sorted[end] == sorted[begin])
            end++;
        double ties = (double)(end - begin);
        sum += ties * ties * ties - ties;
    }
    return sum;
}

static double normal_p(double u, size_t m, size_t n, double ties)
{
    double mn = (double)m * (double)n;
    double all = (double)(m + n);
    double variance = mn / 12 * (all + 1 - ties / (all * (all - 1)));
    if (variance <= 0)
        return 1; // all values are equal
    double z = (u - mn / 2 - 0.5) / sqrt(variance);
    return fmin(1, erfc(z / sqrt(2.0))); // twice the upper tail
}

double significance_mann_whitney(const double *a, size_t count_a, const double *b,
                                 size_t count_b)
{
    size_t all = count_a + count_b;
    if (count_a == 0 || count_b == 0)
        return 1;
    double *values = malloc(2 * all * sizeof *values);
    if (values == NULL)
        return (double)NAN;
    double *ranks = values + all;
    memcpy(values, a, count_a * sizeof *a);
    memcpy(values + count_a, b, count_b * sizeof *b);
    double p = (double)NAN;
    if (significance_ranks(values, all, ranks) == 0) {
        double u = -(double)count_a * (double)(count_a + 1) / 2;
        for (size_t i = 0; i < count_a; i++)
            u += ranks[i];
        u = fmax(u, (double)count_a * (double)count_b - u); // the larger of the two
        statistics_sort(values, all);
        double ties = tie_sum(values, all);
        bool exact =
            ties == 0 && count_a <= MANN_WHITNEY_EXACT && count_b <= MANN_WHITNEY_EXACT;
        size_t below = count_a * count_b - (size_t)u;
        p = exact ? fmin(1, 2 * exact_tail(count_a, count_b, below))
                  : normal_p(u, count_a, count_b, ties);
    }
    free(values);
    return p;
}

// SPDX-License-Identifier: MIT
//
// anytime.c - see anytime.h.
#include "driver/statistics/anytime.h"

#include <math.h>

// ln C(n, k)
static double log_choose(size_t n, size_t k)
{
    return lgamma((double)n + 1) - lgamma((double)k + 1) - lgamma((double)(n - k) + 1);
}

// P(Bin(n, 1/2) <= k): each term from the one above it, until they add nothing. Above the middle
// it is what the other tail leaves: the first term there, 2^-n at the end, could be no number.
static double binomial_at_most(size_t k, size_t n)
{
    if (k >= n)
        return 1;
    if (2 * k > n)
        return 1 - binomial_at_most(n - k - 1, n);
    double term = exp(log_choose(n, k) - (double)n * log(2));
    double sum = term;
    for (size_t i = k; i > 0 && term > sum * 1e-17; i--) {
        term *= (double)i / (double)(n - i + 1);
        sum += term;
    }
    return sum;
}

double anytime_log_capital(size_t heads, size_t n)
{
    return (double)(n + 1) * log(2) + log(binomial_at_most(heads, n + 1)) -
           log((double)(n + 1)) - log_choose(n, heads);
}

// Somebody bets on heads and somebody on tails, each with half of the money.
static double log_capital_needed(double level)
{
    return log(2 / level);
}

double anytime_p(const double *d, size_t n)
{
    size_t above = 0;
    size_t below = 0;
    for (size_t i = 0; i < n; i++) {
        above += d[i] > 0 ? 1 : 0;
        below += d[i] < 0 ? 1 : 0;
    }
    size_t more = above > below ? above : below;
    return fmin(1, 2 * exp(-anytime_log_capital(more, above + below)));
}

// More heads are more capital, so that halves of what is left are enough to look at.
size_t anytime_pairs_above(size_t n, double level)
{
    double needed = log_capital_needed(level);
    size_t least = 0;
    size_t most = n + 1; // when not even n heads bring so much
    while (least < most) {
        size_t heads = least + (most - least) / 2;
        if (anytime_log_capital(heads, n) >= needed)
            most = heads;
        else
            least = heads + 1;
    }
    return most;
}

void anytime_ratio(double *d, size_t n, struct ratio *ratio)
{
    const struct interval unknown = {.low = (double)NAN, .high = (double)NAN};
    *ratio = (struct ratio){.n = n,
                            .estimate = (double)NAN,
                            .interval = unknown,
                            .bootstrap = unknown,
                            .method = "median; interval by bets on signs, for any look"};
    if (n == 0)
        return;
    statistics_sort(d, n);
    ratio->estimate = exp(statistics_quantile(d, n, 0.5));
    size_t needed = anytime_pairs_above(n, 1 - STATISTICS_LEVEL);
    if (needed > n)
        return;
    // So many lie above each t below the low end, and below each t above the high one.
    ratio->interval = (struct interval){.low = exp(d[n - needed]),
                                        .high = exp(d[needed - 1]),
                                        .confidence = STATISTICS_LEVEL};
}

unsigned anytime_pairs_needed(size_t comparisons, double level)
{
    double needed = log_capital_needed(level / (double)comparisons);
    unsigned n = 1;
    while (anytime_log_capital(n, n) <= needed)
        n++;
    return n;
}

// SPDX-License-Identifier: MIT
//
// stream.c - see stream.h.
#include "driver/statistics/stream.h"

#include <math.h>

// ln C(n, k)
static double log_choose(size_t n, size_t k)
{
    return lgamma((double)n + 1) - lgamma((double)k + 1) - lgamma((double)(n - k) + 1);
}

// P(Bin(n, 1/2) <= k)
static double binomial_at_most(size_t k, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i <= k && i <= n; i++)
        sum += exp(log_choose(n, i) - (double)n * log(2));
    return fmin(sum, 1);
}

double stream_log_capital(size_t heads, size_t n)
{
    return (double)(n + 1) * log(2) + log(binomial_at_most(heads, n + 1)) -
           log((double)(n + 1)) - log_choose(n, heads);
}

// Somebody bets on heads and somebody on tails, each with half of the money.
static double log_capital_needed(double level)
{
    return log(2 / level);
}

double stream_p(const double *d, size_t n)
{
    size_t above = 0;
    size_t below = 0;
    for (size_t i = 0; i < n; i++) {
        above += d[i] > 0 ? 1 : 0;
        below += d[i] < 0 ? 1 : 0;
    }
    size_t more = above > below ? above : below;
    return fmin(1, 2 * exp(-stream_log_capital(more, above + below)));
}

// The least number of heads among n coins that wins enough; n + 1: none does.
static size_t heads_needed(size_t n)
{
    size_t heads = n + 1;
    while (heads > 0 &&
           stream_log_capital(heads - 1, n) >= log_capital_needed(1 - STATISTICS_LEVEL))
        heads--;
    return heads;
}

void stream_ratio(double *d, size_t n, struct ratio *ratio)
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
    size_t needed = heads_needed(n);
    if (needed > n)
        return;
    // So many lie above each t below the low end, and below each t above the high one.
    ratio->interval = (struct interval){.low = exp(d[n - needed]),
                                        .high = exp(d[needed - 1]),
                                        .confidence = STATISTICS_LEVEL};
}

unsigned stream_pairs_needed(size_t comparisons, double level)
{
    double needed = log_capital_needed(level / (double)comparisons);
    unsigned n = 1;
    while (stream_log_capital(n, n) <= needed)
        n++;
    return n;
}

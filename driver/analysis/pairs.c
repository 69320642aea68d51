// SPDX-License-Identifier: MIT
//
// pairs.c - see pairs.h.
#include "driver/analysis/pairs.h"

#include <math.h>

void pairs_collect(const struct report_table *table, const struct samples *head,
                   const struct samples *base, enum metric metric, unsigned batch,
                   struct pairs *pairs)
{
    for (size_t i = 0; i < head->blocks; i++) {
        double one = metric_of(head->by_block[i], metric);
        double other = metric_of(base->by_block[i], metric);
        if (isnan(one) || isnan(other) || !samples_in_batch(table, i, batch))
            continue;
        pairs->head[pairs->n] = one;
        pairs->base[pairs->n] = other;
        pairs->n++;
    }
}

void pairs_logarithms(const struct pairs *pairs, double *logarithms)
{
    for (size_t i = 0; i < pairs->n; i++)
        logarithms[i] = log(pairs->head[i]) - log(pairs->base[i]);
}

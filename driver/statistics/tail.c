// SPDX-License-Identifier: MIT
//
// tail.c - see tail.h. Buckets lie sorted, the slowest first: of any choice of blocks the
// percentile is found by walking down one hundredth of its latencies.
#include "driver/statistics/tail.h"

#include "driver/statistics/anytime.h"
#include "driver/statistics/random.h"
#include "lib/allocate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// ---- the latencies of one build --------------------------------------------------------

void tail_add(struct tail *tail, size_t block, double ns, double count)
{
    tail->list = allocate_more(tail->list, tail->count, &tail->room, sizeof *tail->list);
    tail->list[tail->count++] = (struct tail_bucket){ns, count, block};
}

void tail_free(struct tail *tail)
{
    free(tail->list);
    *tail = (struct tail){0};
}

static int slowest_first(const void *a, const void *b)
{
    double one = ((const struct tail_bucket *)a)->ns;
    double other = ((const struct tail_bucket *)b)->ns;
    return (one < other) - (one > other);
}

// ---- a percentile ----------------------------------------------------------------------

// How often each block was drawn, and how many latencies of one build lie in each.
struct draw {
    size_t blocks;
    const double *times;
};

static double percentile_of(const struct tail *tail, const double *sizes,
                            const struct draw *draw)
{
    double beyond = 0;
    for (size_t i = 0; i < draw->blocks; i++)
        beyond += draw->times[i] * sizes[i];
    beyond *= 1 - TAIL_LEVEL;
    for (size_t i = 0; i < tail->count; i++) {
        beyond -= draw->times[tail->list[i].block] * tail->list[i].count;
        if (beyond < 0)
            return tail->list[i].ns;
    }
    return (double)NAN;
}

// ---- the comparison --------------------------------------------------------------------

struct tails {
    const struct tail *head;
    const struct tail *base;
    size_t blocks;
    double *head_sizes; // of each block; all of these from one allocation
    double *base_sizes;
    double *times;
    double *logarithms; // blocks, or resamples: whichever are more
};

static double log_ratio(const struct tails *tails)
{
    const struct draw draw = {tails->blocks, tails->times};
    return log(percentile_of(tails->head, tails->head_sizes, &draw)) -
           log(percentile_of(tails->base, tails->base_sizes, &draw));
}

static void by_block(struct tails *tails, struct tail_comparison *found)
{
    size_t n = tails->blocks;
    memset(tails->times, 0, n * sizeof *tails->times);
    for (size_t i = 0; i < n; i++) {
        tails->times[i] = 1;
        tails->logarithms[i] = log_ratio(tails);
        tails->times[i] = 0;
    }
    found->p = anytime_p(tails->logarithms, n);
    anytime_ratio(tails->logarithms, n, &found->ratio);
}

static void of_all_blocks(struct tails *tails, struct tail_comparison *found)
{
    const struct draw draw = {tails->blocks, tails->times};
    for (size_t i = 0; i < tails->blocks; i++)
        tails->times[i] = 1;
    found->head = percentile_of(tails->head, tails->head_sizes, &draw);
    found->base = percentile_of(tails->base, tails->base_sizes, &draw);
    found->ratio.estimate = found->head / found->base;
}

static void bootstrap(struct tails *tails, uint64_t seed, struct ratio *ratio)
{
    struct random random;
    double beside = (1 - ratio->interval.confidence) / 2;
    random_init(&random, seed);
    for (size_t i = 0; i < TAIL_RESAMPLES; i++) {
        memset(tails->times, 0, tails->blocks * sizeof *tails->times);
        for (size_t j = 0; j < tails->blocks; j++)
            tails->times[random_below(&random, tails->blocks)] += 1;
        tails->logarithms[i] = log_ratio(tails);
    }
    statistics_sort(tails->logarithms, TAIL_RESAMPLES);
    ratio->bootstrap.low =
        exp(statistics_quantile(tails->logarithms, TAIL_RESAMPLES, beside));
    ratio->bootstrap.high =
        exp(statistics_quantile(tails->logarithms, TAIL_RESAMPLES, 1 - beside));
    ratio->bootstrap.confidence = ratio->interval.confidence;
    ratio->interval.low = fmin(ratio->interval.low, ratio->bootstrap.low);
    ratio->interval.high = fmax(ratio->interval.high, ratio->bootstrap.high);
}

static void count_sizes(const struct tail *tail, double *sizes)
{
    for (size_t i = 0; i < tail->count; i++)
        sizes[tail->list[i].block] += tail->list[i].count;
}

void tail_compare(struct tail *head, struct tail *base, size_t blocks, uint64_t seed,
                  struct tail_comparison *found)
{
    size_t most = blocks > TAIL_RESAMPLES ? blocks : TAIL_RESAMPLES;
    double *room = allocate(3 * blocks + most, sizeof *room);
    struct tails tails = {
        head, base, blocks, room, room + blocks, room + 2 * blocks, room + 3 * blocks};
    qsort(head->list, head->count, sizeof *head->list, slowest_first);
    qsort(base->list, base->count, sizeof *base->list, slowest_first);
    count_sizes(head, tails.head_sizes);
    count_sizes(base, tails.base_sizes);
    by_block(&tails, found);
    of_all_blocks(&tails, found);
    if (found->ratio.interval.confidence > 0)
        bootstrap(&tails, seed, &found->ratio);
    free(room);
}

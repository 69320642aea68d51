// SPDX-License-Identifier: MIT
//
// walsh_bootstrap.c - the bootstrap of the Hodges-Lehmann estimate (walsh_bootstrap).
//
// No resample is sorted: drawing number i c[i] times gives the average of i and j a
// weight of c[i] * c[j] (and c[i] * (c[i] + 1) / 2 for i = j), so the estimate of each
// resample is a weighted median of the same sorted list. LANES resamples go through the
// list side by side, in variables that hold a number of each: gcc and clang turn their
// arithmetic into vector instructions. That is what makes 10,000 resamples cheap.
#include "driver/statistics/random.h"
#include "driver/statistics/walsh.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define LANES 8 // 16 bytes: what each vector unit has

// One number of each of LANES resamples. All of them stay below 2^15: the largest is the
// sum of all weights, n(n+1)/2. (No pointer to it is ever made from one to plain numbers,
// but those may look at it, so it may alias.)
typedef int16_t lanes __attribute__((vector_size(LANES * sizeof(int16_t)), may_alias));

// Resamples of n numbers: how often each of them was drawn, c[i], in block after block of
// n variables.
struct resamples {
    size_t n;
    size_t count; // of resamples
    uint64_t seed;
    lanes *drawn;
};

// Those of one block, and what the weights are made of.
struct draws {
    lanes drawn[WALSH_LISTED];
    lanes paired[WALSH_LISTED]; // c[i] (c[i] + 1) / 2
    lanes ones;
};

// The weight of an average is the product of two of the above.
struct factors {
    const lanes *one;
    const lanes *other;
};

// ---- drawing -----------------------------------------------------------------------

// Fills the n variables of a block. One random number of 64 bits serves for two draws; that
// some numbers are likelier than others by n in 2^32 is no matter here.
static void draw(lanes *block, size_t n, struct random *random)
{
    int16_t(*drawn)[LANES] = (int16_t(*)[LANES])block;
    memset(block, 0, n * sizeof *block);
    for (size_t lane = 0; lane < LANES; lane++) {
        for (size_t i = 0; i + 1 < n; i += 2) {
            uint64_t bits = random_next(random);
            drawn[(bits >> 32) * n >> 32][lane]++;
            drawn[(bits & UINT32_MAX) * n >> 32][lane]++;
        }
        if (n % 2 != 0)
            drawn[random_below(random, n)][lane]++;
    }
}

struct resamples *resamples_new(size_t n, uint64_t seed, size_t count)
{
    size_t blocks = (count + LANES - 1) / LANES;
    struct resamples *resamples = malloc(sizeof *resamples);
    lanes *drawn = aligned_alloc(sizeof *drawn, (blocks * n + 1) * sizeof *drawn);
    if (resamples == NULL || drawn == NULL) {
        free(resamples);
        free(drawn);
        return NULL;
    }
    *resamples = (struct resamples){.n = n, .count = count, .seed = seed, .drawn = drawn};
    struct random random;
    random_init(&random, seed);
    for (size_t i = 0; i < blocks; i++)
        draw(drawn + i * n, n, &random);
    return resamples;
}

bool resamples_fit(const struct resamples *resamples, size_t n, uint64_t seed,
                   size_t count)
{
    return resamples != NULL && resamples->n == n && resamples->seed == seed &&
           resamples->count == count;
}

void resamples_free(struct resamples *resamples)
{
    if (resamples != NULL)
        free(resamples->drawn);
    free(resamples);
}

// ---- medians -----------------------------------------------------------------------

// Of each lane, how many averages come before the lower median, and before the upper one:
// those at which the weight so far has not reached half.
static void find_medians(const struct factors *factors, size_t length, lanes *lower,
                         lanes *upper)
{
    int16_t lower_rank = (int16_t)((length + 1) / 2);
    int16_t upper_rank = (int16_t)(length / 2 + 1);
    lanes seen = {0};
    lanes before_lower = {0};
    lanes before_upper = {0};
    for (size_t k = 0; k < length; k++) {
        seen += *factors[k].one * *factors[k].other;
        before_lower -= seen < lower_rank; // true is -1
        before_upper -= seen < upper_rank;
    }
    *lower = before_lower;
    *upper = before_upper;
}

static void make_factors(const struct draws *draws, const struct walsh *list,
                         size_t length, struct factors *factors)
{
    for (size_t k = 0; k < length; k++) {
        size_t i = list[k].i;
        size_t j = list[k].j;
        factors[k].one = i == j ? &draws->ones : &draws->drawn[i];
        factors[k].other = i == j ? &draws->paired[i] : &draws->drawn[j];
    }
}

// Writes the estimates of all resamples.
static void estimate_all(const struct walsh *list, const struct resamples *resamples,
                         struct factors *factors, double *estimates)
{
    size_t n = resamples->n;
    size_t length = walsh_count(n);
    struct draws draws = {.ones = (lanes){0} + 1};
    make_factors(&draws, list, length, factors);
    const lanes *drawn = resamples->drawn;
    for (size_t done = 0; done < resamples->count; done += LANES, drawn += n) {
        lanes lower;
        lanes upper;
        for (size_t i = 0; i < n; i++) {
            draws.drawn[i] = drawn[i];
            draws.paired[i] = (drawn[i] * (drawn[i] + 1)) >> 1;
        }
        find_medians(factors, length, &lower, &upper);
        for (size_t lane = 0; lane < LANES && done + lane < resamples->count; lane++)
            estimates[done + lane] =
                (list[lower[lane]].value + list[upper[lane]].value) / 2;
    }
}

int walsh_bootstrap(const struct walsh *list, const struct resamples *resamples,
                    struct interval *interval)
{
    size_t count = resamples->count;
    double *estimates = malloc(count * sizeof *estimates);
    struct factors *factors = malloc(walsh_count(resamples->n) * sizeof *factors);
    bool fine = estimates != NULL && factors != NULL;
    if (fine) {
        double tail = (1 - STATISTICS_LEVEL) / 2;
        estimate_all(list, resamples, factors, estimates);
        interval->low = statistics_select_quantile(estimates, count, tail);
        interval->high = statistics_select_quantile(estimates, count, 1 - tail);
        interval->confidence = STATISTICS_LEVEL; // nominal: see statistics.h
    }
    free(estimates);
    free(factors);
    return fine ? 0 : -ENOMEM;
}

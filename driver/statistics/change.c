// SPDX-License-Identifier: MIT
//
// change.c - see change.h.
#include "driver/statistics/change.h"

#include "driver/statistics/random.h"
#include "lib/allocate.h"
#include "lib/check.h"

#include <math.h>
#include <stdlib.h>

#define SHUFFLES_PER_LEVEL 20.0
#define HITS_ENOUGH        10

// Distances between all values of a part, and the order in which they are looked at.
struct part {
    size_t n;
    double *distance; // n * n
    size_t *order;    // a permutation of 0..n-1
};

static struct part part_make(const double *values, size_t n)
{
    struct part part = {.n = n,
                        .distance = allocate(n * n, sizeof *part.distance),
                        .order = allocate(n, sizeof *part.order)};
    for (size_t i = 0; i < n; i++) {
        part.order[i] = i;
        for (size_t j = 0; j < n; j++)
            part.distance[i * n + j] = fabs(values[i] - values[j]);
    }
    return part;
}

static void part_free(struct part *part)
{
    free(part->distance);
    free(part->order);
}

// The sum of distances from the value at place `of` to those at places [from, to).
static double sum_to(const struct part *part, size_t of, size_t from, size_t to)
{
    const double *row = &part->distance[part->order[of] * part->n];
    double sum = 0;
    for (size_t i = from; i < to; i++)
        sum += row[part->order[i]];
    return sum;
}

static double pairs(double n)
{
    return n * (n - 1) / 2;
}

// One value after the other goes from behind the place to before it, and the three sums with
// it, so that all places of one order take n * n steps and not n * n * n.
static struct change best_of(const struct part *part)
{
    size_t n = part->n;
    struct change best = {.first = 0, .q = -(double)INFINITY, .p = (double)NAN};
    double before = 0;
    double behind = 0;
    double across = 0;
    for (size_t i = 0; i < n; i++)
        behind += sum_to(part, i, i + 1, n);
    for (size_t first = 1; first + CHANGE_LEAST <= n; first++) {
        double to_before = sum_to(part, first - 1, 0, first - 1);
        double to_behind = sum_to(part, first - 1, first, n);
        before += to_before;
        behind -= to_behind;
        across += to_behind - to_before;
        if (first < CHANGE_LEAST)
            continue;
        double a = (double)first;
        double b = (double)(n - first);
        double q = a * b / (a + b) *
                   (2 * across / (a * b) - before / pairs(a) - behind / pairs(b));
        if (q > best.q)
            best = (struct change){.first = first, .q = q, .p = (double)NAN};
    }
    return best;
}

struct change change_best(const double *values, size_t n)
{
    if (n < 2 * CHANGE_LEAST)
        return (struct change){.first = 0, .q = (double)NAN, .p = (double)NAN};
    struct part part = part_make(values, n);
    struct change best = best_of(&part);
    part_free(&part);
    return best;
}

static void shuffle(struct part *part, struct random *random)
{
    for (size_t left = part->n; left > 1; left--) {
        size_t i = left - 1;
        size_t other = (size_t)random_below(random, left);
        size_t swapped = part->order[i];
        part->order[i] = part->order[other];
        part->order[other] = swapped;
    }
}

// Sums of the same numbers in another order differ in their last bits.
static double p_of(struct part *part, double q, double level, struct random *random)
{
    double most = ceil(SHUFFLES_PER_LEVEL / level);
    double hits = 0;
    double done = 0;
    while (done < most && hits < HITS_ENOUGH) {
        shuffle(part, random);
        hits += best_of(part).q >= q - 1e-9 * fabs(q) ? 1 : 0;
        done++;
    }
    return (1 + hits) / (1 + done);
}

struct search {
    const double *values;
    double level;
    struct random random;
    struct change *changes;
    size_t count;
};

// Looks at values [from, to); what is found goes behind what was found before it.
static void look_at(struct search *search, size_t from,
                    size_t to) // NOLINT(misc-no-recursion)
{
    size_t n = to - from;
    if (n < 2 * CHANGE_LEAST)
        return;
    struct part part = part_make(search->values + from, n);
    struct change best = best_of(&part);
    best.p = best.q > 0 ? p_of(&part, best.q, search->level, &search->random) : 1;
    part_free(&part);
    if (!(best.p <= search->level))
        return;
    best.first += from;
    look_at(search, from, best.first);
    search->changes[search->count++] = best;
    look_at(search, best.first, to);
}

size_t change_find(const double *values, size_t n, double level, uint64_t seed,
                   struct change *changes)
{
    CHECK(n <= CHANGE_LONGEST);
    struct search search = {.values = values, .level = level, .changes = changes};
    random_init(&search.random, seed);
    look_at(&search, 0, n);
    return search.count;
}

// SPDX-License-Identifier: MIT
//
// tail.h - the 99th percentile of latencies in two builds. Each run leaves a histogram of
// thousands of latencies, but those of one run share its luck: a hiccup of the machine
// delays a hundred of them at once. So the block, in which both builds ran once, is the
// replicate, and never the single operation.
//
//   p99 of a build   of all its runs together: histograms are added, percentiles never
//   ratio            head / base
//   interval         from the bootstrap: blocks are drawn with replacement, with both their
//                    histograms, and each draw gives a ratio. Of some 20 blocks it is too
//                    narrow, so it is widened to the interval of the ratios of each block
//                    by itself (anytime.h), which holds whenever one has stopped
//
// Source: B. Efron and R. Tibshirani, "An Introduction to the Bootstrap", 1993, chapter 8,
// on drawing whole units where what is in them depends on one another.
#ifndef QUARTET_DRIVER_STATISTICS_TAIL_H
#define QUARTET_DRIVER_STATISTICS_TAIL_H

#include "driver/statistics/statistics.h"

#include <stddef.h>
#include <stdint.h>

#define TAIL_LEVEL     0.99
#define TAIL_RESAMPLES 1000

// So many latencies of one block were at least `ns`.
struct tail_bucket {
    double ns;
    double count;
    size_t block; // from 0
};

// The latencies of one build; {0} is empty.
struct tail {
    size_t count;
    size_t room;
    struct tail_bucket *list; // owned; in any order
};

void tail_add(struct tail *tail, size_t block, double ns, double count);
void tail_free(struct tail *tail);

struct tail_comparison {
    double head; // ns
    double base;
    struct ratio ratio;
    double p; // that there is no difference, by the blocks' own ratios (anytime_p)
};

// Compares the two over blocks 0 to `blocks` - 1, in each of which both have latencies; their
// lists are sorted.
void tail_compare(struct tail *head, struct tail *base, size_t blocks, uint64_t seed,
                  struct tail_comparison *found);

#endif

// SPDX-License-Identifier: MIT
//
// layout.h - how far the links of one build lie apart (plan/links.h), from pairs of runs of
// that build in which the two sides took different links.
//
// With a[k] for what link k makes of the logarithm of a time, a pair is
// d = a[head] - a[base] + e. The mean of the pairs of link k (signed so that it is the head of
// all of them) has the expectation a[k], and a variance from the others and from e. The
// method of moments gives the variance of links from the mean square of these means and that
// of all pairs; d far out (more than three deviations, from a quantile of |d|) count as three.
//
// Whether links differ at all is asked of the same pairs with their links dealt out anew by
// chance: what 95 of 100 of these show less than is the *limit*.
//
// The *layout floor* is 1.96 sqrt(2) deviations of links: 95 of 100 pairs of links differ by less.
// Sources: R. Fisher, "The Design of Experiments", 1935 (dealing out anew); T. Mytkowicz and
// others, "Producing wrong data without doing anything obviously wrong", ASPLOS 2009 (links).
#ifndef QUARTET_DRIVER_STATISTICS_LAYOUT_H
#define QUARTET_DRIVER_STATISTICS_LAYOUT_H

#include <stddef.h>
#include <stdint.h>

#define LAYOUT_LINKS_MOST  64
#define LAYOUT_PAIRS_LEAST 12 // of fewer nothing is said

// One pair: the logarithm of head / base, and the links that they took, from 1.
struct layout_pair {
    double d;
    unsigned head, base;
};

struct layout_study {
    double floor; // 0.01 for 1 %; NAN: below the limit, or too few pairs
    double limit; // NAN: too few pairs
};

// Pairs whose two links are the same say nothing of links; they count as noise does.
struct layout_study layout_study(const struct layout_pair *pairs, size_t n,
                                 uint64_t seed);

#endif

// SPDX-License-Identifier: MIT
//
// change.h - where does a series of values change its level? E-divisive: of each place one
// asks how far the values before it are from those behind it, and the place with the largest
// distance is tested by shuffling the values; then both halves are looked at in the same way.
// Nothing is assumed of how the values are distributed.
//
// The distance of n values X before and m values Y behind is
//
//   Q = nm/(n+m) (2/(nm) sum |x-y| - 1/C(n,2) sum |x-x'| - 1/C(m,2) sum |y-y'|)
//
// Differs from the source in two points, as most programs that watch benchmarks do: what is
// behind a place reaches to the end of the part, and each part is tested by itself.
// Source: D. Matteson and N. James, "A nonparametric approach for multiple change point
// analysis of multivariate data", J. Am. Stat. Assoc. 109 (2014), with alpha = 1.
#ifndef QUARTET_DRIVER_STATISTICS_CHANGE_H
#define QUARTET_DRIVER_STATISTICS_CHANGE_H

#include <stddef.h>
#include <stdint.h>

#define CHANGE_LEAST   3   // values before and behind a change, at least
#define CHANGE_LONGEST 500 // of a series: one shuffle takes time and memory in n * n

// A place in a series.
struct change {
    size_t first; // index of the first value behind it
    double q;     // the distance
    double p;     // that shuffled values are as far apart
};

// The place in values[0..n) with the largest distance, without a test (p is NAN); `first` is 0
// if n < 2 CHANGE_LEAST.
struct change change_best(const double *values, size_t n);

// Finds the changes of values[0..n), n <= CHANGE_LONGEST, whose p is at most `level`, and
// writes them in order into `changes`, which has room for n / CHANGE_LEAST; returns how many.
// p is (1 + h) / (1 + r) for h of r shuffles as far apart. There are 20 / level of them, or less:
// once ten were as far apart, p is more than any level that matters (J. Besag and
// P. Clifford, Biometrika 78 (1991)). The same seed gives the same p.
size_t change_find(const double *values, size_t n, double level, uint64_t seed,
                   struct change *changes);

#endif

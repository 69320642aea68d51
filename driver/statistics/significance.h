// SPDX-License-Identifier: MIT
//
// significance.h - could this difference be chance? Each function gives a p-value: the
// probability of data at least as unequal as these if there were no difference at all.
// None of them assumes a distribution.
//
// A small p says "there is a difference", never "it is large": size is what the
// intervals of statistics.h are for. A verdict (verdict.h) needs both.
//
// Read next: verdict.h.
#ifndef QUARTET_DRIVER_STATISTICS_SIGNIFICANCE_H
#define QUARTET_DRIVER_STATISTICS_SIGNIFICANCE_H

#include <stddef.h>
#include <stdint.h>

#define SIGN_FLIP_EXACT_MAX 30     // pairs for which all 2^n flips are counted
#define SIGN_FLIP_DRAWS     100000 // random flips beyond that
#define MANN_WHITNEY_EXACT  20     // values of each side

// Two-sided p of n paired differences (logarithms of ratios): without a difference each
// d[i] could as well have been -d[i]. The statistic is |sum of c(d[i])|, where c() cuts
// at twice the median of |d|: one run that met a hiccup must not hide all others.
// (The cut depends on |d| alone, so flips do not move it, and the test stays exact.)
// All flips are counted up to SIGN_FLIP_EXACT_MAX pairs (from two lists of 2^15 sums, not
// one by one: E. Horowitz and S. Sahni, J. ACM 21 (1974)); above, SIGN_FLIP_DRAWS of them
// are drawn from `seed` and p = (1 + hits) / (1 + draws). 1 for n = 0; NAN if memory
// runs out.
// Sources: R. Fisher, "The Design of Experiments", 1935, section 21; B. Phipson and
// G. Smyth, Stat. Appl. Genet. Mol. Biol. 9 (2010), for the 1 that is added.
double significance_sign_flip(const double *d, size_t n, uint64_t seed);

// Two-sided p that values of `a` tend to be smaller or larger than values of `b`, for
// samples that are not paired. Exact where there are no ties and no side has more than
// MANN_WHITNEY_EXACT values; else by the normal distribution with corrections for ties
// and continuity. 1 when a side is empty; NAN if memory runs out.
// Source: H. Mann and D. Whitney, Ann. Math. Statist. 18 (1947).
double significance_mann_whitney(const double *a, size_t count_a, const double *b,
                                 size_t count_b);

// Corrects n p-values in place for having looked n times: afterwards, calling all those
// below 0.05 a difference is wrong even once in at most 5 % of reports. NANs stay, and
// do not count. 0 or -ENOMEM.
// Source: S. Holm, "A simple sequentially rejective multiple test procedure", Scand. J.
// Statist. 6 (1979).
int significance_holm(double *p, size_t n);

// The least number of pairs whose p-value can be below `level` when `comparisons` of them
// are corrected for: the smallest p of n pairs, all of one sign, is 2^(1-n).
unsigned significance_pairs_needed(size_t comparisons, double level);

// Spearman's rank correlation of n pairs, -1 to 1; NAN where one side does not vary or
// n < 3, or when memory runs out. Ties share their ranks.
// Source: C. Spearman, Am. J. Psychol. 15 (1904).
double significance_spearman(const double *x, const double *y, size_t n);

// Writes the ranks 1...n of the values, ties getting the mean of theirs. 0 or -ENOMEM.
int significance_ranks(const double *values, size_t n, double *ranks);

#endif

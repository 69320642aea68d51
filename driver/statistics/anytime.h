// SPDX-License-Identifier: MIT
//
// anytime.h - evidence that may be looked at after each pair. Two builds run side by side,
// pair after pair, and one stops as soon as the answer is clear. The usual p-value and the
// usual interval are made for a number of pairs that was fixed before: who looks ten times
// and stops at the best look is fooled ten times as often. These are made for looking.
//
// A bet on coins. If head is not slower than base by more than a factor exp(t), then each
// logarithm d[i] of a ratio lies above t with a probability of at most 1/2, like a coin.
// Somebody bets on "above" with one unit of money, a fair game: capital that has grown
// 40-fold is a surprise of 1 in 40, at whatever moment one looks (Ville's inequality). She
// does not know how bent the coin is, so she spreads her money evenly over all coins that
// show heads with a probability from 1/2 to 1. After n pairs, k of them above:
//
//     capital(k, n) = 2^(n+1) P(Bin(n+1, 1/2) <= k) / ((n+1) C(n, k))
//
// Only signs count, so noise of any shape will do: a run that met a hiccup is one coin, and
// not a large number. The coins need not be alike; each must only be fair given the past,
// which the coin that decides who of a pair runs first brings about.
//
// Sources: J. Ville, "Etude critique de la notion de collectif", 1939; H. Robbins,
// "Statistical methods related to the law of the iterated logarithm", Ann. Math. Statist.
// 41 (1970); G. Shafer, "Testing by betting", J. R. Statist. Soc. A 184 (2021).
//
// Read next: verdict.h, which needs both; tests/driver/test_simulation.c for how often it
// is right.
#ifndef QUARTET_DRIVER_STATISTICS_ANYTIME_H
#define QUARTET_DRIVER_STATISTICS_ANYTIME_H

#include "driver/statistics/statistics.h"

#include <stddef.h>

// The logarithm of the capital after n coins of which `heads` showed heads.
double anytime_log_capital(size_t heads, size_t n);

// Two-sided p that the ratio is not 1, from n logarithms of ratios; pairs that are exactly
// alike say nothing and are left out. Valid whenever one looks: of streams in which there
// is no difference, at most one in twenty ever shows a p below 0.05.
double anytime_p(const double *d, size_t n);

// The median ratio of n pairs and the interval of ratios against which nobody has won
// enough: of streams, at most one in twenty ever shows an interval without the true
// median ratio. NAN and confidence 0 while n < ANYTIME_PAIRS_LEAST. The logarithms are sorted.
void anytime_ratio(double *d, size_t n, struct ratio *ratio);

#define ANYTIME_PAIRS_LEAST 8 // with fewer, nobody can have won 40-fold

// Of n pairs, so many must lie above a border for a two-sided p below `level` that they do not;
// n + 1: no number is enough. At 1 - STATISTICS_LEVEL the interval of anytime_ratio() then lies
// above that border.
size_t anytime_pairs_above(size_t n, double level);

// The least number of pairs whose p can be below `level` when `comparisons` of them are
// corrected for.
unsigned anytime_pairs_needed(size_t comparisons, double level);

#endif

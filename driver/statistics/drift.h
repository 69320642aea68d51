// SPDX-License-Identifier: MIT
//
// drift.h - many small steps. Each change was compared with the one before it and was found to
// be no slower than may be; how far is it from the first to the last? Logarithms of ratios
// add up, and so do the squares of their errors.
//
// One looks after each step, for ever, and a sum of errors wanders off as a random walk does.
// So the sum is held against a border that such a walk crosses in the whole of time with no
// more than the wanted probability: with V the variance of the sum so far,
//
//   border = sqrt((V + rho) (2 ln(1/alpha) + ln((V + rho) / rho)))
//
// where rho says for which V it is closest: that of a few steps, (threshold / 5)^2.
// Source: H. Robbins, "Statistical methods related to the law of the iterated logarithm",
// Ann. Math. Statist. 41 (1970), for the mixture of normal distributions; S. Howard, A. Ramdas,
// J. McAuliffe and J. Sekhon, "Time-uniform, nonparametric, nonasymptotic confidence
// sequences", Ann. Statist. 49 (2021), section 3.2.
#ifndef QUARTET_DRIVER_STATISTICS_DRIFT_H
#define QUARTET_DRIVER_STATISTICS_DRIFT_H

#include <stdbool.h>
#include <stddef.h>

// The sum of steps; {0} is none.
struct drift {
    size_t n;
    double sum;      // of ln ratio
    double variance; // of it
};

// Adds a step with its 95 % interval. An interval that is not known, or has no width, adds
// nothing: false.
bool drift_add(struct drift *drift, double ratio, double low, double high);

// The sum.
struct drift_verdict {
    double ratio;  // from the first to the last
    double border; // a ratio that chance alone would hardly ever reach
    bool beyond;   // it is above 1 + threshold, and above the border
};

// `rows` are looked at, and with probability 5 % or less any of them is ever called beyond without
// a drift. threshold: 0.05 for 5 %.
struct drift_verdict drift_judge(const struct drift *drift, double threshold,
                                 size_t rows);

#endif

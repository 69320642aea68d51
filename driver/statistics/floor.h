// SPDX-License-Identifier: MIT
//
// floor.h - what chance makes of no difference at all, drawn from the pairs of a session
// in which both sides were the same: the noise floor, and how often the verdict would have
// given a false alarm. Pure functions over arrays; gate/calibration.h has formula and sources.
//
// Read next: statistics.h for the estimate, verdict.h for the verdict.
#ifndef QUARTET_DRIVER_STATISTICS_FLOOR_H
#define QUARTET_DRIVER_STATISTICS_FLOOR_H

#include <stddef.h>
#include <stdint.h>

#define FLOOR_SESSIONS 1000 // that are drawn
#define FLOOR_LEVEL    0.95 // of them show less than the noise floor

struct floor_study {
    size_t sessions;  // how many were drawn; 0: too few pairs
    double floor;     // 0.01 for 1 %; NAN: too few pairs
    size_t suspected; // sessions whose gate ends with SUSPECT or REGRESSION
    size_t confirmed; // with REGRESSION
};

// From n logarithms of A/A ratios, at least VERDICT_ROUNDS_LEAST of them. `threshold` is
// the user's, and is raised by the noise floor as a gate does. Each session is looked at as a gate
// looks (anytime.h), until it is decided or its n pairs are used. A gate has many rows and
// corrects its p-values for that; here each stands alone, so that these rates are those of
// one row and an upper bound of what it adds to a gate. The same seed gives the same study.
// 0 or -ENOMEM.
int floor_study(const double *logarithms, size_t n, double threshold, uint64_t seed,
                struct floor_study *study);

#endif

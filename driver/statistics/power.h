// SPDX-License-Identifier: MIT
//
// power.h - the slow-down that a gate finds in 95 of 100 cases, and after how many pairs,
// from the pairs of a session in which both sides were the same. As in floor.h, sessions are
// drawn from them (pairs with replacement, each with a coin for its sign), here with a
// slow-down on top, and each is looked at as a gate looks at it (anytime.h) until it is found.
//
// A slow-down that is found in one session is found there if it is larger, too: so the
// smallest one that is found often enough lies where a bisection ends.
//
// Read next: verdict.h for the verdict, anytime.h for the evidence.
#ifndef QUARTET_DRIVER_STATISTICS_POWER_H
#define QUARTET_DRIVER_STATISTICS_POWER_H

#include <stddef.h>
#include <stdint.h>

#define POWER_SESSIONS   1000 // that are drawn
#define POWER_LEVEL      0.95 // of them find it
#define POWER_MOST       4.0  // the largest slow-down that is tried: five times as long
#define POWER_PAIRS_MOST 60   // the usual --rounds of a gate

struct power_question {
    double threshold; // T of the row, already raised by its noise floor
    size_t rows;      // of the gate, for which p is corrected
    uint64_t seed;    // the same one gives the same answer
};

struct power {
    double
        slowdown; // T, or more where POWER_PAIRS_MOST pairs do not find T; NAN: none found
    size_t pairs; // after so many it is found
};

// From n logarithms of A/A ratios, at least VERDICT_ROUNDS_LEAST of them (else nothing is
// found).
struct power power_study(const double *logarithms, size_t n,
                         const struct power_question *question);

#endif

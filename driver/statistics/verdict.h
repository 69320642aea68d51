// SPDX-License-Identifier: MIT
//
// verdict.h - what may be said about a new build (head) beside an old one (base), from
// the ratio of their times.
//
// The threshold T is the slow-down that must be found. The border of the decision lies
// half way to it, at 1 + T/2, because a rule that asks for "wholly above 1 + T" finds a
// slow-down of exactly T almost never: the estimate lies on each side of the truth
// equally often. So a slow-down of T or more is found, given rounds enough; one of less
// than T/2 is not called a regression; in between chance decides.
//
//   REGRESSION    the interval lies wholly above 1 + T/2 and p < 0.05
//   SUSPECT       the interval lies wholly above 1 + T/2, and something else is lacking:
//                 p is too large, or the rounds were disturbed
//   IMPROVED      wholly below 1 / (1 + T/2) and p < 0.05
//   SAME          wholly between 1 / (1 + t) and 1 + t, with t the user's own threshold:
//                 a noisy machine makes T larger, but nothing more alike
//   INCONCLUSIVE  all else, with the reason; also what would be SAME or IMPROVED if T is
//                 more than twice t, since then the machine cannot show what was asked for
//
// Pure functions: the gate (gate/gate.h) and the simulation in the tests use the same.
#ifndef QUARTET_DRIVER_STATISTICS_VERDICT_H
#define QUARTET_DRIVER_STATISTICS_VERDICT_H

#include "driver/statistics/statistics.h"
#include "lib/error.h"

#include <stdbool.h>

#define VERDICT_THRESHOLD    0.05 // the default T
#define VERDICT_FLOOR_FACTOR 1.5  // T is at least so many times the noise floor
#define VERDICT_P            0.05
#define VERDICT_ROUNDS_LEAST 6 // fewer pairs have no interval of 95 %
#define VERDICT_WIDEST       2 // times the user's threshold: beyond, T is no answer

enum verdict {
    VERDICT_SAME,
    VERDICT_IMPROVED,
    VERDICT_INCONCLUSIVE,
    VERDICT_SUSPECT,
    VERDICT_REGRESSION,
};

// The findings of some rounds about one cell: of a stream that may be looked at at any time
// (anytime.h), or of two sessions.
struct evidence {
    size_t n;                 // pairs
    struct interval interval; // of the ratio head / base
    double p;                 // corrected for all comparisons of the report (Holm)
    double wanted;            // the user's threshold
    double threshold;         // T, as from verdict_threshold()
    bool noisy;               // so many disturbed blocks that nothing may be concluded
};

#define VERDICT_COUNT (VERDICT_REGRESSION + 1)

// The name of each: "REGRESSION".
extern const char *const verdict_names[VERDICT_COUNT];

const char *verdict_name(enum verdict verdict);

// The verdict of that name; VERDICT_INCONCLUSIVE for any other.
enum verdict verdict_find(const char *name);

// Reads "5%" or "0.05" (0.1% to 100%). 0, or -EINVAL with the reason.
int verdict_parse_threshold(const char *text, double *threshold, struct reason *reason);

// T for the user's threshold and the noise floor of the session, 0.008 for 0.8 %; NAN: none
// is known.
double verdict_threshold(double users, double floor);

// The border above which an interval speaks of a regression.
double verdict_border(double threshold);

// The verdict. The reason is a sentence for VERDICT_INCONCLUSIVE and VERDICT_SUSPECT,
// else "".
enum verdict verdict_of(const struct evidence *evidence, struct reason *reason);

// Is there no hope that `most` pairs would decide it? Also not if the interval of
// evidence->n pairs stayed where it is and became half as wide as the square root of their
// number promises: where hiccups are many, it shrinks faster.
bool verdict_is_futile(const struct evidence *evidence, size_t most);

#endif

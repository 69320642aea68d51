// SPDX-License-Identifier: MIT
//
// rule.h - the verdict about a claim, from figures and their intervals: pure functions.
//
// A condition holds when the interval of its figure keeps the bounds as a whole, and fails
// when it lies wholly outside; all between is unknown. So is a figure that was not measured,
// of too few rounds, or of rounds that the machine has disturbed. Then
//
//   CONFIRMED   the rule `confirmed` holds
//   REFUTED     the rule `refuted` holds; without one, the rule `confirmed` fails
//   UNDECIDED   all else, and where both would hold: such rules contradict each other
//
// A machine that is noisier has wider intervals, and so more UNDECIDED; it has no other
// verdict.
//
// Read next: figure.h.
#ifndef QUARTET_DRIVER_CLAIMS_RULE_H
#define QUARTET_DRIVER_CLAIMS_RULE_H

#include "driver/claims/claim.h"
#include "driver/report/model.h"
#include "driver/statistics/statistics.h"

// Less confidence, or fewer rounds, decides nothing; unless the figure is a count.
#define RULE_CONFIDENCE 0.9
#define RULE_ROUNDS     5

enum claim_verdict { CLAIM_CONFIRMED, CLAIM_REFUTED, CLAIM_UNDECIDED, CLAIM_SKIPPED };

// "CONFIRMED", ...
const char *claim_verdict_name(enum claim_verdict verdict);

// A figure of this machine.
struct figure {
    bool known;
    bool counted; // in a run of its own, once: there are no rounds
    bool noisy;   // a time of disturbed rounds
    size_t n;     // rounds
    double estimate;
    struct interval interval; // of the median or ratio; of all rounds if exact
    char why[300];            // not known
};

// Does the condition hold (TRUTH_YES), fail (TRUTH_NO), or can it not be told?
enum truth rule_condition(const struct claim_condition *condition,
                          const struct figure *figure);

// The same of the whole rule; figures[i] belongs to its condition i. An empty rule is
// unknown.
enum truth rule_holds(const struct claim_rule *rule, const struct figure *figures);

// The verdict from both rules.
enum claim_verdict rule_verdict(const struct claim *claim, const struct figure *confirmed,
                                const struct figure *refuted);

// How many rounds would probably decide it, if the interval shrinks with their square root
// and its centre stays: at most RULE_ROUNDS_MOST, else 0: the figure lies at the bound.
unsigned rule_rounds_needed(const struct claim_condition *condition,
                            const struct figure *figure);

#define RULE_ROUNDS_MOST 200

#endif

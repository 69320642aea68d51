// SPDX-License-Identifier: MIT
//
// rule.c - see rule.h.
#include "driver/claims/rule.h"

#include <math.h>

const char *claim_verdict_name(enum claim_verdict verdict)
{
    static const char *const names[] = {"CONFIRMED", "REFUTED", "UNDECIDED", "SKIPPED"};
    return names[verdict];
}

// ---- one condition -----------------------------------------------------------------

// May anything be concluded from it?
static bool speaks(const struct claim_condition *condition, const struct figure *figure)
{
    if (!figure->known || figure->noisy || isnan(figure->interval.low) ||
        isnan(figure->interval.high))
        return false;
    if (condition->exact || figure->counted)
        return figure->n > 0;
    return figure->n >= RULE_ROUNDS && figure->interval.confidence >= RULE_CONFIDENCE;
}

// One exact round that breaks a bound breaks it.
static bool is_outside(const struct claim_condition *condition,
                       const struct interval *interval)
{
    if (condition->exact)
        return interval->low < condition->least || interval->high > condition->most;
    return interval->high < condition->least || interval->low > condition->most;
}

enum truth rule_condition(const struct claim_condition *condition,
                          const struct figure *figure)
{
    if (!speaks(condition, figure))
        return TRUTH_UNKNOWN;
    if (is_outside(condition, &figure->interval))
        return TRUTH_NO;
    bool above = isnan(condition->least) || figure->interval.low >= condition->least;
    bool below = isnan(condition->most) || figure->interval.high <= condition->most;
    return above && below ? TRUTH_YES : TRUTH_UNKNOWN;
}

// ---- rules -------------------------------------------------------------------------

// `all` fails with its first condition that fails; `any` holds with the first that holds.
enum truth rule_holds(const struct claim_rule *rule, const struct figure *figures)
{
    enum truth decides = rule->any ? TRUTH_YES : TRUTH_NO;
    enum truth result = rule->any ? TRUTH_NO : TRUTH_YES;
    for (size_t i = 0; i < rule->count; i++) {
        enum truth one = rule_condition(&rule->list[i], &figures[i]);
        if (one == decides)
            return one;
        if (one == TRUTH_UNKNOWN)
            result = TRUTH_UNKNOWN;
    }
    return rule->count == 0 ? TRUTH_UNKNOWN : result;
}

enum claim_verdict rule_verdict(const struct claim *claim, const struct figure *confirmed,
                                const struct figure *refuted)
{
    enum truth for_it = rule_holds(&claim->confirmed, confirmed);
    bool against = claim->refuted.count == 0
                       ? for_it == TRUTH_NO
                       : rule_holds(&claim->refuted, refuted) == TRUTH_YES;
    if (for_it == TRUTH_YES && !against)
        return CLAIM_CONFIRMED;
    return against && for_it != TRUTH_YES ? CLAIM_REFUTED : CLAIM_UNDECIDED;
}

// ---- what would decide it ----------------------------------------------------------

// The bound that lies inside of the interval, or NAN.
static double bound_inside(const struct claim_condition *condition,
                           const struct interval *interval)
{
    if (interval->low < condition->least && condition->least <= interval->high)
        return condition->least;
    if (interval->low <= condition->most && condition->most < interval->high)
        return condition->most;
    return (double)NAN;
}

unsigned rule_rounds_needed(const struct claim_condition *condition,
                            const struct figure *figure)
{
    double bound = bound_inside(condition, &figure->interval);
    double half = bound > figure->estimate ? figure->interval.high - figure->estimate
                                           : figure->estimate - figure->interval.low;
    double distance = fabs(bound - figure->estimate);
    double rounds = (double)figure->n * (half / distance) * (half / distance);
    if (!(rounds < RULE_ROUNDS_MOST))
        return 0;
    return rounds < RULE_ROUNDS + 1 ? RULE_ROUNDS + 1 : (unsigned)ceil(rounds);
}

// SPDX-License-Identifier: MIT
//
// verdict.c - see verdict.h.
#include "driver/statistics/verdict.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *const names[] = {
    [VERDICT_SAME] = "SAME",
    [VERDICT_IMPROVED] = "IMPROVED",
    [VERDICT_INCONCLUSIVE] = "INCONCLUSIVE",
    [VERDICT_REGRESSION] = "REGRESSION",
};

const char *verdict_name(enum verdict verdict)
{
    return names[verdict];
}

enum verdict verdict_find(const char *name)
{
    for (enum verdict verdict = 0; verdict <= VERDICT_REGRESSION; verdict++)
        if (strcmp(names[verdict], name) == 0)
            return verdict;
    return VERDICT_INCONCLUSIVE;
}

int verdict_parse_threshold(const char *text, double *threshold, struct reason *reason)
{
    char *end;
    double number = strtod(text, &end);
    bool is_number = end != text && *text >= '0' && *text <= '9';
    if (is_number && strcmp(end, "%") == 0) {
        number /= 100;
        end++;
    }
    if (!is_number || *end != '\0' || !(number >= 0.001 && number <= 1))
        return reason_set(reason, -EINVAL,
                          "--threshold %s: give 0.1%% to 100%%, such as 5%%", text);
    *threshold = number;
    return 0;
}

double verdict_threshold(double users, double floor)
{
    return fmax(users, VERDICT_FLOOR_FACTOR * floor); // fmax() passes NAN over
}

double verdict_border(double threshold)
{
    return 1 + threshold / 2;
}

// The interval is sound; where does it lie?
static enum verdict judge_interval(const struct evidence *evidence, struct reason *reason)
{
    double border = verdict_border(evidence->threshold);
    double low = evidence->interval.low;
    double high = evidence->interval.high;
    bool differs = evidence->p < VERDICT_P;
    if (differs && low > border)
        return VERDICT_REGRESSION;
    if (differs && high < 1 / border)
        return VERDICT_IMPROVED;
    if (low >= 1 / (1 + evidence->wanted) && high <= 1 + evidence->wanted)
        return VERDICT_SAME;
    reason_set(reason, 0,
               "overlap: the ratio lies between %.3f and %.3f, on both sides of a border",
               low, high);
    return VERDICT_INCONCLUSIVE;
}

enum verdict verdict_of_batch(const struct evidence *evidence, struct reason *reason)
{
    reason_set(reason, 0, "%s", "");
    if (evidence->noisy) {
        reason_set(reason, 0,
                   "noisy: too many rounds were disturbed from outside, also when they "
                   "were run again");
        return VERDICT_INCONCLUSIVE;
    }
    if (evidence->n < VERDICT_ROUNDS_LEAST || !isfinite(evidence->interval.low) ||
        !isfinite(evidence->interval.high) || isnan(evidence->p)) {
        reason_set(reason, 0, "too few: %zu rounds count, and %d are the least",
                   evidence->n, VERDICT_ROUNDS_LEAST);
        return VERDICT_INCONCLUSIVE;
    }
    return judge_interval(evidence, reason);
}

enum verdict verdict_confirm(enum verdict second, struct reason *reason)
{
    reason_set(reason, 0, "%s", "");
    if (second == VERDICT_REGRESSION)
        return VERDICT_REGRESSION;
    reason_set(reason, 0, "not confirmed: a second look at it says %s",
               verdict_name(second));
    return VERDICT_INCONCLUSIVE;
}

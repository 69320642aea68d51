// SPDX-License-Identifier: MIT
//
// verdict.c - see verdict.h.
#include "driver/statistics/verdict.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *const verdict_names[VERDICT_COUNT] = {
    [VERDICT_SAME] = "SAME",
    [VERDICT_IMPROVED] = "IMPROVED",
    [VERDICT_INCONCLUSIVE] = "INCONCLUSIVE",
    [VERDICT_SUSPECT] = "SUSPECT",
    [VERDICT_REGRESSION] = "REGRESSION",
};

const char *verdict_name(enum verdict verdict)
{
    return verdict_names[verdict];
}

enum verdict verdict_find(const char *name)
{
    for (enum verdict verdict = 0; verdict <= VERDICT_REGRESSION; verdict++)
        if (strcmp(verdict_names[verdict], name) == 0)
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

// Nothing may be concluded from these rounds: why not? false: something may.
static bool is_unsound(const struct evidence *evidence, struct reason *reason)
{
    if (evidence->noisy)
        reason_set(reason, 0,
                   "noisy: too many rounds were disturbed from outside, also when they "
                   "were run again");
    else if (evidence->n < VERDICT_ROUNDS_LEAST || !isfinite(evidence->interval.low) ||
             !isfinite(evidence->interval.high) || isnan(evidence->p))
        reason_set(reason, 0,
                   "too few: %zu rounds count, which have no interval of 95 %%",
                   evidence->n);
    else
        return false;
    return true;
}

// The interval lies wholly on one side of the borders. Is that more than chance?
static bool is_chance(const struct evidence *evidence, struct reason *reason)
{
    if (evidence->p < VERDICT_P)
        return false;
    reason_set(reason, 0,
               "too few: p is %.2g after correction for all rows, and must be below %g: "
               "%zu rounds are not enough for so many rows",
               evidence->p, VERDICT_P, evidence->n);
    return true;
}

// T says how much must be found; more than twice what was asked for is another question.
static bool is_too_wide(const struct evidence *evidence, struct reason *reason)
{
    if (evidence->threshold <= VERDICT_WIDEST * evidence->wanted)
        return false;
    reason_set(
        reason, 0,
        "noise: on this machine %.1f %% can be told here, and %.1f %% were asked for",
        100 * evidence->threshold, 100 * evidence->wanted);
    return true;
}

enum verdict verdict_of(const struct evidence *evidence, struct reason *reason)
{
    double border = verdict_border(evidence->threshold);
    double low = evidence->interval.low;
    double high = evidence->interval.high;
    bool above = isfinite(low) && isfinite(high) && low > border;
    reason_set(reason, 0, "%s", "");
    if (is_unsound(evidence, reason))
        return above ? VERDICT_SUSPECT : VERDICT_INCONCLUSIVE;
    if (above)
        return is_chance(evidence, reason) ? VERDICT_SUSPECT : VERDICT_REGRESSION;
    if (is_too_wide(evidence, reason))
        return VERDICT_INCONCLUSIVE;
    if (low >= 1 / (1 + evidence->wanted) && high <= 1 + evidence->wanted)
        return VERDICT_SAME;
    if (high < 1 / border)
        return is_chance(evidence, reason) ? VERDICT_INCONCLUSIVE : VERDICT_IMPROVED;
    reason_set(reason, 0,
               "overlap: the ratio lies between %.3f and %.3f, on both sides of a border",
               low, high);
    return VERDICT_INCONCLUSIVE;
}

bool verdict_is_futile(const struct evidence *evidence, size_t most)
{
    double low = log(evidence->interval.low);
    double high = log(evidence->interval.high);
    double border = log(verdict_border(evidence->threshold));
    double same = log1p(evidence->wanted);
    double half = (high - low) / 4 * sqrt((double)evidence->n / (double)most);
    double middle = (low + high) / 2;
    if (isnan(middle) || most <= evidence->n)
        return false;
    bool slower = middle - half > border;
    bool alike = middle - half >= -same && middle + half <= same;
    bool faster = middle + half < -border;
    return !slower && !alike && !faster;
}

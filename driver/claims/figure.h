// SPDX-License-Identifier: MIT
//
// figure.h - the figure of a condition, from a report and from what a Python program has
// printed.
//
// A value of a row is one number for each round that counts; two values are divided round
// by round, also where they stand in two tables. The interval is that of
// statistics/statistics.h: of a ratio, or of a median; of an exact figure, from the smallest
// to the largest. Counters were taken in extra runs, once, and have the interval of their
// error.
//
// Read next: rule.h, which judges it.
#ifndef QUARTET_DRIVER_CLAIMS_FIGURE_H
#define QUARTET_DRIVER_CLAIMS_FIGURE_H

#include "driver/claims/claim.h"
#include "driver/claims/rule.h"
#include "driver/report/model.h"

#include <jansson.h>

// Figures of one claim.
struct evidence {
    const struct report *report; // analysed; NULL: the claim has no plan
    const json_t *outputs;       // a list of objects, one for each time that Python ran
};

// The figure of this condition; where it cannot be had, `known` is false and `why` says why.
void figure_find(const struct claim_condition *condition, const struct evidence *evidence,
                 struct figure *figure);

#endif

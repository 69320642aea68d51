// SPDX-License-Identifier: MIT
//
// outcome.h - the end of one claim on this machine: its figures, the verdict, and what
// would decide it where it is open.
//
// Read next: words.h, which prints it.
#ifndef QUARTET_DRIVER_CLAIMS_OUTCOME_H
#define QUARTET_DRIVER_CLAIMS_OUTCOME_H

#include "driver/claims/claim.h"
#include "driver/claims/figure.h"
#include "driver/claims/rule.h"

#include <jansson.h>

struct outcome {
    const struct claim *claim; // borrowed
    enum claim_verdict verdict;
    struct reason reason; // of SKIPPED, in English; else ""
    struct figure confirmed[CLAIM_CONDITIONS];
    struct figure refuted[CLAIM_CONDITIONS];
    bool measured; // there is FOLDER/ID/report.json
    double seconds;
};

// Finds figures and verdict; a claim that cannot be put to the test is UNDECIDED.
void outcome_find(const struct claim *claim, const struct evidence *evidence,
                  struct outcome *outcome);

// As an element of `claims` in a report of schema quartet.claims/1. A new reference.
json_t *outcome_json(const struct outcome *outcome);

// Why the figure of a condition does not decide, and what would decide it, in one line. ""
// where it does decide.
void outcome_advice(const struct claim_condition *condition, const struct figure *figure,
                    enum language language, char *text, size_t size);

#endif

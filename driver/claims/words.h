// SPDX-License-Identifier: MIT
//
// words.h - outcomes of claims for people, in English or Russian.
#ifndef QUARTET_DRIVER_CLAIMS_WORDS_H
#define QUARTET_DRIVER_CLAIMS_WORDS_H

#include "driver/claims/claim.h"
#include "driver/claims/outcome.h"
#include "driver/claims/question.h"

#include <stdio.h>

// One line: number, id, statement.
void words_list(FILE *file, const struct claim *claim, enum language language);

// Verdict, statement, each figure with its bounds and a strip, the meaning, the lesson.
void words_outcome(FILE *file, const struct outcome *outcome, enum language language);

// The same as a section of a page in Markdown.
void words_section(FILE *file, const struct outcome *outcome, enum language language);

// A figure with its interval, bounds and strip.
void words_figure(FILE *file, const struct claim_condition *condition,
                  const struct figure *figure, enum language language);

// The outcome of a prediction, and why it is so.
void words_answer(FILE *file, const struct question *question, double prediction,
                  const struct figure *figure, enum language language);

// "30 CONFIRMED, 2 REFUTED, ..."; counts[] by verdict.
void words_sum(FILE *file, const size_t *counts, enum language language);

#endif

// SPDX-License-Identifier: MIT
//
// question.h - a question of the course: the reader predicts a number before it is measured.
// A document of schema quartet.question/1 (results/README.md), one for each page: what is
// asked, an experiment and one figure of it as in a claim (claim.h), and the range in which
// that figure lies on any machine, set by a count or by physics.
//
// The answer is judged by the measured interval, and only where that lies in the range as a
// whole: else the machine, not the reader, is the odd one.
//
// Read next: rule.h for figures.
#ifndef QUARTET_DRIVER_CLAIMS_QUESTION_H
#define QUARTET_DRIVER_CLAIMS_QUESTION_H

#include "driver/claims/claim.h"
#include "driver/claims/rule.h"
#include "lib/error.h"

#include <stddef.h>

#define QUESTION_SCHEMA  "quartet.question/1"
#define QUESTION_CHOICES 6

struct question {
    struct claim claim;  // statement: what is asked; meaning: why; confirmed: the figure
    size_t choice_count; // 0: any number may be said
    double choices[QUESTION_CHOICES]; // from small to large
};

enum answer { ANSWER_RIGHT, ANSWER_SMALL, ANSWER_LARGE, ANSWER_UNDECIDED };

// Reads FOLDER/NAME.json. 0, or -errno with one line; question_free() after success.
int question_load(struct question *question, const char *folder, const char *name,
                  struct reason *reason);
void question_free(struct question *question);

// The figure that is asked for.
const struct claim_condition *question_figure(const struct question *question);

// Reads a prediction: a number, or one of the choices. 0, or -EINVAL with the reason.
int question_parse(const struct question *question, const char *text, double *prediction,
                   struct reason *reason);

// Was it right? Of choices the one that is nearest to the whole interval, as a ratio, is. Of
// other numbers those in the range of the question or in the interval; where the range has
// one end, up to twice the interval at the other.
enum answer question_judge(const struct question *question, double prediction,
                           const struct figure *figure);

#endif

// SPDX-License-Identifier: MIT
//
// report.h - what became of a program, for people and for a teacher's scripts.
#ifndef QUARTET_DRIVER_GRADE_REPORT_H
#define QUARTET_DRIVER_GRADE_REPORT_H

#include "driver/grade/trial.h"

// A program in all runs of an exercise.
struct grade {
    const struct exercise *exercise;
    const char *path;  // of the program
    char *const *argv; // as it was named, ended by NULL
    struct trial *trials;
    size_t count;
};

// Of all runs, the worst; *trial: the one that says so.
const struct verdict *grade_verdict(const struct grade *grade, enum property property,
                                    const struct trial **trial);

bool grade_accepted(const struct grade *grade);

// The verdicts, and the strip of the first run that fails, or of the first.
void grade_print(FILE *file, const struct grade *grade);

// quartet.grade/1 (results/schemas). The caller owns it.
json_t *grade_json(const struct grade *grade);

#endif

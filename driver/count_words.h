// SPDX-License-Identifier: MIT
//
// count_words.h - what `quartet count` prints: a line per cell with what an operation
// takes, and by which system calls; with several counts also how far they lie apart.
#ifndef QUARTET_DRIVER_COUNT_WORDS_H
#define QUARTET_DRIVER_COUNT_WORDS_H

#include <jansson.h>
#include <stdio.h>

#define COUNT_REPEAT_MAXIMUM 100

// The names of the columns.
void count_words_heading(FILE *file, const json_t *table, unsigned repeat);

// One cell: `counts` are as many `counters` (counters.h) as it was counted times. Shown are
// medians; the spread is (largest - smallest) / median.
void count_words_row(FILE *file, const json_t *cell, json_t *const *counts,
                     unsigned repeat);

#endif

// SPDX-License-Identifier: MIT
//
// prediction.h - what is predicted of all models for one situation, beside what was measured,
// if it was; as a table for people, and as JSON (quartet.predict/1).
//
// Read next: estimate.h.
#ifndef QUARTET_DRIVER_PREDICT_PREDICTION_H
#define QUARTET_DRIVER_PREDICT_PREDICTION_H

#include "driver/predict/estimate.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

struct prediction_row {
    const struct book_model *model;
    struct estimate of[QUANTITY_COUNT];
    double measured[QUANTITY_COUNT]; // NAN: not measured
};

struct prediction {
    const struct situation *situation;
    const struct book *book;
    size_t count;
    struct prediction_row rows[BOOK_MODELS];
    bool measured;
};

// Predicts; nothing is measured yet. Borrows both.
void prediction_make(const struct book *book, const struct situation *situation,
                     struct prediction *prediction);

// measured / predicted - 1; NAN where nothing was measured.
double prediction_error(const struct prediction_row *row, enum quantity quantity);

// The median of |error| over all rows; NAN where nothing was measured.
double prediction_median_error(const struct prediction *prediction,
                               enum quantity quantity);

// The table; with `terms` also how each prediction is put together.
void prediction_print(FILE *file, const struct prediction *prediction, bool terms);
json_t *prediction_json(const struct prediction *prediction);

#endif

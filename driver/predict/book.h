// SPDX-License-Identifier: MIT
//
// book.h - the prices of one workload on this machine, for each model, and how sure they are;
// and the file that keeps such books (quartet.predict-prices/1), one per testbed:
//
//   $XDG_CACHE_HOME/quartet/TESTBED/predict-prices.json
//
// A book that is older than 30 days, or of another version of this program, is not used.
//
// Read next: probe.h, which measures a book, and estimate.h, which uses it.
#ifndef QUARTET_DRIVER_PREDICT_BOOK_H
#define QUARTET_DRIVER_PREDICT_BOOK_H

#include "driver/predict/formula.h"
#include "driver/system/utc.h"
#include "lib/error.h"

#include <jansson.h>
#include <stddef.h>

#define BOOK_SCHEMA    "quartet.predict-prices/1"
#define BOOK_DAYS_MOST 30
#define BOOK_MODELS    8

struct book_prices {
    double prices[TERMS_MOST]; // ns or bytes, as formula.h lists the terms
    double spread; // of runs with the same options, on the scale of logarithms
    double misfit; // of predictions of the checks, on the same scale: root mean square
};

struct book_model {
    char name[32];
    double turn_ns; // see formula.h
    struct book_prices of[QUANTITY_COUNT];
};

struct book {
    const struct formula *formula;
    char choices[SITUATION_CHOICE_SIZE]; // "transport=unix"
    char measured_utc[UTC_SIZE];
    char version[32];
    size_t model_count;
    struct book_model models[BOOK_MODELS];
};

// Reads all books. 0; -ENOENT: there is no such file; -ESTALE: it is of another testbed (NULL:
// any will do); -EBADMSG: it is no such file; with the reason. *books is NULL then.
int books_load(const char *path, const char *testbed, json_t **books,
               struct reason *reason);

// The book of this situation, out of those that were loaded (NULL: none). -ENOENT: there is
// none; -ESTALE: it is too old, or `version` is not its own (NULL: any age, any version);
// -EBADMSG: it is damaged.
int book_find(const json_t *books, const struct situation *situation, const char *version,
              struct book *book, struct reason *reason);

// Puts the book in the place of an older one. *books is made if it is NULL.
void book_put(json_t **books, const char *testbed, const struct book *book);

// The prices of a model, or NULL.
const struct book_model *book_model_find(const struct book *book, const char *model);

#endif

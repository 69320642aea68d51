// SPDX-License-Identifier: MIT
//
// fit.h - prices from measured runs: the counts of each run are known (formula.h) and so is
// what it took, and the prices are what explains that best.
//
// Read next: book.h, which keeps them.
#ifndef QUARTET_DRIVER_PREDICT_FIT_H
#define QUARTET_DRIVER_PREDICT_FIT_H

#include "driver/predict/formula.h"

#include <stddef.h>

#define FIT_ROWS_MOST 16

struct fit_row {
    double counts[TERMS_MOST];
    double value; // what the terms have to explain
    double scale; // what a relative error is relative to: the whole value of the run, > 0
};

// The prices, none below 0, with the least sum over the rows of a loss of (counts x prices -
// value) / scale: its square up to a tenth, and from there on a straight line, so that one run
// that something else has disturbed does not make the prices; of what was found, if that is more,
// instead of the scale. A term that no row counts has the
// price 0.
// Sources: P. J. Huber, "Robust estimation of a location parameter", Ann. Math. Statist. 35
// (1964), by weights that are found anew; coordinate descent for least squares with non-negative unknowns; V. Franc, V. Hlavac,
// M. Navara, "Sequential coordinate-wise algorithm for the non-negative least squares problem",
// CAIP 2005.
void fit_prices(const struct fit_row *rows, size_t row_count, size_t term_count,
                double prices[TERMS_MOST]);

#endif

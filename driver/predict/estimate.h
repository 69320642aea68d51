// SPDX-License-Identifier: MIT
//
// estimate.h - a prediction: the counts of a situation times the prices of a model.
//
// Its interval is meant to hold 90 % of what is then measured. Its half width, on the scale of
// logarithms, is t x sqrt(spread^2 + misfit^2): a run differs from the next one with the same
// options (spread), and the formula from the truth (misfit, seen at the checks; book.h). t is
// Student's for 8 degrees of freedom, since four models had two checks each.
#ifndef QUARTET_DRIVER_PREDICT_ESTIMATE_H
#define QUARTET_DRIVER_PREDICT_ESTIMATE_H

#include "driver/predict/book.h"

// Nothing is known better than to 2 %: memory is read once, in pages.
#define ESTIMATE_LEAST 0.02

#define ESTIMATE_CONFIDENCE 0.9
#define ESTIMATE_STUDENT    1.860 // the 95 % quantile, for 90 % between both ends

struct estimate {
    double value; // ns or bytes
    double low, high;
    double waiting;            // of wall time: that needs no price
    double counts[TERMS_MOST]; // as formula.h lists them
    double parts[TERMS_MOST];  // count times price
};

// The situation's own `parallel` does not matter: it is that of the model here.
void estimate_find(const struct book *book, const struct book_model *model,
                   const struct situation *situation, enum quantity quantity,
                   struct estimate *estimate);

#endif

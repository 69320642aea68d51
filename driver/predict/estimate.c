// SPDX-License-Identifier: MIT
//
// estimate.c - see estimate.h.
#include "driver/predict/estimate.h"

#include <math.h>

void estimate_find(const struct book *book, const struct book_model *model,
                   const struct situation *situation, enum quantity quantity,
                   struct estimate *estimate)
{
    const struct formula *formula = book->formula;
    const struct book_prices *of = &model->of[quantity];
    struct situation own = *situation;
    situation_for_model(&own, model->name);
    *estimate = (struct estimate){.value = 0};
    if (quantity == QUANTITY_WALL && formula->waiting != NULL)
        estimate->waiting = formula->waiting(&own, model->turn_ns);
    estimate->value = estimate->waiting;
    for (size_t i = 0; formula->terms[quantity][i].name != NULL; i++) {
        estimate->counts[i] = formula->terms[quantity][i].count(&own);
        estimate->parts[i] = estimate->counts[i] * of->prices[i];
        estimate->value += estimate->parts[i];
    }
    double deviation = sqrt(of->spread * of->spread + of->misfit * of->misfit);
    double width = fmax(ESTIMATE_STUDENT * deviation, ESTIMATE_LEAST);
    estimate->low = estimate->value * exp(-width);
    estimate->high = estimate->value * exp(width);
}

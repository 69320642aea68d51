// SPDX-License-Identifier: MIT
//
// models.h - which models a table of a plan compares: those that the author of the document
// listed, else all; of these, if the user chose models, only her own.
//
// Read next: cells.h.
#ifndef QUARTET_DRIVER_PLAN_MODELS_H
#define QUARTET_DRIVER_PLAN_MODELS_H

#include "driver/plan/draft.h"

// Are there any, given the user's choice?
bool plan_models_any(const struct plan_maker *maker, const struct plan_draft *draft);

// Adds the cells. 0, or -EINVAL with maker's reason.
int plan_models_add(const struct plan_maker *maker, const struct plan_draft *draft,
                    struct table *table);

#endif

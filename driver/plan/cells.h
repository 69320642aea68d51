// SPDX-License-Identifier: MIT
//
// cells.h - the cells of one table: each model, and each variant of a model that
// makes sense where the table runs.
#ifndef QUARTET_DRIVER_PLAN_CELLS_H
#define QUARTET_DRIVER_PLAN_CELLS_H

#include "driver/plan/types.h"

#define PLAN_VARIANT_SIZE 128

// Adds this model's cells to the table. A cell that makes no sense is added as skipped,
// with the reason: nothing is left out in silence. A model that the user names twice
// (`copy` 2) competes with itself, which shows what chance alone does. `base`, if not NULL,
// is the runner of another build: it gets the same cells, which name in `base_of` what
// they are the base of.
void plan_add_cells(struct table *table, const struct runner *runner,
                    const struct runner *base, unsigned cpu_count, unsigned copy);

// Options that the user gives to one cell: as words ("--loops",
// "2"), and the same as a name ("loops=2"; "": none).
struct plan_variant {
    const json_t *words;
    const char *name;
    unsigned copy; // the same thing again; 1: the first
};

// Adds just this cell, and that of the base.
void plan_add_variant(struct table *table, const struct runner *runner,
                      const struct runner *base, const struct plan_variant *variant);

#endif

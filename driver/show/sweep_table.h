// SPDX-License-Identifier: MIT
//
// sweep_table.h - the sweeps of a report for people: a row per model, a column per number
// of tasks in flight.
#ifndef QUARTET_DRIVER_SHOW_SWEEP_TABLE_H
#define QUARTET_DRIVER_SHOW_SWEEP_TABLE_H

#include "driver/report/model.h"

#include <stdio.h>

// Prints all of them, or nothing where there is none.
void sweep_view_text(FILE *file, const struct report *report);
void sweep_view_markdown(FILE *file, const struct report *report);

#endif

// SPDX-License-Identifier: MIT
//
// sweep_table.h - the sweeps of a report for people: a row per model, a column per number
// of tasks in flight.
#ifndef QUARTET_DRIVER_SHOW_SWEEP_TABLE_H
#define QUARTET_DRIVER_SHOW_SWEEP_TABLE_H

#include <jansson.h>
#include <stdio.h>

// Prints all of them, or nothing where there is none.
void sweep_view_text(FILE *file, const json_t *report);
void sweep_view_markdown(FILE *file, const json_t *report);

#endif

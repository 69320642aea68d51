// SPDX-License-Identifier: MIT
//
// table_notes.h - the sentences around the tables: what was run, on what machine, what
// is wrong with it, and how to read it. One line is one JSON string; no line repeats
// what a figure in the table says.
#ifndef QUARTET_DRIVER_SHOW_TABLE_NOTES_H
#define QUARTET_DRIVER_SHOW_TABLE_NOTES_H

#include "driver/report/model.h"

#include <jansson.h>

// Lines at the top of a whole report. A new array, or NULL: out of memory.
json_t *words_heading(const struct report *report);

// Warnings that must not be overlooked: an incomplete report, one that is not for decisions.
json_t *words_warnings(const struct report *report);

// Lines above one table: its size, CPUs and rounds.
json_t *words_captions(const struct report *report, const struct report_table *table);

// Lines below one table: was the work equal, which rounds were disturbed?
json_t *words_notes(const struct report_table *table);

// How to read the tables, ended by NULL.
extern const char *const words_legend[];

#endif

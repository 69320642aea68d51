// SPDX-License-Identifier: MIT
//
// table_notes.h - the sentences around the tables: what was run, on what machine, what
// is wrong with it, and how to read it. One line is one JSON string; no line repeats
// what a figure in the table says.
#ifndef QUARTET_DRIVER_SHOW_TABLE_NOTES_H
#define QUARTET_DRIVER_SHOW_TABLE_NOTES_H

#include <jansson.h>

// Lines at the top of a whole report. A new array, or NULL: out of memory.
json_t *words_heading(const json_t *report);

// What must not be overlooked: an incomplete report, one that is not for decisions.
json_t *words_warnings(const json_t *report);

// Lines above one table: its size, CPUs and rounds.
json_t *words_captions(const json_t *report, const json_t *table);

// Lines below one table: was the work equal, which rounds were disturbed?
json_t *words_notes(const json_t *table);

// How to read the tables, ended by NULL.
extern const char *const words_legend[];

#endif

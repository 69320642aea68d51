// SPDX-License-Identifier: MIT
//
// reference_notes.h - the sum of all changes since a pinned commit (gate/reference.h), as the
// report of a check has it in gate.reference.
#ifndef QUARTET_DRIVER_SHOW_REFERENCE_NOTES_H
#define QUARTET_DRIVER_SHOW_REFERENCE_NOTES_H

#include <jansson.h>
#include <stddef.h>
#include <stdio.h>

// Prints a line for the reference, and one for each row that has drifted; nothing where the report
// has none.
void reference_notes_text(FILE *file, const json_t *report);

// In GitHub: a ::warning for each row that has drifted, the same in the summary of the step, and
// their number as the output `drifted`.
void reference_notes_announce(const json_t *report);

// How many rows have drifted.
size_t reference_notes_count(const json_t *report);

#endif

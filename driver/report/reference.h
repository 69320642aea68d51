// SPDX-License-Identifier: MIT
//
// reference.h - a reference as a type: the changes that passed since a pinned commit
// (quartet.reference/1), and the sum of them, which the report of a check has in
// gate.reference. The reader and the writer are the only ones that know their members.
//
// Structs borrow texts of the JSON that was read, or of the report that a step was made from.
// Texts that are not known are NULL, numbers NAN.
//
// Read next: gate/reference.h.
#ifndef QUARTET_DRIVER_REPORT_REFERENCE_H
#define QUARTET_DRIVER_REPORT_REFERENCE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#define REFERENCE_SCHEMA "quartet.reference/1"

// ---- the changes -------------------------------------------------------------------

// A row by one metric, as a check found it.
struct reference_row {
    const char *table, *row, *metric;
    double ratio, low, high;
};

struct reference_step {
    const char *base, *head; // commits
    const char *utc;
    size_t count, room;
    struct reference_row *rows; // owned
};

struct reference_steps {
    const char *schema, *testbed;
    bool whole; // the file had steps
    size_t count, room;
    struct reference_step *list; // owned; the oldest first
};

// All that the file says; the JSON must outlive it.
struct reference_steps reference_steps_read(const json_t *json);

// The JSON of the file; the caller's.
json_t *reference_steps_write(const struct reference_steps *steps);

void reference_step_add(struct reference_step *step, const struct reference_row *row);

// Takes the rows of the step over.
void reference_steps_add(struct reference_steps *steps,
                         const struct reference_step *step);

// Drops the last one.
void reference_steps_drop(struct reference_steps *steps);

void reference_steps_free(struct reference_steps *steps);

// ---- the sum -----------------------------------------------------------------------

struct reference_sum_row {
    const char *table, *row, *metric;
    double steps;  // in which it is
    double ratio;  // from the pinned commit to the last
    double border; // that chance alone would hardly ever reach
    bool drifted;
};

struct reference_sum {
    const char *name;
    const char *pinned;    // the commit
    double steps;          // in all
    bool stored;           // this one is among those that are kept
    const char *gap_after; // where the reference ended, if the base is another commit
    size_t count, room;
    struct reference_sum_row *rows; // owned
};

// That of a report's JSON. False: it has none; reference_sum_free() all the same.
bool reference_sum_read(struct reference_sum *sum, const json_t *report);

json_t *reference_sum_write(const struct reference_sum *sum);
void reference_sum_add(struct reference_sum *sum, const struct reference_sum_row *row);
void reference_sum_free(struct reference_sum *sum);

#endif

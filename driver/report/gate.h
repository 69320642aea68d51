// SPDX-License-Identifier: MIT
//
// gate.h - what a gate (`quartet check`) found, as it stands in a report: what head was
// compared with, every comparison, and the verdict. results/README.md describes its JSON.
//
// Read next: comparison.h.
#ifndef QUARTET_DRIVER_REPORT_GATE_H
#define QUARTET_DRIVER_REPORT_GATE_H

#include "driver/report/comparison.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

enum gate_verdict {
    GATE_UNDECIDED,
    GATE_PASS,
    GATE_SUSPECT,
    GATE_REGRESSION,
    GATE_WRONG,
    GATE_UNKNOWN, // of a report that another version wrote
};

// A row and what is the matter with it; or, with `table` NULL, just a text.
struct gate_note {
    const char *table;
    const char *row;
    const char *reason;
};

struct gate_notes {
    size_t count;
    struct gate_note *list; // owned
};

// One thing that is not alike in how the two were built.
struct gate_difference {
    const char *what; // "compiler"
    const char *base;
    const char *head;
};

// In how many rows a counter was compared.
struct gate_counted {
    enum metric metric;
    double rows;
};

// All texts are borrowed from the report.
struct report_gate {
    const char *base_kind; // "build", "revision", "report"
    const char *base_name;
    const char *base_commit; // or NULL
    double threshold;
    double links; // of each build, which took turns
    enum gate_verdict verdict;
    double exit_code;
    const char *refused;             // why nothing was measured, or NULL
    bool calibrated;                 // a calibration was looked for
    const char *calibration_utc;     // of when it is
    const char *calibration_ignored; // why it was not used, or NULL
    double calibration_rows;         // how many rows of these it knows
    size_t difference_count;
    struct gate_difference *differences; // owned
    size_t counted_count;
    struct gate_counted *counted; // owned
    struct gate_notes not_counted;
    struct gate_notes missing; // rows without a base
    struct gate_notes answers; // wrong ones
    struct comparisons comparisons;
};

// "UNDECIDED", "PASS", "SUSPECT", "REGRESSION", "WRONG"; "?".
const char *gate_verdict_name(enum gate_verdict verdict);

// Reads the gate of a report's JSON; what is not there is unknown. false: there is none.
// report_gate_free() in both cases.
bool report_gate_read(struct report_gate *gate, const json_t *report);
void report_gate_free(struct report_gate *gate);

#endif

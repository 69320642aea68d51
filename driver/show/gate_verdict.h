// SPDX-License-Identifier: MIT
//
// gate_verdict.h - the verdict of a gate in one sentence, and for the services that run it.
// It is as loud when nothing could be decided as when something became slower: nobody reads
// the table of a gate that seems to have passed.
//
// Read next: gate_table.h.
#ifndef QUARTET_DRIVER_SHOW_GATE_VERDICT_H
#define QUARTET_DRIVER_SHOW_GATE_VERDICT_H

#include "driver/report/gate.h"

#include <stdbool.h>
#include <stddef.h>

// Rows that times are to decide, rows without a base included.
struct gate_rows {
    size_t all;
    size_t open;   // INCONCLUSIVE, SUSPECT, or without a base
    size_t slower; // REGRESSION by times or by counters
};
struct gate_rows gate_verdict_rows(const struct report_gate *gate);

// "UNDECIDED: 8 of 8 rows, because ..."
void gate_verdict_sentence(const struct report_gate *gate, char *text, size_t size);

// A sentence that says what to do about it; "" if nothing needs to be.
const char *gate_verdict_advice(const struct report_gate *gate);

// Where GITHUB_ACTIONS is "true": a `::error` or `::warning` line with the sentence, unless
// the gate has passed; and `verdict=`, `regressions=`, `undecided=open/all` for
// $GITHUB_OUTPUT. Returns whether it is so.
bool gate_verdict_announce(const struct report_gate *gate);

#endif

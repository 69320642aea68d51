// SPDX-License-Identifier: MIT
//
// gate_entry.h - questions to one entry of a gate's `comparisons` or of its counters: what
// a metric of a row said in two builds (results/README.md).
//
// Read next: comparison.h, which makes them.
#ifndef QUARTET_DRIVER_REPORT_GATE_ENTRY_H
#define QUARTET_DRIVER_REPORT_GATE_ENTRY_H

#include <jansson.h>
#include <stdbool.h>

// Does this entry decide, or only explain? (`decides`; an entry without it decides.)
bool gate_entry_decides(const json_t *entry);

// Has this entry the verdict of that name?
bool gate_entry_is(const json_t *entry, const char *verdict);

// Is this entry a REGRESSION that decides?
bool gate_entry_is_regression(const json_t *entry);

// Is this an entry that ought to be decided, and is not?
bool gate_entry_is_open(const json_t *entry);

// Is more measuring of no use for this entry (`futile`)?
bool gate_entry_is_futile(const json_t *entry);

// Does any of these entries pass the test? With `table`, the id of one, only its entries
// are looked at.
bool gate_entry_any(const json_t *entries, const char *table,
                    bool (*test)(const json_t *entry));

// The entry of the same table, row and metric as `wanted`, or NULL. Borrowed.
json_t *gate_entry_find(const json_t *entries, const json_t *wanted);

#endif

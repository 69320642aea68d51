// SPDX-License-Identifier: MIT
//
// value.h - what a claim can ask of one run of a row: by name, since it stands in a file.
#ifndef QUARTET_DRIVER_CLAIMS_VALUE_H
#define QUARTET_DRIVER_CLAIMS_VALUE_H

#include "driver/report/model.h"

#include <stdbool.h>

// For messages.
#define VALUE_METRICS                                                                    \
    "wall, a phase (setup, spawn, run, join, teardown), cpu, caused_cpu, voluntary, "    \
    "involuntary, faults, record.NAME or counters.NAME"

// The beginnings of what the record of a run, or the counters of a row, have.
#define VALUE_RECORD   "record."
#define VALUE_COUNTERS "counters."

// Is there such a metric?
bool value_knows(const char *metric);

// Is it a time by the clock on the wall? Other programs make that longer.
bool value_is_time(const char *metric);

// Was it counted in runs of its own, for the row and not for a run?
bool value_is_counter(const char *metric);

// That of the run, in ns where it is a time; NAN: it does not say. Not of counters.
double value_of(const struct sample *sample, const char *metric);

#endif

// SPDX-License-Identifier: MIT
//
// metric.h - the figures of a run that two builds are compared by. Times decide; counters
// (context switches, page faults) say why, and can be compared where times cannot.
#ifndef QUARTET_DRIVER_REPORT_METRIC_H
#define QUARTET_DRIVER_REPORT_METRIC_H

#include <jansson.h>
#include <stdbool.h>

enum metric {
    METRIC_WALL,     // of the whole command, by hyperfine
    METRIC_CPU,      // user and system time of the runner's processes
    METRIC_SWITCHES, // voluntary context switches
    METRIC_FAULTS,   // minor page faults
    METRIC_COUNT,
};

// "wall_ns", "cpu_ns", "voluntary_switches", "minor_faults"
const char *metric_name(enum metric metric);

bool metric_is_time(enum metric metric);

// The figure of one run (a sample of the report), or NAN where it is not known, or 0,
// which has no ratio to anything.
double metric_of(const json_t *sample, enum metric metric);

// Counters below this are not compared: one more or less would be a large part of them.
#define METRIC_COUNTER_LEAST 100

#endif

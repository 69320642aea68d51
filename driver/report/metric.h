// SPDX-License-Identifier: MIT
//
// metric.h - the figures by which two builds are compared. Times decide; switches and
// faults say why, and can be compared where times cannot. Relations and counts have no
// value of a single run: analysis/compare.h and report/counter_verdict.h say how they come
// about.
#ifndef QUARTET_DRIVER_REPORT_METRIC_H
#define QUARTET_DRIVER_REPORT_METRIC_H

#include "driver/report/model.h"

#include <stdbool.h>

enum metric {
    METRIC_WALL,     // of the whole command, by hyperfine
    METRIC_CPU,      // user and system time of the runner's processes
    METRIC_SWITCHES, // voluntary context switches
    METRIC_FAULTS,   // minor page faults
    METRIC_COUNT,    // so many does every run have

    METRIC_RELATIVE = METRIC_COUNT, // time of a row divided by that of the other rows

    METRIC_SYSCALLS, // counted in extra runs: in the order of enum counter
    METRIC_INSTRUCTIONS,
    METRIC_MEMORY,
    METRIC_MEMORY_PER_TASK,

    METRIC_RUN, // phases, by the record
    METRIC_SPAWN,
    METRIC_JOIN,
    METRIC_P99, // of the service times of operations

    METRIC_UNKNOWN, // of a report that another version wrote
};

// "wall_ns", "cpu_ns", "voluntary_switches", "minor_faults", "relative", "syscalls",
// "instructions", "memory", "memory_per_task", "run_ns", "spawn_ns", "join_ns", "p99_ns"; "?"
// for METRIC_UNKNOWN.
const char *metric_name(enum metric metric);
extern const char *const metric_names[METRIC_UNKNOWN + 1];

// The metric of that name, or METRIC_UNKNOWN.
enum metric metric_find(const char *name);

// Is it a time of a whole run, by which a row may be decided?
bool metric_is_time(enum metric metric);

// Is it nanoseconds?
bool metric_is_duration(enum metric metric);

// Was it counted in extra runs?
bool metric_is_counter(enum metric metric);

// The figure of one run (NULL: there is none), or NAN where it is not known, or 0, which
// has no ratio to anything. Of the first METRIC_COUNT metrics, and of phases.
double metric_of(const struct sample *sample, enum metric metric);

// Switches and faults below this are not compared: one more or less would be a large part
// of them.
#define METRIC_COUNTER_LEAST 100

#endif

// SPDX-License-Identifier: MIT
//
// counter_verdict.h - what may be said about a new build (head) beside an old one (base)
// from what was counted of both (measure/counters.h). A count has no noise to speak of, so there
// is no interval: there is a tolerance, which is what the same program counted twice
// differs by at most, as docs/gate.md shows, and a half of that on top.
//
//   REGRESSION    head needs more than base, by more than the tolerance, twice: when
//                 counted once, and when both were counted again
//   IMPROVED      less than base, by more than the tolerance
//   SAME          all else
//
// Pure functions over JSON and numbers.
#ifndef QUARTET_DRIVER_REPORT_COUNTER_VERDICT_H
#define QUARTET_DRIVER_REPORT_COUNTER_VERDICT_H

#include "driver/statistics/verdict.h"

#include <jansson.h>
#include <stdbool.h>

// Counters that repeat well enough to decide.
enum counter {
    COUNTER_SYSCALLS,        // system calls that do not wait
    COUNTER_INSTRUCTIONS,    // of one thread that computes
    COUNTER_MEMORY,          // the peak of a run whose tasks all wait at once, bytes
    COUNTER_MEMORY_PER_TASK, // the slope over several numbers of tasks, bytes
    COUNTER_COUNT,
};

// "syscalls", "instructions", "memory", "memory_per_task": the names in `counters` and of
// the metric in `gate`.
const char *counter_name(enum counter counter);

// The counter of that name, or COUNTER_COUNT.
enum counter counter_find(const char *name);

// Does a program wait by this call, or ask what time it is? How often one waits depends on
// how much has come together meanwhile, and how often one looks at the clock on how long
// it takes; whether that is a system call at all, on the clock. So the number of such calls
// differs from run to run, while that of others is decided by the program.
bool counter_is_wait(const char *name);

// By this one knows the memory of a command of anybody, which the kernel has kept.
#define COMMAND_MEMORY_METHOD "peak resident memory of the largest process"

// More counts of one cell than this tell nothing new.
#define COUNTER_REPEAT_MAXIMUM 100

// One counter, as it stands in the `counters` of a cell; unknown where it was not counted.
struct counted {
    double per_operation;
    double total;
    double waits; // of system calls
    double bytes; // of memory
    double error; // of a slope: its standard error; of the system calls of a command:
                  // by how much several counts of them differ
    double operations; // of the run
    json_t *tasks;     // their number, or numbers
    double concurrency;
    const char *method;
    json_t *by_name; // of system calls: how many of each
};
struct counted counter_read(const json_t *counters, enum counter counter);

// Why it was not counted, or NULL.
const char *counter_missing(const json_t *counters, enum counter counter);

// The number that is compared, from the `counters` of a cell; NAN: it was not counted.
double counter_value(const json_t *counters, enum counter counter);

// The figure for tables: of an operation, and of system calls all, also those that wait; of
// memory, bytes. NAN: it was not counted.
double counter_shown(const json_t *counters, enum counter counter);

// Were both counted alike: by the same method, for the same number of operations or tasks?
bool counter_comparable(const json_t *base, const json_t *head, enum counter counter);

// The part by which head may be above base, 0.01 for 1 %, as docs/gate.md derives it.
struct counter_limits {
    double floor;     // what a build differs by from itself, if it was calibrated; or NAN
    double threshold; // the slow-down that the user wants to be found
};
double counter_tolerance(enum counter counter, const json_t *base, const json_t *head,
                         struct counter_limits limits);

// How far counts of one build lie apart: the part by which the largest of the known values
// is above the smallest, or NAN where there are no two; *apart is their difference.
double counter_spread(const double *values, unsigned n, double *apart);

// The built-in part of every tolerance.
double counter_tolerance_builtin(enum counter counter);

// The verdict of one count. Less than counter_least() more or less is SAME whatever part
// it is: a call more at the start of a program is no cost of an operation. With a tolerance of
// 0 each one counts.
enum verdict counter_verdict(enum counter counter, double base, double head,
                             double tolerance);
double counter_least(enum counter counter);

#endif

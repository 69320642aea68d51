// SPDX-License-Identifier: MIT
//
// formula.h - how a run is put together, for each workload: terms. A term is a count that
// follows from the options ("exchanges"), times a price that was measured on this machine, for
// each model ("CPU time of one exchange").
//
//   CPU time  = start x 1 + worker x tasks in flight + session x tasks + exchange x ...
//   wall time = start x 1 + ... + waiting, which needs no price but `turn`
//   memory    = program x 1 + worker x tasks in flight + ...
//
// The prices are those that explain best what a few short runs of different sizes took: the
// probes. Two more runs, the checks, are predicted from the prices and then measured: how far
// off these predictions are is how far off others must be taken to be.
//
// Read next: formula_waiting.c, then fit.h for the prices.
#ifndef QUARTET_DRIVER_PREDICT_FORMULA_H
#define QUARTET_DRIVER_PREDICT_FORMULA_H

#include "driver/predict/situation.h"

#include <stddef.h>

enum quantity { QUANTITY_WALL, QUANTITY_CPU, QUANTITY_MEMORY, QUANTITY_COUNT };

#define TERMS_MOST  6
#define PROBES_MOST 8
#define CHECKS_MOST 3

struct term {
    const char *name; // of the price: "exchange"
    double (*count)(const struct situation *situation);
};

struct formula {
    const char *workload;
    struct term terms[QUANTITY_COUNT][TERMS_MOST + 1]; // each list ended by a NULL name
    // The time for which tasks wait for each other and for delays, in ns; `turn_ns` is how long one operation
    // keeps what all share (a CPU, the back end). NULL: nobody waits.
    double (*waiting)(const struct situation *situation, double turn_ns);
    bool one_cpu; // runs keep to one CPU unless somebody says --cpus, as in the catalogue
    const char
        *turn; // the probe that finds turn_ns, since nothing idles in it; NULL: none
    const char
        *turn_price; // the price of CPU time that is turn_ns, where no probe finds it
    const char *probes[PROBES_MOST + 1]; // options of short runs, ended by NULL
    const char *checks[CHECKS_MOST + 1];
};

extern const struct formula *const formulas[]; // ended by NULL

// The formula of this workload, or NULL.
const struct formula *formula_find(const char *workload);

// "wall", "cpu", "memory"
const char *quantity_name(enum quantity quantity);

// The same for people: "wall", "CPU", "memory"
const char *quantity_title(enum quantity quantity);

// ---- counts that many formulas share ---------------------------------------------------

double count_one(const struct situation *situation);
double count_tasks(const struct situation *situation);
double count_in_flight(const struct situation *situation);

// How often all tasks in flight wait together: ceil(tasks / in flight) turns.
double count_turns(const struct situation *situation);

#endif

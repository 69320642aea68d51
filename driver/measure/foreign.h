// SPDX-License-Identifier: MIT
//
// foreign.h - rows of anybody in a block: whatever such a program says of its run is held
// against what is known without it.
//
//   before the first block   a linked runner says what a run must leave (--expect), and
//                            computes the same once, which shows how long that takes
//   in the warm-up           quartet-observe runs it: memory, context switches, CPUs, processes
//                            left behind; and in all runs that count something
//   in each block            its record, the stop-watch, and for `fetch` the ledger of a back
//                            end that all rows of the table share
//
// A row that fails is named with the reason, and the others go on. Read next: expect.h for
// the checks, block.c for the calls.
#ifndef QUARTET_DRIVER_MEASURE_FOREIGN_H
#define QUARTET_DRIVER_MEASURE_FOREIGN_H

#include "driver/measure/run_limit.h"
#include "driver/plan/plan.h"
#include "driver/system/janitor.h"
#include "driver/system/witness.h"
#include "lib/error.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

// Has the table rows of anybody? And do all its rows share one back end, as their witness, or
// because it runs elsewhere?
bool foreign_any(const struct table *table);
bool foreign_needs_witness(const struct table *table);

// Finds out what a run of this table must leave, unless that is known or nobody asks. Where it
// cannot be known, all foreign rows fail with the reason.
void foreign_prepare(struct table *table, const struct janitor *janitor,
                     uint64_t run_timeout_ns);

// How much a run has to do: that of its table, or less in an extra run.
struct foreign_amount {
    uint64_t tasks;
    uint64_t concurrency;
};
struct foreign_amount foreign_amount(const struct table *table);

// Starts the back end for so many runs. 0, or -errno with the reason.
int foreign_start_witness(const struct table *table, struct foreign_amount amount,
                          size_t runs, struct witness *witness, struct reason *reason);

// The words that come before a program whose run is looked at, and their letters. None where
// quartet-observe is not there; the run is refused then. A program that has not ended a little
// after its own --timeout is killed.
#define FOREIGN_OBSERVATION    "%s/observation-%zu.json"
#define FOREIGN_OBSERVER_WORDS 12
struct foreign_observer {
    size_t count;
    const char *words[FOREIGN_OBSERVER_WORDS];
    char program[4096];
    char path[4096]; // of what it leaves
    char limit[RUN_LIMIT_SIZE];
};
void foreign_observe(const struct cell *cell, const struct table *table,
                     const struct janitor *janitor, size_t position,
                     uint64_t run_timeout_ns, struct foreign_observer *observer);

struct foreign_run {
    const struct janitor *janitor;
    size_t position; // in the block
    bool warmup;
    bool tool; // another program ran it, which counts, and whose costs were seen with it
    const json_t *witness; // its part of the back end's ledger, or NULL
};

// Holds a run against all that is known, once its exit code and status are fine. Memory and
// context switches become those that were seen in its record, or null where nobody has looked.
// False: the cell has failed, with the reason.
bool foreign_judge(struct table *table, struct cell *cell, const struct foreign_run *run,
                   struct sample *sample);

// The same for a run that nobody times (extra_run.h). 0, or -errno with the reason.
int foreign_judge_extra(const struct table *table, const struct cell *cell,
                        struct foreign_amount amount, const struct foreign_run *run,
                        json_t *record, struct reason *reason);

#endif

// SPDX-License-Identifier: MIT
//
// types.h - a plan as structs: its tables, the cells of each, and what the user chose of it.
// Tables and cells are those of a report (report/model.h), which grow as blocks are run; the
// structs beside them hold what only the driver needs.
//
// Read next: plan.h, which makes a plan.
#ifndef QUARTET_DRIVER_PLAN_TYPES_H
#define QUARTET_DRIVER_PLAN_TYPES_H

#include "driver/plan/runner.h"
#include "driver/report/model.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PLAN_TABLES_MAXIMUM 128
#define TABLE_CELLS_MAXIMUM 64
#define PLAN_SWEEP_MAXIMUM  REPORT_SWEEP_MAXIMUM

struct plan_file; // file.h

// How many tasks may be in flight: one number, or several, each larger than the one
// before, for a scaling sweep, which makes a table for each.
struct plan_sweep {
    size_t count; // 0: the user has not said
    uint64_t list[PLAN_SWEEP_MAXIMUM];
};

// The user's choice of a plan. Lists are separated by commas; NULL: all.
struct plan_choice {
    const struct plan_file *document; // a profile, or a plan of the user's own
    const char *workloads;            // names of workloads, or ids of tables
    const char *models;
    const char *usual_models;      // where neither she nor the document says
    uint64_t tasks;                // instead of the document's, or 0
    struct plan_sweep concurrency; // instead of the document's, unless it is empty
    const struct runner_set *base; // of another build, for a second cell each; or NULL
    uint64_t
        work_seed; // of the workloads, where a program of anybody is a row; 0: their own
};

// Why a cell is "skipped" that only waits for its turn.
#define PLAN_NOT_RUN "not run yet"

struct cell {
    struct report_cell *result;  // borrowed from the report
    const struct runner *runner; // borrowed from the set
    bool live;                   // still to be run: neither skipped nor failed
    uint64_t length_ns;          // how long the last run of it took
    struct cell *base;           // the same of the other build, or NULL
    uint64_t
        program; // digest of what the file system says of a foreign one; 0: not asked
};

struct table {
    struct report *report;       // borrowed, as is
    struct report_table *result; // its part of that
    size_t count;
    struct cell cells[TABLE_CELLS_MAXIMUM];
    const struct runner *oracle; // says what a run must leave (measure/foreign.h)
    const json_t *expected;      // it has said so, or NULL
    const char *backend; // command that starts its back end elsewhere; NULL: it runs here
    uint64_t oracle_run_ns; // how long it computed for the same; 0: not known
    uint64_t usual_run_ns;  // of one run, by its plan; 0: that does not say
    unsigned rounds;        // measured so far that count
    unsigned reruns;        // of blocks that were disturbed
    bool settled;           // nothing more is to be learnt from further rounds
    bool warm;              // an earlier part of this session has run its warm-up
    unsigned before;        // rounds that an earlier part of this session has measured
};

struct plan {
    size_t count;
    struct table list[PLAN_TABLES_MAXIMUM];
};

#endif

// SPDX-License-Identifier: MIT
//
// model.h - a report as a type: what was measured, and what follows from it.
//
//   report > table > cell > sample > record     what was run, as read or as measured
//          > block                               one run of every cell of a table
//   ranking, pairs, noise, verification, sweeps  what analysis.h makes of the samples
//
// A session fills it as it measures, read.h from JSON; write.h makes the JSON of a file.
// Nothing else needs the names of a report's members (model_members.h). Members that another
// version has written, and no struct has, stay in the `json` beside one, and are written again.
//
// A report owns all its texts and JSON values: those of the file that it was read from, and
// what report_keep_text() and report_keep_json() were given. Structs borrow them.
//
// Numbers that are not known are NAN, texts NULL. Times are nanoseconds.
// Read next: read.h, write.h, analysis.h.
#ifndef QUARTET_DRIVER_REPORT_MODEL_H
#define QUARTET_DRIVER_REPORT_MODEL_H

#include "driver/statistics/statistics.h"
#include "lib/sha256.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REPORT_SWEEP_MAXIMUM 12 // tables of one sweep

// A yes or no that may be unknown.
enum truth { TRUTH_UNKNOWN, TRUTH_NO, TRUTH_YES };

// How the runs of a cell ended. DNF: a limit of this machine does not allow it.
enum cell_status { CELL_OK, CELL_WRONG, CELL_FAILED, CELL_DNF, CELL_SKIPPED };

// "ok", "wrong", "failed", "dnf", "skipped"
const char *cell_status_name(enum cell_status status);

enum phase {
    PHASE_SETUP,
    PHASE_SPAWN,
    PHASE_RUN,
    PHASE_JOIN,
    PHASE_TEARDOWN,
    PHASE_COUNT
};

// "setup", "spawn", "run", "join", "teardown"
const char *phase_name(enum phase phase);

// ---- what was run ------------------------------------------------------------------

// The record that a runner wrote of one run (quartet.run/1).
struct record {
    json_t *json;       // all of it; NULL: there is none
    const char *status; // "ok", "wrong", ...; NULL: it does not say
    const char *reason; // of the status, or NULL
    bool ok;            // the answer was right
    bool wrong;         // or was not
    double tasks, concurrency, peak_in_flight;
    double least_run_ns; // of the run phase, as its workload states it
    double operations;
    double user_ns, system_ns;
    double peer_cpu_ns; // of its back end or load during the run; NAN: it has none
    double voluntary, involuntary; // context switches
    double minor_faults;
    json_t *ledger;     // what was done, or NULL
    json_t *expected;   // what its workload expects of that, or NULL
    json_t *parameters; // all options of the workload, or NULL
    json_t *build;      // of the runner, or NULL
    json_t *memory;     // observed only where it was asked for, or NULL
    json_t *buckets;    // of the latencies: [lower edge, count], or NULL
    json_t *notes;      // of the runner, or NULL
    const char *latency_kind;
    double latency_count, latency_mean_ns, p50_ns, p99_ns;
    const char *checksum;
    double errors;                // tasks that failed
    double memory_bytes, workers; // processes, threads or loops that carried the tasks
    const char *memory_method;
    double phases_ns[PHASE_COUNT];
};

// One run.
struct sample {
    json_t *json;    // as it stands in the file; NULL: it is new
    double block;    // its number, as it stands in the file
    double position; // in the block, from 1
    double wall_ns;
    double user_ns; // by the stop-watch, back end included
    double system_ns;
    double exit_code;
    struct record record;
    const char *refused; // why it is not believed (sample_check.h), or NULL
};

struct sample_list {
    size_t count;
    size_t room;
    struct sample *list; // owned
};

// Disturbances of the machine while a block ran (measure/noise.h).
struct block_noise {
    double steal;     // fraction of the time of our CPUs that the hypervisor took
    double foreign;   // fraction that went to other programs
    double throttled; // ns in which our control group had to wait
    double load;      // one-minute load average
    double spin_ns;   // the reference load: one computation,
    double pipe_ns;   // a round trip through two pipes,
    double atomic_ns; // a hand-over of a cache line between two CPUs
};

struct report_block {
    json_t *json;     // as it stands in the file; NULL: it is new
    double number;    // in the table, from 1
    double round;     // which it was meant to be, from 1
    double batch;     // 1; 2 for rounds that confirm the first ones
    json_t *order;    // ids of the cells as they ran
    const char *twin; // id of the cell that ran twice, or NULL
    double started_ns;
    bool valid;                 // it counts
    const char *invalid_reason; // or NULL
    const char *disturbed;      // by what, or NULL
    bool accepted;              // disturbed blocks count, too: the user said so
    struct block_noise noise;
};

// ---- what was found ----------------------------------------------------------------

// Of the runs of one cell that count.
struct cell_statistics {
    struct summary wall_ns; // n is 0: of none
    struct summary run_ns;  // as well
    double phases_ns[PHASE_COUNT];
    double operations;
    double ns_per_operation;
    double cpu_ns; // user and system time: the median of the sum
    double user_ns;
    double system_ns;
    double peer_cpu_ns;        // of the back end or load; NAN: there is none
    double caused_cpu_ns;      // both: the median of the sum; NAN: there is no peer
    struct ratio caused_ratio; // that to the row of the table that causes least
    double voluntary;
    double involuntary;
    json_t *memory; // of the warm-up's record, or NULL
    double memory_bytes;
    const char *memory_method;
    const char *latency_kind;
    uint64_t latency_count; // 0: no latencies
    double p50_ns;          // NAN: not known, or too few operations for it
    double p90_ns, p99_ns, p999_ns;
};

struct report_cell {
    json_t *json;   // members that no struct has; owned by the report
    const char *id; // texts that every cell has are never NULL
    const char *label;
    const char *model;
    const char *variant;
    const char *base_of; // id of the cell that this one is the base of, or NULL
    const char *row;     // "linked", "witnessed", "answered", "command"; NULL: not known
    const char *beside;  // model of our own that a foreign row corresponds to, or NULL
    const char *runtime; // of a foreign row: "Python CPython 3.11.2", or NULL
    json_t *command;     // words, the first of which is the model
    enum cell_status status;
    const char *reason; // of the status, or NULL
    struct sample_list samples;
    struct sample_list twins; // second runs within a block
    struct sample warmup;     // all unknown where there was none
    json_t *counters;         // or NULL

    bool ranked;
    char unranked_reason[512]; // "" of a ranked cell
    struct cell_statistics statistics;
};

// Two ranked cells of one table, compared within blocks: how many times as long `a` takes
// as `b`.
struct pair {
    size_t a; // index of the cell in the table
    size_t b;
    struct ratio ratio;
    double p;
    double p_holm;     // corrected for all pairs of the report
    double p_order;    // that they differ at all: statistics/tukey.h
    double floor;      // noise floor of the table
    double detectable; // the smallest difference that would nearly always be found
};

// Can no difference be told? One can, if p_order says so and the ratio is further from 1
// than the noise floor. Unknown where the rounds are too few for any order.
enum truth pair_is_equal(const struct pair *pair);

// How much the times of a table move although nothing differs.
struct table_noise {
    struct ratio twins; // second runs / first runs
    double floor;       // 0.01 for 1 %
    size_t disturbed;   // blocks
    bool noisy;         // disturbed blocks had to be counted
    double drift;       // rank correlation of times with the number of the block
};

struct verification {
    bool done;
    enum truth equal_work;
    const char *checksum; // of most cells, or NULL
    json_t *differences;  // texts; owned
};

struct report_table {
    json_t *json; // members that no struct has; owned by the report
    const char *id;
    const char *workload;
    const char *kind;
    const char *title;
    const char *setting;
    const char *operation;
    const char *cpus;
    const char *peer_cpus;
    const char *sweep; // id of the sweep that it is a part of, or NULL
    double tasks;
    double concurrency;
    double decided_after; // rounds
    json_t *arguments;    // options of the workload, as words
    size_t block_count;
    size_t block_room;
    struct report_block *blocks; // owned
    size_t cell_count;
    size_t cell_room;
    struct report_cell *cells; // owned

    bool by_run;     // ranked and compared by the run phase, not by the wall time
    size_t ranked;   // cells
    size_t *ranking; // their indexes, lowest median first; owned; NULL: not analysed yet
    size_t pair_count;
    struct pair *pairs; // owned
    struct table_noise noise;
    struct verification verification;
};

// How one row goes in one table of a sweep.
struct sweep_point {
    const struct report_table *table;
    const struct report_cell *cell; // NULL: the table lacks the row
    double ns_per_operation;
    struct ratio to_first; // of the time per operation in the first table
    double to_best;        // of the best row in this table
};

struct sweep_series {
    const char *label;
    struct sweep_point points[REPORT_SWEEP_MAXIMUM];
};

// Tables that differ in the number of tasks in flight.
struct sweep {
    const char *id;
    size_t table_count;
    const struct report_table *tables[REPORT_SWEEP_MAXIMUM];
    size_t series_count;
    struct sweep_series *series; // owned
};

// Tables of the same kind and setting, and the geometric mean over them of how each row
// compares with the best.
struct class_row {
    const char *label;
    double ratio;
};
struct class_summary {
    const struct report_table *first;
    size_t row_count;
    struct class_row *rows; // owned
};

// ---- all of it ---------------------------------------------------------------------

// The effect of a time budget.
struct report_budget {
    double ns; // NAN: there is none
    double rounds_wanted;
    double rounds_fit; // NAN: no budget, or it was not known yet
    double blocks_left_out;
    double detectable;
    const char *detectable_from;
};

// A workload that was asked for, and that the build lacks.
struct left_out {
    const char *name;
    const char *reason;
    const char *package; // that would bring it, or NULL
};

// The plan: what was to be measured, and how.
struct report_plan {
    json_t *json;        // members that no struct has
    const char *command; // "check", "calibrate"; NULL: "run"
    const char *profile; // its name, or that of a file
    uint64_t seed;       // also of the bootstrap
    double seed_shown;   // NAN: the file does not say
    double rounds;
    enum truth until_decided; // tables end when all comparisons are decided
    enum truth accept_noise;
    double run_timeout_ns; // of --timeout; NAN: it was not given
    enum truth counters;
    bool for_decisions;   // a difference may be acted upon
    enum truth optimised; // the runners are
    const char *rank;     // "wall" or "run"; NULL: run in tables with rows of anybody
    const char *backend;  // what starts the back end of fetch elsewhere, or NULL
    json_t *argv;         // the command line
    json_t *file;         // {"name", "content"} of a plan of the user's own, or NULL
    json_t *looks;        // numbers of rounds, or NULL
    size_t left_out_count, left_out_room;
    struct left_out *left_out; // workloads that the build lacked; owned
    struct report_budget budget;
};

struct report {
    json_t *json; // members that no struct has; owned, as all JSON here is
    json_t *kept; // texts and values that were not read from the file
    char file_sha256[SHA256_TEXT_SIZE]; // of its report.json; "": not known
    const char *folder; // of its report.json, and of its traces; NULL: not known
    const char *version;
    const char *commit;
    bool complete;
    const char *incomplete_reason;
    const char *started_utc;
    double duration_ns;
    json_t *environment; // or NULL; see environment_... in read.h
    struct report_plan plan;
    json_t *resumed; // one entry for each time that the session was gone on with, or NULL
    size_t table_count;
    size_t table_room;
    struct report_table *tables; // owned

    size_t sweep_count;
    struct sweep *sweeps; // owned
    size_t class_count;
    struct class_summary *classes; // owned
};

// ---- making one --------------------------------------------------------------------

// Append a copy; what was there before may move.
void report_add_block(struct report_table *table, const struct report_block *block);
void report_add_sample(struct sample_list *list, const struct sample *sample);

// Notes it, unless it is noted already.
void report_add_left_out(struct report_plan *plan, const struct left_out *left_out);

// A copy of the text that lives as long as the report; NULL for NULL.
const char *report_keep_text(struct report *report, const char *text);

// Takes the value over, which then lives as long as the report.
json_t *report_keep_json(struct report *report, json_t *value);

// Forget what was found, to find it anew; or a table, with all sweeps and classes.
void report_forget(struct report *report);
void report_drop_table(struct report *report, size_t index);

// ---- finding -----------------------------------------------------------------------

// Is it a table of a CPU-bound workload?
bool report_computes(const struct report_table *table);

// Is it a row of anybody (not linked, no command)? Has the table such rows?
bool report_is_foreign(const struct report_cell *cell);
bool report_has_foreign(const struct report_table *table);

// Are they of one kind of work, in one setting?
bool report_same_class(const struct report_table *one, const struct report_table *other);

// The table or cell of this id, or NULL.
struct report_table *report_find_table(const struct report *report, const char *id);
struct report_cell *report_find_cell(const struct report_table *table, const char *id);

// The cell of this label, or NULL.
struct report_cell *report_find_row(const struct report_table *table, const char *label);

// The cell of another build that this one is compared with, or NULL.
struct report_cell *report_find_base(const struct report_table *table,
                                     const struct report_cell *cell);

// The pair of this cell and the best of the ranking; NULL for the best itself and for
// cells that are not ranked.
const struct pair *report_pair_with_best(const struct report_table *table,
                                         const struct report_cell *cell);

// The point of this cell in the report's sweeps, or NULL.
const struct sweep_point *report_find_point(const struct report *report,
                                            const struct report_cell *cell);

// Does a gate (driver/gate) have spoken about it?
bool report_has_gate(const struct report *report);

// Frees what the report owns; {0} is allowed.
void report_free(struct report *report);
#endif

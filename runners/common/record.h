// SPDX-License-Identifier: MIT
//
// record.h - what a run leaves: the run record (schema quartet.run/1, described in
// results/README.md). record.c and expect.c are the only files of the runners that know jansson.
#ifndef QUARTET_RUNNERS_COMMON_RECORD_H
#define QUARTET_RUNNERS_COMMON_RECORD_H

#include "lib/histogram.h"
#include "runners/common/usage.h"
#include "runners/common/verify.h"
#include "runners/model.h"

#include <jansson.h>

enum status {
    STATUS_OK,
    STATUS_WRONG,  // the work was not the work
    STATUS_FAILED, // tasks, a worker or a peer failed
    STATUS_DNF,    // this machine cannot do it
};

// Everything that is known at the end. A pointer that is NULL stands for "unknown" and
// becomes null.
struct result {
    enum status status;
    struct reason reason; // unless ok
    const struct tally *tally;
    const struct usage *usage;
    const struct network *before; // both or none
    const struct network *after;
    uint64_t peer_cpu_ns;  // CPU time of the back end during the run; 0: none of ours
    uint64_t memory_bytes; // 0: not observed
    struct named_number numbers[RESULTS_MAX]; // the workload's own figures
    int number_count;                         // 0: none
    const struct histogram *latencies;        // NULL: the run never began, or none
};

const char *status_name(enum status status);

// "io", "cpu", "cost".
const char *record_kind_name(enum workload_kind kind);

// The values of these options as an object, by the names that they have in records. The
// caller frees it.
json_t *record_options(const struct option_spec *specs, const void *values);

// A ledger as an object; the caller frees it.
json_t *record_ledger(const struct ledger *ledger);

// The least time of the run phase that the workload states; 0: it states none.
uint64_t record_least_run_ns(const struct work *work);

// The exit code of a runner, an enum exit_code.
int status_exit_code(enum status status);

// Writes the record to `path`. 0, or -errno with the reason.
int record_write(const char *path, const struct run *run, const struct result *result,
                 struct reason *reason);

// The same record as text, for a signal handler. The caller frees it. NULL: no memory.
char *record_text(const struct run *run, const struct result *result);

// Prints what --describe prints: this model and all workloads, as JSON.
void record_describe(FILE *file, const struct option_spec *common);

#endif

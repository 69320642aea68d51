// SPDX-License-Identifier: MIT
//
// probe.h - measures what a run takes, and out of such runs the prices of a workload.
//
// Each probe and each check (formula.h) is run by each model, in turns, so that a machine that
// becomes slower meanwhile does so for all. Times and memory come from different runs, since
// observing memory takes time.
//
// Read next: fit.h.
#ifndef QUARTET_DRIVER_PREDICT_PROBE_H
#define QUARTET_DRIVER_PREDICT_PROBE_H

#include "driver/predict/book.h"
#include "driver/system/janitor.h"

#include <stdbool.h>
#include <stdint.h>

#define PROBE_RUNS_MOST 9

struct probe_setting {
    const struct runner_set *set;
    struct janitor *janitor; // whose folder takes the records
    unsigned runs;           // of each, timed; up to PROBE_RUNS_MOST
};

// One run.
struct probe {
    const struct runner *runner;
    const struct situation *situation; // its choices are added: "--transport unix"
    const char *words;                 // "--tasks 20 --delay 1ms"
    bool memory;                       // observe that, too
};

// The figures of one run. Unknown is NAN.
struct probe_result {
    double of[QUANTITY_COUNT]; // wall: all phases of the run record; ns, or bytes
    double turn_ns;            // the run phase / its operations
};

// 0; -EINTR: the user wants to stop; 77: it cannot run here; or another -errno; with the
// reason.
int probe_run(const struct probe_setting *setting, const struct probe *probe,
              struct probe_result *result, struct reason *reason);

// Measures the book of this workload and these choices. As probe_run().
int probe_book(const struct probe_setting *setting, const struct situation *situation,
               struct book *book, struct reason *reason);

#endif

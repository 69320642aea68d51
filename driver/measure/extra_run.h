// SPDX-License-Identifier: MIT
//
// extra_run.h - one more run of a cell, which nobody times: under a tool that counts
// (strace, callgrind), or with memory observed. Such tools make a run many times slower,
// so it has fewer tasks where their number does not matter to what one of them needs.
//
// A foreign program is looked at from outside meanwhile and held against all that is known, as
// in a block; memory and context switches in the record are then those that were seen (foreign.h).
//
// Read next: counters.h, which says what is counted this way.
#ifndef QUARTET_DRIVER_MEASURE_EXTRA_RUN_H
#define QUARTET_DRIVER_MEASURE_EXTRA_RUN_H

#include "driver/plan/plan.h"
#include "driver/system/janitor.h"
#include "lib/error.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct extra_setting {
    struct janitor *janitor;     // whose folder takes the files of a run
    bool quick;                  // leave out what takes many times as long as the run
    void (*tick)(void *context); // called about once a second, or NULL
    void *context;
    const struct table *table; // of the cells that are run; NULL: it has no foreign ones
};

struct extra_run {
    const struct extra_setting *setting;
    const struct cell *cell;
    uint64_t tasks;          // instead of those of the cell's command
    uint64_t concurrency;    // as well
    bool memory;             // let the runner observe its memory
    const char *const *tool; // the words before the runner's own, ended by NULL; or NULL
};

// Runs it to its end. 0 with the run record, which the caller owns; -EINTR: the user wants
// to stop; -ENOENT: there is no such tool; another -errno when the tool or the runner
// failed, did not end in time or gave a wrong answer. The reason says which, in the words
// of whoever complained last.
int extra_run(const struct extra_run *run, json_t **record, struct reason *reason);

// A path in the work folder of the session, for what a tool writes.
void extra_path(const struct extra_setting *setting, const char *name, char *path,
                size_t size);

#endif

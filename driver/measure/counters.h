// SPDX-License-Identifier: MIT
//
// counters.h - what a cell costs in things that can be counted: system calls,
// context switches, instructions, memory. Each comes from extra runs that nobody times, by the tool that
// `method` names. Counts do not depend on how fast the machine is, so they tell a change
// of the program where times only tell a change.
//
// A counter that cannot be had here is null, and `missing` says why: it is never an error.
//
// Read next: extra_run.h for such a run, report/counter_verdict.h for what a difference means.
#ifndef QUARTET_DRIVER_MEASURE_COUNTERS_H
#define QUARTET_DRIVER_MEASURE_COUNTERS_H

#include "driver/measure/extra_run.h"
#include "driver/measure/session.h"

#include <jansson.h>

// Under such tools a table of waiting tasks is run with at most so many of them: each
// asks for the same as it would among ten thousand.
#define COUNTERS_TASKS 400

// Counts one cell. 0 with `counters` as results/README.md describes them (the caller owns
// them), or -EINTR.
int counters_take(const struct extra_setting *setting, const struct table *table,
                  const struct cell *cell, json_t **counters, struct reason *reason);

// All calls of one run under strace, back end left out, and how many operations that were.
// 0; -EINTR; another -errno with the reason. The other parts each give a new object, or null and the reason. -EINTR; else 0.
// `workers`: how many processes, threads or loops carried the tasks; NAN: not known.
struct counters_size {
    uint64_t tasks;
    uint64_t concurrency;
};
struct strace_counts;
int counters_count_calls(const struct extra_setting *setting, const struct cell *cell,
                         struct counters_size size, struct strace_counts *counts,
                         double *operations, struct reason *reason);
int counters_syscalls(const struct extra_setting *setting, const struct cell *cell,
                      struct counters_size size, json_t **syscalls,
                      struct reason *reason);
int counters_instructions(const struct extra_setting *setting, const struct table *table,
                          const struct cell *cell, double workers, json_t **instructions,
                          struct reason *reason);

// Counters of the runs whose memory is looked at; each new, or null.
struct counters_weighed {
    json_t *memory;
    json_t *per_task;
    json_t *switches;
};
int counters_memory(const struct extra_setting *setting, const struct table *table,
                    const struct cell *cell, struct counters_weighed *weighed,
                    struct reason *reason);

// Counts all live cells of the session's tables, and keeps the counters in each cell's
// JSON. `quick`: without what takes many times as long as a run (extra_run.h). No table
// begins after `deadline_ns` (0: there is none); *left_out tables were not counted for
// that. 0 or -EINTR.
int counters_add(struct session *session, bool quick, uint64_t deadline_ns,
                 unsigned *left_out, struct reason *reason);

#endif

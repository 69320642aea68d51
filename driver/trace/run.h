// SPDX-License-Identifier: MIT
//
// run.h - one traced run: a traced runner of our own (traced/NAME beside the timed one), or a
// program of a lane that traces itself. What it leaves is a file of events, quartet.trace/1, of
// which driver/trace/ makes strips.
//
// Read next: session.h.
#ifndef QUARTET_DRIVER_TRACE_RUN_H
#define QUARTET_DRIVER_TRACE_RUN_H

#include "driver/plan/runner.h"
#include "lib/error.h"

#include <stdbool.h>
#include <stdint.h>

#define TRACE_RUN_WORDS 160

struct trace_run {
    const struct runner *runner;
    const char *const *words; // workload and options, ended by NULL
    uint64_t events;          // that are kept at most
    const char *path;         // of the file of events, which stays
};

// Does this program leave events? Ours and those of lanes/python do.
bool trace_run_can(const struct runner *runner);

// Runs it. 0; the exit code of the runner, which has said why; or -errno
// (-ENOENT: there is no traced runner, -EINTR: interrupted); with the reason.
int trace_run(const struct trace_run *run, struct reason *reason);

#endif

// SPDX-License-Identifier: MIT
//
// worker.h - what every worker of a direct-style model does: take a task, run it, book
// it, until there is none. A worker is a process, a thread or a coroutine.
#ifndef QUARTET_RUNNERS_DIRECT_WORKER_H
#define QUARTET_RUNNERS_DIRECT_WORKER_H

#include "runners/common/run.h"
#include "runners/direct.h"

// The code of this run's workload, looked up once before there are workers.
direct_code *worker_code(const struct run *run);

// Runs tasks until none is left. May suspend wherever the code does.
void worker_loop(struct run *run, direct_code *code);

// Runs one task, for a worker that is created per task. Returns whether the worker is one
// of the last, run->workers in all, whose places nobody takes: these are to run_leave().
bool worker_once(struct run *run, direct_code *code);

#endif

// SPDX-License-Identifier: MIT
//
// executor_job.h - a job for an executor, as the contracts offload.h and offload_events.h
// and both sides of an executor know it.
//
// Read next: executor.h, which runs jobs.
#ifndef QUARTET_RUNNERS_LOOP_EXECUTOR_JOB_H
#define QUARTET_RUNNERS_LOOP_EXECUTOR_JOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ev_loop;

#define EXECUTOR_ARGUMENT_BYTES 256

enum executor_kind {
    EXECUTOR_THREADS,
    EXECUTOR_PROCESSES,
};

// The code of a worker. It must not use the verbs of direct.h, sync.h or libev.
typedef uint64_t executor_code(const void *argument);

// A job in the caller's storage, which must stay valid until it is done or abandoned.
struct executor_job {
    executor_code *code;
    const void *argument; // copied when a worker gets the job; must be valid until then
    size_t argument_size; // at most EXECUTOR_ARGUMENT_BYTES; 0: `argument` may be NULL
    void (*on_done)(struct ev_loop *loop, struct executor_job *job);
    void *data;      // the user's own
    int error;       // 0; -EIO: the worker died; -EAGAIN: there is no worker left
    uint64_t result; // if there was no error
    // The rest is the executor's.
    struct executor_job *next; // in the line
    struct executor_worker *worker;
};

#endif

// SPDX-License-Identifier: MIT
//
// executor.h - a pool of threads or processes beside a loop, for code that would keep the
// loop from everything else: long computations, calls that block. What asyncio calls
// run_in_executor, with its ThreadPoolExecutor and ProcessPoolExecutor in one.
//
// Each worker has a mailbox in shared memory with room for one job, and sleeps on a word
// in it (futex). The loop alone decides who does what: it puts a job into the mailbox of
// an idle worker, else into a line; the worker writes its result back and rings a bell
// (eventfd), which the loop hears like any descriptor. So workers share nothing with one
// another, there is no lock, and one that dies takes nothing along but its own job.
//
// Jobs begin in the order in which they were submitted. The argument is copied into the
// mailbox, so that it means the same to a process as to a thread: it must hold all that
// the code needs, and pointers in it only to what is shared anyway. What comes back is a
// number.
//
// An executor belongs to the thread of its loop. Callbacks come from that loop.
#ifndef QUARTET_RUNNERS_LOOP_EXECUTOR_H
#define QUARTET_RUNNERS_LOOP_EXECUTOR_H

#include "lib/error.h"
#include "runners/loop/executor_job.h"

#include <ev.h>
#include <stdint.h>

struct executor {
    struct ev_loop *loop;
    enum executor_kind kind;
    uint32_t count; // of workers
    struct executor_worker *workers;
    struct executor_mailbox *mailboxes; // shared memory, one for each worker
    struct executor_job *first;         // the line of jobs that no worker has yet
    struct executor_job *last;
    uint32_t in_flight; // jobs not done and not abandoned; they keep the loop alive
    uint64_t died;      // workers that did
    int bell;           // an eventfd
    ev_io on_bell;
};

// Starts the workers. 0, or -errno with the reason; then nothing is left.
int executor_open(struct executor *executor, struct ev_loop *loop,
                  enum executor_kind kind, uint32_t workers, struct reason *reason);

// Waits for the jobs that run, forgets those that wait, and ends the workers. A process
// that does not end within two seconds is killed.
void executor_close(struct executor *executor);

// job->on_done() will be called, never from inside this. 0, or -E2BIG: the argument is
// too large.
int executor_submit(struct executor *executor, struct executor_job *job);

// Nobody is interested in the job any more: on_done() will not be called. A worker that
// has begun finishes it all the same; it cannot be stopped half-way.
void executor_abandon(struct executor *executor, struct executor_job *job);

#endif

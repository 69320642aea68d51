// SPDX-License-Identifier: MIT
//
// executor_worker.h - one worker of an executor: a thread or a process that waits at its
// mailbox. For executor.c alone.
//
// A mailbox goes round through these states; only the loop makes the steps marked L, only
// the worker the one marked W, so neither ever disturbs the other:
//     IDLE --L: job put in--> FULL --W: done--> DONE --L: result taken out--> IDLE
#ifndef QUARTET_RUNNERS_LOOP_EXECUTOR_WORKER_H
#define QUARTET_RUNNERS_LOOP_EXECUTOR_WORKER_H

#include "runners/loop/executor_job.h"

#include <ev.h>
#include <pthread.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <sys/types.h>

enum executor_state { MAILBOX_IDLE, MAILBOX_FULL, MAILBOX_DONE, MAILBOX_QUIT };

struct executor_mailbox {
    alignas(64) _Atomic uint32_t state; // an enum executor_state; the worker sleeps on it
    executor_code *code;
    uint64_t result;
    alignas(max_align_t) unsigned char argument[EXECUTOR_ARGUMENT_BYTES];
};

struct executor;

struct executor_worker {
    struct executor *executor; // whose it is; for executor.c alone
    enum executor_kind kind;
    int bell; // the executor's eventfd
    struct executor_mailbox *mailbox;
    struct executor_job *job; // NULL: idle, or its job has been abandoned
    bool alive;
    pthread_t thread; // EXECUTOR_THREADS
    pid_t pid;        // EXECUTOR_PROCESSES
    int pidfd;        // readable when the process has ended
    ev_io on_death;
};

// Starts a worker whose `kind`, `bell` and `mailbox` are set. 0 or -errno.
int worker_start(struct executor_worker *worker);

// Asks it to end as soon as its job is done.
void worker_quit(struct executor_worker *worker);

// Waits until it has ended, and for a process at most two seconds.
void worker_join(struct executor_worker *worker);

// Puts a job into its mailbox, which must be idle.
void worker_give(struct executor_worker *worker, const struct executor_job *job);

// A process that has ended by itself: reaps it, so that it can be started anew.
void worker_bury(struct executor_worker *worker);

#endif

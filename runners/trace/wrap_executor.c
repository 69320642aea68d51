// SPDX-License-Identifier: MIT
//
// The pool of a loop (--offload): which of its workers computes for which task. A worker
// gets our code in place of the job's; what it stands for is kept in memory that processes
// share, and found by the address of the mailbox, which is the same in all of them.
#define _GNU_SOURCE // MAP_ANONYMOUS
#include "runners/trace/table.h"
#include "runners/trace/trace.h"

#include "lib/error.h"
#include "runners/loop/executor.h"
#include "runners/loop/executor_worker.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#define MAILBOXES 4096

struct given {
    _Atomic(const unsigned char *) argument; // of the mailbox; NULL: nobody's
    executor_code *code;
    uint32_t task;
};

static struct given *given;
static _Thread_local struct table jobs; // their tasks

static struct given *given_at(const unsigned char *argument)
{
    for (size_t i = 0; i < MAILBOXES; i++) {
        const unsigned char *owner = NULL;
        if (atomic_load(&given[i].argument) == argument ||
            atomic_compare_exchange_strong(&given[i].argument, &owner, argument))
            return &given[i];
    }
    return NULL;
}

static uint64_t traced_code(const void *argument)
{
    const struct given *mine = given_at(argument);
    uint32_t task = mine->task;
    trace_job(task);
    uint64_t result = mine->code(argument);
    trace_done(task);
    return result;
}

// Before the workers of the pool are created: processes inherit the mapping.
WRAP(int, executor_open,
     (struct executor * executor, struct ev_loop *loop, enum executor_kind kind,
      uint32_t workers, struct reason *reason))
{
    if (trace_on() && given == NULL) {
        void *mapped = mmap(NULL, MAILBOXES * sizeof *given, PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (mapped == MAP_FAILED)
            return reason_set(reason, -errno, "no memory to trace a pool: %s",
                              strerror(errno));
        given = mapped;
    }
    return REAL(executor_open)(executor, loop, kind, workers, reason);
}

WRAP(int, executor_submit, (struct executor * executor, struct executor_job *job))
{
    if (trace_task != TRACE_NO_TASK) {
        table_at(&jobs, job)->task = trace_task;
        trace_submitted();
    }
    return REAL(executor_submit)(executor, job);
}

WRAP(void, worker_give, (struct executor_worker * worker, const struct executor_job *job))
{
    struct executor_job traced = *job;
    const struct table_entry *entry = table_find(&jobs, job);
    struct given *here =
        entry == NULL ? NULL : given_at((const unsigned char *)worker->mailbox->argument);
    if (here != NULL) {
        here->code = job->code;
        here->task = entry->task;
        traced.code = traced_code;
        table_remove(&jobs, job);
    }
    REAL(worker_give)(worker, &traced);
}

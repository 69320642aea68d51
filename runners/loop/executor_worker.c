// SPDX-License-Identifier: MIT
//
// The workers of an executor: see executor_worker.h for the states of a mailbox.
#define _GNU_SOURCE // syscall(), for futex.h and pidfd_open
#include "runners/loop/executor_worker.h"

#include "lib/error.h"

#include "lib/check.h"
#include "lib/futex.h"
#include "lib/process.h"

#include <string.h>
#include <unistd.h>

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434 // the same number on every architecture
#endif

#define STACK_BYTES ((size_t)256 << 10) // of a thread
#define PATIENCE_NS (2 * NS_PER_SECOND)

static enum futex_scope scope_of(const struct executor_worker *worker)
{
    return worker->kind == EXECUTOR_THREADS ? FUTEX_THREADS : FUTEX_PROCESSES;
}

static void set_state(struct executor_worker *worker, enum executor_state state)
{
    atomic_store_explicit(&worker->mailbox->state, state, memory_order_release);
    futex_wake(&worker->mailbox->state, 1, scope_of(worker));
}

//DOC: executor-worker
// The whole life of a worker. Acquire and release make the job visible to the worker, and
// the result to the loop.
static void serve(struct executor_worker *worker)
{
    struct executor_mailbox *mailbox = worker->mailbox;
    static const uint64_t ring = 1;
    for (;;) {
        uint32_t state = atomic_load_explicit(&mailbox->state, memory_order_acquire);
        if (state == MAILBOX_QUIT)
            return;
        if (state != MAILBOX_FULL) {
            futex_wait(&mailbox->state, state, FUTEX_FOREVER, scope_of(worker));
            continue;
        }
        mailbox->result = mailbox->code(mailbox->argument);
        // Unless the loop has said "quit" meanwhile, and wants no result.
        if (!atomic_compare_exchange_strong_explicit(&mailbox->state, &state,
                                                     MAILBOX_DONE, memory_order_release,
                                                     memory_order_relaxed))
            continue;
        while (write(worker->bell, &ring, sizeof ring) < 0 && errno == EINTR) {
        }
    }
}

static void *thread_main(void *argument)
{
    serve(argument);
    return NULL;
}

static int start_thread(struct executor_worker *worker)
{
    pthread_attr_t attributes;
    int error = pthread_attr_init(&attributes);
    if (error != 0)
        return -error;
    error = pthread_attr_setstacksize(&attributes, STACK_BYTES);
    if (error == 0)
        error = pthread_create(&worker->thread, &attributes, thread_main, worker);
    pthread_attr_destroy(&attributes);
    return -error;
}

// A worker that is started late would keep all connections of the run open: a peer would
// not see their end. It needs none of them, only the bell.
static void close_inherited(int bell)
{
    if (bell > STDERR_FILENO + 1)
        close_range(STDERR_FILENO + 1, (unsigned)bell - 1, 0);
    close_range((unsigned)bell + 1, ~0U, 0);
}

static int start_process(struct executor_worker *worker)
{
    pid_t pid = process_fork();
    if (pid == 0) {
        close_inherited(worker->bell);
        serve(worker);
        _exit(EXIT_FINE);
    }
    if (pid < 0)
        return (int)pid;
    worker->pid = pid;
    worker->pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    if (worker->pidfd >= 0)
        return 0;
    int error = -errno;
    worker_quit(worker);
    worker_join(worker);
    return error;
}

int worker_start(struct executor_worker *worker)
{
    atomic_store_explicit(&worker->mailbox->state, MAILBOX_IDLE, memory_order_relaxed);
    worker->job = NULL;
    worker->pidfd = -1;
    int error =
        worker->kind == EXECUTOR_THREADS ? start_thread(worker) : start_process(worker);
    worker->alive = error == 0;
    return error;
}

void worker_give(struct executor_worker *worker, const struct executor_job *job)
{
    struct executor_mailbox *mailbox = worker->mailbox;
    mailbox->code = job->code;
    if (job->argument_size > 0) // memcpy() must not get a NULL, not even for nothing
        memcpy(mailbox->argument, job->argument, job->argument_size);
    set_state(worker, MAILBOX_FULL);
}

void worker_quit(struct executor_worker *worker)
{
    set_state(worker, MAILBOX_QUIT);
}

void worker_join(struct executor_worker *worker)
{
    int status;
    if (worker->kind == EXECUTOR_THREADS) {
        CHECK(pthread_join(worker->thread, NULL) == 0);
    } else {
        process_wait_or_kill(worker->pid, &status, PATIENCE_NS);
        if (worker->pidfd >= 0)
            close(worker->pidfd);
    }
    worker->alive = false;
}

void worker_bury(struct executor_worker *worker)
{
    int status;
    process_wait(worker->pid, &status, 0);
    close(worker->pidfd);
    worker->alive = false;
}

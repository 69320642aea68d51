// SPDX-License-Identifier: MIT
//
// The loop's side of an executor: who does which job, and what has become of it. See
// executor.h for the idea.
//
// Read next: executor_worker.c for the other side.
#define _GNU_SOURCE // MAP_ANONYMOUS is Linux and BSD, not POSIX
#include "runners/loop/executor.h"
#include "runners/loop/executor_worker.h"

#include "lib/check.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

// ---- jobs ------------------------------------------------------------------------------

// The loop must not end while a job is in flight, and the bell alone must not keep it.
static void book_begin(struct executor *executor)
{
    if (executor->in_flight++ == 0)
        ev_ref(executor->loop);
}

static void book_end(struct executor *executor)
{
    if (--executor->in_flight == 0)
        ev_unref(executor->loop);
}

static void finish_job(struct executor *executor, struct executor_job *job, int error,
                       uint64_t result)
{
    job->error = error;
    job->result = result;
    book_end(executor);
    job->on_done(executor->loop, job);
}

static bool is_idle(const struct executor_worker *worker)
{
    return worker->alive && atomic_load_explicit(&worker->mailbox->state,
                                                 memory_order_relaxed) == MAILBOX_IDLE;
}

static void give(struct executor_worker *worker, struct executor_job *job)
{
    worker->job = job;
    job->worker = worker;
    worker_give(worker, job);
}

// The next job in line for a worker that has become idle.
static void give_next(struct executor_worker *worker)
{
    struct executor *executor = worker->executor;
    struct executor_job *job = executor->first;
    if (job == NULL || !is_idle(worker))
        return;
    executor->first = job->next;
    give(worker, job);
}

//DOC: executor-bell
static void on_bell(struct ev_loop *loop, ev_io *bell, int events)
{
    (void)loop;
    (void)events;
    struct executor *executor = bell->data;
    uint64_t rings;
    if (read(executor->bell, &rings, sizeof rings) < 0)
        return; // EAGAIN: heard already
    for (uint32_t i = 0; i < executor->count; i++) {
        struct executor_worker *worker = &executor->workers[i];
        struct executor_mailbox *mailbox = worker->mailbox;
        if (atomic_load_explicit(&mailbox->state, memory_order_acquire) != MAILBOX_DONE)
            continue;
        struct executor_job *job = worker->job;
        uint64_t result = mailbox->result;
        worker->job = NULL;
        atomic_store_explicit(&mailbox->state, MAILBOX_IDLE, memory_order_relaxed);
        give_next(worker); // before the callback: it may take long
        if (job != NULL)
            finish_job(executor, job, 0, result);
    }
}

int executor_submit(struct executor *executor, struct executor_job *job)
{
    if (job->argument_size > EXECUTOR_ARGUMENT_BYTES)
        return -E2BIG;
    book_begin(executor);
    job->worker = NULL;
    job->next = NULL;
    for (uint32_t i = 0; executor->first == NULL && i < executor->count; i++) {
        if (is_idle(&executor->workers[i])) {
            give(&executor->workers[i], job);
            return 0;
        }
    }
    if (executor->first == NULL)
        executor->first = job;
    else
        executor->last->next = job;
    executor->last = job;
    return 0;
}

static void leave_line(struct executor *executor, struct executor_job *job)
{
    struct executor_job *before = NULL;
    for (struct executor_job *each = executor->first; each != job; each = each->next)
        before = each;
    if (before == NULL)
        executor->first = job->next;
    else
        before->next = job->next;
    if (executor->last == job)
        executor->last = before;
}

void executor_abandon(struct executor *executor, struct executor_job *job)
{
    if (job->worker != NULL)
        job->worker->job = NULL;
    else
        leave_line(executor, job);
    book_end(executor);
}

// ---- death of a worker -------------------------------------------------------------------

static void watch_death(struct executor_worker *worker);

// Without any worker the jobs in line would wait for ever.
static void fail_line(struct executor *executor)
{
    for (uint32_t i = 0; i < executor->count; i++) {
        if (executor->workers[i].alive)
            return;
    }
    while (executor->first != NULL) {
        struct executor_job *job = executor->first;
        executor->first = job->next;
        finish_job(executor, job, -EAGAIN, 0);
    }
}

//DOC: executor-death
// The argument was a copy and the mailbox nobody else's, so a death harms one job only.
// A new worker takes the place.
static void on_death(struct ev_loop *loop, ev_io *watcher, int events)
{
    (void)events;
    struct executor_worker *worker = watcher->data;
    struct executor *executor = worker->executor;
    struct executor_job *job = worker->job;
    bool done = atomic_load_explicit(&worker->mailbox->state, memory_order_acquire) ==
                MAILBOX_DONE;
    uint64_t result = worker->mailbox->result;
    ev_ref(loop);
    ev_io_stop(loop, watcher);
    worker_bury(worker);
    executor->died++;
    if (worker_start(worker) == 0) {
        watch_death(worker);
        give_next(worker);
    }
    if (job != NULL)
        finish_job(executor, job, done ? 0 : -EIO, result);
    fail_line(executor);
}

static void watch_death(struct executor_worker *worker)
{
    struct ev_loop *loop = worker->executor->loop;
    if (worker->executor->kind == EXECUTOR_THREADS)
        return; // a thread dies with the whole program
    ev_io_init(&worker->on_death, on_death, worker->pidfd, EV_READ);
    worker->on_death.data = worker;
    ev_io_start(loop, &worker->on_death);
    ev_unref(loop);
}

// ---- life --------------------------------------------------------------------------------

static int allocate(struct executor *executor)
{
    size_t bytes = executor->count * sizeof *executor->mailboxes;
    executor->workers = calloc(executor->count, sizeof *executor->workers);
    if (executor->workers == NULL)
        return -ENOMEM;
    executor->mailboxes =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (executor->mailboxes == MAP_FAILED) {
        free(executor->workers);
        return -ENOMEM;
    }
    executor->bell = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (executor->bell >= 0)
        return 0;
    int error = -errno;
    munmap(executor->mailboxes, bytes);
    free(executor->workers);
    return error;
}

int executor_open(struct executor *executor, struct ev_loop *loop,
                  enum executor_kind kind, uint32_t workers, struct reason *reason)
{
    *executor = (struct executor){.loop = loop, .kind = kind, .count = workers};
    const char *what = kind == EXECUTOR_THREADS ? "thread" : "process";
    int error = allocate(executor);
    if (error != 0)
        return reason_set(reason, error, "no memory for a pool of %u: %s", workers,
                          strerror(-error));
    ev_io_init(&executor->on_bell, on_bell, executor->bell, EV_READ);
    executor->on_bell.data = executor;
    ev_io_start(loop, &executor->on_bell);
    ev_unref(loop);
    for (uint32_t i = 0; i < workers; i++) {
        struct executor_worker *worker = &executor->workers[i];
        worker->executor = executor;
        worker->kind = executor->kind;
        worker->bell = executor->bell;
        worker->mailbox = &executor->mailboxes[i];
        error = worker_start(worker);
        if (error != 0) {
            executor_close(executor);
            return reason_set(reason, error, "cannot start %s %u of a pool of %u: %s",
                              what, i + 1, workers, strerror(-error));
        }
        watch_death(worker);
    }
    return 0;
}

void executor_close(struct executor *executor)
{
    struct ev_loop *loop = executor->loop;
    for (uint32_t i = 0; i < executor->count; i++) {
        struct executor_worker *worker = &executor->workers[i];
        if (!worker->alive)
            continue;
        if (executor->kind == EXECUTOR_PROCESSES) {
            ev_ref(loop);
            ev_io_stop(loop, &worker->on_death);
        }
        worker_quit(worker);
    }
    for (uint32_t i = 0; i < executor->count; i++) {
        if (executor->workers[i].alive)
            worker_join(&executor->workers[i]);
    }
    ev_ref(loop);
    ev_io_stop(loop, &executor->on_bell);
    if (executor->in_flight > 0)
        ev_unref(loop);
    close(executor->bell);
    munmap(executor->mailboxes, executor->count * sizeof *executor->mailboxes);
    free(executor->workers);
}

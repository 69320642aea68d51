// SPDX-License-Identifier: MIT
//
// C forked processes, each of which takes tasks from the counter in shared memory and
// blocks in system calls. The parent carries no task: it waits for its workers and
// notices when one dies.
//
// Nothing but the board and the outcomes is shared; what a worker writes elsewhere is
// its own copy. A worker leaves by _exit, so that it does not flush the parent's
// buffers a second time.
//
// Read next: spawn.c for the process that a task itself creates.
#include "lib/clock.h"
#include "lib/limits.h"
#include "lib/process.h"
#include "runners/model.h"
#include "runners/worker.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

// How long a worker's death may go unnoticed. Looking at 10,000 takes milliseconds.
#define LOOK_EVERY_NS (NS_PER_SECOND / 4)

struct pool {
    struct run *run;
    pid_t *pids;      // of worker i; 0 once it has been waited for
    uint32_t created; // workers that were forked
    uint32_t alive;   // of them, not yet waited for
    int error;        // of the first failure, -errno
    struct reason *reason;
};

static int multiprocess_prepare(struct run *run, struct reason *reason)
{
    const struct workload *workload = run->work.workload;
    uint32_t concurrency = run->work.concurrency;
    if (run->workers_asked != 0 && run->workers_asked != concurrency) {
        return reason_set(reason, -EINVAL,
                          "--workers %u: a process carries one task, so workers and "
                          "--concurrency (%u) are the same number here; give one of them",
                          run->workers_asked, concurrency);
    }
    run->workers = concurrency;
    uint64_t processes = (uint64_t)concurrency * (1 + workload->children);
    int error = limits_check_tasks(processes, "processes", reason);
    if (error == 0) // each worker has a table of its own
        error = limits_check_descriptors(workload->descriptors, reason);
    return error;
}

_Noreturn static void worker_main(struct run *run)
{
    direct_code *code = worker_code(run);
    run_wait_at_gate(run);
    worker_loop(run, code);
    run_leave(run);
    _exit(EXIT_FINE);
}

// Every worker still alive is killed: a run that has lost one cannot be right, and
// must not hang.
static void pool_kill(struct pool *pool)
{
    for (uint32_t i = 0; i < pool->created; i++) {
        if (pool->pids[i] != 0)
            kill(pool->pids[i], SIGKILL);
    }
}

// Books the end of one worker. The first that ended badly is named, and ends the run.
static void pool_book(struct pool *pool, uint32_t worker, int status)
{
    pid_t pid = pool->pids[worker];
    pool->pids[worker] = 0;
    pool->alive--;
    if (pool->error != 0 || (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FINE))
        return;
    char end[80];
    process_describe_status(status, end, sizeof end);
    pool->error = reason_set(pool->reason, -ECHILD,
                             "worker %" PRIu32 " of %" PRIu32 " (process %jd) %s",
                             worker + 1, pool->run->workers, (intmax_t)pid, end);
    pool_kill(pool);
}

// Books all workers that have ended (or, without WNOHANG, that will end). Each is asked
// for by its number: to find any of 10,000 children that has ended, the kernel walks
// along all of them, and to do that once for each costs as much as many exchanges.
static void pool_reap(struct pool *pool, int options)
{
    for (uint32_t worker = 0; worker < pool->created; worker++) {
        int status;
        if (pool->pids[worker] != 0 &&
            process_wait(pool->pids[worker], &status, options) > 0)
            pool_book(pool, worker, status);
    }
}

// One walk along all children finds out whether any has ended: workers only end before
// the gate opens when they are killed. WNOWAIT leaves it for pool_reap().
static bool worker_died(void *context)
{
    struct pool *pool = context;
    siginfo_t ended = {.si_pid = 0};
    if (waitid(P_PGID, (id_t)getpgrp(), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
        ended.si_pid != 0)
        pool_reap(pool, WNOHANG);
    return pool->error != 0;
}

//DOC: multiprocess-fork
static void pool_create(struct pool *pool)
{
    while (pool->error == 0 && pool->created < pool->run->workers) {
        pid_t pid = process_fork();
        if (pid == 0)
            worker_main(pool->run);
        if (pid < 0) {
            pool->error =
                reason_set(pool->reason, (int)pid,
                           "cannot fork worker %" PRIu32 " of %" PRIu32
                           ": %s; 'quartet doctor' shows the limits, or lower "
                           "--concurrency",
                           pool->created + 1, pool->run->workers, strerror((int)-pid));
            pool_kill(pool);
            return;
        }
        pool->pids[pool->created++] = pid;
        pool->alive++;
    }
}

// Waits for the workers: for the last task, then for each of them. A worker that was
// killed leaves its task unfinished, or keeps the others from leaving together when a
// memory observer wants that, so from time to time the parent looks. When all have gone
// and a task is missing nevertheless, the verification will say which.
static void pool_join(struct pool *pool)
{
    while (pool->error == 0 && pool->alive > 0 &&
           !run_await_finish(pool->run, LOOK_EVERY_NS))
        pool_reap(pool, WNOHANG);
    while (pool->error == 0 && pool->alive > 0 &&
           !run_await_leave(pool->run, LOOK_EVERY_NS))
        pool_reap(pool, WNOHANG);
    pool_reap(pool, 0);
}

static int multiprocess_run(struct run *run, struct reason *reason)
{
    struct pool pool = {.run = run, .reason = reason};
    pool.pids = calloc(run->workers, sizeof *pool.pids);
    if (pool.pids == NULL)
        return reason_set(reason, -ENOMEM, "no memory for %" PRIu32 " workers",
                          run->workers);
    pool_create(&pool);
    if (pool.error == 0 && run_gather(run, run->workers, worker_died, &pool))
        run_open_gate(run);
    pool_join(&pool);
    free(pool.pids);
    return pool.error;
}

static const struct option_spec no_options[] = {{0}};

const struct model model = {
    .name = "multiprocess",
    .summary = "C forked processes, one task each at a time, blocking system calls",
    .options = no_options,
    .prepare = multiprocess_prepare,
    .run = multiprocess_run,
};

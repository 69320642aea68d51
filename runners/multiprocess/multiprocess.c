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

struct pool {
    struct run *run;
    pid_t *pids;      // of worker i; 0 once it has been waited for
    uint32_t created; // workers that were forked
    uint32_t ended;   // workers that have been waited for
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

// Books the end of one worker. The first that ended badly is named, and ends the run,
// unless it is the result to see what becomes of the others.
static void pool_book(struct pool *pool, pid_t pid, int status)
{
    uint32_t worker = 0;
    while (worker < pool->created && pool->pids[worker] != pid)
        worker++;
    if (worker == pool->created)
        return; // a child of the group that is not a worker
    pool->pids[worker] = 0;
    pool->ended++;
    if (pool->error != 0 || (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FINE))
        return;
    run_notice(pool->run, clock_now_ns());
    char end[80];
    process_describe_status(status, end, sizeof end);
    if (pool->run->work.workload->fatal) {
        run_note(pool->run, "worker %" PRIu32 " of %" PRIu32 " %s; the others went on",
                 worker + 1, pool->run->workers, end);
        return;
    }
    pool->error = reason_set(pool->reason, -ECHILD,
                             "worker %" PRIu32 " of %" PRIu32 " (process %jd) %s",
                             worker + 1, pool->run->workers, (intmax_t)pid, end);
    pool_kill(pool);
}

// Books all workers that have ended by now; says whether one ended badly.
static bool worker_died(void *context)
{
    struct pool *pool = context;
    int status;
    pid_t pid;
    while ((pid = process_wait(0, &status, WNOHANG)) > 0)
        pool_book(pool, pid, status);
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
    }
}

// Waits for the rest of the workers; blocks, so that the parent costs nothing.
static void pool_join(struct pool *pool)
{
    while (pool->ended < pool->created) {
        int status;
        pid_t pid = process_wait(0, &status, 0);
        if (pid < 0)
            return; // -ECHILD: none left
        pool_book(pool, pid, status);
    }
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

// SPDX-License-Identifier: MIT
//
// C forked processes, each of which takes tasks from the counter in shared memory and
// blocks in system calls. The parent carries no task: it waits for its workers and
// notices when one dies (crew.c). This file is the pool; per_task.c does without one.
//
// Nothing but the board and the outcomes is shared; what a worker writes elsewhere is
// its own copy. A worker leaves by _exit, so that it does not flush the parent's
// buffers a second time.
//
// Read next: spawn.c for the process that a task itself creates.
#include "lib/clock.h"
#include "lib/limits.h"
#include "runners/common/placement.h"
#include "runners/direct/worker.h"
#include "runners/model.h"
#include "runners/multiprocess/crew.h"
#include "runners/multiprocess/per_task.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

static struct settings {
    bool per_task; // --per-task: no pool, see per_task.c
} settings;

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
    placement_pin(run);
    run_populate(run);
    run_wait_at_gate(run);
    worker_loop(run, code);
    run_leave(run);
    _exit(EXIT_FINE);
}

// Reaps who has ended. One walk of the kernel along all children says whether there is any:
// to ask for each of 10,000 by its number takes 2 ms, and nearly always in vain. WNOWAIT
// leaves the one that was found for crew_reap().
static void look(struct crew *crew)
{
    siginfo_t ended = {.si_pid = 0};
    if (waitid(P_PGID, (id_t)getpgrp(), &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
        ended.si_pid != 0)
        crew_reap(crew, WNOHANG);
}

// Workers only end before the gate opens when they are killed.
static bool worker_died(void *context)
{
    struct crew *crew = context;
    look(crew);
    return crew->error != 0;
}

//DOC: multiprocess-fork
static void pool_create(struct crew *crew)
{
    for (uint32_t worker = 0; crew->error == 0 && worker < crew->run->workers; worker++) {
        if (crew_fork(crew, worker) == 0)
            worker_main(crew->run);
    }
}

// Waits for the last task, then until the workers may leave. A worker that was killed
// leaves its task unfinished, or keeps the others from leaving together when a memory
// observer wants that, so from time to time the parent looks.
static void pool_await(struct crew *crew)
{
    while (crew_goes_on(crew) && !run_await_finish(crew->run, LOOK_EVERY_NS))
        look(crew);
    while (crew_goes_on(crew) && !run_await_leave(crew->run, LOOK_EVERY_NS))
        look(crew);
}

// Where the deaths are the result, the last task may never be finished.
static void pool_join(struct crew *crew)
{
    uint32_t place;
    if (crew->run->work.workload->deaths != NULL) {
        while (crew_goes_on(crew) && crew_await_any(crew, &place)) {
        }
    } else {
        pool_await(crew);
    }
    crew_reap(crew, 0);
}

static int multiprocess_run(struct run *run, struct reason *reason)
{
    struct crew crew;
    // As with threads: where tasks wait for one another, the pool has a process per task.
    if (settings.per_task && !run->work.workload->together)
        return multiprocess_run_per_task(run, reason);
    int error = crew_init(&crew, run, reason);
    if (error != 0)
        return error;
    pool_create(&crew);
    if (crew.error == 0 && run_gather(run, run->workers, worker_died, &crew))
        run_open_gate(run);
    pool_join(&crew);
    crew_destroy(&crew);
    return crew.error;
}

static const struct option_spec multiprocess_options[] = {
    {"per-task", OPTION_FLAG, offsetof(struct settings, per_task), NULL, 0, 0, NULL,
     "a new process for each task, instead of a pool"},
    {0}};

const struct model model = {
    .name = "multiprocess",
    .summary = "C forked processes, one task each at a time, blocking system calls",
    .options = multiprocess_options,
    .values = &settings,
    .prepare = multiprocess_prepare,
    .run = multiprocess_run,
};

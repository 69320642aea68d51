// SPDX-License-Identifier: MIT
//
// C POSIX threads, each of which takes tasks from the shared counter and blocks in
// system calls; the kernel runs another thread meanwhile. This file is the pool;
// per_task.c does without one, and spawn.c is the thread that a task itself creates.
//
// Read next: ../multiprocess/multiprocess.c for the same with processes.
#include "lib/limits.h"
#include "runners/common/placement.h"
#include "runners/direct/worker.h"
#include "runners/model.h"
#include "runners/multithread/global_lock.h"
#include "runners/multithread/per_task.h"
#include "runners/multithread/stack.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static struct settings {
    uint64_t stack_bytes;    // --stack
    uint64_t global_lock_ns; // --global-lock: see global_lock.h; 0: there is none
    bool per_task;           // --per-task: no pool, see per_task.c
} settings;

struct pool {
    struct run *run;
    direct_code *code;
    pthread_t *threads; // `created` of them run
    uint32_t created;
};

static int multithread_prepare(struct run *run, struct reason *reason)
{
    const struct workload *workload = run->work.workload;
    uint32_t concurrency = run->work.concurrency;
    if (run->workers_asked != 0 && run->workers_asked != concurrency) {
        return reason_set(reason, -EINVAL,
                          "--workers %u: a thread carries one task, so workers and "
                          "--concurrency (%u) are the same number here; give one of them",
                          run->workers_asked, concurrency);
    }
    run->workers = concurrency;
    stack_choose(settings.stack_bytes);
    if (settings.global_lock_ns != 0)
        global_lock_install(settings.global_lock_ns);
    uint64_t threads = (uint64_t)concurrency * (1 + workload->children);
    int error = limits_check_tasks(threads, "threads", reason);
    if (error == 0) // each stack is a mapping, and its guard page another
        error = limits_check_maps(2 * threads, reason);
    if (error == 0)
        error = limits_check_addresses(threads * settings.stack_bytes, reason);
    if (error == 0)
        error = limits_check_descriptors((uint64_t)concurrency * workload->descriptors,
                                         reason);
    return error;
}

//DOC: multithread-worker
static void *thread_main(void *argument)
{
    struct pool *pool = argument;
    placement_pin(pool->run);
    run_wait_at_gate(pool->run);
    worker_loop(pool->run, pool->code);
    run_leave(pool->run);
    return NULL;
}

// Creates run->workers threads. What has been created is counted, also on failure.
static int pool_create(struct pool *pool, struct reason *reason)
{
    pthread_attr_t attributes;
    int error = stack_attributes(&attributes);
    while (error == 0 && pool->created < pool->run->workers) {
        error =
            pthread_create(&pool->threads[pool->created], &attributes, thread_main, pool);
        if (error == 0)
            pool->created++;
    }
    pthread_attr_destroy(&attributes);
    if (error == 0)
        return 0;
    return limits_refuse(-error, reason, "cannot create thread %" PRIu32 " of %" PRIu32,
                         pool->created + 1, pool->run->workers);
}

static int multithread_run(struct run *run, struct reason *reason)
{
    // Tasks that wait for one another are all in flight, so their pool has a thread per
    // task; and they need its gate, since those who have begun could not end without those
    // who cannot be created.
    if (settings.per_task && !run->work.workload->together)
        return multithread_run_per_task(run, reason);
    struct pool pool = {.run = run, .code = global_lock_around(worker_code(run))};
    pool.threads = calloc(run->workers, sizeof *pool.threads);
    if (pool.threads == NULL)
        return reason_set(reason, -ENOMEM, "no memory for %" PRIu32 " threads",
                          run->workers);
    int error = pool_create(&pool, reason);
    if (error == 0)
        run_gather(run, run->workers, NULL, NULL);
    else // the threads that exist must find nothing to do
        run_abandon(run);
    run_open_gate(run);
    for (uint32_t i = 0; i < pool.created; i++)
        pthread_join(pool.threads[i], NULL);
    free(pool.threads);
    return error;
}

static const struct option_spec multithread_options[] = {
    {"stack", OPTION_SIZE, offsetof(struct settings, stack_bytes), "64k", 16 << 10,
     64 << 20, NULL, "stack of each thread"},
    {"global-lock", OPTION_DURATION, offsetof(struct settings, global_lock_ns), "0", 0,
     1000000000, NULL, "only one thread computes at a time; they take turns"},
    {"per-task", OPTION_FLAG, offsetof(struct settings, per_task), NULL, 0, 0, NULL,
     "a new thread for each task, instead of a pool"},
    {0}};

const struct model model = {
    .name = "multithread",
    .summary = "C POSIX threads, one task each at a time, blocking system calls",
    .options = multithread_options,
    .values = &settings,
    .prepare = multithread_prepare,
    .run = multithread_run,
};

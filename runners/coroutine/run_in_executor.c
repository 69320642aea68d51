// SPDX-License-Identifier: MIT
//
// Off-loading from a coroutine: see run_in_executor.h, and ../loop/executor.h for the
// pool. The pool calls back when a job is done; here the callback makes the coroutine
// ready that has been waiting. This is how any interface with callbacks is given to
// coroutines.
//
// Read next: ../eventloop/offload.c for the same without a coroutine.
#include "runners/coroutine/run_in_executor.h"

#include "runners/coroutine/wait.h"
#include "runners/offload.h"

#include <errno.h>

// A job and the coroutine that waits for it, on the coroutine's stack.
struct errand {
    struct wait wait; // first: a pointer to it is one to this
    struct executor_job job;
    struct executor *executor;
    struct scheduler *scheduler;
};

static void on_done(struct ev_loop *loop, struct executor_job *job)
{
    (void)loop;
    struct errand *errand = job->data;
    errand->wait.result = job->error;
    errand->scheduler->outside--;
    scheduler_call_soon(errand->scheduler, errand->wait.coroutine);
}

static bool abandon_errand(struct wait *wait)
{
    struct errand *errand = (struct errand *)wait;
    executor_abandon(errand->executor, &errand->job);
    errand->scheduler->outside--;
    return true;
}

//DOC: coroutine-executor
int run_in_executor(struct executor *executor, executor_code *code, const void *argument,
                    size_t size, uint64_t *result)
{
    struct scheduler *scheduler = scheduler_here;
    int error = wait_begin();
    if (error != 0)
        return error;
    struct errand errand = {
        .wait = {.what = "executor", .object = executor, .abandon = abandon_errand},
        .job = {.code = code,
                .argument = argument,
                .argument_size = size,
                .on_done = on_done},
        .executor = executor,
        .scheduler = scheduler};
    errand.job.data = &errand;
    error = executor_submit(executor, &errand.job);
    if (error != 0)
        return error;
    scheduler->outside++;
    error = wait_suspend(&errand.wait);
    *result = errand.job.result;
    return error;
}

int offload(executor_code *code, const void *argument, size_t size, uint64_t *result)
{
    struct executor *executor = scheduler_here->executor;
    if (executor != NULL)
        return run_in_executor(executor, code, argument, size, result);
    if (size > EXECUTOR_ARGUMENT_BYTES)
        return -E2BIG;
    *result = code(argument);
    return 0;
}

// SPDX-License-Identifier: MIT
//
// executor.c - long work in a pool of threads or of processes, while the loop goes on. The
// pools differ in what they share with the caller, and in what a death costs.
//
// Read next: runners/loop/executor.h.
#include "docs/lessons/lesson.h"
#include "runners/coroutine/run_in_executor.h"

#include <signal.h>
#include <time.h>
#include <unistd.h>

static int calls; // a global: whose is it?

// Runs in a worker. It gets a copy of its argument, and returns a number.
static uint64_t work(const void *argument)
{
    pid_t caller = *(const pid_t *)argument;
    struct timespec time = {.tv_nsec = 50000000};
    nanosleep(&time, NULL); // blocks the worker only
    calls++;
    return getpid() == caller;
}

static uint64_t crash(const void *argument)
{
    (void)argument;
    raise(SIGKILL);
    return 0;
}

static int heart(void *argument, uint64_t *value)
{
    uint64_t *beats = argument;
    (void)value;
    while (wait_sleep(5 * MILLISECOND) == 0)
        ++*beats;
    return 0;
}

//DOC: lesson-executor
static void use_pool(enum executor_kind kind, const char *name)
{
    struct executor executor;
    struct reason reason;
    struct async_task task;
    uint64_t same_process = 0;
    uint64_t beats = 0;
    pid_t self = getpid();
    if (executor_open(&executor, scheduler_here->loop, kind, 1, &reason) != 0)
        die(EXIT_CANNOT, "%s", reason.text);
    lesson_task(&task, "heart", heart, &beats);
    calls = 0;
    run_in_executor(&executor, work, &self, sizeof self, &same_process);
    printf("%s: ran in %s process, while the loop %s; calls is %d here\n", name,
           same_process ? "the same" : "another", beats > 0 ? "went on" : "stood still",
           calls);
    if (kind == EXECUTOR_PROCESSES) {
        int error = run_in_executor(&executor, crash, NULL, 0, &same_process);
        printf("%s: a worker is killed: %s\n", name, lesson_result(error));
        error = run_in_executor(&executor, work, &self, sizeof self, &same_process);
        printf("%s: the next job: %s\n", name, lesson_result(error));
    }
    task_cancel(&task);
    task_await(&task, NULL);
    executor_close(&executor);
}

static int pools(void *argument, uint64_t *value)
{
    (void)argument;
    (void)value;
    use_pool(EXECUTOR_THREADS, "threads");
    use_pool(EXECUTOR_PROCESSES, "processes");
    return 0;
}

int main(void)
{
    return lesson_run(pools);
}

// SPDX-License-Identifier: MIT
//
// Tasks: see task.h. A task is a coroutine whose life is "run the code, set the future";
// to await it is to await that future, to cancel it is to interrupt its wait. So there is
// little left to do here.
//
// Read next: gather.c, which is made of the same.
#include "runners/coroutine/task.h"
#include "runners/coroutine/dump.h"

#include "lib/check.h"

#include <errno.h>

// ---- tasks --------------------------------------------------------------------------------

//DOC: task-life
static void task_life(void *argument)
{
    struct async_task *task = argument;
    uint64_t value = 0;
    int error = wait_begin(); // cancelled before the first turn?
    if (error == 0)
        error = task->code(task->argument, &value);
    task->coroutine = NULL;
    if (error == 0)
        future_set_result(&task->future, value);
    else
        future_set_failure(&task->future, error);
}

int task_create(struct async_task *task, const char *name, async_code *code,
                void *argument)
{
    *task = (struct async_task){.code = code, .argument = argument};
    future_init(&task->future, name);
    task->coroutine = scheduler_create(scheduler_here, task_life, task);
    if (task->coroutine == NULL)
        return -errno;
    task->coroutine->name = name;
    return 0;
}

int task_await(struct async_task *task, uint64_t *value)
{
    return future_await(&task->future, WAIT_FOREVER, value);
}

void task_cancel(struct async_task *task)
{
    if (task->coroutine != NULL)
        wait_cancel(task->coroutine);
}

int task_yield(void)
{
    int error = wait_begin();
    if (error == 0)
        scheduler_yield(scheduler_here);
    return error;
}

// ---- a time limit ------------------------------------------------------------------------

//DOC: wait-for
// Three ends are possible: the task's own, the time limit, and the caller's cancellation.
// After the last two the task is still there, in the caller's storage, so it must end
// before this returns.
int wait_for(struct async_task *task, uint64_t timeout_ns, uint64_t *value)
{
    int error = future_await(&task->future, timeout_ns, value);
    if (task_done(task))
        return error;
    task_cancel(task);
    int end = task_await(task, value);
    if (!task_done(task)) { // the caller was cancelled during this second wait
        error = -ECANCELED;
        end = task_await(task, value);
    }
    return end == -ECANCELED ? error : end;
}

// ---- the whole program ----------------------------------------------------------------------

struct program {
    async_code *code;
    void *argument;
    int error;
    uint64_t value;
};

static void cancel_all_but(const struct coroutine *self)
{
    struct coroutine *each = NULL;
    while ((each = scheduler_next_alive(scheduler_here, each)) != NULL) {
        if (each != self)
            wait_cancel(each);
    }
}

static void program_life(void *argument)
{
    struct program *program = argument;
    program->error = program->code(program->argument, &program->value);
    cancel_all_but(scheduler_here->running);
}

static void on_deadlock(const char *message)
{
    (void)message; // the scheduler prints it
    dump_coroutines(stderr, 10);
}

int async_run(const struct async_options *options, async_code *code, void *argument,
              uint64_t *value, struct reason *reason)
{
    static const struct async_options defaults = {0};
    if (options == NULL)
        options = &defaults;
    struct stack_plan plan = {.stack_bytes = options->stack_bytes != 0
                                                 ? options->stack_bytes
                                                 : 64 << 10,
                              .capacity = options->tasks != 0 ? options->tasks : 1000,
                              .arenas = 1,
                              .guard = STACK_GUARD_MARKER};
    struct program program = {.code = code, .argument = argument};
    struct scheduler scheduler;
    unsigned backend = options->backend != 0 ? options->backend : EVBACKEND_EPOLL;
    CHECK(scheduler_here == NULL); // a program in a program
    int error = scheduler_open(&scheduler, backend, &plan, reason);
    if (error != 0)
        return error;
    scheduler.on_deadlock = on_deadlock;
    struct coroutine *first = scheduler_create(&scheduler, program_life, &program);
    if (first == NULL) {
        error = reason_set(reason, -errno, "there is no stack for the first task");
    } else {
        first->name = "main";
        scheduler_run_until_complete(&scheduler);
        error = program.error;
    }
    scheduler_close(&scheduler);
    if (value != NULL)
        *value = program.value;
    return error;
}

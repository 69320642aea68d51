// SPDX-License-Identifier: MIT
//
// cancellation.c - to cancel is to ask: the task learns of it where it waits, cleans up (which
// may take a while, and may wait), and ends. A time limit is the same with a clock.
//
// Read next: runners/coroutine/task.c.
#include "docs/lessons/lesson.h"
#include "runners/coroutine/task.h"

#include <errno.h>

// try: await sleep(3600)   except CancelledError: await roll_back(); raise
static int transaction(void *argument, uint64_t *value)
{
    const char *name = lesson_name();
    (void)argument;
    printf("%s: begun\n", name);
    int error = wait_sleep(HOUR);
    if (error == -ECANCELED) {
        printf("%s: asked to stop, rolling back\n", name);
        wait_sleep(20 * MILLISECOND); // a second wait is not interrupted again
        printf("%s: rolled back\n", name);
    }
    *value = 0;
    return error;
}

static int stubborn(void *argument, uint64_t *value)
{
    (void)argument;
    int error = wait_sleep(HOUR);
    printf("%s: asked to stop, but finishes\n", lesson_name());
    *value = 7;
    return error == -ECANCELED ? 0 : error;
}

//DOC: lesson-cancellation
static int cancelling(void *argument, uint64_t *value)
{
    struct async_task task;
    (void)argument;
    lesson_task(&task, "first", transaction, NULL);
    task_yield();
    task_cancel(&task);
    task_cancel(&task); // asked once is asked: nothing happens
    printf("main: cancelled twice, done: %s\n", task_done(&task) ? "yes" : "no");
    printf("main: first says: %s\n", lesson_result(task_await(&task, NULL)));

    lesson_task(&task, "never begun", transaction, NULL);
    task_cancel(&task);
    printf("main: never begun says: %s\n", lesson_result(task_await(&task, NULL)));

    lesson_task(&task, "second", transaction, NULL);
    printf("main: wait_for says: %s\n",
           lesson_result(wait_for(&task, 20 * MILLISECOND, NULL)));

    lesson_task(&task, "stubborn", stubborn, NULL);
    int error = wait_for(&task, 20 * MILLISECOND, value);
    printf("main: wait_for says: %s, with the value %" PRIu64 "\n", lesson_result(error),
           *value);
    return 0;
}

int main(void)
{
    return lesson_run(cancelling);
}

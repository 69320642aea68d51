// SPDX-License-Identifier: MIT
//
// event.c - one event wakes all its waiters, in the order in which they came; a task that
// comes later passes at once, until it is cleared.
//
// Read next: runners/coroutine/sync.c; workloads/broadcast for all models.
#include "docs/lessons/lesson.h"
#include "runners/sync.h"

#include <errno.h>

static struct sync_event start;

//DOC: lesson-event
static int runner(void *argument, uint64_t *value)
{
    const char *name = lesson_name();
    (void)argument;
    printf("%s comes\n", name);
    int error = sync_wait(&start, SYNC_FOREVER);
    printf("%s runs\n", name);
    *value = 0;
    return error;
}

static int race(void *argument, uint64_t *value)
{
    static const char *const names[] = {"A", "B", "C", "D"};
    struct async_task runners[4];
    (void)argument;
    sync_event_init(&start);
    for (size_t i = 0; i < 3; i++)
        lesson_task(&runners[i], names[i], runner, NULL);
    task_yield(); // all stand at the line
    printf("main: set, and set again\n");
    sync_set(&start);
    sync_set(&start); // wakes nobody twice
    lesson_task(&runners[3], names[3], runner, NULL);
    for (size_t i = 0; i < 4; i++)
        task_await(&runners[i], value);
    sync_clear(&start);
    printf("main: cleared; with a limit of 1 ms: %s\n",
           lesson_result(sync_wait(&start, MILLISECOND)));
    return 0;
}

int main(void)
{
    return lesson_run(race);
}

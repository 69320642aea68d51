// SPDX-License-Identifier: MIT
//
// semaphore.c - five guests, two seats: first come, first served, and never three of
// them inside.
//
// Read next: runners/coroutine/sync.c; workloads/semaphore for all models.
#include "docs/lessons/lesson.h"
#include "runners/sync.h"

#define GUESTS 5

static struct {
    struct sync_semaphore seats;
    int inside;
} table;

//DOC: lesson-semaphore
// async with seats: ...
static int guest(void *argument, uint64_t *value)
{
    const char *name = lesson_name();
    (void)argument;
    int error = sync_acquire(&table.seats, SYNC_FOREVER);
    if (error != 0)
        return error;
    table.inside++;
    printf("%s sits down, %d inside\n", name, table.inside);
    error = wait_sleep(50 * MILLISECOND);
    table.inside--;
    printf("%s leaves\n", name);
    sync_release(&table.seats);
    *value = 0;
    return error;
}

static int restaurant(void *argument, uint64_t *value)
{
    static const char *const names[] = {"A", "B", "C", "D", "E"};
    struct async_task guests[GUESTS];
    (void)argument;
    sync_semaphore_init(&table.seats, 2);
    for (size_t i = 0; i < GUESTS; i++)
        lesson_task(&guests[i], names[i], guest, NULL);
    for (size_t i = 0; i < GUESTS; i++)
        task_await(&guests[i], value);
    printf("a seat without waiting: %s\n",
           sync_acquire(&table.seats, 0) == 0 ? "yes" : "no");
    return 0;
}

int main(void)
{
    return lesson_run(restaurant);
}

// SPDX-License-Identifier: MIT
//
// await.c - a call that may suspend is not one that does: what is there already is taken
// at once, and no other task gets a turn. A greedy task can so keep the thread for itself
// without computing anything.
//
// Read next: runners/coroutine/wait.h; sync_acquire() in runners/coroutine/sync.c.
#include "docs/lessons/lesson.h"
#include "runners/sync.h"

static struct {
    struct sync_queue queue;
    struct sync_mutex mutex;
    struct sync_event open;
    uint64_t ring[1];
} things;

// Wants a turn always, and counts how many it gets.
static int other(void *argument, uint64_t *value)
{
    uint64_t *turns = argument;
    (void)value;
    while (task_yield() == 0)
        ++*turns;
    return 0;
}

//DOC: lesson-await
// Each of these may suspend; here none of them has to.
static void use_what_is_ready(void)
{
    uint64_t item = 1;
    sync_put(&things.queue, item, SYNC_FOREVER); // there is room
    sync_get(&things.queue, &item, SYNC_FOREVER);
    sync_lock(&things.mutex, SYNC_FOREVER); // it is free
    sync_unlock(&things.mutex);
    sync_wait(&things.open, SYNC_FOREVER); // it is set
}

static int count_turns(void *argument, uint64_t *value)
{
    struct async_task task;
    uint64_t turns = 0;
    (void)argument;
    (void)value;
    sync_queue_init(&things.queue, things.ring, 1);
    sync_mutex_init(&things.mutex);
    sync_event_init(&things.open);
    sync_set(&things.open);
    lesson_task(&task, "other", other, &turns);
    task_yield(); // it begins
    for (int i = 0; i < 1000; i++)
        use_what_is_ready();
    printf("4000 calls that may suspend: the other task ran %" PRIu64 " times\n", turns);
    task_yield();
    printf("one task_yield():            the other task ran %" PRIu64 " time\n", turns);
    wait_sleep(10 * MILLISECOND);
    printf("one wait_sleep():            the other task ran %s\n",
           turns > 1 ? "again and again" : "not once");
    task_cancel(&task);
    return task_await(&task, NULL);
}

int main(void)
{
    return lesson_run(count_turns);
}

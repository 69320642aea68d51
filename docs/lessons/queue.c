// SPDX-License-Identifier: MIT
//
// queue.c - a quick producer, a slow consumer, and a queue with two places between them:
// the full queue makes the quick one wait, so that nothing piles up.
//
// Read next: runners/sync_objects.h for how a queue is made of a lock and two conditions;
// workloads/pipeline for all models.
#include "docs/lessons/lesson.h"
#include "runners/sync.h"

#define END UINT64_MAX

static struct {
    struct sync_queue queue;
    uint64_t ring[2];
} belt;

//DOC: lesson-queue
static int producer(void *argument, uint64_t *value)
{
    int error = 0;
    (void)argument;
    for (uint64_t item = 1; item <= 5 && error == 0; item++) {
        if (sync_put(&belt.queue, item, 0) != 0) { // put_nowait(): QueueFull
            printf("producer: no room for %" PRIu64 ", waits\n", item);
            error = sync_put(&belt.queue, item, SYNC_FOREVER);
        }
        printf("producer: put %" PRIu64 "\n", item);
    }
    *value = 5;
    return error != 0 ? error : sync_put(&belt.queue, END, SYNC_FOREVER);
}

static int consumer(void *argument, uint64_t *value)
{
    uint64_t item;
    (void)argument;
    *value = 0;
    while (sync_get(&belt.queue, &item, SYNC_FOREVER) == 0 && item != END) {
        printf("consumer: got %" PRIu64 "\n", item);
        *value += item;
        wait_sleep(20 * MILLISECOND);
    }
    return 0;
}

static int factory(void *argument, uint64_t *value)
{
    struct async_task tasks[2];
    (void)argument;
    sync_queue_init(&belt.queue, belt.ring, 2);
    lesson_task(&tasks[0], "producer", producer, NULL);
    lesson_task(&tasks[1], "consumer", consumer, NULL);
    task_await(&tasks[0], value);
    task_await(&tasks[1], value);
    printf("main: the sum of all items is %" PRIu64 "\n", *value);
    return 0;
}

int main(void)
{
    return lesson_run(factory);
}

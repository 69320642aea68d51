// SPDX-License-Identifier: MIT
//
// priority.c - a ready queue that is first in, first out is fair: an urgent task waits for a
// turn of every other one. A queue of work that is ordered by urgency lets it pass all
// others, and starves the jobs that are never urgent.
//
// Read next: the ready queue, scheduler_next_turn() in runners/coroutine/scheduler.h.
#include "docs/lessons/lesson.h"
#include "runners/sync.h"

#define CHATTERERS 100

// ---- a fair queue: the scheduler's own ------------------------------------------------------

static struct sync_event alarm;
static uint64_t turns; // of all chatterers

static int chatter(void *argument, uint64_t *value)
{
    (void)argument;
    (void)value;
    while (task_yield() == 0)
        turns++;
    return 0;
}

static int urgent(void *argument, uint64_t *value)
{
    (void)argument;
    int error = sync_wait(&alarm, SYNC_FOREVER);
    *value = turns;
    return error;
}

//DOC: lesson-priority
static int fair(void *argument, uint64_t *value)
{
    static struct async_task chatterers[CHATTERERS];
    struct async_task task;
    (void)argument;
    sync_event_init(&alarm);
    lesson_task(&task, "urgent", urgent, NULL);
    for (size_t i = 0; i < CHATTERERS; i++)
        lesson_task(&chatterers[i], "chatterer", chatter, NULL);
    task_yield();
    uint64_t before = turns;
    sync_set(&alarm); // it is ready now, behind all that were ready before
    task_await(&task, value);
    printf("fair: woken, the urgent task waited for %" PRIu64 " turns of others\n",
           *value - before);
    return 0;
}

// ---- an ordered queue of work: heapq, PriorityQueue -------------------------------------------

enum urgency { URGENT, ORDINARY, LEVELS };

struct work_queue {
    uint64_t waiting[LEVELS];
    uint64_t done[LEVELS];
};

// Takes the most urgent job there is.
static void work_one(struct work_queue *queue)
{
    enum urgency level = queue->waiting[URGENT] > 0 ? URGENT : ORDINARY;
    queue->waiting[level]--;
    queue->done[level]++;
}

static void ordered(void)
{
    struct work_queue queue = {.waiting = {[ORDINARY] = CHATTERERS}};
    queue.waiting[URGENT]++;
    work_one(&queue);
    printf("ordered: the urgent job waited for %" PRIu64 " others\n",
           queue.done[ORDINARY]);
    for (int i = 0; i < 1000; i++) { // an urgent job comes for each that is done
        queue.waiting[URGENT]++;
        work_one(&queue);
    }
    printf("ordered, and 1000 more urgent jobs: %" PRIu64 " of %d ordinary ones done\n",
           queue.done[ORDINARY], CHATTERERS);
}

int main(void)
{
    int code = lesson_run(fair);
    ordered();
    return code;
}

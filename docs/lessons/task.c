// SPDX-License-Identifier: MIT
//
// task.c - a task is a coroutine that runs by itself: created now, begun when its creator
// waits, awaited for its result. While it waits it is a line of a list.
//
// Read next: gather.c.
#include "docs/lessons/lesson.h"
#include "runners/coroutine/dump.h"

struct cook {
    const char *dish;
    uint64_t minutes;
};

// async def cook(dish, minutes): ...
static int cook(void *argument, uint64_t *value)
{
    const struct cook *order = argument;
    printf("%s: on the stove\n", order->dish);
    int error = wait_sleep(order->minutes * 10 * MILLISECOND);
    printf("%s: ready\n", order->dish);
    *value = order->minutes;
    return error;
}

//DOC: lesson-task
static int dinner(void *argument, uint64_t *value)
{
    struct async_task rice;
    struct async_task soup;
    uint64_t minutes;
    (void)argument;
    lesson_task(&rice, "rice", cook, &(struct cook){"rice", 10});
    lesson_task(&soup, "soup", cook, &(struct cook){"soup", 5});
    printf("main: both are created, none has begun\n");
    task_yield(); // asyncio.sleep(0)
    dump_coroutines(stdout, 10);
    *value = 0;
    task_await(&rice, &minutes); // the soup is ready before, without being awaited
    *value += minutes;
    printf("main: the soup is %s\n", task_done(&soup) ? "done" : "not done");
    task_await(&soup, &minutes); // returns at once
    *value += minutes;
    printf("main: %" PRIu64 " minutes of cooking, in 10\n", *value);
    return 0;
}

int main(void)
{
    return lesson_run(dinner);
}

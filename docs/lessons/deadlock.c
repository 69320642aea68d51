// SPDX-License-Identifier: MIT
//
// deadlock.c - two tasks, two locks, two orders: each holds what the other one wants. Then
// the same as two tasks that await each other, in threads, and with one order for all,
// which is the remedy.
//
//     deadlock          coroutines, two orders: the scheduler notices, and ends the program
//     deadlock tasks    two tasks that await each other
//     deadlock threads  threads, two orders: only a time limit notices
//     deadlock ordered  coroutines, the same order for both
//
// Read next: end_deadlock() in runners/coroutine/scheduler.c.
#include "docs/lessons/lesson.h"
#include "runners/sync.h"

#include <pthread.h>
#include <time.h>

// ---- coroutines ---------------------------------------------------------------------------

static struct sync_mutex a;
static struct sync_mutex b;

struct order {
    struct sync_mutex *first;
    struct sync_mutex *second;
};

//DOC: lesson-deadlock
// async with first: await sleep(0.01); async with second: ...
static int take_both(void *argument, uint64_t *value)
{
    const struct order *order = argument;
    (void)value;
    sync_lock(order->first, SYNC_FOREVER);
    printf("%s has its first lock\n", lesson_name());
    wait_sleep(10 * MILLISECOND);
    sync_lock(order->second, SYNC_FOREVER);
    printf("%s has both\n", lesson_name());
    sync_unlock(order->second);
    sync_unlock(order->first);
    return 0;
}

static int meet(struct order left, struct order right)
{
    struct async_task tasks[2];
    sync_mutex_init(&a);
    sync_mutex_init(&b);
    lesson_task(&tasks[0], "left", take_both, &left);
    lesson_task(&tasks[1], "right", take_both, &right);
    task_await(&tasks[0], NULL);
    return task_await(&tasks[1], NULL);
}

static int two_orders(void *argument, uint64_t *value)
{
    (void)argument;
    (void)value;
    return meet((struct order){&a, &b}, (struct order){&b, &a});
}

static int one_order(void *argument, uint64_t *value)
{
    (void)argument;
    (void)value;
    return meet((struct order){&a, &b}, (struct order){&a, &b});
}

// ---- tasks that await each other ------------------------------------------------------------

static int await_other(void *argument, uint64_t *value)
{
    return task_await(argument, value);
}

static int await_each_other(void *argument, uint64_t *value)
{
    struct async_task hen;
    struct async_task egg;
    (void)argument;
    lesson_task(&hen, "hen", await_other, &egg);
    lesson_task(&egg, "egg", await_other, &hen);
    return task_await(&hen, value);
}

// ---- threads --------------------------------------------------------------------------------

static struct {
    pthread_mutex_t locks[2];
    pthread_barrier_t both_hold_one;
    const char *results[2];
} hall = {.locks = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_MUTEX_INITIALIZER}};

// Without the time limit this thread, and so the program, would never end.
static void *take_both_by_thread(void *argument)
{
    size_t mine = *(const size_t *)argument;
    struct timespec limit;
    pthread_mutex_lock(&hall.locks[mine]);
    pthread_barrier_wait(&hall.both_hold_one);
    clock_gettime(CLOCK_REALTIME, &limit);
    limit.tv_sec += mine == 0 ? 1 : 10; // so that only one of them gives way
    bool both = pthread_mutex_timedlock(&hall.locks[1 - mine], &limit) == 0;
    hall.results[mine] = both ? "has both" : "timed out, gives its lock back";
    if (both)
        pthread_mutex_unlock(&hall.locks[1 - mine]);
    pthread_mutex_unlock(&hall.locks[mine]);
    return NULL;
}

static int meet_as_threads(void)
{
    static size_t numbers[2] = {0, 1};
    pthread_t threads[2];
    pthread_barrier_init(&hall.both_hold_one, NULL, 2);
    for (size_t i = 0; i < 2; i++) {
        if (pthread_create(&threads[i], NULL, take_both_by_thread, &numbers[i]) != 0)
            die(EXIT_CANNOT, "cannot create a thread");
    }
    for (size_t i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    printf("left: %s\nright: %s\n", hall.results[0], hall.results[1]);
    return EXIT_FINE;
}

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "";
    setvbuf(stdout, NULL, _IOLBF, 0); // in step with stderr, also in a pipe
    if (argc == 1)
        return lesson_run(two_orders);
    if (strcmp(how, "tasks") == 0)
        return lesson_run(await_each_other);
    if (strcmp(how, "threads") == 0)
        return meet_as_threads();
    if (strcmp(how, "ordered") == 0)
        return lesson_run(one_order);
    die(EXIT_USAGE, "'%s' is unknown: nothing, tasks, threads, ordered", how);
}

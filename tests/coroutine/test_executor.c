// SPDX-License-Identifier: MIT
//
// test_executor.c - a pool of threads or processes beside a loop: results, order, death of
// a worker, and that others go on meanwhile.
#define _GNU_SOURCE // gettid() is Linux
#include "tests/coroutine/async.h"

#include "lib/check.h"
#include "lib/clock.h"
#include "lib/process.h"
#include "runners/coroutine/gather.h"
#include "runners/coroutine/run_in_executor.h"

#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define JOBS 40

struct pool {
    enum executor_kind kind;
    struct executor executor;
};

static uint64_t square(const void *argument)
{
    uint64_t number = *(const uint64_t *)argument;
    return number * number;
}

static uint64_t sleep_ms(const void *argument)
{
    struct timespec time = clock_timespec(*(const uint64_t *)argument * MILLISECOND);
    nanosleep(&time, NULL);
    return 0;
}

static uint64_t where(const void *argument)
{
    (void)argument;
    return (uint64_t)gettid();
}

static uint64_t die_now(const void *argument)
{
    (void)argument;
    raise(SIGKILL);
    return 0;
}

static void open_pool(struct pool *pool, uint32_t workers)
{
    struct reason reason;
    if (executor_open(&pool->executor, scheduler_here->loop, pool->kind, workers,
                      &reason) != 0)
        fail_msg("%s", reason.text);
}

struct squaring {
    struct executor *executor;
    uint64_t number;
};

static int square_there(void *argument, uint64_t *value)
{
    struct squaring *squaring = argument;
    return run_in_executor(squaring->executor, square, &squaring->number,
                           sizeof squaring->number, value);
}

static int square_many(void *argument, uint64_t *value)
{
    struct pool *pool = argument;
    struct async_task tasks[JOBS];
    struct squaring squarings[JOBS];
    struct gather_member members[JOBS];
    (void)value;
    open_pool(pool, 3);
    for (size_t i = 0; i < JOBS; i++) {
        squarings[i] = (struct squaring){&pool->executor, i};
        task_create(&tasks[i], "squares", square_there, &squarings[i]);
        members[i].task = &tasks[i];
    }
    assert_int_equal(gather(members, JOBS, GATHER_RETURN_FAILURES), 0);
    for (size_t i = 0; i < JOBS; i++) {
        assert_int_equal(members[i].error, 0);
        assert_int_equal(members[i].value, i * i);
    }
    executor_close(&pool->executor);
    return 0;
}

// While the worker sleeps, the loop does not; and the work is done somewhere else.
static int others_go_on(void *argument, uint64_t *value)
{
    struct pool *pool = argument;
    struct async_task task;
    struct squaring squaring = {&pool->executor, 12};
    uint64_t ms = 30;
    char too_large[EXECUTOR_ARGUMENT_BYTES + 1] = "";
    size_t most = EXECUTOR_ARGUMENT_BYTES;
    open_pool(pool, 2);
    task_create(&task, "squares", square_there, &squaring);
    assert_int_equal(run_in_executor(&pool->executor, sleep_ms, &ms, sizeof ms, value),
                     0);
    assert_true(task_done(&task)); // long ago, by the other worker
    assert_int_equal(run_in_executor(&pool->executor, where, NULL, 0, value), 0);
    assert_int_not_equal(*value, gettid());
    assert_int_equal(run_in_executor(&pool->executor, where, too_large, sizeof too_large,
                                     value),
                     -E2BIG);
    assert_int_equal(run_in_executor(&pool->executor, where, too_large, most, value), 0);
    executor_close(&pool->executor);
    assert_false(ev_is_active(&pool->executor.on_bell)); // the loop goes on without it
    return 0;
}

static int die_there(void *argument, uint64_t *value)
{
    struct pool *pool = argument;
    return run_in_executor(&pool->executor, die_now, "", 1, value);
}

static int survive_deaths(void *argument, uint64_t *value)
{
    struct pool *pool = argument;
    struct async_task deaths[5];
    struct async_task tasks[5];
    struct squaring squarings[5];
    open_pool(pool, 2);
    for (size_t i = 0; i < 5; i++) {
        squarings[i] = (struct squaring){&pool->executor, i};
        task_create(&deaths[i], "dies", die_there, pool);
        task_create(&tasks[i], "squares", square_there, &squarings[i]);
    }
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(task_await(&deaths[i], value), -EIO);
        assert_int_equal(task_await(&tasks[i], value), 0);
        assert_int_equal(*value, i * i);
    }
    assert_int_equal(pool->executor.died, 5);
    executor_close(&pool->executor);
    return 0;
}

// A worker that takes the place of one that has died is born while connections are open. It
// must not keep them so.
static int inherit_nothing(void *argument, uint64_t *value)
{
    struct pool *pool = argument;
    int ends[2];
    char byte;
    open_pool(pool, 1);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    assert_int_not_equal(run_in_executor(&pool->executor, die_now, NULL, 0, value), 0);
    assert_int_equal(run_in_executor(&pool->executor, where, NULL, 0, value), 0);
    close(ends[0]);
    assert_int_equal(recv(ends[1], &byte, 1, MSG_DONTWAIT), 0); // nobody else holds it
    close(ends[1]);
    executor_close(&pool->executor);
    return 0;
}

// Abandoned in the line, and abandoned half-way.
static int sleep_there(void *argument, uint64_t *value)
{
    struct pool *pool = argument;
    uint64_t ms = 5;
    return run_in_executor(&pool->executor, sleep_ms, &ms, sizeof ms, value);
}

static int abandon(void *argument, uint64_t *value)
{
    struct pool *pool = argument;
    struct async_task tasks[4];
    struct squaring squaring = {&pool->executor, 9};
    open_pool(pool, 1);
    for (size_t i = 0; i < 4; i++)
        task_create(&tasks[i], "sleeps", sleep_there, pool);
    task_yield();
    task_cancel(&tasks[2]);
    task_cancel(&tasks[0]);
    assert_int_equal(square_there(&squaring, value), 0);
    assert_int_equal(*value, 81);
    assert_int_equal(task_await(&tasks[0], value), -ECANCELED);
    assert_int_equal(task_await(&tasks[1], value), 0);
    assert_int_equal(task_await(&tasks[2], value), -ECANCELED);
    assert_int_equal(task_await(&tasks[3], value), 0);
    executor_close(&pool->executor);
    return 0;
}

static size_t open_descriptors(void)
{
    size_t count = 0;
    DIR *directory = opendir("/proc/self/fd");
    assert_non_null(directory);
    while (readdir(directory) != NULL)
        count++;
    closedir(directory);
    return count;
}

// Runs a program with both kinds of pool; nothing must be left of it.
static void run_with(async_code *code, enum executor_kind kind)
{
    struct pool pool = {.kind = kind};
    size_t before = open_descriptors();
    assert_int_equal(run_program(code, &pool), 0);
    assert_int_equal(open_descriptors(), before);
    int status;
    assert_int_equal(process_wait(-1, &status, WNOHANG), -ECHILD);
}

static void run_with_both(async_code *code)
{
    run_with(code, EXECUTOR_THREADS);
    run_with(code, EXECUTOR_PROCESSES);
}

static void test_results(void **state)
{
    (void)state;
    run_with_both(square_many);
}

static void test_others_go_on(void **state)
{
    (void)state;
    run_with_both(others_go_on);
}

static void test_abandoned(void **state)
{
    (void)state;
    run_with_both(abandon);
}

static void test_death(void **state)
{
    (void)state;
    run_with(survive_deaths, EXECUTOR_PROCESSES);
    run_with(inherit_nothing, EXECUTOR_PROCESSES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_results),
        cmocka_unit_test(test_others_go_on),
        cmocka_unit_test(test_abandoned),
        cmocka_unit_test(test_death),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

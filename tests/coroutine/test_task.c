// SPDX-License-Identifier: MIT
//
// test_task.c - tasks and futures: order, results, failures, names.
#include "tests/coroutine/async.h"

#include "runners/coroutine/dump.h"
#include "runners/sync.h"

#include <stdio.h>
#include <stdlib.h>

// ---- tasks ------------------------------------------------------------------------------

static int write_letter(void *argument, uint64_t *value)
{
    char letter = *(char *)argument;
    note(letter);
    int error = task_yield();
    note((char)(letter - 'a' + 'A'));
    *value = (uint64_t)letter;
    return error;
}

static int create_and_await(void *argument, uint64_t *value)
{
    (void)argument;
    struct async_task tasks[3];
    char letters[] = "abc";
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(task_create(&tasks[i], "writer", write_letter, &letters[i]), 0);
    note('-');
    for (size_t i = 3; i-- > 0;) { // in another order than they end
        uint64_t result = 0;
        assert_int_equal(task_await(&tasks[i], &result), 0);
        assert_int_equal(result, letters[i]);
        assert_true(task_done(&tasks[i]));
    }
    *value = 42;
    return -EXDEV;
}

static void test_order_and_results(void **state)
{
    (void)state;
    struct reason reason;
    uint64_t value = 0;
    memset(&diary, 0, sizeof diary);
    assert_int_equal(async_run(NULL, create_and_await, NULL, &value, &reason), -EXDEV);
    assert_int_equal(value, 42);
    assert_string_equal(diary.text, "-abcABC");
}

static int go_wrong(void *argument, uint64_t *value)
{
    (void)value;
    return *(int *)argument;
}

static int await_twice(void *argument, uint64_t *value)
{
    struct async_task *task = argument;
    int error = task_await(task, value);
    return error == task_await(task, value) ? error : -EPROTO;
}

static int await_failure(void *argument, uint64_t *value)
{
    int failure = -ENODATA;
    struct async_task task;
    struct async_task waiters[2];
    (void)argument;
    (void)value;
    assert_int_equal(task_create(&task, "fails", go_wrong, &failure), 0);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(task_create(&waiters[i], "waiter", await_twice, &task), 0);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(task_await(&waiters[i], NULL), -ENODATA);
    return 0;
}

static void test_failure(void **state)
{
    (void)state;
    assert_int_equal(run_program(await_failure, NULL), 0);
}

static int exhaust(void *argument, uint64_t *value)
{
    struct async_task *tasks = argument;
    char letter = 'x';
    (void)value;
    int error = 0;
    uint32_t created = 0;
    while (error == 0 && created < 100)
        error = task_create(&tasks[created++], "one of many", write_letter, &letter);
    created -= error != 0;
    assert_int_equal(error, -EAGAIN);
    assert_int_equal(created, 7); // and main is the eighth
    for (uint32_t i = 0; i < created; i++)
        assert_int_equal(task_await(&tasks[i], NULL), 0);
    return task_create(&tasks[0], "again", write_letter, &letter);
}

static void test_too_many(void **state)
{
    (void)state;
    struct reason reason;
    struct async_options options = {.tasks = 8};
    struct async_task *tasks = calloc(100, sizeof *tasks);
    assert_non_null(tasks);
    memset(&diary, 0, sizeof diary);
    assert_int_equal(async_run(&options, exhaust, tasks, NULL, &reason), 0);
    free(tasks);
}

// ---- the end of a program ---------------------------------------------------------------

static int sleep_long(void *argument, uint64_t *value)
{
    (void)argument;
    (void)value;
    int error = wait_sleep(3600 * UINT64_C(1000000000));
    note(error == -ECANCELED ? 'c' : '?');
    assert_int_equal(wait_sleep(MILLISECOND), 0); // cleaning up takes a while
    note('d');
    return error;
}

static struct async_task left_behind[3];

static int leave_behind(void *argument, uint64_t *value)
{
    (void)argument;
    (void)value;
    for (size_t i = 0; i < 3; i++)
        task_create(&left_behind[i], "left behind", sleep_long, NULL);
    return task_yield();
}

static void test_rest_is_cancelled(void **state)
{
    (void)state;
    assert_int_equal(run_program(leave_behind, NULL), 0);
    assert_string_equal(diary.text, "cccddd");
    for (size_t i = 0; i < 3; i++)
        assert_int_equal(left_behind[i].future.error, -ECANCELED);
}

// ---- futures ----------------------------------------------------------------------------

struct promise {
    struct future future;
    int letter;
};

static int await_promise(void *argument, uint64_t *value)
{
    struct promise *promise = argument;
    int letter = promise->letter++;
    int error = future_await(&promise->future, WAIT_FOREVER, value);
    note((char)letter);
    return error;
}

static void write_note(struct future *future, struct future_callback *callback)
{
    assert_true(future->done);
    note(*(char *)callback->data);
}

static int keep_promise(void *argument, uint64_t *value)
{
    (void)argument;
    struct promise promise = {.letter = 'a'};
    struct async_task waiters[3];
    char letters[] = "123";
    struct future_callback callbacks[3];
    future_init(&promise.future, "promise");
    for (size_t i = 0; i < 3; i++) {
        task_create(&waiters[i], "waiter", await_promise, &promise);
        callbacks[i] =
            (struct future_callback){.function = write_note, .data = &letters[i]};
        assert_int_equal(future_on_done(&promise.future, &callbacks[i]), 0);
    }
    task_yield();
    assert_int_equal(future_await(&promise.future, 0, value), -ETIMEDOUT);
    assert_int_equal(future_await(&promise.future, MILLISECOND, value), -ETIMEDOUT);
    future_forget(&promise.future, &callbacks[1]);
    assert_int_equal(future_set_result(&promise.future, 7), 0);
    note('-');
    assert_int_equal(future_set_result(&promise.future, 8), -EALREADY);
    assert_int_equal(future_set_failure(&promise.future, -EIO), -EALREADY);
    assert_int_equal(future_on_done(&promise.future, &callbacks[1]), -EALREADY);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(task_await(&waiters[i], value), 0);
        assert_int_equal(*value, 7);
    }
    return future_await(&promise.future, 0, value);
}

static void test_future(void **state)
{
    (void)state;
    assert_int_equal(run_program(keep_promise, NULL), 0);
    assert_string_equal(diary.text, "13-abc");
}

static int break_promise(void *argument, uint64_t *value)
{
    (void)argument;
    struct promise promise = {.letter = 'a'};
    struct async_task waiter;
    future_init(&promise.future, "promise");
    task_create(&waiter, "waiter", await_promise, &promise);
    task_yield();
    assert_int_equal(future_set_failure(&promise.future, -ENOLINK), 0);
    assert_int_equal(future_await(&promise.future, WAIT_FOREVER, value), -ENOLINK);
    return task_await(&waiter, value);
}

static void test_future_fails(void **state)
{
    (void)state;
    assert_int_equal(run_program(break_promise, NULL), -ENOLINK);
}

// ---- dump -------------------------------------------------------------------------------

static int wait_for_event(void *argument, uint64_t *value)
{
    (void)value;
    return sync_wait(argument, SYNC_FOREVER);
}

static int dump(void *argument, uint64_t *value)
{
    (void)value;
    FILE *file = argument;
    struct sync_event event;
    struct async_task waits;
    struct async_task ready;
    sync_event_init(&event);
    task_create(&waits, "listener", wait_for_event, &event);
    task_yield();
    task_create(&ready, "newcomer", wait_for_event, &event);
    dump_coroutines(file, 2);
    sync_set(&event);
    task_await(&waits, NULL);
    return task_await(&ready, NULL);
}

static void test_dump(void **state)
{
    (void)state;
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    assert_int_equal(run_program(dump, file), 0);
    fclose(file);
    assert_non_null(strstr(text, "3 coroutines alive\n"));
    assert_non_null(strstr(text, "  main                 runs\n"));
    assert_non_null(strstr(text, "  listener             waits for event (0x"));
    assert_non_null(strstr(text, "  and 1 more\n"));
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_and_results),
        cmocka_unit_test(test_failure),
        cmocka_unit_test(test_too_many),
        cmocka_unit_test(test_rest_is_cancelled),
        cmocka_unit_test(test_future),
        cmocka_unit_test(test_future_fails),
        cmocka_unit_test(test_dump),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
//
// test_gather.c - gather under each policy, wait_for, calls at a later time.
#include "tests/coroutine/async.h"

#include "lib/clock.h"
#include "runners/coroutine/call_later.h"
#include "runners/coroutine/gather.h"
#include "runners/coroutine/task.h"

#include <stdlib.h>

#define COUNT 5

// A task that sleeps, and then does what it was told.
struct order {
    uint64_t sleep_ns;
    int error;
    char letter;
};

static int obey(void *argument, uint64_t *value)
{
    const struct order *order = argument;
    int error = wait_sleep(order->sleep_ns);
    note(error == -ECANCELED ? 'x' : order->letter);
    *value = (uint64_t)order->letter;
    return error != 0 ? error : order->error;
}

struct scene {
    struct order orders[COUNT];
    struct async_task tasks[COUNT];
    struct gather_member members[COUNT];
};

// The delays are reversed: the last member ends first. There is a long time between the
// third to end and the fourth, so that even a slow machine does not mix them up.
static void begin(struct scene *scene)
{
    static const uint64_t sleeps_ms[COUNT] = {400, 390, 3, 2, 1};
    for (size_t i = 0; i < COUNT; i++) {
        scene->orders[i].sleep_ns = sleeps_ms[i] * MILLISECOND;
        scene->orders[i].letter = (char)('a' + i);
        task_create(&scene->tasks[i], "member", obey, &scene->orders[i]);
        scene->members[i].task = &scene->tasks[i];
    }
}

static void await_all(struct scene *scene)
{
    for (size_t i = 0; i < COUNT; i++) {
        task_cancel(&scene->tasks[i]);
        task_await(&scene->tasks[i], NULL);
    }
}

static int gather_all(void *argument, uint64_t *value)
{
    struct scene scene = {0};
    (void)argument;
    (void)value;
    begin(&scene);
    assert_int_equal(gather(scene.members, COUNT, GATHER_FIRST_FAILURE), 0);
    for (size_t i = 0; i < COUNT; i++) {
        assert_int_equal(scene.members[i].error, 0);
        assert_int_equal(scene.members[i].value, 'a' + i);
    }
    // Once more, now that they have all ended, and of nobody.
    assert_int_equal(gather(scene.members, COUNT, GATHER_CANCEL_OTHERS), 0);
    return gather(scene.members, 0, GATHER_FIRST_FAILURE);
}

static void test_order(void **state)
{
    (void)state;
    assert_int_equal(run_program(gather_all, NULL), 0);
    assert_string_equal(diary.text, "edcba");
}

static int gather_with_failure(void *argument, uint64_t *value)
{
    enum gather_policy policy = *(enum gather_policy *)argument;
    struct scene scene = {0};
    (void)value;
    scene.orders[2].error = -ENODATA; // the third to end
    begin(&scene);
    int error = gather(scene.members, COUNT, policy);
    note('-');
    assert_int_equal(scene.members[2].error, -ENODATA);
    assert_int_equal(scene.members[4].error, 0);
    assert_int_equal(scene.members[4].value, 'e');
    if (policy == GATHER_FIRST_FAILURE) {
        assert_int_equal(scene.members[0].error, -EINPROGRESS);
        assert_int_equal(task_await(&scene.tasks[0], NULL), 0); // it went on
    } else {
        int expected = policy == GATHER_CANCEL_OTHERS ? -ECANCELED : 0;
        assert_int_equal(scene.members[0].error, expected);
    }
    await_all(&scene);
    return error;
}

static void test_policies(void **state)
{
    static const struct {
        enum gather_policy policy;
        int error;
        const char *diary;
    } cases[] = {{GATHER_RETURN_FAILURES, 0, "edcba-"},
                 {GATHER_FIRST_FAILURE, -ENODATA, "edc-ba"},
                 {GATHER_CANCEL_OTHERS, -ENODATA, "edcxx-"}};
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        enum gather_policy policy = cases[i].policy;
        assert_int_equal(run_program(gather_with_failure, &policy), cases[i].error);
        assert_string_equal(diary.text, cases[i].diary);
    }
}

static int gather_until_cancelled(void *argument, uint64_t *value)
{
    struct scene scene = {0};
    (void)argument;
    (void)value;
    begin(&scene);
    int error = gather(scene.members, COUNT, GATHER_FIRST_FAILURE);
    for (size_t i = 0; i < COUNT; i++)
        assert_true(task_done(&scene.tasks[i]));
    return error;
}

static int cancel_gather(void *argument, uint64_t *value)
{
    struct async_task task;
    (void)argument;
    (void)value;
    task_create(&task, "gatherer", gather_until_cancelled, NULL);
    while (diary.length < 3)
        wait_sleep(MILLISECOND);
    task_cancel(&task);
    task_cancel(&task);
    return task_await(&task, NULL);
}

static void test_cancelled(void **state)
{
    (void)state;
    assert_int_equal(run_program(cancel_gather, NULL), -ECANCELED);
    assert_string_equal(diary.text, "edcxx");
}

// ---- wait_for -----------------------------------------------------------------------------

static int stubborn(void *argument, uint64_t *value)
{
    (void)argument;
    if (wait_sleep(1000 * MILLISECOND) == -ECANCELED)
        wait_sleep(2 * MILLISECOND);
    note('s');
    *value = 5;
    return 0;
}

static int limits(void *argument, uint64_t *value)
{
    struct order quick = {.sleep_ns = MILLISECOND, .letter = 'q'};
    struct order slow = {.sleep_ns = 10000 * MILLISECOND, .letter = '?'};
    struct async_task task;
    (void)argument;
    task_create(&task, "quick", obey, &quick);
    assert_int_equal(wait_for(&task, 10000 * MILLISECOND, value), 0);
    assert_int_equal(*value, 'q');
    task_create(&task, "slow", obey, &slow);
    assert_int_equal(wait_for(&task, MILLISECOND, value), -ETIMEDOUT);
    assert_true(task_done(&task));
    task_create(&task, "never begun", obey, &slow);
    assert_int_equal(wait_for(&task, 0, value), -ETIMEDOUT);
    // A task that finishes in spite of being cancelled has finished.
    task_create(&task, "stubborn", stubborn, NULL);
    assert_int_equal(wait_for(&task, MILLISECOND, value), 0);
    assert_int_equal(*value, 5);
    return 0;
}

static void test_wait_for(void **state)
{
    (void)state;
    assert_int_equal(run_program(limits, NULL), 0);
    assert_string_equal(diary.text, "qxs");
}

static int wait_for_slow(void *argument, uint64_t *value)
{
    struct async_task inner;
    task_create(&inner, "inner", stubborn, argument);
    int error = wait_for(&inner, 500 * MILLISECOND, value);
    assert_true(task_done(&inner));
    return error;
}

static int cancel_wait_for(void *argument, uint64_t *value)
{
    struct async_task task;
    (void)argument;
    task_create(&task, "waits", wait_for_slow, NULL);
    wait_sleep(MILLISECOND);
    task_cancel(&task);
    return task_await(&task, value);
}

static void test_wait_for_cancelled(void **state)
{
    (void)state;
    // The inner task cleaned up and came to a result, which wins.
    assert_int_equal(run_program(cancel_wait_for, NULL), 0);
    assert_string_equal(diary.text, "s");
}

// ---- calls at a later time ------------------------------------------------------------------

struct lettered_call {
    struct later_call call; // first
    uint64_t due_ns;
};

static void on_call(struct later_call *call)
{
    const struct lettered_call *lettered = (const struct lettered_call *)call;
    assert_true(clock_now_ns() >= lettered->due_ns);
    note(*(const char *)call->data);
}

static int schedule(void *argument, uint64_t *value)
{
    static const uint64_t after_ms[] = {6, 2, 4, 0, 8};
    char letters[] = "dbcae";
    struct lettered_call calls[5];
    (void)argument;
    (void)value;
    uint64_t now_ns = clock_now_ns();
    for (size_t i = 0; i < 5; i++) {
        calls[i].call.data = &letters[i];
        calls[i].due_ns = now_ns + after_ms[i] * MILLISECOND;
        if (i % 2 == 0)
            call_later(&calls[i].call, after_ms[i] * MILLISECOND, on_call);
        else
            call_at(&calls[i].call, calls[i].due_ns, on_call);
    }
    assert_true(call_cancel(&calls[2].call));
    assert_false(call_cancel(&calls[2].call));
    wait_sleep(12 * MILLISECOND);
    assert_false(call_cancel(&calls[0].call));
    return 0;
}

static void test_calls(void **state)
{
    (void)state;
    assert_int_equal(run_program(schedule, NULL), 0);
    assert_string_equal(diary.text, "abde");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_policies),
        cmocka_unit_test(test_cancelled),
        cmocka_unit_test(test_wait_for),
        cmocka_unit_test(test_wait_for_cancelled),
        cmocka_unit_test(test_calls),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

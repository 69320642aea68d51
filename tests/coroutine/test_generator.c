// SPDX-License-Identifier: MIT
//
// test_generator.c - values out, values in, ends of all kinds, generators that wait.
#include "tests/coroutine/async.h"

#include "runners/coroutine/generator.h"

static void count_to(struct generator *self, void *argument)
{
    for (uint64_t i = 0; i < *(uint64_t *)argument; i++) {
        if (generator_yield(self, i, NULL) != 0)
            return;
    }
    note('e');
}

// Yields the sum of all that was sent.
static void add_up(struct generator *self, void *argument)
{
    uint64_t sum = 0;
    uint64_t in;
    (void)argument;
    while (generator_yield(self, sum, &in) == 0)
        sum += in;
    note('c');
}

static int values(void *argument, uint64_t *value)
{
    struct generator generator;
    uint64_t limit = 3;
    uint64_t expected = 0;
    (void)argument;
    assert_int_equal(generator_init(&generator, "count", count_to, &limit), 0);
    assert_int_equal(diary.length, 0);
    while (generator_next(&generator, value))
        assert_int_equal(*value, expected++);
    assert_int_equal(expected, 3);
    assert_false(generator_next(&generator, value)); // it stays ended
    generator_close(&generator);
    limit = 0;
    generator_init(&generator, "nothing", count_to, &limit);
    return generator_next(&generator, value);
}

static void test_values(void **state)
{
    (void)state;
    assert_int_equal(run_program(values, NULL), 0);
    assert_string_equal(diary.text, "ee");
}

static int send_some(void *argument, uint64_t *value)
{
    struct generator generator;
    (void)argument;
    generator_init(&generator, "sum", add_up, NULL);
    assert_true(generator_next(&generator, value));
    assert_int_equal(*value, 0);
    for (uint64_t i = 1; i <= 4; i++)
        assert_true(generator_send(&generator, i, value));
    assert_int_equal(*value, 10);
    generator_close(&generator);
    generator_close(&generator);
    generator_init(&generator, "never begun", add_up, NULL);
    generator_close(&generator);
    assert_false(generator_send(&generator, 1, value));
    return 0;
}

static void test_send_and_close(void **state)
{
    (void)state;
    assert_int_equal(run_program(send_some, NULL), 0);
    assert_string_equal(diary.text, "c");
}

// A generator of a generator: squares of what the inner one gives.
static void square(struct generator *self, void *argument)
{
    uint64_t value;
    while (generator_next(argument, &value)) {
        if (generator_yield(self, value * value, NULL) != 0)
            return;
    }
}

static int nested(void *argument, uint64_t *value)
{
    struct generator inner;
    struct generator outer;
    uint64_t limit = 5;
    uint64_t sum = 0;
    (void)argument;
    generator_init(&inner, "inner", count_to, &limit);
    generator_init(&outer, "outer", square, &inner);
    while (generator_next(&outer, value))
        sum += *value;
    return sum == 0 + 1 + 4 + 9 + 16 ? 0 : -EPROTO;
}

static void test_nested(void **state)
{
    (void)state;
    assert_int_equal(run_program(nested, NULL), 0);
}

// Two consumers of two generators that let others run: all of them in turn.
static void tick(struct generator *self, void *argument)
{
    for (int i = 0; i < 3; i++) {
        if (task_yield() != 0)
            return;
        note(*(char *)argument);
        if (generator_yield(self, 1, NULL) != 0)
            return;
    }
}

// Gives one value, and then nothing for an hour.
static void tick_once(struct generator *self, void *argument)
{
    note(*(char *)argument);
    if (generator_yield(self, 1, NULL) != 0)
        return;
    note(wait_sleep(3600 * UINT64_C(1000000000)) == -ECANCELED ? 'x' : '?');
}

struct ticking {
    generator_code *code;
    char letter;
};

static int consume(void *argument, uint64_t *value)
{
    struct generator generator;
    struct ticking *ticking = argument;
    uint64_t one;
    generator_init(&generator, "ticks", ticking->code, &ticking->letter);
    while (generator_next(&generator, &one))
        *value += one;
    return task_yield(); // tells whether it has been cancelled meanwhile
}

static int consume_two(void *argument, uint64_t *value)
{
    struct ticking tickings[] = {{tick, 'a'}, {tick, 'b'}};
    struct async_task tasks[2];
    (void)argument;
    task_create(&tasks[0], "first", consume, &tickings[0]);
    task_create(&tasks[1], "second", consume, &tickings[1]);
    assert_int_equal(task_await(&tasks[0], value), 0);
    return task_await(&tasks[1], value);
}

static void test_that_wait(void **state)
{
    (void)state;
    assert_int_equal(run_program(consume_two, NULL), 0);
    assert_string_equal(diary.text, "ababab");
}

static int cancel_consumer(void *argument, uint64_t *value)
{
    struct ticking ticking = {tick_once, 'a'};
    struct async_task task;
    (void)argument;
    task_create(&task, "consumer", consume, &ticking);
    wait_sleep(2 * MILLISECOND);
    task_cancel(&task);
    int error = task_await(&task, value);
    assert_int_equal(error, -ECANCELED);
    return 0;
}

static void test_cancelled(void **state)
{
    (void)state;
    assert_int_equal(run_program(cancel_consumer, NULL), 0);
    assert_string_equal(diary.text, "ax");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),    cmocka_unit_test(test_send_and_close),
        cmocka_unit_test(test_nested),    cmocka_unit_test(test_that_wait),
        cmocka_unit_test(test_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

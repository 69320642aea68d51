// SPDX-License-Identifier: MIT
//
// test_sync.c - who comes first: the order in which coroutines are served by mutex,
// semaphore, event and queue, exactly. (What holds for every model is in tests/sync/.)
#include "tests/coroutine/async.h"

#include "lib/clock.h"
#include "runners/sync.h"

struct shared {
    struct sync_mutex mutex;
    struct sync_semaphore semaphore;
    struct sync_event event;
    struct sync_queue queue;
    uint64_t ring[2];
    char next_letter;
};

static void open_shared(struct shared *shared)
{
    *shared = (struct shared){.next_letter = 'a'};
    sync_mutex_init(&shared->mutex);
    sync_semaphore_init(&shared->semaphore, 0);
    sync_event_init(&shared->event);
    sync_queue_init(&shared->queue, shared->ring, 2);
}

// Four tasks of this code, a, b, c, d; then `rest`, then they are awaited.
static void run_four(struct shared *shared, async_code *code,
                     void (*rest)(struct shared *shared))
{
    struct async_task tasks[4];
    for (size_t i = 0; i < 4; i++)
        task_create(&tasks[i], "one of four", code, shared);
    task_yield();
    rest(shared);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(task_await(&tasks[i], NULL), 0);
}

// ---- semaphore ------------------------------------------------------------------------------

static int acquire_and_note(void *argument, uint64_t *value)
{
    struct shared *shared = argument;
    char letter = shared->next_letter++;
    (void)value;
    int error = sync_acquire(&shared->semaphore, SYNC_FOREVER);
    note(letter);
    return error;
}

static void release_four(struct shared *shared)
{
    sync_release(&shared->semaphore);
    sync_release(&shared->semaphore);
    // Both permits belong to a and b, who have not run yet: a newcomer gets none.
    assert_int_equal(sync_acquire(&shared->semaphore, 0), -ETIMEDOUT);
    task_yield();
    note('-');
    sync_release(&shared->semaphore);
    sync_release(&shared->semaphore);
}

static int semaphore_order(void *argument, uint64_t *value)
{
    struct shared shared;
    (void)argument;
    (void)value;
    open_shared(&shared);
    run_four(&shared, acquire_and_note, release_four);
    return 0;
}

static void test_semaphore(void **state)
{
    (void)state;
    assert_int_equal(run_program(semaphore_order, NULL), 0);
    assert_string_equal(diary.text, "ab-cd");
}

// ---- mutex ----------------------------------------------------------------------------------

static int lock_twice(void *argument, uint64_t *value)
{
    struct shared *shared = argument;
    char letter = shared->next_letter++;
    (void)value;
    for (int i = 0; i < 2; i++) {
        sync_lock(&shared->mutex, SYNC_FOREVER);
        note(letter);
        sync_unlock(&shared->mutex);
    }
    return 0;
}

static void unlock(struct shared *shared)
{
    assert_int_equal(diary.length, 0);
    sync_unlock(&shared->mutex);
}

static int mutex_order(void *argument, uint64_t *value)
{
    struct shared shared;
    (void)argument;
    (void)value;
    open_shared(&shared);
    assert_int_equal(sync_lock(&shared.mutex, SYNC_FOREVER), 0);
    run_four(&shared, lock_twice, unlock);
    return 0;
}

// A holder that unlocks and wants it again stands in line behind all others.
static void test_mutex(void **state)
{
    (void)state;
    assert_int_equal(run_program(mutex_order, NULL), 0);
    assert_string_equal(diary.text, "abcdabcd");
}

// ---- event ----------------------------------------------------------------------------------

static int wait_and_note(void *argument, uint64_t *value)
{
    struct shared *shared = argument;
    char letter = shared->next_letter++;
    (void)value;
    int error = sync_wait(&shared->event, SYNC_FOREVER);
    note(letter);
    return error;
}

static void set_and_clear(struct shared *shared)
{
    sync_set(&shared->event);
    sync_set(&shared->event);
    assert_int_equal(sync_wait(&shared->event, 0), 0);
    sync_clear(&shared->event); // too late for those who have been woken
    assert_int_equal(sync_wait(&shared->event, 0), -ETIMEDOUT);
    assert_int_equal(sync_wait(&shared->event, MILLISECOND), -ETIMEDOUT);
}

static int event_order(void *argument, uint64_t *value)
{
    struct shared shared;
    (void)argument;
    (void)value;
    open_shared(&shared);
    run_four(&shared, wait_and_note, set_and_clear);
    return 0;
}

static void test_event(void **state)
{
    (void)state;
    assert_int_equal(run_program(event_order, NULL), 0);
    assert_string_equal(diary.text, "abcd");
}

// ---- queue ----------------------------------------------------------------------------------

static int get_and_note(void *argument, uint64_t *value)
{
    struct shared *shared = argument;
    char letter = shared->next_letter++;
    uint64_t item = 0;
    (void)value;
    int error = sync_get(&shared->queue, &item, SYNC_FOREVER);
    note(letter);
    note((char)item);
    return error;
}

static void put_four(struct shared *shared)
{
    for (uint64_t item = '1'; item <= '4'; item++)
        assert_int_equal(sync_put(&shared->queue, item, 0), 0); // straight to who waits
    assert_int_equal(sync_put(&shared->queue, '5', 0), 0);      // into the ring
    assert_int_equal(sync_put(&shared->queue, '6', 0), 0);
    assert_int_equal(sync_put(&shared->queue, '7', 0), -ETIMEDOUT);
    assert_int_equal(sync_put(&shared->queue, '7', MILLISECOND), -ETIMEDOUT);
}

static int put_and_note(void *argument, uint64_t *value)
{
    struct shared *shared = argument;
    char letter = shared->next_letter++;
    (void)value;
    int error = sync_put(&shared->queue, (uint64_t)letter, SYNC_FOREVER);
    note(letter);
    return error;
}

static void get_six(struct shared *shared)
{
    char items[7] = "";
    for (size_t i = 0; i < 6; i++) {
        uint64_t item = 0;
        assert_int_equal(sync_get(&shared->queue, &item, 0), 0);
        items[i] = (char)item;
    }
    assert_string_equal(items, "56efgh"); // also of those who had to wait for room
}

static int queue_order(void *argument, uint64_t *value)
{
    struct shared shared;
    (void)argument;
    (void)value;
    open_shared(&shared);
    run_four(&shared, get_and_note, put_four);
    note('-');
    run_four(&shared, put_and_note, get_six);
    return 0;
}

static void test_queue(void **state)
{
    (void)state;
    assert_int_equal(run_program(queue_order, NULL), 0);
    assert_string_equal(diary.text, "a1b2c3d4-efgh");
}

// ---- time limits ----------------------------------------------------------------------------

static int limits(void *argument, uint64_t *value)
{
    struct shared shared;
    uint64_t item;
    (void)argument;
    (void)value;
    open_shared(&shared);
    uint64_t began_ns = clock_now_ns();
    assert_int_equal(sync_acquire(&shared.semaphore, 3 * MILLISECOND), -ETIMEDOUT);
    assert_int_equal(sync_get(&shared.queue, &item, 3 * MILLISECOND), -ETIMEDOUT);
    assert_int_equal(sync_wait(&shared.event, 3 * MILLISECOND), -ETIMEDOUT);
    sync_lock(&shared.mutex, SYNC_FOREVER);
    assert_int_equal(sync_lock(&shared.mutex, 3 * MILLISECOND), -ETIMEDOUT);
    assert_true(clock_now_ns() - began_ns >= 12 * MILLISECOND);
    assert_int_equal(scheduler_here->outside, 0);
    return 0;
}

static void test_limits(void **state)
{
    (void)state;
    assert_int_equal(run_program(limits, NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_semaphore), cmocka_unit_test(test_mutex),
        cmocka_unit_test(test_event),     cmocka_unit_test(test_queue),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

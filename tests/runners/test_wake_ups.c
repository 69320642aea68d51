// SPDX-License-Identifier: MIT
//
// A queue of threads and processes calls who sleeps on it once, not once for each item of a
// burst: a wake-up is a system call that loops do not make. And a wait that is in vain says so,
// in all objects of sync.h. The sleep is a function of this test, in which others use the queue
// meanwhile, or which is told to end without a call.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runners/blocking/park.h"
#include "runners/sync.h"

#include <errno.h>

enum { CAPACITY = 16 };

static struct sync_queue queue;
static uint64_t ring[CAPACITY];
static int wake_ups;
static void (*meanwhile)(void);
static int sleep_ends_with; // as sync_park() says it

int sync_park(_Atomic uint32_t *word, uint32_t value, uint64_t deadline_ns)
{
    (void)word;
    (void)value;
    (void)deadline_ns;
    meanwhile();
    return sleep_ends_with;
}

void sync_unpark(_Atomic uint32_t *word, int sleepers)
{
    (void)word;
    (void)sleepers;
    wake_ups++;
}

static void put_all(void)
{
    for (uint64_t i = 0; i < CAPACITY; i++)
        assert_int_equal(sync_put(&queue, i, 0), 0);
}

static void get_all(void)
{
    uint64_t item;
    for (uint64_t i = 0; i < CAPACITY; i++) {
        assert_int_equal(sync_get(&queue, &item, 0), 0);
        assert_int_equal(item, i);
    }
}

static int begin(void **state)
{
    (void)state;
    sync_queue_init(&queue, ring, CAPACITY);
    wake_ups = 0;
    sleep_ends_with = 0;
    return 0;
}

static void a_burst_of_items_wakes_one_sleeper_once(void **state)
{
    (void)state;
    uint64_t item = UINT64_MAX;
    meanwhile = put_all;
    assert_int_equal(sync_get(&queue, &item, SYNC_FOREVER), 0);
    assert_int_equal(item, 0);
    assert_int_equal(wake_ups, 1);
}

static void a_burst_of_free_places_wakes_one_sleeper_once(void **state)
{
    (void)state;
    put_all();
    meanwhile = get_all;
    assert_int_equal(sync_put(&queue, CAPACITY, SYNC_FOREVER), 0);
    assert_int_equal(wake_ups, 1);
}

static void nobody_is_woken_where_nobody_sleeps(void **state)
{
    (void)state;
    put_all();
    get_all();
    assert_int_equal(wake_ups, 0);
}

static void nothing(void)
{
}

static void a_queue_that_stays_as_it_is_ends_the_wait(void **state)
{
    (void)state;
    uint64_t item = UINT64_MAX;
    meanwhile = nothing;
    sleep_ends_with = -ETIMEDOUT;
    for (int i = 0; i < 2; i++) {
        uint64_t timeout_ns = i == 0 ? 0 : 1000;
        assert_int_equal(sync_get(&queue, &item, timeout_ns), -ETIMEDOUT);
        assert_int_equal(item, UINT64_MAX); // nothing was written
        put_all();
        assert_int_equal(sync_put(&queue, CAPACITY, timeout_ns), -ETIMEDOUT);
        get_all(); // and the item is not in it
    }
    assert_int_equal(wake_ups, 0);
}

// The sleep is over, and just then somebody has been quicker.
static void what_came_at_the_last_moment_is_taken(void **state)
{
    (void)state;
    uint64_t item = UINT64_MAX;
    meanwhile = put_all;
    sleep_ends_with = -ETIMEDOUT;
    assert_int_equal(sync_get(&queue, &item, 1000), 0);
    assert_int_equal(item, 0);
}

static void permits_and_events_that_do_not_come_end_the_wait(void **state)
{
    (void)state;
    struct sync_semaphore semaphore;
    struct sync_event event;
    meanwhile = nothing;
    sleep_ends_with = -ETIMEDOUT;
    sync_semaphore_init(&semaphore, 1);
    sync_event_init(&event);
    for (int i = 0; i < 2; i++) {
        uint64_t timeout_ns = i == 0 ? 0 : 1000;
        assert_int_equal(sync_acquire(&semaphore, 1000), 0);
        assert_int_equal(sync_acquire(&semaphore, timeout_ns), -ETIMEDOUT);
        sync_release(&semaphore);
        assert_int_equal(sync_wait(&event, timeout_ns), -ETIMEDOUT);
    }
    sync_set(&event);
    assert_int_equal(sync_wait(&event, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_burst_of_items_wakes_one_sleeper_once, begin),
        cmocka_unit_test_setup(a_burst_of_free_places_wakes_one_sleeper_once, begin),
        cmocka_unit_test_setup(nobody_is_woken_where_nobody_sleeps, begin),
        cmocka_unit_test_setup(a_queue_that_stays_as_it_is_ends_the_wait, begin),
        cmocka_unit_test_setup(what_came_at_the_last_moment_is_taken, begin),
        cmocka_unit_test_setup(permits_and_events_that_do_not_come_end_the_wait, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

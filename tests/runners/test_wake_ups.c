// SPDX-License-Identifier: MIT
//
// A queue of threads and processes calls who sleeps on it once, not once for each item of a
// burst: a wake-up is a system call that loops do not make. The sleep is a function of
// this test, in which others use the queue meanwhile.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runners/blocking/park.h"
#include "runners/sync.h"

enum { CAPACITY = 16 };

static struct sync_queue queue;
static uint64_t ring[CAPACITY];
static int wake_ups;
static void (*meanwhile)(void);

int sync_park(_Atomic uint32_t *word, uint32_t value, uint64_t deadline_ns)
{
    (void)word;
    (void)value;
    (void)deadline_ns;
    meanwhile();
    return 0;
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_burst_of_items_wakes_one_sleeper_once, begin),
        cmocka_unit_test_setup(a_burst_of_free_places_wakes_one_sleeper_once, begin),
        cmocka_unit_test_setup(nobody_is_woken_where_nobody_sleeps, begin),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

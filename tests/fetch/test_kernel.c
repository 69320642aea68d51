// SPDX-License-Identifier: MIT
//
// test_kernel.c - the messages of `fetch` against a second implementation
// (kernel_golden.py), and against every way of being wrong. Needs workloads/fetch.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/check.h"
#include "workloads/fetch/kernel.h"

#include <string.h>

static const size_t sizes[] = {32, 33, 39, 40, 61, 64, 100, 1023, 1024};

// The output of kernel_golden.py.
static const struct {
    struct fetch_label label;
    size_t size;
    uint64_t digest;
} golden[] = {
    {{1, FETCH_REQUEST, 0u, 0u}, 32, UINT64_C(0x3cdfb47f58102360)},
    {{1, FETCH_REPLY, 0u, 0u}, 32, UINT64_C(0xf2d3028a06e82d7f)},
    {{1, FETCH_REPLY, 9999u, 1u}, 64, UINT64_C(0xbc94924a5fd5f511)},
    {{UINT64_MAX, FETCH_REPLY, 4294967295u, 4294967295u},
     1024,
     UINT64_C(0x11abaa4fd2640cf1)},
    {{42, FETCH_REQUEST, 7u, 3u}, 61, UINT64_C(0x855757a6f40bce40)},
};

static void test_golden(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(golden); i++) {
        unsigned char message[FETCH_MESSAGE_MAX];
        fetch_message_build(message, golden[i].size, &golden[i].label);
        assert_int_equal(fetch_message_digest(message, golden[i].size), golden[i].digest);
    }
}

// Not a byte behind `size` may be written or looked at.
static void test_size_is_kept(void **state)
{
    (void)state;
    const struct fetch_label label = {5, FETCH_REQUEST, 6, 7};
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        unsigned char message[FETCH_MESSAGE_MAX + 8];
        memset(message, 0xaa, sizeof message);
        fetch_message_build(message, sizes[i], &label);
        for (size_t place = sizes[i]; place < sizes[i] + 8; place++)
            assert_int_equal(message[place], 0xaa);
        message[sizes[i]] ^= 1;
        assert_int_equal(fetch_message_check(message, sizes[i], &label), FETCH_FINE);
        assert_int_equal(fetch_message_task(message), 6);
    }
}

static void test_every_flipped_bit_is_seen(void **state)
{
    (void)state;
    const struct fetch_label label = {5, FETCH_REPLY, 6, 7};
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        unsigned char message[FETCH_MESSAGE_MAX];
        fetch_message_build(message, sizes[i], &label);
        uint64_t digest = fetch_message_digest(message, sizes[i]);
        for (size_t bit = 0; bit < 8 * sizes[i]; bit++) {
            message[bit / 8] ^= (unsigned char)(1 << bit % 8);
            assert_int_not_equal(fetch_message_check(message, sizes[i], &label),
                                 FETCH_FINE);
            assert_int_not_equal(fetch_message_digest(message, sizes[i]), digest);
            message[bit / 8] ^= (unsigned char)(1 << bit % 8);
        }
        assert_int_equal(fetch_message_check(message, sizes[i], &label), FETCH_FINE);
    }
}

static void test_faults_are_named(void **state)
{
    (void)state;
    const struct fetch_label right = {5, FETCH_REPLY, 6, 7};
    const struct {
        struct fetch_label label;
        enum fetch_fault fault;
    } wrong[] = {
        {{5, FETCH_REQUEST, 6, 7}, FETCH_WRONG_KIND},
        {{5, FETCH_REPLY, 5, 7}, FETCH_WRONG_TASK},
        {{5, FETCH_REPLY, 6, 8}, FETCH_WRONG_SEQUENCE},
        {{4, FETCH_REPLY, 6, 7}, FETCH_WRONG_PAYLOAD},
    };
    unsigned char message[FETCH_MESSAGE_MAX];
    for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
        fetch_message_build(message, 64, &wrong[i].label);
        assert_int_equal(fetch_message_check(message, 64, &right), wrong[i].fault);
    }
    fetch_message_build(message, 64, &right);
    assert_int_equal(fetch_message_check(message, 63, &right), FETCH_WRONG_SIZE);
    memset(message, 0, sizeof message);
    assert_int_equal(fetch_message_check(message, 64, &right), FETCH_WRONG_KIND);
    assert_string_equal(fetch_fault_name(FETCH_WRONG_PAYLOAD), "wrong payload");
    assert_string_equal(fetch_fault_name((enum fetch_fault)99), "unknown fault");
}

// The payload alone tells apart what the header tells apart.
static void test_payloads_differ(void **state)
{
    (void)state;
    const struct fetch_label labels[] = {
        {1, FETCH_REQUEST, 1, 1}, {2, FETCH_REQUEST, 1, 1}, {1, FETCH_REPLY, 1, 1},
        {1, FETCH_REQUEST, 2, 1}, {1, FETCH_REQUEST, 1, 2},
    };
    unsigned char messages[ARRAY_LEN(labels)][FETCH_MESSAGE_MIN];
    for (size_t i = 0; i < ARRAY_LEN(labels); i++) {
        fetch_message_build(messages[i], FETCH_MESSAGE_MIN, &labels[i]);
        for (size_t other = 0; other < i; other++)
            assert_memory_not_equal(messages[i] + FETCH_HEADER_SIZE,
                                    messages[other] + FETCH_HEADER_SIZE,
                                    FETCH_MESSAGE_MIN - FETCH_HEADER_SIZE);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_golden),
        cmocka_unit_test(test_size_is_kept),
        cmocka_unit_test(test_every_flipped_bit_is_seen),
        cmocka_unit_test(test_faults_are_named),
        cmocka_unit_test(test_payloads_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

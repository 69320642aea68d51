// SPDX-License-Identifier: MIT
//
// test_quantity.c - quantities with units, as typed and as printed.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/check.h"
#include "lib/options.h"

#include <errno.h>

struct example {
    enum option_kind kind;
    const char *text;
    uint64_t value;
};

static void test_units(void **state)
{
    static const struct example examples[] = {
        {OPTION_COUNT, "0", 0},
        {OPTION_COUNT, "007", 7},
        {OPTION_COUNT, "10k", 10000},
        {OPTION_COUNT, "2M", 2000000},
        {OPTION_COUNT, "2m", 2000000},
        {OPTION_COUNT, "1G", 1000000000},
        {OPTION_COUNT, "4294967295", UINT32_MAX},
        {OPTION_COUNT, "1.5k", 1500},
        {OPTION_SIZE, "64", 64},
        {OPTION_SIZE, "64k", 65536},
        {OPTION_SIZE, "4m", 4 << 20},
        {OPTION_SIZE, "1g", 1 << 30},
        {OPTION_SIZE, "0.5k", 512},
        {OPTION_SIZE, "64KiB", 65536},
        {OPTION_SIZE, "64 KiB", 65536},
        {OPTION_SIZE, "32B", 32},
        {OPTION_SIZE, "4MiB", 4 << 20},
        {OPTION_SIZE, "4M", 4 << 20},
        {OPTION_SIZE, "1GiB", 1 << 30},
        {OPTION_DURATION, "0", 0},
        {OPTION_DURATION, "0s", 0},
        {OPTION_DURATION, "500ns", 500},
        {OPTION_DURATION, "10us", 10000},
        {OPTION_DURATION, "1.5ms", 1500000},
        {OPTION_DURATION, "2s", UINT64_C(2000000000)},
        {OPTION_DURATION, "1min", UINT64_C(60000000000)},
        {OPTION_DURATION, "1h", UINT64_C(3600000000000)},
        {OPTION_DURATION, "24 h", UINT64_C(86400000000000)},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(examples); i++) {
        uint64_t value = 1;
        if (quantity_parse(examples[i].kind, examples[i].text, &value) != 0)
            fail_msg("'%s' must be understood", examples[i].text);
        assert_int_equal(value, examples[i].value);
    }
}

static void test_nonsense(void **state)
{
    static const struct example examples[] = {
        {OPTION_COUNT, "", 0},
        {OPTION_COUNT, " 1", 0},
        {OPTION_COUNT, "1 ", 0},
        {OPTION_COUNT, "-1", 0},
        {OPTION_COUNT, "+1", 0},
        {OPTION_COUNT, "0x10", 0},
        {OPTION_COUNT, "1e3", 0},
        {OPTION_COUNT, "ten", 0},
        {OPTION_COUNT, "k", 0},
        {OPTION_COUNT, "1kk", 0},
        {OPTION_COUNT, "1K", 0},
        {OPTION_COUNT, "10ms", 0},
        {OPTION_COUNT, "1.", 0},
        {OPTION_COUNT, ".5k", 0},
        {OPTION_COUNT, "0.5", 0},     // not whole
        {OPTION_COUNT, "1.0005k", 0}, // not whole
        {OPTION_COUNT, "99999999999999999999", 0},
        {OPTION_COUNT, "18446744073709551615k", 0},
        {OPTION_SIZE, "64kb", 0},
        {OPTION_SIZE, "64KB", 0},
        {OPTION_SIZE, "64s", 0},
        {OPTION_DURATION, "10", 0}, // of what?
        {OPTION_DURATION, "1m", 0}, // a minute, or a million?
        {OPTION_DURATION, "1  s", 0},
        {OPTION_DURATION, "1 ", 0},
        {OPTION_DURATION, "0.5ns", 0},
        {OPTION_DURATION, "1.0000000001s", 0},
        {OPTION_DURATION, "999999999999999min", 0},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(examples); i++) {
        uint64_t value;
        if (quantity_parse(examples[i].kind, examples[i].text, &value) != -EINVAL)
            fail_msg("'%s' must be refused", examples[i].text);
    }
}

static void test_format(void **state)
{
    static const struct example examples[] = {
        {OPTION_COUNT, "0", 0},
        {OPTION_COUNT, "10k", 10000},
        {OPTION_COUNT, "1234", 1234},
        {OPTION_COUNT, "10M", 10000000},
        {OPTION_SIZE, "64 KiB", 65536},
        {OPTION_SIZE, "1000", 1000},
        {OPTION_DURATION, "0", 0},
        {OPTION_DURATION, "10 ms", 10000000},
        {OPTION_DURATION, "1500 us", 1500000},
        {OPTION_DURATION, "1 min", UINT64_C(60000000000)},
        {OPTION_DURATION, "24 h", UINT64_C(86400000000000)},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(examples); i++) {
        char text[32];
        quantity_format(examples[i].kind, examples[i].value, text, sizeof text);
        assert_string_equal(text, examples[i].text);
    }
}

// A printed value can be typed again and is the same.
static void test_round_trip(void **state)
{
    static const enum option_kind kinds[] = {OPTION_COUNT, OPTION_SIZE, OPTION_DURATION};
    (void)state;
    for (size_t kind = 0; kind < ARRAY_LEN(kinds); kind++) {
        for (uint64_t value = 1; value < UINT64_C(1) << 56; value = value * 3 + kind) {
            char text[32];
            uint64_t again;
            quantity_format(kinds[kind], value, text, sizeof text);
            assert_int_equal(quantity_parse(kinds[kind], text, &again), 0);
            assert_int_equal(again, value);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_units),
        cmocka_unit_test(test_nonsense),
        cmocka_unit_test(test_format),
        cmocka_unit_test(test_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
//
// test_utc.c - dates as texts, and which of them are old.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "driver/system/utc.h"

#include <string.h>

#define DAY_S 86400

static void test_text(void **state)
{
    char text[UTC_SIZE];
    (void)state;
    utc_text(text, 0);
    assert_string_equal(text, "1970-01-01T00:00:00Z");
    utc_text(text, 951827696); // a leap day
    assert_string_equal(text, "2000-02-29T12:34:56Z");
}

static void test_now(void **state)
{
    char before[UTC_SIZE], now[UTC_SIZE], after[UTC_SIZE];
    (void)state;
    utc_text(before, time(NULL));
    utc_now(now);
    utc_text(after, time(NULL));
    assert_true(strcmp(before, now) <= 0 && strcmp(now, after) <= 0);
}

static void test_older(void **state)
{
    char text[UTC_SIZE];
    time_t now = time(NULL);
    (void)state;
    utc_text(text, now - (time_t)30 * DAY_S - 1);
    assert_true(utc_is_older(text, 30));
    utc_text(text, now - (time_t)30 * DAY_S + 3600);
    assert_false(utc_is_older(text, 30));
    utc_text(text, now + DAY_S);
    assert_false(utc_is_older(text, 30));
    assert_true(utc_is_older("", 30));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_text),
                                       cmocka_unit_test(test_now),
                                       cmocka_unit_test(test_older)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
//
// test_prices.c - what single things cost (driver/prices/): every price is known or says why
// not, prices that contain others are dearer, and JSON brings all of it back. Only what holds
// on any machine, busy or not, is asked for.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "driver/prices/prices.h"
#include "lib/cpus.h"

#include <errno.h>
#include <math.h>
#include <string.h>

static struct prices prices;

static int measure(void **state)
{
    struct reason reason = {""};
    (void)state;
    return prices_measure(&prices, 0, &reason);
}

static double cpu_of(const char *name)
{
    const struct price *price = prices_find(&prices, name);
    assert_non_null(price);
    return price->cpu.ns;
}

static void each_price_is_known_or_says_why(void **state)
{
    (void)state;
    assert_true(prices.count > 30);
    for (size_t i = 0; i < prices.count; i++) {
        const struct price *price = &prices.list[i];
        assert_true(isnan(price->cpu.ns) == (price->missing[0] != '\0'));
        assert_string_not_equal(price->what, "");
        if (isnan(price->cpu.ns))
            continue;
        assert_true(price->cpu.interval.low <= price->cpu.ns);
        assert_true(price->cpu.ns <= price->cpu.interval.high);
        assert_true(price->cpu.interval.confidence >= 0.95);
        for (size_t other = 0; other < i; other++)
            assert_string_not_equal(price->name, prices.list[other].name);
    }
}

static void what_contains_more_costs_more(void **state)
{
    (void)state;
    double call = cpu_of(PRICE_CALL);
    assert_true(call > 0);
    assert_true(cpu_of(PRICE_EXCHANGE_UNIX) > call);
    assert_true(cpu_of(PRICE_EXCHANGE_TCP) > cpu_of("call/read"));
    assert_true(cpu_of(PRICE_HANDOVER_FUTEX) > call);
    assert_true(cpu_of(PRICE_THREAD) > cpu_of(PRICE_HANDOVER_FUTEX));
    assert_true(cpu_of(PRICE_PROCESS) > cpu_of(PRICE_HANDOVER_FUTEX));
    assert_true(cpu_of(PRICE_BYTE) < call);
}

static void who_is_woken_from_another_cpu_has_a_price_where_there_is_one(void **state)
{
    (void)state;
    if (cpus_count() > 1)
        assert_true(cpu_of(PRICE_SWITCH_ELSEWHERE) > 0);
    else
        assert_null(prices_find(&prices, PRICE_SWITCH_ELSEWHERE));
}

static void a_nap_lasts_as_long_as_it_says(void **state)
{
    (void)state;
    assert_true(prices_find(&prices, PRICE_SLEEP)->wall.ns >= 1000);
}

static void json_brings_all_of_it_back(void **state)
{
    static struct prices back;
    struct reason reason = {""};
    (void)state;
    json_t *json = prices_json(&prices);
    assert_int_equal(prices_read(&back, json, &reason), 0);
    json_decref(json);
    assert_int_equal(back.count, prices.count);
    assert_int_equal(back.rounds, prices.rounds);
    for (size_t i = 0; i < back.count; i++) {
        const struct price *one = &back.list[i], *other = &prices.list[i];
        assert_string_equal(one->name, other->name);
        assert_string_equal(one->what, other->what);
        assert_string_equal(one->missing, other->missing);
        if (isnan(other->cpu.ns)) {
            assert_true(isnan(one->cpu.ns));
            continue;
        }
        assert_true(one->cpu.ns == other->cpu.ns && one->wall.ns == other->wall.ns);
        assert_true(one->cpu.interval.high == other->cpu.interval.high);
    }
}

static void another_file_is_refused(void **state)
{
    static struct prices back;
    struct reason reason = {""};
    (void)state;
    json_t *json = json_pack("{s:s}", "schema", "quartet.report/1");
    assert_int_equal(prices_read(&back, json, &reason), -EBADMSG);
    assert_non_null(strstr(reason.text, "quartet.report/1"));
    json_decref(json);
}

static void a_name_that_nobody_has_has_no_price(void **state)
{
    (void)state;
    assert_null(prices_find(&prices, "call/nothing"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_price_is_known_or_says_why),
        cmocka_unit_test(what_contains_more_costs_more),
        cmocka_unit_test(who_is_woken_from_another_cpu_has_a_price_where_there_is_one),
        cmocka_unit_test(a_nap_lasts_as_long_as_it_says),
        cmocka_unit_test(json_brings_all_of_it_back),
        cmocka_unit_test(another_file_is_refused),
        cmocka_unit_test(a_name_that_nobody_has_has_no_price),
    };
    return cmocka_run_group_tests_name("prices", tests, measure, NULL);
}

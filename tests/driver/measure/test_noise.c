// SPDX-License-Identifier: MIT
//
// test_noise.c - which blocks count (driver/measure/noise.c): only signals from outside decide,
// and what is unknown disturbs nobody.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "driver/measure/noise.h"
#include "lib/clock.h"

#include <string.h>

static bool disturbs(const char *text, const char *why)
{
    json_t *noise = json_loads(text, 0, NULL);
    struct reason reason = {""};
    assert_non_null(noise);
    bool disturbed = noise_disturbs(noise, &reason);
    json_decref(noise);
    if (why != NULL)
        assert_non_null(strstr(reason.text, why));
    return disturbed;
}

static void signals_from_outside_decide(void **state)
{
    (void)state;
    assert_true(disturbs("{\"steal\": 0.031}", "hypervisor took 3.1 %"));
    assert_false(disturbs("{\"steal\": 0.019, \"foreign\": 0.04}", NULL));
    assert_true(disturbs("{\"throttled\": 5e6}", "throttled for 5 ms"));
    assert_false(disturbs("{\"throttled\": 0}", NULL));
    assert_true(disturbs("{\"foreign\": 0.5}", "other programs took 50.0 %"));
}

static void the_unknown_disturbs_nobody(void **state)
{
    (void)state;
    assert_false(
        disturbs("{\"steal\": null, \"foreign\": null, \"throttled\": null}", NULL));
    assert_false(disturbs("{}", NULL));
    assert_false(disturbs("{\"load\": 50, \"reference_ns\": {\"spin\": 1e12}}", NULL));
}

static void parts_of_the_time_are_parts(void **state)
{
    (void)state;
    struct noise noise;
    noise_begin(&noise);
    uint64_t begin = clock_now_ns();
    while (clock_now_ns() - begin < NS_PER_SECOND / 2)
        ;
    json_t *result = noise_end(&noise);
    const json_t *foreign = json_object_get(result, "foreign");
    if (json_is_number(foreign)) {
        assert_true(json_number_value(foreign) >= 0);
        assert_true(json_number_value(foreign) <= 1);
    }
    assert_non_null(json_object_get(result, "reference_ns"));
    json_decref(result);
}

static void of_a_short_time_nothing_is_known(void **state)
{
    (void)state;
    struct noise noise;
    noise_begin(&noise);
    json_t *result = noise_end(&noise);
    assert_true(json_is_null(json_object_get(result, "steal")));
    assert_true(json_is_null(json_object_get(result, "foreign")));
    json_decref(result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(signals_from_outside_decide),
        cmocka_unit_test(the_unknown_disturbs_nobody),
        cmocka_unit_test(parts_of_the_time_are_parts),
        cmocka_unit_test(of_a_short_time_nothing_is_known),
    };
    return cmocka_run_group_tests_name("noise", tests, NULL, NULL);
}

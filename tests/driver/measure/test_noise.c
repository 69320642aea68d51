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

static bool disturbs(struct block_noise noise, const char *why)
{
    struct reason reason = {""};
    bool disturbed = noise_disturbs(&noise, &reason);
    if (why != NULL)
        assert_non_null(strstr(reason.text, why));
    return disturbed;
}

static void signals_from_outside_decide(void **state)
{
    (void)state;
    assert_true(disturbs((struct block_noise){.steal = 0.031}, "hypervisor took 3.1 %"));
    assert_false(disturbs((struct block_noise){.steal = 0.019, .foreign = 0.04}, NULL));
    assert_true(disturbs((struct block_noise){.throttled = 5e6}, "throttled for 5 ms"));
    assert_false(disturbs((struct block_noise){.throttled = 0}, NULL));
    assert_true(
        disturbs((struct block_noise){.foreign = 0.5}, "other programs took 50.0 %"));
}

static void the_unknown_disturbs_nobody(void **state)
{
    (void)state;
    assert_false(disturbs((struct block_noise){.steal = NOISE_UNKNOWN,
                                               .foreign = NOISE_UNKNOWN,
                                               .throttled = NOISE_UNKNOWN},
                          NULL));
    assert_false(disturbs((struct block_noise){.load = 50, .spin_ns = 1e12}, NULL));
}

static void parts_of_the_time_are_parts(void **state)
{
    (void)state;
    struct noise noise;
    noise_begin(&noise);
    uint64_t begin = clock_now_ns();
    while (clock_now_ns() - begin < NS_PER_SECOND / 2)
        ;
    const struct block_noise result = noise_end(&noise);
    assert_false(result.foreign < 0 || result.foreign > 1);
    assert_true(result.spin_ns > 0);
    assert_false(result.pipe_ns <=
                 0); // not known where a busy machine has not come to an end
    assert_false(result.atomic_ns <= 0);
}

static void of_a_short_time_nothing_is_known(void **state)
{
    (void)state;
    struct noise noise;
    noise_begin(&noise);
    const struct block_noise result = noise_end(&noise);
    assert_true(isnan(result.steal));
    assert_true(isnan(result.foreign));
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

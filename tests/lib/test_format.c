// SPDX-License-Identifier: MIT
//
// test_format.c - lib/format.c: units, digits, and texts that are cut.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/check.h"
#include "lib/format.h"

#include <math.h>
#include <string.h>

static const char *scaled(const struct scale *scale, double value)
{
    static char text[64];
    format_scaled(text, sizeof text, scale, value);
    return text;
}

static void a_column_has_one_unit_and_similar_figures_one_precision(void **state)
{
    (void)state;
    const double times[] = {201.34e6, 3021.7e6, (double)NAN};
    struct scale scale = scale_for_times(times, 3, 4);
    assert_string_equal(scale.unit, "ms");
    assert_string_equal(scaled(&scale, times[0]), "201.3");
    assert_string_equal(scaled(&scale, times[1]), "3021.7");
    assert_string_equal(scaled(&scale, times[2]), "-");
}

static void figures_far_apart_are_rounded_by_their_own_size(void **state)
{
    (void)state;
    const double times[] = {1.7264e6, 823.1474e6};
    struct scale scale = scale_for_times(times, 2, 4);
    assert_string_equal(scaled(&scale, times[0]), "1.726");
    assert_string_equal(scaled(&scale, times[1]), "823.15");
}

static void units_follow_the_largest_figure(void **state)
{
    (void)state;
    static const struct {
        double ns;
        const char *unit;
        const char *text;
    } cases[] = {
        {0, "ns", "0"},         {12.34, "ns", "12.3"}, {9999, "ns", "9999"},
        {10000, "µs", "10.0"},  {4.4e7, "ms", "44.0"}, {9.5e10, "s", "95.0"},
        {1e15, "s", "1000000"},
    };
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        struct scale scale = scale_for_times(&cases[i].ns, 1, 3);
        assert_string_equal(scale.unit, cases[i].unit);
        assert_string_equal(scaled(&scale, cases[i].ns), cases[i].text);
    }
    const double bytes = 9437184;
    struct scale scale = scale_for_sizes(&bytes, 1, 3);
    assert_string_equal(scale.unit, "MiB");
    assert_string_equal(scaled(&scale, bytes), "9.00");
}

static void counts_are_short(void **state)
{
    (void)state;
    static const struct {
        double count;
        const char *text;
    } cases[] = {{0, "0"},          {999, "999"},      {1000, "1.00k"}, {12345, "12.3k"},
                 {999600, "1.00M"}, {4.56e9, "4.56G"}, {2e15, "2000T"}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char text[32];
        format_count(text, sizeof text, cases[i].count);
        assert_string_equal(text, cases[i].text);
    }
}

static void confidence_is_never_rounded_up(void **state)
{
    (void)state;
    static const struct {
        double confidence;
        const char *text;
    } cases[] = {{0.5, "50 %"},      {0.75, "75 %"},       {0.875, "87.5 %"},
                 {0.9375, "93.7 %"}, {0.949999, "94.9 %"}, {0.95, "95 %"},
                 {0.96875, "95 %"}};
    for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
        char text[32];
        format_confidence(text, sizeof text, cases[i].confidence);
        assert_string_equal(text, cases[i].text);
    }
}

static void ratios_keep_their_digits(void **state)
{
    (void)state;
    char text[32];
    format_ratio(text, sizeof text, 1.0344);
    assert_string_equal(text, "1.034");
    format_ratio(text, sizeof text, 12.344);
    assert_string_equal(text, "12.34");
    format_ratio(text, sizeof text, 459.12);
    assert_string_equal(text, "459.1");
    format_ratio(text, sizeof text, (double)NAN);
    assert_string_equal(text, "-");
}

static void a_letter_is_one_column(void **state)
{
    (void)state;
    assert_int_equal(format_width("12 µs"), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_column_has_one_unit_and_similar_figures_one_precision),
        cmocka_unit_test(figures_far_apart_are_rounded_by_their_own_size),
        cmocka_unit_test(units_follow_the_largest_figure),
        cmocka_unit_test(counts_are_short),
        cmocka_unit_test(confidence_is_never_rounded_up),
        cmocka_unit_test(ratios_keep_their_digits),
        cmocka_unit_test(a_letter_is_one_column),
    };
    return cmocka_run_group_tests_name("format", tests, NULL, NULL);
}

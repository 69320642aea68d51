// SPDX-License-Identifier: MIT
//
// test_histogram.c - the histogram against the sorted values themselves.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/check.h"
#include "lib/histogram.h"
#include "lib/mix.h"

#include <math.h>
#include <stdlib.h>

#define VALUES 20000

static int compare(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left;
    uint64_t b = *(const uint64_t *)right;
    return (a > b) - (a < b);
}

static void test_empty(void **state)
{
    struct histogram *histogram = histogram_new();
    (void)state;
    assert_int_equal(histogram->count, 0);
    assert_int_equal(histogram->minimum, UINT64_MAX);
    assert_int_equal(histogram_percentile(histogram, 0.5), 0);
    histogram_free(histogram);
}

static void test_one_value(void **state)
{
    static const double fractions[] = {0.0, 0.5, 0.999, 1.0};
    struct histogram *histogram = histogram_new();
    (void)state;
    histogram_record(histogram, 123456789);
    for (size_t i = 0; i < ARRAY_LEN(fractions); i++)
        assert_int_equal(histogram_percentile(histogram, fractions[i]), 123456789);
    histogram_free(histogram);
}

// Bucket edges grow, the width is at most 1/1024 of the value, and each edge falls
// into its own bucket.
static void test_buckets(void **state)
{
    (void)state;
    for (size_t i = 0; i + 1 < HISTOGRAM_BUCKETS; i++) {
        uint64_t lower = histogram_bucket_lower(i);
        uint64_t next = histogram_bucket_lower(i + 1);
        assert_true(next > lower);
        assert_true(next - lower == 1 || (next - lower) * 1024 <= lower);
    }
    struct histogram *histogram = histogram_new();
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i += 97)
        histogram_record(histogram, histogram_bucket_lower(i));
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
        assert_int_equal(histogram->buckets[i], i % 97 == 0);
    histogram_free(histogram);
}

static void test_enormous(void **state)
{
    struct histogram *histogram = histogram_new();
    (void)state;
    histogram_record(histogram, UINT64_MAX);
    histogram_record(histogram, 5);
    assert_int_equal(histogram->count, 2);
    assert_int_equal(histogram->maximum, UINT64_MAX);
    assert_int_equal(histogram_percentile(histogram, 0.5), 5);
    assert_int_equal(histogram_percentile(histogram, 1.0), UINT64_MAX);
    histogram_free(histogram);
}

// Never below the true percentile, and above it by at most 1/1024.
static void test_against_sorting(void **state)
{
    static const double fractions[] = {0.001, 0.25, 0.5, 0.9, 0.99, 0.999, 1.0};
    static uint64_t values[VALUES];
    struct histogram *histogram = histogram_new();
    (void)state;
    for (size_t i = 0; i < VALUES; i++) {
        values[i] = mix(i) >> (20 + mix(i + 1) % 40); // all orders of magnitude
        histogram_record(histogram, values[i]);
    }
    qsort(values, VALUES, sizeof values[0], compare);
    assert_int_equal(histogram->minimum, values[0]);
    assert_int_equal(histogram->maximum, values[VALUES - 1]);
    for (size_t i = 0; i < ARRAY_LEN(fractions); i++) {
        uint64_t truth = values[(size_t)ceil(fractions[i] * VALUES) - 1];
        uint64_t found = histogram_percentile(histogram, fractions[i]);
        assert_true(found >= truth);
        assert_true(found - truth <= truth / 1024);
    }
    histogram_free(histogram);
}

// Merging by buckets gives the percentiles of all values together.
static void test_merge(void **state)
{
    struct histogram *all = histogram_new();
    struct histogram *merged = histogram_new();
    (void)state;
    for (uint64_t part = 0; part < 3; part++) {
        struct histogram *one = histogram_new();
        for (uint64_t i = 0; i < 1000; i++) {
            uint64_t value = mix(part * 1000 + i) >> 40;
            histogram_record(one, value);
            histogram_record(all, value);
        }
        for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
            if (one->buckets[i] != 0)
                histogram_add_bucket(merged, histogram_bucket_lower(i), one->buckets[i]);
        histogram_free(one);
    }
    assert_int_equal(merged->count, all->count);
    for (int percent = 1; percent < 100; percent++)
        assert_int_equal(histogram_percentile(merged, percent / 100.0),
                         histogram_percentile(all, percent / 100.0));
    histogram_free(all);
    histogram_free(merged);
}

// A file may hold anything: only what is a bucket is added.
static void test_json(void **state)
{
    struct histogram *one = histogram_new();
    struct histogram *again = histogram_new();
    (void)state;
    for (uint64_t i = 0; i < 1000; i++)
        histogram_record(one, mix(i) >> 40);
    json_t *buckets = histogram_buckets_json(one);
    json_array_append_new(buckets, json_pack("[i, i]", -5, 1));
    json_array_append_new(buckets, json_pack("[i, i]", 5, -1));
    json_array_append_new(buckets, json_string("no bucket"));
    histogram_add_json(again, buckets);
    assert_int_equal(again->count, 1000);
    assert_memory_equal(again->buckets, one->buckets, sizeof one->buckets);
    json_decref(buckets);
    json_t *summary = histogram_summary_json(again);
    assert_int_equal(json_integer_value(json_object_get(summary, "count")), 1000);
    assert_int_equal(json_integer_value(json_object_get(summary, "p99")),
                     histogram_percentile(again, 0.99));
    json_decref(summary);
    assert_true(json_is_null(histogram_summary_json(NULL)));
    histogram_free(one);
    histogram_free(again);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_one_value),
        cmocka_unit_test(test_buckets),
        cmocka_unit_test(test_enormous),
        cmocka_unit_test(test_against_sorting),
        cmocka_unit_test(test_merge),
        cmocka_unit_test(test_json),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

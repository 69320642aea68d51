// SPDX-License-Identifier: MIT
//
// Log-linear histogram: see histogram.h.
//
// Values below 2048 have a bucket each (two blocks of 1,024). Above, the exponent
// selects a block of 1,024 buckets and the ten bits after the leading one select the
// bucket in the block.
#include "lib/histogram.h"

#include "lib/check.h"

#include <math.h>

#define SUB_BITS  10
#define SUB_COUNT (UINT64_C(1) << SUB_BITS)

struct histogram *histogram_new(void)
{
    struct histogram *histogram = calloc(1, sizeof *histogram);
    if (histogram != NULL)
        histogram->minimum = UINT64_MAX;
    return histogram;
}

void histogram_free(struct histogram *histogram)
{
    free(histogram);
}

static size_t bucket_index(uint64_t value)
{
    if (value < 2 * SUB_COUNT)
        return (size_t)value;
    unsigned exponent = 63U - (unsigned)__builtin_clzll(value);
    unsigned shift = exponent - SUB_BITS;
    uint64_t index = ((uint64_t)shift << SUB_BITS) + (value >> shift);
    return index < HISTOGRAM_BUCKETS ? (size_t)index : HISTOGRAM_BUCKETS - 1;
}

uint64_t histogram_bucket_lower(size_t index)
{
    if (index < 2 * SUB_COUNT)
        return index;
    unsigned shift = (unsigned)(index >> SUB_BITS) - 1;
    return ((index & (SUB_COUNT - 1)) + SUB_COUNT) << shift;
}

void histogram_record(struct histogram *histogram, uint64_t value)
{
    histogram->buckets[bucket_index(value)]++;
    histogram->count++;
    histogram->sum += (double)value;
    if (value < histogram->minimum)
        histogram->minimum = value;
    if (value > histogram->maximum)
        histogram->maximum = value;
}

void histogram_add_bucket(struct histogram *histogram, uint64_t lower, uint64_t count)
{
    size_t index = bucket_index(lower);
    histogram->buckets[index] += count;
    histogram->count += count;
    histogram->sum += (double)lower * (double)count;
    if (lower < histogram->minimum)
        histogram->minimum = lower;
    uint64_t upper =
        index + 1 < HISTOGRAM_BUCKETS ? histogram_bucket_lower(index + 1) - 1 : lower;
    if (upper > histogram->maximum)
        histogram->maximum = upper;
}

uint64_t histogram_percentile(const struct histogram *histogram, double p)
{
    if (histogram->count == 0)
        return 0;
    uint64_t rank = (uint64_t)ceil(p * (double)histogram->count);
    uint64_t seen = 0;
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++) {
        seen += histogram->buckets[i];
        if (seen >= rank && seen > 0) {
            uint64_t upper = i + 1 < HISTOGRAM_BUCKETS ? histogram_bucket_lower(i + 1) - 1
                                                       : UINT64_MAX;
            return upper < histogram->maximum ? upper : histogram->maximum;
        }
    }
    return histogram->maximum;
}

// ---- JSON ------------------------------------------------------------------------------

json_t *histogram_buckets_json(const struct histogram *histogram)
{
    json_t *buckets = json_array();
    for (size_t i = 0; i < HISTOGRAM_BUCKETS; i++)
        if (histogram->buckets[i] != 0)
            json_array_append_new(
                buckets, json_pack("[I, I]", (json_int_t)histogram_bucket_lower(i),
                                   (json_int_t)histogram->buckets[i]));
    return buckets;
}

void histogram_add_json(struct histogram *histogram, const json_t *buckets)
{
    size_t index;
    json_t *bucket;
    json_array_foreach(buckets, index, bucket)
    {
        json_int_t lower = json_integer_value(json_array_get(bucket, 0));
        json_int_t count = json_integer_value(json_array_get(bucket, 1));
        if (lower >= 0 && count > 0)
            histogram_add_bucket(histogram, (uint64_t)lower, (uint64_t)count);
    }
}

json_t *histogram_summary_json(const struct histogram *histogram)
{
    if (histogram == NULL)
        return json_null();
    return json_pack("{s:I, s:I, s:I, s:o}", "count", (json_int_t)histogram->count, "p50",
                     (json_int_t)histogram_percentile(histogram, 0.5), "p99",
                     (json_int_t)histogram_percentile(histogram, 0.99), "buckets",
                     histogram_buckets_json(histogram));
}

// SPDX-License-Identifier: MIT
//
// histogram.h - latencies in log-linear buckets with three significant digits: each
// power of two is cut into 1,024 buckets of equal width, so that a bucket is never
// wider than 1/1024 of its value. Histograms of several runs are merged by adding
// their buckets; percentiles must never be averaged.
//
// Idea: G. Tene, HdrHistogram.
#ifndef QUARTET_LIB_HISTOGRAM_H
#define QUARTET_LIB_HISTOGRAM_H

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

// Covers 0 ... 2^44 ns (almost five hours); larger values are put in the last bucket.
#define HISTOGRAM_BUCKETS (35 * 1024)

struct histogram {
    uint64_t count;
    uint64_t minimum; // exact; UINT64_MAX while empty
    uint64_t maximum; // exact
    double sum;
    uint64_t buckets[HISTOGRAM_BUCKETS];
};

// On the heap (280 KB). NULL: out of memory.
struct histogram *histogram_new(void);
void histogram_free(struct histogram *histogram);

void histogram_record(struct histogram *histogram, uint64_t value);

// Adds `count` values that another histogram has kept in the bucket that begins at
// `lower`. Minimum and maximum are then as exact as the bucket.
void histogram_add_bucket(struct histogram *histogram, uint64_t lower, uint64_t count);

// The smallest value v such that at least fraction p (0..1) of the values are <= v,
// as the upper edge of its bucket, cut to the maximum. 0 while empty.
uint64_t histogram_percentile(const struct histogram *histogram, double p);

// The smallest value that bucket number `index` holds.
uint64_t histogram_bucket_lower(size_t index);

// The buckets that hold something, as JSON: [[lower edge, count], ...]; new.
json_t *histogram_buckets_json(const struct histogram *histogram);

// Adds such an array, of a file that may hold anything: what is no bucket is passed over.
void histogram_add_json(struct histogram *histogram, const json_t *buckets);

// {"count", "p50", "p99", "buckets"}; null for NULL.
json_t *histogram_summary_json(const struct histogram *histogram);

#endif

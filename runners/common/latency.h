// SPDX-License-Identifier: MIT
//
// latency.h - how long the operations of a run took, or how late they came: the samples
// that its tasks have left, as one histogram.
//
// Read next: lib/histogram.h; record.c and summary.c, which print it.
#ifndef QUARTET_RUNNERS_COMMON_LATENCY_H
#define QUARTET_RUNNERS_COMMON_LATENCY_H

#include "lib/histogram.h"
#include "workloads/workload.h"

// Below these many samples there is no such percentile: a single outlier would be it.
#define LATENCY_LEAST_P90  100
#define LATENCY_LEAST_P99  1000
#define LATENCY_LEAST_P999 10000

// It stays until the program ends. NULL: this workload has no latencies, or there is no
// memory.
const struct histogram *latency_collect(const struct work *work);

// Their kind: "service", "response", "lateness". NULL: there are none.
const char *latency_kind(const struct work *work);

#endif

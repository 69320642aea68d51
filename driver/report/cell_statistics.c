// SPDX-License-Identifier: MIT
//
// cell_statistics.c - see cell_statistics.h. Wall time is hyperfine's; all else comes
// from the run records, which leave out the back end that hyperfine would count in.
#include "driver/report/cell_statistics.h"

#include "driver/report/json.h"
#include "driver/statistics/statistics.h"
#include "lib/check.h"
#include "lib/histogram.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// How many values a percentile needs to mean something.
#define P90_VALUES  100
#define P99_VALUES  1000
#define P999_VALUES 10000

static json_t *summary_json(const struct summary *summary)
{
    return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "n",
                     (json_int_t)summary->n, "median", tree_real(summary->median), "low",
                     tree_real(summary->interval.low), "high",
                     tree_real(summary->interval.high), "confidence",
                     tree_real(summary->interval.confidence), "mad",
                     tree_real(summary->mad), "min", tree_real(summary->min), "max",
                     tree_real(summary->max), "mean", tree_real(summary->mean), "stddev",
                     tree_real(summary->stddev));
}

// The summary of the numbers at `path`, or null if there are none.
static json_t *summary_of(const struct samples *samples, const char *path,
                          double *scratch)
{
    size_t n = samples_values(samples, path, scratch);
    if (n == 0)
        return json_null();
    struct summary summary;
    statistics_summarise(scratch, n, &summary);
    return summary_json(&summary);
}

// The median of the numbers at `path`, or NAN.
static double median_of(const struct samples *samples, const char *path, double *scratch)
{
    return statistics_median(scratch, samples_values(samples, path, scratch));
}

// User and system time, and the median of their sum, which is not the sum of medians.
static json_t *cpu_json(const struct samples *samples, double *scratch)
{
    double user = median_of(samples, "record.cpu_ns.user", scratch);
    double system = median_of(samples, "record.cpu_ns.system", scratch);
    size_t n = 0;
    for (size_t i = 0; i < samples->blocks; i++) {
        const json_t *sample = samples->by_block[i];
        double sum = tree_number(sample, "record.cpu_ns.user") +
                     tree_number(sample, "record.cpu_ns.system");
        if (!isnan(sum))
            scratch[n++] = sum;
    }
    if (n == 0)
        return json_null();
    return json_pack("{s:o, s:o, s:o}", "median",
                     tree_real(statistics_median(scratch, n)), "user", tree_real(user),
                     "system", tree_real(system));
}

static json_t *switches_json(const struct samples *samples, double *scratch)
{
    double voluntary = median_of(samples, "record.context_switches.voluntary", scratch);
    double involuntary =
        median_of(samples, "record.context_switches.involuntary", scratch);
    if (isnan(voluntary) && isnan(involuntary))
        return json_null();
    return json_pack("{s:o, s:o}", "voluntary", tree_real(voluntary), "involuntary",
                     tree_real(involuntary));
}

// Setting up, spawning, running, joining and tearing down: medians of each.
static json_t *phases_json(const struct samples *samples, double *scratch)
{
    static const char *const paths[] = {
        "record.phases_ns.setup", "record.phases_ns.spawn",    "record.phases_ns.run",
        "record.phases_ns.join",  "record.phases_ns.teardown",
    };
    json_t *phases = json_object();
    for (size_t i = 0; i < ARRAY_LEN(paths); i++)
        json_object_set_new(phases, strrchr(paths[i], '.') + 1,
                            tree_real(median_of(samples, paths[i], scratch)));
    return phases;
}

// Memory comes from the warm-up run, because sampling it would disturb a timed one.
static json_t *memory_json(const json_t *cell)
{
    json_t *memory = tree_at(cell, "warmup.record.memory");
    if (strcmp(tree_text(cell, "warmup.record.status", ""), "ok") != 0 ||
        isnan(tree_number(memory, "bytes")))
        return json_null();
    return json_deep_copy(memory);
}

static void merge_latency(struct histogram *merged, const json_t *sample)
{
    size_t index;
    json_t *bucket;
    json_array_foreach(tree_array(sample, "record.latency_ns.buckets"), index, bucket)
    {
        json_int_t lower = json_integer_value(json_array_get(bucket, 0));
        json_int_t count = json_integer_value(json_array_get(bucket, 1));
        if (lower >= 0 && count > 0)
            histogram_add_bucket(merged, (uint64_t)lower, (uint64_t)count);
    }
}

static json_t *percentile_json(const struct histogram *merged, double p, uint64_t needed)
{
    if (merged->count < needed)
        return json_null();
    return json_integer((json_int_t)histogram_percentile(merged, p));
}

// Percentiles of all runs together: histograms are added up, percentiles never are.
static json_t *latency_json(const struct samples *samples)
{
    struct histogram *merged = histogram_new();
    if (merged == NULL)
        return NULL;
    const char *kind = NULL;
    for (size_t i = 0; i < samples->blocks; i++) {
        merge_latency(merged, samples->by_block[i]);
        if (kind == NULL)
            kind = tree_text(samples->by_block[i], "record.latency_ns.kind", NULL);
    }
    json_t *latency = json_null();
    if (merged->count > 0)
        latency =
            json_pack("{s:s?, s:I, s:o, s:o, s:o, s:o}", "kind", kind, "count",
                      (json_int_t)merged->count, "p50", percentile_json(merged, 0.5, 1),
                      "p90", percentile_json(merged, 0.9, P90_VALUES), "p99",
                      percentile_json(merged, 0.99, P99_VALUES), "p999",
                      percentile_json(merged, 0.999, P999_VALUES));
    histogram_free(merged);
    return latency;
}

json_t *cell_statistics(const json_t *cell, const struct samples *samples)
{
    double *scratch = calloc(samples->blocks + 1, sizeof *scratch);
    if (scratch == NULL)
        return NULL;
    double run_ns = median_of(samples, "record.phases_ns.run", scratch);
    double operations = median_of(samples, "record.ledger.operations", scratch);
    double per_operation = operations > 0 ? run_ns / operations : (double)NAN;
    json_t *statistics =
        json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "wall_ns",
                  summary_of(samples, "wall_ns", scratch), "run_ns",
                  summary_of(samples, "record.phases_ns.run", scratch), "phases_ns",
                  phases_json(samples, scratch), "operations", tree_real(operations),
                  "ns_per_operation", tree_real(per_operation), "cpu_ns",
                  cpu_json(samples, scratch), "switches", switches_json(samples, scratch),
                  "memory", memory_json(cell), "latency_ns", latency_json(samples));
    free(scratch);
    return statistics;
}

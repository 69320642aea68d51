// SPDX-License-Identifier: MIT
//
// cell_statistics.c - see cell_statistics.h. Wall time is hyperfine's; all else comes
// from the run records, which leave out the back end that hyperfine would count in.
#include "driver/analysis/cell_statistics.h"

#include "lib/histogram.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

// How many values a percentile needs to mean something.
#define P90_VALUES  100
#define P99_VALUES  1000
#define P999_VALUES 10000

// ---- medians -----------------------------------------------------------------------

static void summarise(const struct samples *samples,
                      double (*value)(const struct sample *sample), double *scratch,
                      struct summary *summary)
{
    size_t n = samples_values(samples, value, scratch);
    *summary = (struct summary){.n = 0,
                                .median = (double)NAN,
                                .interval = {(double)NAN, (double)NAN, (double)NAN}};
    if (n > 0)
        statistics_summarise(scratch, n, summary);
}

static double median_of(const struct samples *samples,
                        double (*value)(const struct sample *sample), double *scratch)
{
    return statistics_median(scratch, samples_values(samples, value, scratch));
}

static double user_ns(const struct sample *sample)
{
    return sample->record.user_ns;
}

static double system_ns(const struct sample *sample)
{
    return sample->record.system_ns;
}

static double peer_cpu_ns(const struct sample *sample)
{
    return sample->record.peer_cpu_ns;
}

static double voluntary(const struct sample *sample)
{
    return sample->record.voluntary;
}

static double involuntary(const struct sample *sample)
{
    return sample->record.involuntary;
}

static double median_of_phase(const struct samples *samples, enum phase phase,
                              double *scratch)
{
    size_t n = 0;
    for (size_t i = 0; i < samples->blocks; i++) {
        const struct sample *sample = samples->by_block[i];
        if (sample != NULL && !isnan(sample->record.phases_ns[phase]))
            scratch[n++] = sample->record.phases_ns[phase];
    }
    return statistics_median(scratch, n);
}

// Of a foreign row, the driver has seen those of the warm-up.
static void take_switches(const struct report_cell *cell, const struct samples *samples,
                          double *scratch, struct cell_statistics *own)
{
    bool seen = report_is_foreign(cell);
    const struct record *record = &cell->warmup.record;
    own->voluntary = seen ? record->voluntary : median_of(samples, voluntary, scratch);
    own->involuntary =
        seen ? record->involuntary : median_of(samples, involuntary, scratch);
}

// ---- memory ------------------------------------------------------------------------

// Memory comes from the warm-up run, because sampling it would disturb a timed one.
static void take_memory(const struct report_cell *cell, struct cell_statistics *own)
{
    const struct record *record = &cell->warmup.record;
    own->memory_bytes = record->ok ? record->memory_bytes : (double)NAN;
    if (isnan(own->memory_bytes))
        return;
    own->memory = record->memory;
    own->memory_method = record->memory_method;
}

// ---- latencies ---------------------------------------------------------------------

void cell_statistics_latencies(const struct samples *samples, struct histogram *merged)
{
    for (size_t i = 0; i < samples->blocks; i++)
        if (samples->by_block[i] != NULL)
            histogram_add_json(merged, samples->by_block[i]->record.buckets);
}

static double percentile(const struct histogram *merged, double p, uint64_t needed)
{
    return merged->count < needed ? (double)NAN : (double)histogram_percentile(merged, p);
}

// Percentiles of all runs together: histograms are added up, percentiles never are.
static int take_latency(const struct samples *samples, struct cell_statistics *own)
{
    struct histogram *merged = histogram_new();
    if (merged == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < samples->blocks; i++) {
        const struct sample *sample = samples->by_block[i];
        if (sample != NULL && own->latency_kind == NULL)
            own->latency_kind = sample->record.latency_kind;
    }
    cell_statistics_latencies(samples, merged);
    own->latency_count = merged->count;
    own->p50_ns = percentile(merged, 0.5, 1);
    own->p90_ns = percentile(merged, 0.9, P90_VALUES);
    own->p99_ns = percentile(merged, 0.99, P99_VALUES);
    own->p999_ns = percentile(merged, 0.999, P999_VALUES);
    histogram_free(merged);
    return 0;
}

int cell_statistics_make(struct report_cell *cell, const struct samples *samples)
{
    struct cell_statistics *own = &cell->statistics;
    double *scratch = calloc(samples->blocks + 1, sizeof *scratch);
    if (scratch == NULL)
        return -ENOMEM;
    *own = (struct cell_statistics){0};
    summarise(samples, sample_wall_ns, scratch, &own->wall_ns);
    summarise(samples, sample_run_ns, scratch, &own->run_ns);
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++)
        own->phases_ns[phase] = median_of_phase(samples, phase, scratch);
    own->operations = median_of(samples, sample_operations, scratch);
    own->ns_per_operation =
        own->operations > 0 ? own->phases_ns[PHASE_RUN] / own->operations : (double)NAN;
    own->cpu_ns = median_of(samples, sample_cpu_ns, scratch); // no sum of medians
    own->user_ns = median_of(samples, user_ns, scratch);
    own->system_ns = median_of(samples, system_ns, scratch);
    own->peer_cpu_ns = median_of(samples, peer_cpu_ns, scratch);
    own->caused_cpu_ns = median_of(samples, sample_caused_ns, scratch);
    own->caused_ratio =
        (struct ratio){.estimate = (double)NAN,
                       .interval = {(double)NAN, (double)NAN, (double)NAN}};
    take_switches(cell, samples, scratch, own);
    free(scratch);
    take_memory(cell, own);
    return take_latency(samples, own);
}

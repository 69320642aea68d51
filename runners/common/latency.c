// SPDX-License-Identifier: MIT
//
// The latencies of a run as one histogram: see latency.h.
#include "runners/common/latency.h"

const char *latency_kind(const struct work *work)
{
    const char *kind = work->workload->latency;
    if (work->workload->latencies != NULL)
        work->workload->latencies(work, &kind);
    return kind;
}

const struct histogram *latency_collect(const struct work *work)
{
    const char *kind;
    if (work->workload->latency == NULL || work->outcomes == NULL)
        return NULL;
    if (work->workload->latencies != NULL)
        // cppcheck-suppress returnDanglingLifetime; the histogram is the workload's
        return work->workload->latencies(work, &kind);
    struct histogram *histogram = histogram_new();
    for (uint32_t i = 0; histogram != NULL && i < work->tasks; i++) {
        const struct outcome *outcome = outcome_at(work, i);
        for (uint32_t k = 0; k < outcome->samples; k++)
            histogram_record(histogram, outcome->latency_ns[k]);
    }
    return histogram;
}

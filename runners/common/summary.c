// SPDX-License-Identifier: MIT
//
// A run in a few lines of text: see summary.h.
#include "runners/common/summary.h"

#include "runners/common/latency.h"

#include <inttypes.h>
#include <stdio.h>

// Prints the workload's own figures (workload->results).
static void numbers_print(const struct result *result)
{
    for (int i = 0; i < result->number_count; i++) {
        const struct named_number *number = &result->numbers[i];
        if (number->value == NUMBER_UNKNOWN)
            printf("  %s unknown\n", number->name);
        else
            printf("  %s %" PRIu64 "\n", number->name, number->value);
    }
}

static void latencies_print(const char *kind, const struct histogram *latencies)
{
    printf("  latency (%s): p50 %.3f ms", kind,
           (double)histogram_percentile(latencies, 0.5) / 1e6);
    if (latencies->count >= LATENCY_LEAST_P99)
        printf(", p99 %.3f ms", (double)histogram_percentile(latencies, 0.99) / 1e6);
    printf(", max %.3f ms\n", (double)latencies->maximum / 1e6);
}

void summary_print(const struct run *run, const struct result *result)
{
    const struct tally *tally = result->tally;
    const struct usage *usage = result->usage;
    const struct milestones *at = &run->milestones;
    double run_ns = (double)(at->finished_ns - at->spawned_ns);
    double cpu_ns = (double)(usage->user_ns + usage->system_ns);
    double operations = (double)tally->done.operations;
    printf("%s %s: %" PRIu64 " tasks, %" PRIu64 " %s, at most %" PRIu32
           " in flight, checksum %016" PRIx64 "\n"
           "  run %.3f ms (setup %.3f, spawn %.3f, join %.3f), %.0f ns per operation\n"
           "  cpu %.3f ms, %.0f ns per operation\n",
           run->model, run->work.workload->name, tally->done.tasks,
           tally->done.operations, run->work.workload->operation, tally->peak_in_flight,
           tally->checksum, run_ns / 1e6, (double)(at->set_up_ns - at->started_ns) / 1e6,
           (double)(at->spawned_ns - at->set_up_ns) / 1e6,
           (double)(at->joined_ns - at->finished_ns) / 1e6, run_ns / operations,
           cpu_ns / 1e6, cpu_ns / operations);
    if (result->peer_cpu_ns != 0) {
        double peer_ns = (double)result->peer_cpu_ns;
        printf(
            "  peer cpu %.3f ms; cpu sum %.3f ms, %.0f ns per operation, caused by this "
            "model\n",
            peer_ns / 1e6, (cpu_ns + peer_ns) / 1e6, (cpu_ns + peer_ns) / operations);
    }
    if (result->latencies != NULL && result->latencies->count > 0)
        latencies_print(latency_kind(&run->work), result->latencies);
    if (result->memory_bytes != 0)
        printf("  memory %.2f MiB at most\n", (double)result->memory_bytes / (1 << 20));
    for (unsigned i = 0; i < run->note_count; i++)
        printf("  note: %s\n", run->notes[i]);
    numbers_print(result);
}

// SPDX-License-Identifier: MIT
//
// write.c - see write.h. What spans tables (summaries, sweeps) is in write_sweeps.c.
#include "driver/report/write.h"

#include "driver/report/json.h"
#include "driver/report/write_sweeps.h"

#include <errno.h>
#include <math.h>

// A count that is not known is null.
static json_t *write_count(int64_t count)
{
    return count < 0 ? json_null() : json_integer((json_int_t)count);
}

static json_t *write_truth(enum truth truth)
{
    return truth == TRUTH_UNKNOWN ? json_null() : json_boolean(truth == TRUTH_YES);
}

// ---- cells -------------------------------------------------------------------------

static json_t *write_summary(const struct summary *summary)
{
    if (summary->n == 0)
        return json_null();
    return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "n",
                     (json_int_t)summary->n, "median", tree_real(summary->median), "low",
                     tree_real(summary->interval.low), "high",
                     tree_real(summary->interval.high), "confidence",
                     tree_real(summary->interval.confidence), "mad",
                     tree_real(summary->mad), "min", tree_real(summary->min), "max",
                     tree_real(summary->max), "mean", tree_real(summary->mean), "stddev",
                     tree_real(summary->stddev));
}

static json_t *write_phases(const double *phases_ns)
{
    json_t *phases = json_object();
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++)
        json_object_set_new(phases, phase_name(phase), tree_real(phases_ns[phase]));
    return phases;
}

static json_t *write_cpu(const struct cell_statistics *own)
{
    if (isnan(own->cpu_ns))
        return json_null();
    return json_pack("{s:o, s:o, s:o}", "median", tree_real(own->cpu_ns), "user",
                     tree_real(own->user_ns), "system", tree_real(own->system_ns));
}

static json_t *write_caused(const struct cell_statistics *own)
{
    const struct ratio *ratio = &own->caused_ratio;
    if (isnan(own->caused_cpu_ns))
        return json_null();
    bool compared = !isnan(ratio->estimate);
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o}", "median",
                     tree_real(own->caused_cpu_ns), "peer", tree_real(own->peer_cpu_ns),
                     "ratio_to_least", tree_real(ratio->estimate), "low",
                     compared ? tree_real(ratio->interval.low) : json_null(), "high",
                     compared ? tree_real(ratio->interval.high) : json_null(),
                     "confidence",
                     compared ? tree_real(ratio->interval.confidence) : json_null());
}

static json_t *write_switches(const struct cell_statistics *own)
{
    if (isnan(own->voluntary) && isnan(own->involuntary))
        return json_null();
    return json_pack("{s:o, s:o}", "voluntary", tree_real(own->voluntary), "involuntary",
                     tree_real(own->involuntary));
}

static json_t *write_latency(const struct cell_statistics *own)
{
    if (own->latency_count == 0)
        return json_null();
    return json_pack("{s:s?, s:I, s:o, s:o, s:o, s:o}", "kind", own->latency_kind,
                     "count", (json_int_t)own->latency_count, "p50",
                     write_count(own->p50_ns), "p90", write_count(own->p90_ns), "p99",
                     write_count(own->p99_ns), "p999", write_count(own->p999_ns));
}

static json_t *write_statistics(const struct cell_statistics *own)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "wall_ns",
                     write_summary(&own->wall_ns), "run_ns", write_summary(&own->run_ns),
                     "phases_ns", write_phases(own->phases_ns), "operations",
                     tree_real(own->operations), "ns_per_operation",
                     tree_real(own->ns_per_operation), "cpu_ns", write_cpu(own),
                     "caused_cpu_ns", write_caused(own), "switches", write_switches(own),
                     "memory",
                     own->memory == NULL ? json_null() : json_deep_copy(own->memory),
                     "latency_ns", write_latency(own));
}

static int write_ranked(const struct report_cell *cell)
{
    json_t *reason = cell->ranked ? json_null() : tree_string(cell->unranked_reason);
    return json_object_set_new(cell->json, "ranked", json_boolean(cell->ranked)) |
           json_object_set_new(cell->json, "unranked_reason", reason);
}

// ---- tables ------------------------------------------------------------------------

int report_write_verification(const struct report_table *table)
{
    const struct verification *own = &table->verification;
    int failed = 0;
    for (size_t i = 0; i < table->cell_count; i++)
        failed |= write_ranked(&table->cells[i]);
    json_t *json =
        json_pack("{s:o, s:s?, s:O?}", "equal_work", write_truth(own->equal_work),
                  "checksum", own->checksum, "differences", own->differences);
    failed |= json_object_set_new(table->json, "verification", json);
    return failed ? -ENOMEM : 0;
}

static json_t *write_ranking(const struct report_table *table)
{
    json_t *ranking = json_array();
    for (size_t i = 0; i < table->ranked; i++)
        json_array_append_new(ranking, json_string(table->cells[table->ranking[i]].id));
    return ranking;
}

static json_t *write_pair(const struct report_table *table, const struct pair *pair)
{
    const struct ratio *ratio = &pair->ratio;
    return json_pack(
        "{s:s, s:s, s:s, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:o, s:o, s:o}",
        "a", table->cells[pair->a].id, "b", table->cells[pair->b].id, "metric", "wall_ns",
        "n", (json_int_t)ratio->n, "ratio", tree_real(ratio->estimate), "low",
        tree_real(ratio->interval.low), "high", tree_real(ratio->interval.high),
        "confidence", tree_real(ratio->interval.confidence), "bootstrap_low",
        tree_real(ratio->bootstrap.low), "bootstrap_high",
        tree_real(ratio->bootstrap.high), "method", ratio->method, "equal",
        write_truth(pair_is_equal(pair)), "p", tree_real(pair->p), "detectable",
        tree_real(pair->detectable), "p_holm", tree_real(pair->p_holm));
}

static json_t *write_pairs(const struct report_table *table)
{
    json_t *pairs = json_array();
    for (size_t i = 0; i < table->pair_count; i++)
        if (json_array_append_new(pairs, write_pair(table, &table->pairs[i])) != 0) {
            json_decref(pairs);
            return NULL;
        }
    return pairs;
}

static json_t *write_noise(const struct table_noise *own)
{
    const struct ratio *twins = &own->twins;
    return json_pack("{s:I, s:o, s:o, s:o, s:o, s:o, s:I, s:b, s:o}", "twins",
                     (json_int_t)twins->n, "ratio", tree_real(twins->estimate), "low",
                     tree_real(twins->interval.low), "high",
                     tree_real(twins->interval.high), "confidence",
                     tree_real(twins->interval.confidence), "floor",
                     tree_real(own->floor), "disturbed", (json_int_t)own->disturbed,
                     "noisy", own->noisy, "drift", tree_real(own->drift));
}

static int write_table(const struct report_table *table)
{
    int failed = report_write_verification(table);
    for (size_t i = 0; i < table->cell_count; i++) {
        const struct report_cell *cell = &table->cells[i];
        failed |= json_object_set_new(cell->json, "statistics",
                                      cell->ranked ? write_statistics(&cell->statistics)
                                                   : json_null());
    }
    failed |= json_object_set_new(table->json, "ranking", write_ranking(table));
    failed |= json_object_set_new(table->json, "comparisons", write_pairs(table));
    failed |= json_object_set_new(table->json, "noise", write_noise(&table->noise));
    return failed;
}

int report_write(const struct report *report)
{
    int failed = 0;
    for (size_t i = 0; i < report->table_count; i++)
        failed |= write_table(&report->tables[i]);
    failed |= write_summaries(report);
    failed |= write_sweeps(report);
    return failed ? -ENOMEM : 0;
}

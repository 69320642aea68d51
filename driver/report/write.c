// SPDX-License-Identifier: MIT
//
// write.c - see write.h. Which field goes into which member is in model_members.c; what
// spans tables (summaries, sweeps) is in write_sweeps.c.
#include "driver/report/write.h"

#include "driver/report/check.h"
#include "driver/report/json.h"
#include "driver/report/model_members.h"
#include "driver/report/write_sweeps.h"

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

// ---- runs, blocks ------------------------------------------------------------------

static json_t *write_sample(const struct sample *sample)
{
    if (sample->json != NULL)
        return json_incref(sample->json);
    json_t *json = json_object();
    members_write(json, &sample_members, sample);
    return json;
}

static json_t *write_samples(const struct sample_list *list, size_t first)
{
    json_t *array = json_array();
    for (size_t i = first; i < list->count; i++)
        json_array_append_new(array, write_sample(&list->list[i]));
    return array;
}

json_t *report_write_runs(const struct sample_list *list, double block)
{
    size_t first = list->count;
    while (first > 0 && list->list[first - 1].block == block)
        first--;
    return write_samples(list, first);
}

json_t *report_write_block(const struct report_block *block)
{
    if (block->json != NULL)
        return json_incref(block->json);
    json_t *json = json_object();
    json_t *noise = json_object();
    json_t *reference = json_object();
    members_write(json, &report_block_members, block);
    members_write(noise, &block_noise_members, &block->noise);
    members_write(reference, &noise_reference_members, &block->noise);
    json_object_set_new(noise, "reference_ns", reference);
    json_object_set_new(json, "noise", noise);
    return json;
}

// ---- cells -------------------------------------------------------------------------

// What was found, if it was looked for.
static void write_findings(json_t *json, const struct report_table *table,
                           const struct report_cell *cell)
{
    if (table->verification.done) {
        json_t *reason = cell->ranked ? json_null() : tree_string(cell->unranked_reason);
        json_object_set_new(json, "ranked", json_boolean(cell->ranked));
        json_object_set_new(json, "unranked_reason", reason);
    }
    if (table->ranking != NULL)
        json_object_set_new(json, "statistics",
                            cell->ranked ? write_statistics(&cell->statistics)
                                         : json_null());
}

static json_t *write_cell(const struct report_table *table,
                          const struct report_cell *cell)
{
    const struct sample *warmup = &cell->warmup;
    bool warm = warmup->json != NULL || !isnan(warmup->block);
    json_t *json = json_object();
    members_write(json, &report_cell_members, cell);
    json_object_set_new(json, "warmup", warm ? write_sample(warmup) : json_null());
    json_object_set_new(json, "samples", write_samples(&cell->samples, 0));
    json_object_set_new(json, "twins", write_samples(&cell->twins, 0));
    write_findings(json, table, cell);
    json_object_update_missing(json, cell->json);
    if (json_object_get(json, "statistics") == NULL)
        json_object_set_new(json, "statistics", json_null());
    return json;
}

// ---- tables ------------------------------------------------------------------------

static json_t *write_verification(const struct verification *own)
{
    return json_pack("{s:o, s:s?, s:O?}", "equal_work", write_truth(own->equal_work),
                     "checksum", own->checksum, "differences", own->differences);
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
    return json_pack("{s:s, s:s, s:s, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:s, s:o, s:o, "
                     "s:o, s:o, s:o}",
                     "a", table->cells[pair->a].id, "b", table->cells[pair->b].id,
                     "metric", "wall_ns", "n", (json_int_t)ratio->n, "ratio",
                     tree_real(ratio->estimate), "low", tree_real(ratio->interval.low),
                     "high", tree_real(ratio->interval.high), "confidence",
                     tree_real(ratio->interval.confidence), "bootstrap_low",
                     tree_real(ratio->bootstrap.low), "bootstrap_high",
                     tree_real(ratio->bootstrap.high), "method", ratio->method, "equal",
                     write_truth(pair_is_equal(pair)), "p", tree_real(pair->p),
                     "detectable", tree_real(pair->detectable), "p_holm",
                     tree_real(pair->p_holm), "p_order", tree_real(pair->p_order));
}

static json_t *write_pairs(const struct report_table *table)
{
    json_t *pairs = json_array();
    for (size_t i = 0; i < table->pair_count; i++)
        json_array_append_new(pairs, write_pair(table, &table->pairs[i]));
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

static json_t *write_table(const struct report_table *table)
{
    json_t *json = json_object();
    json_t *blocks = json_array();
    json_t *cells = json_array();
    members_write(json, &report_table_members, table);
    for (size_t i = 0; i < table->block_count; i++)
        json_array_append_new(blocks, report_write_block(&table->blocks[i]));
    for (size_t i = 0; i < table->cell_count; i++)
        json_array_append_new(cells, write_cell(table, &table->cells[i]));
    json_object_set_new(json, "blocks", blocks);
    json_object_set_new(json, "cells", cells);
    if (table->verification.done)
        json_object_set_new(json, "verification",
                            write_verification(&table->verification));
    if (table->ranking != NULL) {
        json_object_set_new(json, "ranking", write_ranking(table));
        json_object_set_new(json, "comparisons", write_pairs(table));
        json_object_set_new(json, "noise", write_noise(&table->noise));
    }
    json_object_update_missing(json, table->json);
    json_t *nothing = json_pack("{s:[], s:n}", "comparisons", "verification");
    json_object_update_missing(json, nothing);
    json_decref(nothing);
    return json;
}

// ---- the report --------------------------------------------------------------------

static json_t *write_tool(const struct report *report)
{
    json_t *json = json_pack("{s:s}", "name", "quartet");
    members_write(json, &report_tool_members, report);
    return json;
}

static json_t *write_left_out(const struct report_plan *plan)
{
    json_t *array = json_array();
    for (size_t i = 0; i < plan->left_out_count; i++) {
        json_t *json = json_object();
        members_write(json, &left_out_members, &plan->left_out[i]);
        json_array_append_new(array, json);
    }
    return array;
}

static json_t *write_plan(const struct report *report)
{
    const struct report_plan *plan = &report->plan;
    json_t *json = json_object();
    json_t *ids = json_array();
    for (size_t i = 0; i < report->table_count; i++)
        json_array_append_new(ids, json_string(report->tables[i].id));
    members_write(json, &report_plan_members, plan);
    json_object_set_new(json, "tables", ids);
    if (plan->command == NULL)
        json_object_set_new(json, "left_out", write_left_out(plan));
    if (!isnan(plan->budget.ns)) {
        json_t *budget = json_object();
        members_write(budget, &report_budget_members, &plan->budget);
        json_object_set_new(json, "time_budget", budget);
    }
    json_object_update_missing(json, plan->json);
    return json;
}

json_t *report_write(const struct report *report)
{
    json_t *json =
        json_pack("{s:s, s:o}", "schema", REPORT_SCHEMA, "tool", write_tool(report));
    json_t *tables = json_array();
    members_write(json, &report_members, report);
    for (size_t i = 0; i < report->table_count; i++)
        json_array_append_new(tables, write_table(&report->tables[i]));
    json_object_set_new(json, "plan", write_plan(report));
    json_object_set_new(json, "tables", tables);
    if (report->classes != NULL)
        json_object_set_new(json, "summaries", write_summaries(report));
    if (report->sweep_count > 0)
        json_object_set_new(json, "sweeps", write_sweeps(report));
    json_object_update_missing(json, report->json);
    if (report->classes != NULL && report->sweep_count == 0)
        json_object_del(json, "sweeps"); // of an analysis that is out of date
    return json;
}

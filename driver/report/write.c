// SPDX-License-Identifier: MIT
//
// write.c - see write.h. Which field goes into which member is in model_members.c; what
// spans tables (summaries, sweeps) is in write_sweeps.c.
#include "driver/report/write.h"

#include "driver/report/check.h"
#include "driver/report/metric.h"
#include "driver/report/model_members.h"
#include "driver/report/tree.h"
#include "driver/report/write_sweeps.h"

#include <math.h>

static void set(json_t *object, const char *name, json_t *value)
{
    json_object_set_new(object, name, value);
}

// ---- what was found of a cell ------------------------------------------------------

static json_t *write_if(bool known, const struct members *members, const void *structure)
{
    return known ? members_json(members, structure) : json_null();
}

static json_t *write_statistics(const struct cell_statistics *own)
{
    json_t *json = members_json(&statistics_members, own);
    bool switches = !isnan(own->voluntary) || !isnan(own->involuntary);
    set(json, "wall_ns", write_if(own->wall_ns.n > 0, &summary_members, &own->wall_ns));
    set(json, "run_ns", write_if(own->run_ns.n > 0, &summary_members, &own->run_ns));
    set(json, "phases_ns", members_json(&phases_members, own));
    set(json, "cpu_ns", write_if(!isnan(own->cpu_ns), &cpu_members, own));
    set(json, "caused_cpu_ns",
        write_if(!isnan(own->caused_cpu_ns), &caused_members, own));
    set(json, "switches", write_if(switches, &switches_members, own));
    set(json, "latency_ns", write_if(own->latency_count > 0, &latency_members, own));
    return json;
}

// ---- runs, blocks ------------------------------------------------------------------

static json_t *write_sample(const struct sample *sample)
{
    if (sample->json != NULL)
        return json_incref(sample->json);
    return members_json(&sample_members, sample);
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
    json_t *json = members_json(&report_block_members, block);
    json_t *noise = members_json(&block_noise_members, &block->noise);
    set(noise, "reference_ns", members_json(&noise_reference_members, &block->noise));
    set(json, "noise", noise);
    return json;
}

// ---- cells -------------------------------------------------------------------------

// Sets the members that an analysis found, if there was one.
static void write_findings(json_t *json, const struct report_table *table,
                           const struct report_cell *cell)
{
    if (table->verification.done) {
        json_t *reason = cell->ranked ? json_null() : tree_string(cell->unranked_reason);
        set(json, "ranked", json_boolean(cell->ranked));
        set(json, "unranked_reason", reason);
    }
    if (table->ranking != NULL)
        set(json, "statistics",
            cell->ranked ? write_statistics(&cell->statistics) : json_null());
}

static json_t *write_cell(const struct report_table *table,
                          const struct report_cell *cell)
{
    const struct sample *warmup = &cell->warmup;
    bool warm = warmup->json != NULL || !isnan(warmup->block);
    json_t *json = json_object();
    members_write(json, &report_cell_members, cell);
    set(json, "warmup", warm ? write_sample(warmup) : json_null());
    set(json, "samples", write_samples(&cell->samples, 0));
    set(json, "twins", write_samples(&cell->twins, 0));
    write_findings(json, table, cell);
    json_object_update_missing(json, cell->json);
    json_t *nothing = json_pack("{s:n}", "statistics");
    json_object_update_missing(json, nothing);
    json_decref(nothing);
    return json;
}

// ---- tables ------------------------------------------------------------------------

static json_t *write_ranking(const struct report_table *table)
{
    json_t *ranking = json_array();
    for (size_t i = 0; i < table->ranked; i++)
        json_array_append_new(ranking, json_string(table->cells[table->ranking[i]].id));
    return ranking;
}

static json_t *write_pair(const struct report_table *table, const struct pair *pair)
{
    enum truth equal = pair_is_equal(pair);
    json_t *json = json_pack("{s:s, s:s, s:s}", "a", table->cells[pair->a].id, "b",
                             table->cells[pair->b].id, "metric",
                             metric_name(table->by_run ? METRIC_RUN : METRIC_WALL));
    members_write(json, &pair_members, pair);
    set(json, "equal",
        equal == TRUTH_UNKNOWN ? json_null() : json_boolean(equal == TRUTH_YES));
    return json;
}

static json_t *write_pairs(const struct report_table *table)
{
    json_t *pairs = json_array();
    for (size_t i = 0; i < table->pair_count; i++)
        json_array_append_new(pairs, write_pair(table, &table->pairs[i]));
    return pairs;
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
    set(json, "blocks", blocks);
    set(json, "cells", cells);
    if (table->verification.done)
        set(json, "verification",
            members_json(&verification_members, &table->verification));
    if (table->ranking != NULL) {
        set(json, "ranking", write_ranking(table));
        set(json, "comparisons", write_pairs(table));
        set(json, "noise", members_json(&table_noise_members, &table->noise));
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
        json_array_append_new(array, members_json(&left_out_members, &plan->left_out[i]));
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
    set(json, "tables", ids);
    if (plan->command == NULL)
        set(json, "left_out", write_left_out(plan));
    if (!isnan(plan->budget.ns))
        set(json, "time_budget", members_json(&report_budget_members, &plan->budget));
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
    set(json, "plan", write_plan(report));
    set(json, "tables", tables);
    if (report->classes != NULL)
        set(json, "summaries", write_summaries(report));
    if (report->sweep_count > 0)
        set(json, "sweeps", write_sweeps(report));
    json_object_update_missing(json, report->json);
    if (report->classes != NULL && report->sweep_count == 0)
        json_object_del(json, "sweeps"); // of an analysis that is out of date
    return json;
}

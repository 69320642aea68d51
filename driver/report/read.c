// SPDX-License-Identifier: MIT
//
// read.c - see read.h.
#include "driver/report/read.h"

#include "driver/report/json.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- runs --------------------------------------------------------------------------

static struct record read_record(const json_t *json)
{
    const json_t *cpu = tree_at(json, "cpu_ns");
    const json_t *switches = tree_at(json, "context_switches");
    const json_t *phases = tree_at(json, "phases_ns");
    struct record record = {.json = json_is_object(json) ? json : NULL,
                            .status = tree_text(json, "status", NULL),
                            .operations = tree_number(json, "ledger.operations"),
                            .user_ns = tree_number(cpu, "user"),
                            .system_ns = tree_number(cpu, "system"),
                            .peer_cpu_ns = tree_number(json, "peer_cpu_ns"),
                            .voluntary = tree_number(switches, "voluntary"),
                            .involuntary = tree_number(switches, "involuntary"),
                            .minor_faults = tree_number(json, "page_faults.minor")};
    record.ok = record.status != NULL && strcmp(record.status, "ok") == 0;
    record.wrong = record.status != NULL && strcmp(record.status, "wrong") == 0;
    for (enum phase phase = 0; phase < PHASE_COUNT; phase++)
        record.phases_ns[phase] = tree_number(phases, phase_name(phase));
    return record;
}

struct sample read_sample(const json_t *json)
{
    return (struct sample){.block = tree_number(json, "block"),
                           .wall_ns = tree_number(json, "wall_ns"),
                           .user_ns = tree_number(json, "user_ns"),
                           .system_ns = tree_number(json, "system_ns"),
                           .exit_code = tree_number(json, "exit_code"),
                           .record = read_record(tree_at(json, "record"))};
}

static int read_samples(struct sample_list *samples, const json_t *array)
{
    samples->list = calloc(json_array_size(array) + 1, sizeof *samples->list);
    if (samples->list == NULL)
        return -ENOMEM;
    samples->count = json_array_size(array);
    for (size_t i = 0; i < samples->count; i++)
        samples->list[i] = read_sample(json_array_get(array, i));
    return 0;
}

// ---- cells, blocks -----------------------------------------------------------------

enum cell_status read_status(const char *name)
{
    for (enum cell_status status = 0; status <= CELL_SKIPPED; status++)
        if (strcmp(cell_status_name(status), name) == 0)
            return status;
    return CELL_FAILED;
}

static int read_cell(struct report_cell *cell, json_t *json)
{
    const json_t *counters = tree_at(json, "counters");
    *cell = (struct report_cell){.json = json,
                                 .id = tree_text(json, "id", ""),
                                 .label = tree_text(json, "label", ""),
                                 .model = tree_text(json, "model", ""),
                                 .variant = tree_text(json, "variant", NULL),
                                 .base_of = tree_text(json, "base_of", NULL),
                                 .status = read_status(tree_text(json, "status", "")),
                                 .reason = tree_text(json, "reason", NULL),
                                 .warmup = read_sample(tree_at(json, "warmup")),
                                 .counters = json_is_object(counters) ? counters : NULL};
    int error = read_samples(&cell->samples, tree_array(json, "samples"));
    return error != 0 ? error : read_samples(&cell->twins, tree_array(json, "twins"));
}

static struct report_block read_block(const json_t *json)
{
    double batch = tree_number(json, "batch");
    return (struct report_block){.json = json,
                                 .number = tree_number(json, "number"),
                                 .round = tree_number(json, "round"),
                                 .batch = isnan(batch) ? 1 : batch,
                                 .valid = tree_true(json, "valid"),
                                 .accepted = tree_true(json, "accepted"),
                                 .disturbed = tree_text(json, "disturbed", NULL),
                                 .invalid_reason =
                                     tree_text(json, "invalid_reason", NULL)};
}

// ---- tables ------------------------------------------------------------------------

static void read_facts(struct report_table *table, json_t *json)
{
    *table = (struct report_table){.json = json,
                                   .id = tree_text(json, "id", ""),
                                   .workload = tree_text(json, "workload", ""),
                                   .kind = tree_text(json, "kind", NULL),
                                   .title = tree_text(json, "title", NULL),
                                   .setting = tree_text(json, "setting", NULL),
                                   .operation = tree_text(json, "operation", NULL),
                                   .cpus = tree_text(json, "cpus", NULL),
                                   .peer_cpus = tree_text(json, "peer_cpus", NULL),
                                   .sweep = tree_text(json, "sweep", NULL),
                                   .tasks = tree_number(json, "tasks"),
                                   .concurrency = tree_number(json, "concurrency"),
                                   .decided_after = tree_number(json, "decided_after"),
                                   .arguments = tree_array(json, "arguments")};
}

static int read_table(struct report_table *table, json_t *json)
{
    const json_t *blocks = tree_array(json, "blocks");
    const json_t *cells = tree_array(json, "cells");
    read_facts(table, json);
    table->blocks = calloc(json_array_size(blocks) + 1, sizeof *table->blocks);
    table->cells = calloc(json_array_size(cells) + 1, sizeof *table->cells);
    if (table->blocks == NULL || table->cells == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < json_array_size(blocks); i++)
        table->blocks[table->block_count++] = read_block(json_array_get(blocks, i));
    for (size_t i = 0; i < json_array_size(cells); i++) {
        table->cell_count++; // also after an error, so that it is freed
        if (read_cell(&table->cells[i], json_array_get(cells, i)) != 0)
            return -ENOMEM;
    }
    return 0;
}

// ---- the report --------------------------------------------------------------------

static struct report_budget read_budget(const json_t *json)
{
    return (struct report_budget){.ns = tree_number(json, "ns"),
                                  .rounds_wanted = tree_number(json, "rounds_wanted"),
                                  .rounds_fit = tree_number(json, "rounds_fit"),
                                  .blocks_left_out = tree_number(json, "blocks_left_out"),
                                  .detectable = tree_number(json, "detectable"),
                                  .detectable_from =
                                      tree_text(json, "detectable_from", NULL)};
}

static void read_plan(struct report *report, const json_t *plan)
{
    const json_t *optimised = tree_at(plan, "optimised");
    report->profile = tree_text(plan, "profile", NULL);
    report->seed = (uint64_t)json_integer_value(tree_at(plan, "seed"));
    report->seed_shown = tree_number(plan, "seed");
    report->for_decisions = tree_true(plan, "for_decisions");
    report->optimised = json_is_true(optimised)    ? TRUTH_YES
                        : json_is_false(optimised) ? TRUTH_NO
                                                   : TRUTH_UNKNOWN;
    report->left_out = tree_array(plan, "left_out");
    report->budget = read_budget(tree_at(plan, "time_budget"));
}

int report_read(struct report *report, json_t *json)
{
    const json_t *tables = tree_array(json, "tables");
    *report =
        (struct report){.json = json_incref(json),
                        .version = tree_text(json, "tool.version", NULL),
                        .commit = tree_text(json, "tool.commit", NULL),
                        .started_utc = tree_text(json, "started_utc", NULL),
                        .duration_ns = tree_number(json, "duration_ns"),
                        .complete = tree_true(json, "complete"),
                        .incomplete_reason = tree_text(json, "incomplete_reason", NULL),
                        .resumed = json_array_size(tree_array(json, "resumed")),
                        .environment = tree_at(json, "environment")};
    read_plan(report, tree_at(json, "plan"));
    report->tables = calloc(json_array_size(tables) + 1, sizeof *report->tables);
    if (report->tables == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < json_array_size(tables); i++) {
        report->table_count++; // also after an error, so that it is freed
        if (read_table(&report->tables[i], json_array_get(tables, i)) != 0)
            return -ENOMEM;
    }
    return 0;
}

const char *environment_text(const json_t *environment, const char *name)
{
    return tree_text(environment, name, NULL);
}

double environment_number(const json_t *environment, const char *name)
{
    return tree_number(environment, name);
}

// SPDX-License-Identifier: MIT
//
// read.c - see read.h. Which member goes into which field is in model_members.c.
#include "driver/report/read.h"

#include "driver/report/model_members.h"
#include "driver/report/tree.h"
#include "lib/allocate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// ---- runs, blocks ------------------------------------------------------------------

struct record read_run_record(json_t *json)
{
    struct record record;
    members_read(json, &record_members, &record);
    record.json = json_is_object(json) ? json : NULL;
    record.ok = record.status != NULL && strcmp(record.status, "ok") == 0;
    record.wrong = record.status != NULL && strcmp(record.status, "wrong") == 0;
    return record;
}

struct sample read_sample(json_t *json)
{
    struct sample sample = {.json = json};
    members_read(json, &sample_members, &sample);
    sample.record = read_run_record(sample.record.json);
    return sample;
}

struct report_block read_block(json_t *json)
{
    struct report_block block = {.json = json};
    const json_t *noise = tree_at(json, "noise");
    members_read(json, &report_block_members, &block);
    members_read(noise, &block_noise_members, &block.noise);
    members_read(tree_at(noise, "reference_ns"), &noise_reference_members, &block.noise);
    if (isnan(block.batch))
        block.batch = 1; // reports of old had no other
    return block;
}

static void read_samples(struct sample_list *list, const json_t *array)
{
    list->room = json_array_size(array);
    list->list = list->room == 0 ? NULL : allocate(list->room, sizeof *list->list);
    for (; list->count < list->room; list->count++)
        list->list[list->count] = read_sample(json_array_get(array, list->count));
}

// ---- cells, tables -----------------------------------------------------------------

static const char *or_empty(const char *text)
{
    return text == NULL ? "" : text;
}

static void read_cell(struct report_cell *cell, json_t *json)
{
    *cell = (struct report_cell){.json = json};
    members_read(json, &report_cell_members, cell);
    cell->warmup = read_sample(cell->warmup.json);
    cell->id = or_empty(cell->id);
    cell->label = or_empty(cell->label);
    cell->model = or_empty(cell->model);
    read_samples(&cell->samples, tree_array(json, "samples"));
    read_samples(&cell->twins, tree_array(json, "twins"));
}

static void read_table(struct report_table *table, json_t *json)
{
    const json_t *blocks = tree_array(json, "blocks");
    const json_t *cells = tree_array(json, "cells");
    *table = (struct report_table){.json = json,
                                   .block_room = json_array_size(blocks),
                                   .cell_room = json_array_size(cells)};
    members_read(json, &report_table_members, table);
    table->id = or_empty(table->id);
    table->workload = or_empty(table->workload);
    table->blocks = allocate(table->block_room, sizeof *table->blocks);
    table->cells = allocate(table->cell_room, sizeof *table->cells);
    for (; table->block_count < table->block_room; table->block_count++)
        table->blocks[table->block_count] =
            read_block(json_array_get(blocks, table->block_count));
    for (; table->cell_count < table->cell_room; table->cell_count++)
        read_cell(&table->cells[table->cell_count],
                  json_array_get(cells, table->cell_count));
}

// ---- the report --------------------------------------------------------------------

struct left_out read_left_out(const json_t *json)
{
    struct left_out left_out;
    members_read(json, &left_out_members, &left_out);
    left_out.name = or_empty(left_out.name);
    left_out.reason = or_empty(left_out.reason);
    return left_out;
}

struct report_plan read_plan(json_t *json)
{
    struct report_plan plan = {.json = json};
    const json_t *absent = tree_array(json, "left_out");
    for (size_t i = 0; i < json_array_size(absent); i++) {
        const struct left_out left_out = read_left_out(json_array_get(absent, i));
        report_add_left_out(&plan, &left_out);
    }
    members_read(json, &report_plan_members, &plan);
    members_read(tree_at(json, "time_budget"), &report_budget_members, &plan.budget);
    plan.seed = plan.seed_shown >= 0 ? (uint64_t)plan.seed_shown : 0;
    return plan;
}

int report_read(struct report *report, json_t *json)
{
    const json_t *tables = tree_array(json, "tables");
    *report =
        (struct report){.json = json_incref(json), .table_room = json_array_size(tables)};
    members_read(json, &report_members, report);
    members_read(tree_at(json, "tool"), &report_tool_members, report);
    report->plan = read_plan(report->plan.json);
    report->tables = allocate(report->table_room, sizeof *report->tables);
    for (; report->table_count < report->table_room; report->table_count++)
        read_table(&report->tables[report->table_count],
                   json_array_get(tables, report->table_count));
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

enum truth environment_truth(const json_t *environment, const char *name)
{
    const json_t *value = tree_at(environment, name);
    return json_is_true(value)    ? TRUTH_YES
           : json_is_false(value) ? TRUTH_NO
                                  : TRUTH_UNKNOWN;
}

const char *environment_runner(const json_t *environment, const char *model)
{
    const json_t *hashes = tree_at(environment, "runners_sha256");
    return json_string_value(json_object_get(hashes, model));
}

bool environment_agrees(const json_t *one, const json_t *other, const char *name)
{
    const json_t *first = tree_at(one, name);
    const json_t *second = tree_at(other, name);
    return first == second || json_equal(first, second);
}

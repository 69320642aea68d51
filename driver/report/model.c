// SPDX-License-Identifier: MIT
//
// model.c - see model.h.
#include "driver/report/model.h"

#include "driver/report/tree.h"
#include "driver/statistics/verdict.h"
#include "lib/allocate.h"
#include "lib/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *phase_name(enum phase phase)
{
    static const char *const names[] = {"setup", "spawn", "run", "join", "teardown"};
    return names[phase];
}

enum truth pair_is_equal(const struct pair *pair)
{
    if (isnan(pair->p_order))
        return TRUTH_UNKNOWN;
    bool is_noise = fabs(log(pair->ratio.estimate)) <= log1p(pair->floor); // NAN: no
    return pair->p_order < VERDICT_P && !is_noise ? TRUTH_NO : TRUTH_YES;
}

// ---- making one --------------------------------------------------------------------

void report_add_block(struct report_table *table, const struct report_block *block)
{
    table->blocks = allocate_more(table->blocks, table->block_count, &table->block_room,
                                  sizeof *table->blocks);
    table->blocks[table->block_count++] = *block;
}

void report_add_sample(struct sample_list *list, const struct sample *sample)
{
    list->list = allocate_more(list->list, list->count, &list->room, sizeof *list->list);
    list->list[list->count++] = *sample;
}

void report_add_left_out(struct report_plan *plan, const struct left_out *left_out)
{
    for (size_t i = 0; i < plan->left_out_count; i++)
        if (strcmp(plan->left_out[i].name, left_out->name) == 0)
            return;
    plan->left_out = allocate_more(plan->left_out, plan->left_out_count,
                                   &plan->left_out_room, sizeof *plan->left_out);
    plan->left_out[plan->left_out_count++] = *left_out;
}

const char *report_keep_text(struct report *report, const char *text)
{
    return text == NULL ? NULL
                        : json_string_value(report_keep_json(report, tree_string(text)));
}

json_t *report_keep_json(struct report *report, json_t *value)
{
    if (report->kept == NULL)
        report->kept = json_array();
    json_array_append_new(report->kept, value);
    return value;
}

// ---- finding -----------------------------------------------------------------------

bool report_has_gate(const struct report *report)
{
    return tree_at(report->json, "gate") != NULL;
}

static bool same_text(const char *one, const char *other)
{
    return strcmp(one == NULL ? "" : one, other == NULL ? "" : other) == 0;
}

bool report_same_class(const struct report_table *one, const struct report_table *other)
{
    return same_text(one->kind, other->kind) && same_text(one->setting, other->setting);
}

bool report_computes(const struct report_table *table)
{
    return table->kind != NULL && strcmp(table->kind, "cpu") == 0;
}

bool report_is_foreign(const struct report_cell *cell)
{
    return cell->row != NULL &&
           (strcmp(cell->row, "answered") == 0 || strcmp(cell->row, "witnessed") == 0);
}

bool report_has_foreign(const struct report_table *table)
{
    for (size_t i = 0; i < table->cell_count; i++)
        if (report_is_foreign(&table->cells[i]))
            return true;
    return false;
}

struct report_table *report_find_table(const struct report *report, const char *id)
{
    for (size_t i = 0; i < report->table_count; i++)
        if (strcmp(report->tables[i].id, id) == 0)
            return &report->tables[i];
    return NULL;
}

struct report_cell *report_find_cell(const struct report_table *table, const char *id)
{
    for (size_t i = 0; i < table->cell_count; i++)
        if (strcmp(table->cells[i].id, id) == 0)
            return &table->cells[i];
    return NULL;
}

struct report_cell *report_find_row(const struct report_table *table, const char *label)
{
    for (size_t i = 0; i < table->cell_count; i++)
        if (strcmp(table->cells[i].label, label) == 0)
            return &table->cells[i];
    return NULL;
}

struct report_cell *report_find_base(const struct report_table *table,
                                     const struct report_cell *cell)
{
    for (size_t i = 0; i < table->cell_count; i++) {
        const char *base_of = table->cells[i].base_of;
        if (base_of != NULL && strcmp(base_of, cell->id) == 0)
            return &table->cells[i];
    }
    return NULL;
}

const struct pair *report_pair_with_best(const struct report_table *table,
                                         const struct report_cell *cell)
{
    size_t own = (size_t)(cell - table->cells);
    for (size_t i = 0; i < table->pair_count; i++)
        if (table->pairs[i].a == own && table->pairs[i].b == table->ranking[0])
            return &table->pairs[i];
    return NULL;
}

const struct sweep_point *report_find_point(const struct report *report,
                                            const struct report_cell *cell)
{
    for (size_t i = 0; i < report->sweep_count; i++) {
        const struct sweep *sweep = &report->sweeps[i];
        for (size_t j = 0; j < sweep->series_count; j++)
            for (size_t k = 0; k < sweep->table_count; k++)
                if (sweep->series[j].points[k].cell == cell)
                    return &sweep->series[j].points[k];
    }
    return NULL;
}

// ---- freeing -----------------------------------------------------------------------

static void forget_table(struct report_table *table)
{
    free(table->ranking);
    free(table->pairs);
    json_decref(table->verification.differences);
    table->ranking = NULL;
    table->ranked = 0;
    table->pairs = NULL;
    table->pair_count = 0;
    table->verification = (struct verification){0};
}

static void free_table(struct report_table *table)
{
    forget_table(table);
    for (size_t i = 0; i < table->cell_count; i++) {
        free(table->cells[i].samples.list);
        free(table->cells[i].twins.list);
    }
    free(table->cells);
    free(table->blocks);
}

static void forget_summaries(struct report *report)
{
    for (size_t i = 0; i < report->sweep_count; i++)
        free(report->sweeps[i].series);
    for (size_t i = 0; i < report->class_count; i++)
        free(report->classes[i].rows);
    free(report->sweeps);
    free(report->classes);
    report->sweeps = NULL;
    report->sweep_count = 0;
    report->classes = NULL;
    report->class_count = 0;
}

void report_forget(struct report *report)
{
    for (size_t i = 0; i < report->table_count; i++)
        forget_table(&report->tables[i]);
    forget_summaries(report);
}

void report_drop_table(struct report *report, size_t index)
{
    struct report_table *table = &report->tables[index];
    forget_summaries(report);
    free_table(table);
    report->table_count--;
    memmove(table, table + 1, (report->table_count - index) * sizeof *table);
}

void report_free(struct report *report)
{
    report_forget(report);
    for (size_t i = 0; i < report->table_count; i++)
        free_table(&report->tables[i]);
    free(report->tables);
    free(report->plan.left_out);
    json_decref(report->json);
    json_decref(report->kept);
    *report = (struct report){0};
}

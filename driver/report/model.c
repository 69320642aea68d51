// SPDX-License-Identifier: MIT
//
// model.c - see model.h.
#include "driver/report/model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const char *cell_status_name(enum cell_status status)
{
    static const char *const names[] = {"ok", "wrong", "failed", "dnf", "skipped"};
    return names[status];
}

const char *phase_name(enum phase phase)
{
    static const char *const names[] = {"setup", "spawn", "run", "join", "teardown"};
    return names[phase];
}

enum truth pair_is_equal(const struct pair *pair)
{
    const struct interval *interval = &pair->ratio.interval;
    if (isnan(interval->low))
        return TRUTH_UNKNOWN;
    return interval->low <= 1 && interval->high >= 1 ? TRUTH_YES : TRUTH_NO;
}

// ---- finding -----------------------------------------------------------------------

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

static void free_table(struct report_table *table)
{
    for (size_t i = 0; i < table->cell_count; i++) {
        free(table->cells[i].samples.list);
        free(table->cells[i].twins.list);
    }
    free(table->cells);
    free(table->blocks);
    free(table->ranking);
    free(table->pairs);
    json_decref(table->verification.differences);
}

void report_free(struct report *report)
{
    for (size_t i = 0; i < report->table_count; i++)
        free_table(&report->tables[i]);
    for (size_t i = 0; i < report->sweep_count; i++)
        free(report->sweeps[i].series);
    for (size_t i = 0; i < report->class_count; i++)
        free(report->classes[i].rows);
    free(report->tables);
    free(report->sweeps);
    free(report->classes);
    json_decref(report->json);
    *report = (struct report){0};
}

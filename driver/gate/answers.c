// SPDX-License-Identifier: MIT
//
// answers.c - what the gate asks before it looks at any time: do both builds give
// answers, the same ones, for the same work? See judge.h.
#include "driver/gate/judge.h"

#include "driver/analysis/samples.h"
#include "driver/analysis/verification.h"

// A run of the cell that ended well: any will do, they all did the same
// (analysis/verification.h).
static const struct record *any_record(const struct report_cell *cell)
{
    if (cell->warmup.record.json != NULL || cell->samples.count == 0)
        return &cell->warmup.record;
    return &cell->samples.list[0].record;
}

static void note(json_t *list, const struct report_table *table,
                 const struct report_cell *cell, const char *what, const char *why)
{
    const char *text = why == NULL ? "failed" : why;
    json_array_append_new(list, json_pack("{s:s, s:s, s:o}", "table", table->id, "row",
                                          cell->label, "reason",
                                          json_sprintf("%s%.400s", what, text)));
}

// Both were given the same to do. A new option, or another default, makes new work.
static bool same_parameters(const struct report_cell *head,
                            const struct report_cell *base)
{
    return verification_same_parameters(any_record(head)->parameters,
                                        any_record(base)->parameters);
}

// Why the first run that is not believed is not, or NULL.
static const char *find_refused(const struct report_table *table,
                                const struct sample_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->list[i].refused != NULL &&
            !samples_block_is_invalid(table, list->list[i].block))
            return list->list[i].refused;
    return NULL;
}

// A base that cannot do the row is no base; one that could, and then failed, is a fault that no
// figure may hide.
static bool died_on_the_way(const struct report_cell *base)
{
    return (base->status == CELL_FAILED || base->status == CELL_WRONG) &&
           base->warmup.record.ok;
}

static void check_answer(json_t *list, const struct report_table *table,
                         const struct report_cell *cell)
{
    struct reason why;
    const struct report_cell *base = report_find_base(table, cell);
    const char *refused = find_refused(table, &cell->samples);
    if (cell->status == CELL_FAILED || cell->status == CELL_WRONG)
        note(list, table, cell, "", cell->reason);
    else if (refused != NULL)
        note(list, table, cell, "a run is not believed: ", refused);
    else if (base != NULL && cell->status == CELL_OK && died_on_the_way(base))
        note(list, table, cell, "the base, which has run before: ", base->reason);
    else if (base != NULL && cell->status == CELL_OK && base->status == CELL_OK &&
             same_parameters(cell, base) &&
             !verification_same_work(any_record(cell)->json, any_record(base)->json,
                                     &why))
        note(list, table, cell, "not the work that the base does: ", why.text);
}

static void check_base(json_t *list, const struct report_table *table,
                       const struct report_cell *cell)
{
    const struct report_cell *base = report_find_base(table, cell);
    const char *refused = base == NULL ? NULL : find_refused(table, &base->samples);
    if (cell->status != CELL_OK)
        return;
    if (base == NULL)
        note(list, table, cell, "the base has no such row", "");
    else if (refused != NULL)
        note(list, table, cell, "a run of the base is not believed: ", refused);
    else if (base->status != CELL_OK)
        note(list, table, cell, "the base: ", base->reason);
    else if (!same_parameters(cell, base))
        note(list, table, cell, "the base has other parameters, or other defaults", "");
}

// Calls `check` for each cell of head.
static json_t *collect(const struct report *report,
                       void (*check)(json_t *list, const struct report_table *table,
                                     const struct report_cell *cell))
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->table_count; i++) {
        const struct report_table *table = &report->tables[i];
        for (size_t j = 0; j < table->cell_count; j++)
            if (table->cells[j].base_of == NULL)
                check(list, table, &table->cells[j]);
    }
    return list;
}

json_t *gate_judge_answers(const struct report *report)
{
    return collect(report, check_answer);
}

json_t *gate_judge_missing(const struct report *report)
{
    return collect(report, check_base);
}

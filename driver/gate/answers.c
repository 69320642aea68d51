// SPDX-License-Identifier: MIT
//
// answers.c - what the gate asks before it looks at any time: do both builds give
// answers, the same ones, for the same work? See judge.h.
#include "driver/gate/judge.h"

#include "driver/report/json.h"
#include "driver/report/verification.h"

#include <string.h>

// A run of the cell that ended well: any will do, they all did the same (report/verification.h).
static const json_t *any_record(const json_t *cell)
{
    const json_t *warmup = tree_at(cell, "warmup.record");
    const json_t *first = json_array_get(tree_array(cell, "samples"), 0);
    return json_is_object(warmup) ? warmup : tree_at(first, "record");
}

static bool has_status(const json_t *cell, const char *status)
{
    return strcmp(tree_text(cell, "status", ""), status) == 0;
}

static void note(json_t *list, const json_t *table, const json_t *cell, const char *what,
                 const char *why)
{
    json_array_append_new(list, json_pack("{s:s, s:s, s:o}", "table",
                                          tree_text(table, "id", ""), "row",
                                          tree_text(cell, "label", ""), "reason",
                                          json_sprintf("%s%.400s", what, why)));
}

// Both were given the same to do. A new option, or another default, makes new work.
static bool same_parameters(const json_t *head, const json_t *base)
{
    return json_equal(tree_at(any_record(head), "parameters"),
                      tree_at(any_record(base), "parameters"));
}

static void check_answer(json_t *list, const json_t *table, const json_t *cell)
{
    struct reason why;
    const json_t *base = gate_judge_base(table, cell);
    if (has_status(cell, "failed") || has_status(cell, "wrong"))
        note(list, table, cell, "", tree_text(cell, "reason", "failed"));
    else if (base != NULL && has_status(cell, "ok") && has_status(base, "ok") &&
             same_parameters(cell, base) &&
             !verification_same_work(any_record(cell), any_record(base), &why))
        note(list, table, cell, "not the work that the base does: ", why.text);
}

static void check_base(json_t *list, const json_t *table, const json_t *cell)
{
    const json_t *base = gate_judge_base(table, cell);
    if (!has_status(cell, "ok"))
        return;
    if (base == NULL)
        note(list, table, cell, "the base has no such row", "");
    else if (!has_status(base, "ok"))
        note(list, table, cell, "the base: ", tree_text(base, "reason", "failed"));
    else if (!same_parameters(cell, base))
        note(list, table, cell, "the base has other parameters, or other defaults", "");
}

// Calls `check` for each cell of head.
static json_t *collect(const json_t *report,
                       void (*check)(json_t *list, const json_t *table,
                                     const json_t *cell))
{
    json_t *list = json_array();
    size_t index;
    json_t *table;
    json_array_foreach(tree_array(report, "tables"), index, table)
    {
        size_t which;
        json_t *cell;
        json_array_foreach(tree_array(table, "cells"), which, cell)
        {
            if (tree_text(cell, "base_of", NULL) == NULL)
                check(list, table, cell);
        }
    }
    return list;
}

json_t *gate_judge_answers(const json_t *report)
{
    return collect(report, check_answer);
}

json_t *gate_judge_missing(const json_t *report)
{
    return collect(report, check_base);
}

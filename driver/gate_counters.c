// SPDX-License-Identifier: MIT
//
// gate_counters.c - see gate_counters.h.
#include "driver/gate_counters.h"

#include "driver/counter_verdict.h"
#include "driver/counters.h"
#include "driver/gate_judge.h"
#include "driver/tree.h"
#include "lib/check.h"

#include <math.h>
#include <string.h>

// Who is compared with whom.
struct comparing {
    struct session *session;
    const struct gate *gate;
    const json_t *report; // of the base, or NULL
    const struct table *table;
    const struct cell *cell;
};

// ---- the base ----------------------------------------------------------------------

// The row of the stored report, if its table was given the same to do.
static const json_t *stored_cell(const struct comparing *comparing)
{
    static const char *const alike[] = {"tasks", "concurrency", "arguments"};
    const json_t *own = comparing->table->json;
    const json_t *table = tree_find(tree_array(comparing->report, "tables"), "id",
                                    tree_text(own, "id", "?"));
    for (size_t i = 0; table != NULL && i < ARRAY_LEN(alike); i++)
        if (!json_equal(json_object_get(own, alike[i]), json_object_get(table, alike[i])))
            return NULL;
    return tree_find(tree_array(table, "cells"), "label",
                     tree_text(comparing->cell->json, "label", "?"));
}

static const json_t *base_counters(const struct comparing *comparing)
{
    const json_t *base =
        comparing->cell->base == NULL ? NULL : comparing->cell->base->json;
    if (comparing->report != NULL)
        base = stored_cell(comparing);
    return tree_at(base, "counters");
}

// ---- one comparison ----------------------------------------------------------------

// What is shown: of an operation, where there are any.
static double shown(const json_t *counters, enum counter counter)
{
    const json_t *part = tree_at(counters, counter_name(counter));
    double operations = tree_number(part, "operations");
    double value = counter_value(counters, counter);
    return operations > 0 ? value / operations : value;
}

static json_t *make_entry(const struct comparing *comparing, enum counter counter,
                          const json_t *base, const json_t *head)
{
    const json_t *cell = comparing->cell->json;
    char path[64];
    snprintf(path, sizeof path, "floors.%s", counter_name(counter));
    struct counter_limits limits = {tree_number(cell, path), comparing->gate->threshold};
    double old = counter_value(base, counter);
    double new = counter_value(head, counter);
    double tolerance = counter_tolerance(counter, base, head, limits);
    enum verdict verdict = counter_verdict(counter, old, new, tolerance);
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:i, s:o, s:o, s:o, s:n, s:n, s:n, s:n, s:n, s:o, s:o, "
        "s:o, s:s, s:s}",
        "table", tree_text(comparing->table->json, "id", ""), "row",
        tree_text(cell, "label", ""), "model", tree_text(cell, "model", ""), "metric",
        counter_name(counter), "n", 1, "base", tree_real(shown(base, counter)), "head",
        tree_real(shown(head, counter)), "ratio", tree_real(new / old), "low", "high",
        "confidence", "p", "p_holm", "floor", tree_real(limits.floor), "threshold",
        tree_real(tolerance), "detectable", tree_real(tolerance), "verdict",
        verdict_name(verdict), "reason", "");
}

// All counters of the row that both have. A new array.
static json_t *compare_cell(const struct comparing *comparing, const json_t *base,
                            const json_t *head)
{
    json_t *entries = json_array();
    for (enum counter counter = 0; counter < COUNTER_COUNT; counter++)
        if (counter_comparable(base, head, counter))
            json_array_append_new(entries, make_entry(comparing, counter, base, head));
    return entries;
}

// ---- twice -------------------------------------------------------------------------

static bool is_regression(const json_t *entry)
{
    return gate_judge_is(entry, "REGRESSION");
}

static void join(json_t *entries, const json_t *second)
{
    size_t index;
    json_t *entry;
    json_array_foreach(entries, index, entry)
    {
        const json_t *again = tree_find(second, "metric", tree_text(entry, "metric", ""));
        struct reason reason;
        if (!is_regression(entry))
            continue;
        bool both = is_regression(again);
        enum verdict verdict =
            verdict_confirm(both ? VERDICT_REGRESSION : VERDICT_SAME, &reason);
        json_object_set_new(entry, "verdict", json_string(verdict_name(verdict)));
        json_object_set_new(entry, "reason", json_string(reason.text));
        json_object_set_new(entry, "confirmation",
                            again == NULL ? json_null() : json_deep_copy(again));
    }
}

// Counts both again, if there are two to count. 0 or -EINTR.
static int confirm(const struct comparing *comparing, json_t *entries,
                   struct reason *reason)
{
    const struct extra_setting setting = {.janitor = &comparing->session->janitor,
                                          .tick = progress_tick,
                                          .context = &comparing->session->progress};
    json_t *head = NULL;
    json_t *base = NULL;
    json_t *second = NULL;
    int error = counters_take(&setting, comparing->table, comparing->cell, &head, reason);
    if (error == 0 && comparing->report == NULL)
        error = counters_take(&setting, comparing->table, comparing->cell->base, &base,
                              reason);
    if (error == 0)
        second =
            compare_cell(comparing, base == NULL ? base_counters(comparing) : base, head);
    join(entries, second);
    json_decref(head);
    json_decref(base);
    json_decref(second);
    return error;
}

static int compare_table(struct comparing *comparing, json_t *all, struct reason *reason)
{
    int error = 0;
    for (size_t i = 0; error == 0 && i < comparing->table->count; i++) {
        const struct cell *cell = &comparing->table->cells[i];
        if (tree_text(cell->json, "base_of", NULL) != NULL)
            continue;
        comparing->cell = cell;
        json_t *entries = compare_cell(comparing, base_counters(comparing),
                                       tree_at(cell->json, "counters"));
        if (gate_judge_any(entries, NULL, is_regression))
            error = confirm(comparing, entries, reason);
        json_array_extend(all, entries);
        json_decref(entries);
    }
    return error;
}

int gate_counters_measure(struct session *session, const struct gate *gate,
                          const json_t *report, json_t **entries, struct reason *reason)
{
    struct comparing comparing = {.session = session, .gate = gate, .report = report};
    *entries = json_array();
    int error = counters_add(session, reason);
    for (size_t i = 0; error == 0 && i < session->plan.count; i++) {
        comparing.table = &session->plan.list[i];
        error = compare_table(&comparing, *entries, reason);
    }
    if (error == 0 && report != NULL && json_array_size(*entries) == 0)
        progress_remark(&session->progress, "--counters: no count can be compared; the "
                                            "base must be of 'quartet run --counters'");
    return error;
}

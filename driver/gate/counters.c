// SPDX-License-Identifier: MIT
//
// counters.c - see counters.h.
#include "driver/gate/counters.h"

#include "driver/gate/conclude.h"
#include "driver/gate/judge.h"
#include "driver/measure/counters.h"
#include "driver/report/counter_verdict.h"
#include "driver/report/gate_entry.h"
#include "driver/report/json.h"
#include "lib/check.h"

#include <stdio.h>
#include <string.h>

// The two sides of a comparison.
struct comparing {
    struct session *session;
    const struct gate *gate;
    const struct report *report; // of the base, or NULL
    bool quick;                  // see measure/extra_run.h
    const struct table *table;
    const struct cell *cell;
};

// ---- the base ----------------------------------------------------------------------

// The row of the stored report, if its table was given the same to do.
static const struct report_cell *stored_cell(const struct comparing *comparing)
{
    const struct report_table *own = comparing->table->result;
    const struct report_table *table = report_find_table(comparing->report, own->id);
    if (table == NULL || table->tasks != own->tasks ||
        table->concurrency != own->concurrency ||
        !json_equal(table->arguments, own->arguments))
        return NULL;
    return report_find_row(table, comparing->cell->result->label);
}

static const json_t *base_counters(const struct comparing *comparing)
{
    const struct report_cell *base =
        comparing->cell->base == NULL ? NULL : comparing->cell->base->result;
    if (comparing->report != NULL)
        base = stored_cell(comparing);
    return base == NULL ? NULL : base->counters;
}

// ---- one comparison ----------------------------------------------------------------

// The figure for the table: of an operation, where there are any.
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
    const struct report_cell *cell = comparing->cell->result;
    char path[64];
    snprintf(path, sizeof path, "floors.%s", counter_name(counter));
    struct counter_limits limits = {tree_number(cell->json, path),
                                    comparing->gate->threshold};
    double old = counter_value(base, counter);
    double new = counter_value(head, counter);
    double tolerance = counter_tolerance(counter, base, head, limits);
    enum verdict verdict = counter_verdict(counter, old, new, tolerance);
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:i, s:o, s:o, s:o, s:n, s:n, s:n, s:n, s:n, s:o, s:o, "
        "s:o, s:b, s:s, s:s}",
        "table", comparing->table->result->id, "row", cell->label, "model", cell->model,
        "metric", counter_name(counter), "n", 1, "base", tree_real(shown(base, counter)),
        "head", tree_real(shown(head, counter)), "ratio", tree_real(new / old), "low",
        "high", "confidence", "p", "p_holm", "floor", tree_real(limits.floor),
        "threshold", tree_real(tolerance), "detectable", tree_real(tolerance), "decides",
        1, "verdict", verdict_name(verdict), "reason", "");
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

// Counts both again, if there are two to count. 0 or -EINTR.
static int confirm(const struct comparing *comparing, json_t *entries,
                   struct reason *reason)
{
    const struct extra_setting setting = {.janitor = &comparing->session->janitor,
                                          .quick = comparing->quick,
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
    gate_conclude_confirm(entries, second);
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
        if (cell->result->base_of != NULL)
            continue;
        comparing->cell = cell;
        json_t *entries =
            compare_cell(comparing, base_counters(comparing), cell->result->counters);
        if (gate_entry_any(entries, NULL, gate_entry_is_regression))
            error = confirm(comparing, entries, reason);
        json_array_extend(all, entries);
        json_decref(entries);
    }
    return error;
}

// ---- what is counted ---------------------------------------------------------------

// Does the stored base have this counter (NULL: any) of some row?
static bool stored_any(struct comparing *comparing, const char *counter)
{
    const struct plan *plan = &comparing->session->plan;
    for (size_t i = 0; i < plan->count; i++) {
        comparing->table = &plan->list[i];
        for (size_t j = 0; j < comparing->table->count; j++) {
            comparing->cell = &comparing->table->cells[j];
            const json_t *counters = base_counters(comparing);
            if (json_is_object(counter == NULL ? counters : tree_at(counters, counter)))
                return true;
        }
    }
    return false;
}

static bool has_text(const json_t *texts, const char *text)
{
    size_t index;
    json_t *other;
    json_array_foreach(texts, index, other)
    {
        if (strcmp(json_string_value(other), text) == 0)
            return true;
    }
    return false;
}

// Why rows have no system calls or no memory: each reason once. The other counters are
// not for every row, and that is no news.
static void add_missing(const struct session *session, json_t *reasons)
{
    static const char *const paths[] = {"missing.syscalls", "missing.memory"};
    for (size_t i = 0; i < session->plan.count; i++)
        for (size_t j = 0; j < session->plan.list[i].count; j++)
            for (size_t k = 0; k < ARRAY_LEN(paths); k++) {
                const json_t *counters = session->plan.list[i].cells[j].result->counters;
                const char *why = tree_text(counters, paths[k], NULL);
                if (why != NULL && !has_text(reasons, why))
                    json_array_append_new(reasons, json_string(why));
            }
}

// How many rows were compared by each counter.
static json_t *count_rows(const json_t *entries)
{
    json_t *compared = json_object();
    size_t index;
    json_t *entry;
    json_array_foreach(entries, index, entry)
    {
        const char *metric = tree_text(entry, "metric", "?");
        json_int_t before = json_integer_value(json_object_get(compared, metric));
        json_object_set_new(compared, metric, json_integer(before + 1));
    }
    return compared;
}

static void describe(const struct session *session, const json_t *entries, json_t *why)
{
    json_object_set_new(json_object_get(session->report.json, "gate"), "counters",
                        json_pack("{s:o, s:o}", "compared", count_rows(entries),
                                  "not_counted", why));
}

// After half of a budget, and earlier if rounds need more than the other half; 0: never.
static uint64_t find_deadline(const struct comparing *comparing)
{
    uint64_t budget_ns = comparing->gate->budget_ns;
    uint64_t rounds_ns = gate_needed_ns(comparing->session);
    uint64_t rest_ns = budget_ns > rounds_ns ? budget_ns - rounds_ns : 0;
    if (budget_ns == 0)
        return 0;
    return comparing->session->begin_ns +
           (rest_ns < budget_ns / 2 ? rest_ns : budget_ns / 2);
}

// Counts and compares. `why` gets what keeps it from counting more.
static int count_all(struct comparing *comparing, json_t *entries, json_t *why,
                     struct reason *reason)
{
    struct session *session = comparing->session;
    uint64_t deadline_ns = find_deadline(comparing);
    unsigned left_out;
    int error = counters_add(session, comparing->quick, deadline_ns, &left_out, reason);
    add_missing(session, why);
    if (left_out > 0)
        json_array_append_new(why, json_sprintf("%u of %zu tables, since half of the "
                                                "time budget was over",
                                                left_out, session->plan.count));
    for (size_t i = 0; error == 0 && i < session->plan.count; i++) {
        comparing->table = &session->plan.list[i];
        error = compare_table(comparing, entries, reason);
    }
    return error;
}

int gate_counters_measure(struct session *session, const struct gate *gate,
                          const struct report *report, json_t **entries,
                          struct reason *reason)
{
    struct comparing comparing = {.session = session, .gate = gate, .report = report};
    *entries = json_array();
    if (gate->counting == GATE_COUNT_NONE)
        return 0;
    json_t *why = json_array();
    int error = 0;
    if (report != NULL && !stored_any(&comparing, NULL)) {
        json_array_append_new(
            why, json_string("the base has no counters; 'quartet run --counters' makes "
                             "a report that has"));
    } else {
        comparing.quick = gate->counting == GATE_COUNT_QUICK &&
                          (report == NULL || !stored_any(&comparing, "instructions"));
        error = count_all(&comparing, *entries, why, reason);
    }
    describe(session, *entries, why);
    return error;
}

// SPDX-License-Identifier: MIT
//
// counters.c - see counters.h.
#include "driver/gate/counters.h"

#include "driver/gate/calibration.h"
#include "driver/measure/counters.h"
#include "driver/report/counter_verdict.h"
#include "driver/report/tree.h"
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

static struct comparison compare(const struct report_table *table,
                                 const struct report_cell *cell, double threshold,
                                 enum counter counter, const json_t *base,
                                 const json_t *head)
{
    struct comparison own = comparison_make(table->id, cell->label, cell->model,
                                            (enum metric)(METRIC_SYSCALLS + counter));
    struct counter_limits limits = {calibration_applied(cell, own.metric), threshold};
    double old = counter_value(base, counter);
    double new = counter_value(head, counter);
    own.n = own.n_base = own.n_head = 1;
    own.base = shown(base, counter);
    own.head = shown(head, counter);
    own.ratio = new / old;
    own.floor = limits.floor;
    own.threshold = counter_tolerance(counter, base, head, limits);
    own.detectable = own.threshold;
    own.verdict = counter_verdict(counter, old, new, own.threshold);
    return own;
}

struct comparisons gate_counters_compare(const struct report_table *table,
                                         const struct report_cell *cell, double threshold,
                                         const json_t *base, const json_t *head)
{
    struct comparisons found = {0};
    for (enum counter counter = 0; counter < COUNTER_COUNT; counter++)
        if (counter_comparable(base, head, counter)) {
            const struct comparison own =
                compare(table, cell, threshold, counter, base, head);
            comparisons_add(&found, &own);
        }
    return found;
}

// All counters of the row that both have.
static struct comparisons compare_cell(const struct comparing *comparing,
                                       const json_t *base, const json_t *head)
{
    return gate_counters_compare(comparing->table->result, comparing->cell->result,
                                 comparing->gate->threshold, base, head);
}

// ---- twice -------------------------------------------------------------------------

// Counts both again, if there are two to count. 0 or -EINTR.
static int confirm(const struct comparing *comparing, struct comparisons *found,
                   struct reason *reason)
{
    const struct extra_setting setting = {.janitor = &comparing->session->janitor,
                                          .quick = comparing->quick,
                                          .tick = progress_tick,
                                          .context = &comparing->session->progress};
    json_t *head = NULL;
    json_t *base = NULL;
    struct comparisons second = {0};
    int error = counters_take(&setting, comparing->table, comparing->cell, &head, reason);
    if (error == 0 && comparing->report == NULL)
        error = counters_take(&setting, comparing->table, comparing->cell->base, &base,
                              reason);
    if (error == 0)
        second =
            compare_cell(comparing, base == NULL ? base_counters(comparing) : base, head);
    comparison_confirm_all(found, &second);
    json_decref(head);
    json_decref(base);
    comparisons_free(&second);
    return error;
}

static int compare_table(struct comparing *comparing, struct comparisons *all,
                         struct reason *reason)
{
    int error = 0;
    for (size_t i = 0; error == 0 && i < comparing->table->count; i++) {
        const struct cell *cell = &comparing->table->cells[i];
        if (cell->result->base_of != NULL)
            continue;
        comparing->cell = cell;
        struct comparisons found =
            compare_cell(comparing, base_counters(comparing), cell->result->counters);
        if (comparisons_any(&found, NULL, comparison_is_regression))
            error = confirm(comparing, &found, reason);
        comparisons_move(all, &found);
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
static json_t *count_rows(const struct comparisons *found)
{
    json_t *compared = json_object();
    for (size_t i = 0; i < found->count; i++) {
        const char *metric = metric_name(found->list[i].metric);
        json_int_t before = json_integer_value(json_object_get(compared, metric));
        json_object_set_new(compared, metric, json_integer(before + 1));
    }
    return compared;
}

static void describe(const struct session *session, const struct comparisons *found,
                     json_t *why)
{
    json_object_set_new(json_object_get(session->report.json, "gate"), "counters",
                        json_pack("{s:o, s:o}", "compared", count_rows(found),
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
static int count_all(struct comparing *comparing, struct comparisons *found, json_t *why,
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
        error = compare_table(comparing, found, reason);
    }
    return error;
}

int gate_counters_measure(struct session *session, const struct gate *gate,
                          const struct report *report, struct comparisons *found,
                          struct reason *reason)
{
    struct comparing comparing = {.session = session, .gate = gate, .report = report};
    *found = (struct comparisons){0};
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
        error = count_all(&comparing, found, why, reason);
    }
    describe(session, found, why);
    return error;
}

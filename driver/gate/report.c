// SPDX-License-Identifier: MIT
//
// report.c - see report.h.
#include "driver/gate/report.h"

#include "driver/gate/conclude.h"
#include "driver/gate/counters.h"
#include "driver/gate/judge.h"
#include "driver/report/compare.h"
#include "driver/report/json.h"
#include "driver/report/metric.h"
#include "driver/report/verification.h"
#include "lib/mix.h"

#include <errno.h>
#include <string.h>

static bool is_wall(const json_t *entry)
{
    return strcmp(tree_text(entry, "metric", ""), "wall_ns") == 0;
}

// Switches differ little from session to session, faults of processes by 7 % and more
// (docs/gate.md); of another machine neither says anything.
static bool decides(const json_t *entry, bool same_testbed)
{
    const char *metric = tree_text(entry, "metric", "");
    if (strcmp(metric, metric_name(METRIC_SWITCHES)) == 0)
        return same_testbed;
    return !is_wall(entry) && strcmp(metric, metric_name(METRIC_FAULTS)) != 0;
}

// Says what decides. Wall times never do; they warn, if the machine was such a one.
static void add_decides(json_t *entries, bool same_testbed)
{
    static const char *const reasons[] = {
        "slower, but measured on another machine",
        "slower, but not measured side by side with the base"};
    size_t index;
    json_t *entry;
    json_array_foreach(entries, index, entry)
    {
        json_object_set_new(entry, "decides", json_boolean(decides(entry, same_testbed)));
        if (!is_wall(entry) || !gate_judge_is(entry, "REGRESSION"))
            continue;
        json_object_set_new(entry, "verdict", json_string("INCONCLUSIVE"));
        json_object_set_new(entry, "reason", json_string(reasons[same_testbed]));
        json_object_set_new(entry, "warning", json_boolean(same_testbed));
    }
}

// One batch of all tables, compared. NULL: out of memory, or *error is set.
static json_t *measure_and_compare(struct session *session, const struct gate *gate,
                                   const json_t *base, const struct batch *batch,
                                   int *error, struct reason *reason)
{
    *error = session_rounds(session, batch, reason);
    for (size_t i = 0; *error == 0 && i < session->plan.count; i++)
        if (verification_add(session->plan.list[i].json) != 0)
            *error = reason_set(reason, -ENOMEM, "no memory for the verdicts");
    if (*error != 0)
        return NULL;
    struct compared compared;
    json_t *result = NULL;
    if (compare_reports(&compared, base, session->report, gate->threshold,
                        batch->number) == 0)
        result = json_pack("{s:o, s:O}", "comparisons",
                           comparisons_json(&compared.comparisons), "only_head",
                           compared.only_head);
    compare_free(&compared);
    add_decides(tree_array(result, "comparisons"),
                compare_same_testbed(base, session->report));
    return result;
}

// All rounds of tables that are not settled, or as many as there is time for.
static unsigned rounds_in_time(const struct session *session, const struct gate *gate)
{
    unsigned fit = gate_affordable(session, gate->budget_ns);
    return fit < session->rounds ? fit : session->rounds;
}

static json_t *confirm(struct session *session, const struct gate *gate,
                       const json_t *base, const json_t *first, int *error,
                       struct reason *reason)
{
    struct batch batch = {.number = 2, .seed = mix_into(session->seed, 2), .first = 1};
    for (size_t i = 0; i < session->plan.count; i++) {
        struct table *table = &session->plan.list[i];
        table->settled = !gate_judge_any(first, tree_text(table->json, "id", ""),
                                         gate_conclude_is_regression);
    }
    batch.last = rounds_in_time(session, gate);
    return measure_and_compare(session, gate, base, &batch, error, reason);
}

static bool is_open(const json_t *entry)
{
    return gate_judge_is(entry, "INCONCLUSIVE") && gate_judge_decides(entry);
}

int gate_report_measure(struct session *session, const struct gate *gate,
                        const json_t *base, struct reason *reason)
{
    json_t *first = NULL;
    json_t *second = NULL;
    json_t *counted = NULL;
    struct batch batch = {.number = 1, .seed = session->seed, .first = 1};
    int error = session_warm_up(session, reason);
    gate_set_deadline(session, gate->budget_ns);
    json_t *answers = gate_judge_answers(session->report);
    bool equal = error == 0 && json_array_size(answers) == 0;
    if (equal)
        error = gate_counters_measure(session, gate, base, &counted, reason);
    batch.last = rounds_in_time(session, gate);
    if (equal && error == 0)
        first = measure_and_compare(session, gate, base, &batch, &error, reason);
    json_t *entries = tree_array(first, "comparisons");
    if (error == 0 && gate_judge_any(entries, NULL, gate_conclude_is_regression))
        second = confirm(session, gate, base, entries, &error, reason);
    gate_conclude_confirm(entries, tree_array(second, "comparisons"));
    const struct findings findings = {
        .missing =
            first == NULL ? json_array() : json_incref(tree_array(first, "only_head")),
        .entries = json_incref(entries),
        .counted = counted,
        .is_open = is_open,
        .error = error};
    gate_conclude(session->report, gate, &findings);
    json_decref(first);
    json_decref(counted);
    json_decref(second);
    json_decref(answers);
    session_close(session, error, reason);
    return error;
}

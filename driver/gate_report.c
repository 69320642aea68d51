// SPDX-License-Identifier: MIT
//
// gate_report.c - see gate_report.h.
#include "driver/gate_report.h"

#include "driver/cross.h"
#include "driver/gate_counters.h"
#include "driver/gate_judge.h"
#include "driver/tree.h"
#include "driver/verdict.h"
#include "driver/verification.h"
#include "lib/mix.h"

#include <errno.h>
#include <string.h>

// One batch of all tables, compared. NULL: out of memory, or *error is set.
static json_t *measure_and_compare(struct session *session, const struct gate *gate,
                                   const json_t *base, const struct batch *batch,
                                   int *error, struct reason *reason)
{
    *error = session_rounds(session, batch, reason);
    for (size_t i = 0; *error == 0 && i < session->plan.count; i++)
        if (verification_add(session->plan.list[i].json) != 0)
            *error = reason_set(reason, -ENOMEM, "no memory for the verdicts");
    return *error != 0
               ? NULL
               : cross_compare(base, session->report, gate->threshold, batch->number);
}

static bool is_wall(const json_t *entry)
{
    return strcmp(tree_text(entry, "metric", ""), "wall_ns") == 0;
}

// Rows that decide and seem worse.
static bool is_suspect(const json_t *entry)
{
    return !is_wall(entry) && gate_judge_is(entry, "REGRESSION");
}

// A wall time only warns; all else is a regression if the second batch says so, too.
static void join(json_t *entries, const json_t *second)
{
    size_t index;
    json_t *entry;
    json_array_foreach(entries, index, entry)
    {
        struct reason why;
        if (!gate_judge_is(entry, "REGRESSION"))
            continue;
        bool again = gate_judge_is(gate_judge_find(second, entry), "REGRESSION");
        if (is_wall(entry)) {
            json_object_set_new(entry, "verdict", json_string("INCONCLUSIVE"));
            reason_set(&why, 0, "slower, but not measured side by side with the base");
            json_object_set_new(entry, "warning", json_true());
        } else if (again) {
            continue;
        } else {
            json_object_set_new(entry, "verdict",
                                json_string(
                                    verdict_name(verdict_confirm(VERDICT_SAME, &why))));
        }
        json_object_set_new(entry, "reason", json_string(why.text));
    }
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
        table->settled =
            !gate_judge_any(first, tree_text(table->json, "id", ""), is_suspect);
    }
    batch.last = rounds_in_time(session, gate);
    return measure_and_compare(session, gate, base, &batch, error, reason);
}

static bool is_regression(const json_t *entry)
{
    return gate_judge_is(entry, "REGRESSION");
}

static bool is_open(const json_t *entry)
{
    return gate_judge_is(entry, "INCONCLUSIVE") && !is_wall(entry);
}

// Takes `crossed` (may be NULL) over; `counted` is what counters say. `error`: what has
// stopped the gate, or 0.
static void conclude(struct session *session, const struct gate *gate, json_t *crossed,
                     json_t *counted, int error)
{
    json_t *answers = gate_judge_answers(session->report);
    json_t *entries = tree_array(crossed, "comparisons");
    json_t *missing = json_array();
    json_array_extend(missing, tree_array(crossed, "only_new"));
    const char *verdict = "PASS";
    int code = EXIT_FINE;
    if (json_array_size(answers) > 0) {
        verdict = "WRONG";
        code = EXIT_WRONG;
    } else if (gate_judge_any(entries, NULL, is_regression) ||
               gate_judge_any(counted, NULL, is_regression)) {
        verdict = "REGRESSION";
        code = EXIT_REGRESSION;
    } else if (gate->need_base && (json_array_size(missing) > 0 || entries == NULL)) {
        verdict = "INCONCLUSIVE";
        code = EXIT_BASELINE;
    } else if (gate_judge_any(entries, NULL, is_open) || json_array_size(entries) == 0) {
        verdict = "INCONCLUSIVE";
        code = gate->need_conclusion ? EXIT_INCONCLUSIVE : EXIT_FINE;
    }
    if (error != 0 && strcmp(verdict, "PASS") == 0)
        verdict = "INCONCLUSIVE"; // it has not seen everything
    json_t *all = json_array();
    json_array_extend(all, entries);
    json_array_extend(all, counted);
    json_t *result = json_pack("{s:f, s:o, s:o, s:o, s:s, s:i}", "threshold",
                               gate->threshold, "answers", answers, "missing", missing,
                               "comparisons", all, "verdict", verdict, "exit_code", code);
    json_object_update(result, json_object_get(session->report, "gate"));
    json_object_set_new(session->report, "gate", result);
    json_decref(crossed);
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
    if (equal && gate->counters)
        error = gate_counters_measure(session, gate, base, &counted, reason);
    batch.last = rounds_in_time(session, gate);
    if (equal && error == 0)
        first = measure_and_compare(session, gate, base, &batch, &error, reason);
    json_t *entries = tree_array(first, "comparisons");
    if (error == 0 && gate_judge_any(entries, NULL, is_suspect))
        second = confirm(session, gate, base, entries, &error, reason);
    join(entries, tree_array(second, "comparisons"));
    conclude(session, gate, first, counted, error);
    json_decref(counted);
    json_decref(second);
    json_decref(answers);
    session_close(session, error, reason);
    return error;
}

// SPDX-License-Identifier: MIT
//
// report.c - see report.h.
#include "driver/gate/report.h"

#include "driver/analysis/analysis.h"
#include "driver/analysis/compare.h"
#include "driver/gate/conclude.h"
#include "driver/gate/counters.h"
#include "driver/gate/judge.h"
#include "driver/report/gate_entry.h"
#include "driver/report/json.h"
#include "lib/check.h"

#include <errno.h>
#include <string.h>

// Wall time of another session warns, if that ran on such a machine. How a row compares
// with the others may be asked of any machine; yet of one build, too, sessions differ by
// more than rounds of one session do, so that it can raise a suspicion and no more.
struct kind_of_time {
    const char *metric;
    bool decides;          // whether the row counts as decided
    const char *slower[2]; // on another machine; on such a one
};

static const struct kind_of_time kinds[] = {
    {"wall_ns",
     false,
     {"slower, but measured on another machine",
      "slower, but not measured side by side with the base"}},
    {"relative",
     true,
     {"slower than the other rows, but not measured side by side with the base",
      "slower than the other rows, but not measured side by side with the base"}},
};

static const struct kind_of_time *find_kind(const json_t *entry)
{
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (strcmp(tree_text(entry, "metric", ""), kinds[i].metric) == 0)
            return &kinds[i];
    return NULL;
}

// Says what is waited for, and makes of each slow-down what a stored report can show.
static void add_decides(json_t *entries, bool same_testbed)
{
    size_t index;
    json_t *entry;
    json_array_foreach(entries, index, entry)
    {
        const struct kind_of_time *kind = find_kind(entry);
        bool decides = kind != NULL && kind->decides;
        json_object_set_new(entry, "decides", json_boolean(decides));
        if (kind == NULL ||
            !(gate_entry_is(entry, "REGRESSION") || gate_entry_is(entry, "SUSPECT")))
            continue;
        json_object_set_new(entry, "verdict",
                            json_string(decides ? "SUSPECT" : "INCONCLUSIVE"));
        json_object_set_new(entry, "reason", json_string(kind->slower[same_testbed]));
        json_object_set_new(entry, "warning", json_boolean(decides || same_testbed));
    }
}

// The findings of compare_reports() as JSON. NULL: out of memory.
static json_t *compare(const struct report *base, struct report *head, double threshold,
                       unsigned batch)
{
    struct compared compared = {.only_base = NULL};
    json_t *result = NULL;
    if (report_verify(head) == 0 &&
        compare_reports(&compared, base, head, threshold, batch) == 0)
        result = json_pack("{s:o, s:O}", "comparisons",
                           comparisons_json(&compared.comparisons), "only_head",
                           compared.only_head);
    add_decides(tree_array(result, "comparisons"), compare_same_testbed(base, head));
    compare_free(&compared);
    return result;
}

// All rounds, compared. NULL: out of memory, or *error is set.
static json_t *measure_and_compare(struct session *session, const struct gate *gate,
                                   const struct report *base, int *error,
                                   struct reason *reason)
{
    struct batch batch = {.number = 1, .seed = session->seed, .first = 1};
    unsigned fit = gate_affordable(session, gate->budget_ns);
    batch.last = fit < session->rounds ? fit : session->rounds;
    *error = session_rounds(session, &batch, reason);
    if (*error != 0)
        return NULL;
    return compare(base, &session->report, gate->threshold, batch.number);
}

int gate_report_measure(struct session *session, const struct gate *gate,
                        const struct report *base, struct reason *reason)
{
    json_t *crossed = NULL;
    json_t *counted = NULL;
    int error = session_warm_up(session, reason);
    gate_set_deadline(session, gate->budget_ns);
    json_t *answers = gate_judge_answers(&session->report);
    bool equal = error == 0 && json_array_size(answers) == 0;
    if (equal)
        error = gate_counters_measure(session, gate, base, &counted, reason);
    if (equal && error == 0)
        crossed = measure_and_compare(session, gate, base, &error, reason);
    const struct findings findings = {
        .missing = crossed == NULL ? json_array()
                                   : json_incref(tree_array(crossed, "only_head")),
        .entries = json_incref(tree_array(crossed, "comparisons")),
        .counted = counted,
        .error = error};
    gate_conclude(&session->report, gate, &findings);
    json_decref(crossed);
    json_decref(counted);
    json_decref(answers);
    session_close(session, error, reason);
    return error;
}

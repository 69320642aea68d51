// SPDX-License-Identifier: MIT
//
// report.c - see report.h.
#include "driver/gate/report.h"

#include "driver/analysis/analysis.h"
#include "driver/analysis/compare.h"
#include "driver/gate/conclude.h"
#include "driver/gate/counters.h"
#include "driver/gate/judge.h"
#include "lib/check.h"

// Wall time of another session warns, if that ran on such a machine. How a row compares
// with the others may be asked of any machine; yet of one build, too, sessions differ by
// more than rounds of one session do, so that it can raise a suspicion and no more.
struct kind_of_time {
    enum metric metric;
    bool decides;          // whether the row counts as decided
    const char *slower[2]; // on another machine; on such a one
};

static const struct kind_of_time kinds[] = {
    {METRIC_WALL,
     false,
     {"slower, but measured on another machine",
      "slower, but not measured side by side with the base"}},
    {METRIC_RELATIVE,
     true,
     {"slower than the other rows, but not measured side by side with the base",
      "slower than the other rows, but not measured side by side with the base"}},
};

static const struct kind_of_time *find_kind(enum metric metric)
{
    for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
        if (kinds[i].metric == metric)
            return &kinds[i];
    return NULL;
}

// Says what is waited for, and makes of each slow-down what a stored report can show.
static void weigh(struct comparison *own, bool same_testbed)
{
    const struct kind_of_time *kind = find_kind(own->metric);
    bool slower = own->verdict == VERDICT_REGRESSION || own->verdict == VERDICT_SUSPECT;
    own->decides = kind != NULL && kind->decides;
    if (slower && kind != NULL) {
        own->verdict = own->decides ? VERDICT_SUSPECT : VERDICT_INCONCLUSIVE;
        own->warning = own->decides || same_testbed;
        reason_set(&own->reason, 0, "%s", kind->slower[same_testbed]);
    } else if (own->verdict == VERDICT_REGRESSION && own->reason.text[0] == '\0') {
        comparison_explain(own);
    }
}

// All rounds, compared: *compared, which is {0} before.
static int measure_and_compare(struct session *session, const struct gate *gate,
                               const struct report *base, struct compared *compared,
                               struct reason *reason)
{
    struct batch batch = {.number = 1, .seed = session->seed, .first = 1};
    unsigned fit = gate_affordable(session, gate->budget_ns);
    batch.last = fit < session->rounds ? fit : session->rounds;
    int error = session_rounds(session, &batch, reason);
    if (error != 0)
        return error;
    error = report_verify(&session->report);
    if (error == 0)
        error = compare_reports(compared, base, &session->report, gate->threshold,
                                batch.number);
    if (error != 0)
        return reason_set(reason, error, "no memory for the verdicts");
    bool same_testbed = compare_same_testbed(base, &session->report);
    for (size_t i = 0; i < compared->comparisons.count; i++)
        weigh(&compared->comparisons.list[i], same_testbed);
    return 0;
}

int gate_report_measure(struct session *session, const struct gate *gate,
                        const struct report *base, struct reason *reason)
{
    struct compared compared = {.only_base = NULL};
    struct comparisons counted = {0};
    int error = session_warm_up(session, reason);
    gate_set_deadline(session, gate->budget_ns);
    json_t *answers = gate_judge_answers(&session->report);
    bool equal = error == 0 && json_array_size(answers) == 0;
    if (equal)
        error = gate_counters_measure(session, gate, base, &counted, reason);
    if (equal && error == 0)
        error = measure_and_compare(session, gate, base, &compared, reason);
    const struct findings findings = {.missing = compared.only_head == NULL
                                                     ? json_array()
                                                     : json_incref(compared.only_head),
                                      .times = &compared.comparisons,
                                      .counted = &counted,
                                      .error = error};
    gate_conclude(&session->report, gate, &findings);
    compare_free(&compared);
    comparisons_free(&counted);
    json_decref(answers);
    session_close(session, error, reason);
    return error;
}

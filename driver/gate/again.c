// SPDX-License-Identifier: MIT
//
// again.c - see again.h.
#include "driver/gate/again.h"

#include "driver/gate/conclude.h"
#include "driver/gate/counters.h"
#include "driver/gate/details.h"
#include "driver/gate/judge.h"
#include "driver/report/gate.h"
#include "driver/report/metric.h"
#include "driver/report/tree.h"
#include "driver/statistics/verdict.h"
#include "lib/check.h"

#include <errno.h>
#include <string.h>

// The judgement that is made anew, and the one in the file.
struct again {
    struct report *report;
    const json_t *stored;     // its `gate`
    struct report_gate said;  // the same, read
    double threshold;         // that the user asked for
    bool both;                // rows of both builds are in the report
    struct comparisons times; // owned, as is the next
    struct comparisons counted;
};

static bool has_both(const struct report *report)
{
    for (size_t i = 0; i < report->table_count; i++)
        for (size_t j = 0; j < report->tables[i].cell_count; j++)
            if (report->tables[i].cells[j].base_of != NULL)
                return true;
    return false;
}

// ---- without the base --------------------------------------------------------------

static void take_over(struct again *again)
{
    for (size_t i = 0; i < again->said.comparisons.count; i++) {
        struct comparison *own = &again->said.comparisons.list[i];
        comparisons_add(metric_is_counter(own->metric) ? &again->counted : &again->times,
                        own);
        own->confirmation = NULL; // belongs to the copy now
    }
}

// ---- with it -----------------------------------------------------------------------

// The second count of what is a REGRESSION, as the file has it. Counters were counted again
// only then, and nothing but the comparison was kept of it.
static struct comparisons second_count(const struct again *again,
                                       const struct comparisons *found)
{
    struct comparisons second = {0};
    for (size_t i = 0; i < found->count; i++) {
        const struct comparison *said =
            comparisons_find(&again->said.comparisons, &found->list[i]);
        if (said == NULL || said->confirmation == NULL)
            continue;
        struct comparison own = *said->confirmation;
        bool more = own.ratio > 1 + own.threshold;
        own.verdict = more ? VERDICT_REGRESSION : VERDICT_SAME;
        comparisons_add(&second, &own);
    }
    return second;
}

static void count_cell(struct again *again, const struct report_table *table,
                       const struct report_cell *cell)
{
    const struct report_cell *base = report_find_base(table, cell);
    if (base == NULL)
        return;
    struct comparisons found = gate_counters_compare(table, cell, again->threshold,
                                                     base->counters, cell->counters);
    struct comparisons second = second_count(again, &found);
    comparison_confirm_all(&found, &second);
    comparisons_move(&again->counted, &found);
    comparisons_free(&second);
}

// All comparisons, from the samples and counts of both builds. 0 or -ENOMEM.
static int judge(struct again *again)
{
    struct report *report = again->report;
    unsigned most = report->plan.rounds > 0 ? (unsigned)report->plan.rounds : 1;
    for (size_t i = 0; i < report->table_count; i++)
        for (size_t j = 0; j < report->tables[i].cell_count; j++)
            count_cell(again, &report->tables[i], &report->tables[i].cells[j]);
    int error = gate_judge(report, again->threshold, most, &again->times);
    return error != 0 ? error
                      : gate_judge_details(report, again->threshold, &again->times);
}

// ---- the conclusion ----------------------------------------------------------------

// Takes out what is concluded, so that nothing of it goes into the new conclusion.
static void forget(json_t *gate)
{
    static const char *const concluded[] = {"answers", "missing", "comparisons",
                                            "verdict", "exit_code"};
    for (size_t i = 0; i < ARRAY_LEN(concluded); i++)
        json_object_del(gate, concluded[i]);
}

// The exit code of the file tells what else the user had asked for; it makes nothing easier.
static void conclude(struct again *again)
{
    double code = again->said.exit_code;
    const struct gate gate = {.threshold = again->threshold,
                              .need_conclusion = code == EXIT_INCONCLUSIVE,
                              .need_base = code == EXIT_BASELINE};
    json_t *missing = again->both ? gate_judge_missing(again->report)
                                  : json_deep_copy(tree_array(again->stored, "missing"));
    const struct findings findings = {.missing = missing == NULL ? json_array() : missing,
                                      .times = &again->times,
                                      .counted = &again->counted,
                                      .error = again->report->complete ? 0 : -EINTR,
                                      .refused = again->said.refused};
    forget(tree_at(again->report->json, "gate"));
    gate_conclude(again->report, &gate, &findings);
}

static void tell(const struct again *again)
{
    const char *was = tree_text(again->stored, "verdict", "nothing");
    const char *is = tree_text(again->report->json, "gate.verdict", "nothing");
    if (strcmp(was, is) != 0)
        warn("the file says %.20s, its samples say %.20s", was, is);
}

int gate_again(struct report *report, struct reason *reason)
{
    const json_t *own = tree_at(report->json, "gate");
    if (!json_is_object(own) || tree_text(own, "verdict", NULL) == NULL)
        return 0; // it has not come to an end
    json_t *stored = json_object();
    json_object_set_new(stored, "gate", json_deep_copy(own));
    struct again again = {.report = report,
                          .stored = tree_at(stored, "gate"),
                          .both = has_both(report)};
    report_gate_read(&again.said, stored);
    again.threshold = again.said.threshold > 0 ? again.said.threshold : VERDICT_THRESHOLD;
    int error = again.both ? judge(&again) : 0;
    if (!again.both)
        take_over(&again);
    if (error == 0) {
        conclude(&again);
        tell(&again);
    } else {
        reason_set(reason, error, "cannot judge the gate again: out of memory");
    }
    comparisons_free(&again.times);
    comparisons_free(&again.counted);
    report_gate_free(&again.said);
    json_decref(stored);
    return error;
}

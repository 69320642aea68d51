// SPDX-License-Identifier: MIT
//
// conclude.c - see conclude.h.
#include "driver/gate/conclude.h"

#include "driver/gate/judge.h"
#include "driver/report/gate.h"
#include "lib/error.h"

// Does any comparison, of times or of counters, pass the test?
static bool any(const struct findings *findings,
                bool (*test)(const struct comparison *comparison))
{
    return comparisons_any(findings->times, NULL, test) ||
           comparisons_any(findings->counted, NULL, test);
}

static enum exit_code decide(const struct gate *gate, const json_t *answers,
                             const struct findings *findings, enum gate_verdict *verdict)
{
    *verdict = GATE_WRONG;
    if (json_array_size(answers) > 0)
        return EXIT_WRONG;
    *verdict = GATE_REGRESSION;
    if (any(findings, comparison_is_regression))
        return EXIT_REGRESSION;
    *verdict = GATE_SUSPECT;
    if (any(findings, comparison_is_suspect))
        return EXIT_INCONCLUSIVE;
    // Where no time was measured (the budget was over), counters alone are no PASS.
    bool looked = findings->times->count > 0 && any(findings, comparison_decides);
    bool open = !looked || any(findings, comparison_is_open) || findings->error != 0;
    bool lacking = gate->need_base && json_array_size(findings->missing) > 0;
    *verdict = open || lacking ? GATE_UNDECIDED : GATE_PASS;
    if (findings->refused != NULL)
        return EXIT_INCONCLUSIVE;
    if (lacking)
        return EXIT_BASELINE;
    return open && gate->need_conclusion ? EXIT_INCONCLUSIVE : EXIT_FINE;
}

void gate_conclude(struct report *report, const struct gate *gate,
                   const struct findings *findings)
{
    json_t *answers = gate_judge_answers(report);
    json_t *all = comparisons_json(findings->times);
    json_t *counted = comparisons_json(findings->counted);
    enum gate_verdict verdict;
    int code = (int)decide(gate, answers, findings, &verdict);
    json_array_extend(all, counted);
    json_decref(counted);
    json_t *result =
        json_pack("{s:f, s:o, s:o, s:o, s:s?, s:s, s:i}", "threshold", gate->threshold,
                  "answers", answers, "missing", findings->missing, "comparisons", all,
                  "refused", findings->refused, "verdict", gate_verdict_name(verdict),
                  "exit_code", code);
    json_object_update(result, json_object_get(report->json, "gate"));
    json_object_set_new(report->json, "gate", result);
}

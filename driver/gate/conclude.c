// SPDX-License-Identifier: MIT
//
// conclude.c - see conclude.h.
#include "driver/gate/conclude.h"

#include "driver/gate/judge.h"
#include "driver/report/gate_entry.h"
#include "driver/report/json.h"
#include "driver/statistics/verdict.h"
#include "lib/error.h"

#include <stdint.h>
#include <string.h>

// ---- two counts --------------------------------------------------------------------

void gate_conclude_confirm(json_t *entries, const json_t *second)
{
    size_t index;
    json_t *entry;
    json_array_foreach(entries, index, entry)
    {
        if (!gate_entry_is_regression(entry))
            continue;
        json_t *again = gate_entry_find(second, entry);
        json_object_set(entry, "confirmation", again == NULL ? json_null() : again);
        if (again != NULL && gate_entry_is(again, "REGRESSION"))
            continue;
        json_object_set_new(entry, "verdict",
                            json_string(verdict_name(VERDICT_INCONCLUSIVE)));
        json_object_set_new(entry, "reason",
                            json_sprintf("not confirmed: a second count says %s",
                                         tree_text(again, "verdict", "nothing")));
    }
}

// ---- all together ------------------------------------------------------------------

static bool is_suspect(const json_t *entry)
{
    return gate_entry_is(entry, "SUSPECT");
}

// Does any entry, of times or of counters, pass the test?
static bool any(const struct findings *findings, bool (*test)(const json_t *entry))
{
    return gate_entry_any(findings->entries, NULL, test) ||
           gate_entry_any(findings->counted, NULL, test);
}

static enum exit_code decide(const struct gate *gate, const json_t *answers,
                             const struct findings *findings, const char **verdict)
{
    *verdict = "WRONG";
    if (json_array_size(answers) > 0)
        return EXIT_WRONG;
    *verdict = "REGRESSION";
    if (any(findings, gate_entry_is_regression))
        return EXIT_REGRESSION;
    *verdict = "SUSPECT";
    if (any(findings, is_suspect))
        return EXIT_INCONCLUSIVE;
    // Where no time was measured (the budget was over), counters alone are no PASS.
    bool looked =
        json_array_size(findings->entries) > 0 && any(findings, gate_entry_decides);
    bool open = !looked || any(findings, gate_entry_is_open) || findings->error != 0;
    bool lacking = gate->need_base && json_array_size(findings->missing) > 0;
    *verdict = open || lacking ? "UNDECIDED" : "PASS";
    if (findings->refused != NULL)
        return EXIT_INCONCLUSIVE;
    if (lacking)
        return EXIT_BASELINE;
    return open && gate->need_conclusion ? EXIT_INCONCLUSIVE : EXIT_FINE;
}

// Gives a count that rose but does not decide a reason that says so.
static void explain(json_t *entries)
{
    size_t index;
    json_t *entry;
    json_array_foreach(entries, index, entry)
    {
        if (gate_entry_is(entry, "REGRESSION") && !gate_entry_decides(entry) &&
            tree_text(entry, "reason", "")[0] == '\0')
            json_object_set_new(entry, "reason",
                                json_string("only explains, and does not decide"));
    }
}

void gate_conclude(struct report *report, const struct gate *gate,
                   const struct findings *findings)
{
    json_t *answers = gate_judge_answers(report);
    json_t *all = json_array();
    const char *verdict;
    int code = (int)decide(gate, answers, findings, &verdict);
    explain(findings->entries);
    json_array_extend(all, findings->entries);
    json_array_extend(all, (json_t *)(uintptr_t)findings->counted);
    json_t *result =
        json_pack("{s:f, s:o, s:o, s:o, s:s?, s:s, s:i}", "threshold", gate->threshold,
                  "answers", answers, "missing", findings->missing, "comparisons", all,
                  "refused", findings->refused, "verdict", verdict, "exit_code", code);
    json_object_update(result, json_object_get(report->json, "gate"));
    json_object_set_new(report->json, "gate", result);
    json_decref(findings->entries);
}

// SPDX-License-Identifier: MIT
//
// gate_verdict.c - see gate_verdict.h.
#include "driver/show/gate_verdict.h"

#include "driver/show/github.h"
#include "lib/plain.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool is_open(const struct comparison *entry)
{
    return entry->verdict == VERDICT_INCONCLUSIVE || entry->verdict == VERDICT_SUSPECT;
}

struct gate_rows gate_verdict_rows(const struct report_gate *gate)
{
    size_t missing = gate->missing.count;
    struct gate_rows rows = {.all = missing, .open = missing};
    for (size_t i = 0; i < gate->comparisons.count; i++) {
        const struct comparison *entry = &gate->comparisons.list[i];
        bool counts = entry->decides && !metric_is_counter(entry->metric);
        rows.slower += comparison_is_regression(entry) ? 1 : 0;
        rows.all += counts ? 1 : 0;
        rows.open += counts && is_open(entry) ? 1 : 0;
    }
    return rows;
}

// ---- the sentence ------------------------------------------------------------------

// Why the gate did not come to an answer: the first reason there is.
static const char *find_reason(const struct report_gate *gate,
                               bool (*test)(const struct comparison *entry))
{
    if (gate->refused != NULL)
        return gate->refused;
    for (size_t i = 0; i < gate->comparisons.count; i++)
        if (test(&gate->comparisons.list[i]))
            return gate->comparisons.list[i].reason.text;
    if (gate->missing.count > 0)
        return gate->missing.list[0].reason;
    return "nothing was measured that could decide";
}

static bool is_slower_time(const struct comparison *entry)
{
    return comparison_is_regression(entry) && !metric_is_counter(entry->metric);
}

static size_t count_tails(const struct report_gate *gate)
{
    size_t count = 0;
    for (size_t i = 0; i < gate->comparisons.count; i++)
        if (gate->comparisons.list[i].metric == METRIC_P99 &&
            gate->comparisons.list[i].verdict == VERDICT_REGRESSION)
            count++;
    return count;
}

void gate_verdict_sentence(const struct report_gate *gate, char *text, size_t size)
{
    struct gate_rows rows = gate_verdict_rows(gate);
    size_t tails = count_tails(gate);
    char sentence[700] = "PASS: no row became slower";
    if (tails > 0)
        snprintf(sentence, sizeof sentence,
                 "PASS: no row became slower, but the tail of %zu did (p99)", tails);
    if (gate->verdict == GATE_WRONG)
        snprintf(sentence, sizeof sentence, "WRONG: no time has been looked at");
    else if (gate->verdict == GATE_REGRESSION)
        snprintf(sentence, sizeof sentence, "REGRESSION: %s",
                 comparisons_any(&gate->comparisons, NULL, is_slower_time)
                     ? "slower than the base"
                     : "needs more than the base, by two counts");
    else if (gate->verdict == GATE_SUSPECT)
        snprintf(sentence, sizeof sentence, "SUSPECT: slower, and not confirmed: %.500s",
                 find_reason(gate, comparison_is_suspect));
    else if (gate->verdict != GATE_PASS)
        snprintf(sentence, sizeof sentence, "UNDECIDED: %zu of %zu rows, because %.500s",
                 rows.open, rows.all, find_reason(gate, is_open));
    plain_copy(text, size, sentence);
}

const char *gate_verdict_advice(const struct report_gate *gate)
{
    if (gate->verdict != GATE_UNDECIDED && gate->verdict != GATE_SUSPECT)
        return "";
    if (gate->refused != NULL)
        return "Give it more time, or fewer tables or models.";
    if (gate->missing.count > 0)
        return "Name a base that has these rows, or leave them out.";
    if (strcmp(gate->base_kind, "report") == 0)
        return "Compare with a revision: a stored report can only warn.";
    return "Run it again on a quieter machine, with more --rounds or time, or by a "
           "larger "
           "--threshold.";
}

// ---- services ----------------------------------------------------------------------

static void write_outputs(FILE *file, const void *content)
{
    const struct report_gate *gate = content;
    struct gate_rows rows = gate_verdict_rows(gate);
    fprintf(file, "verdict=%s\nregressions=%zu\nundecided=%zu/%zu\n",
            gate_verdict_name(gate->verdict), rows.slower, rows.open, rows.all);
}

bool gate_verdict_announce(const struct report_gate *gate)
{
    char sentence[800];
    bool fails = gate->verdict == GATE_WRONG || gate->verdict == GATE_REGRESSION;
    if (!github_is_here())
        return false;
    gate_verdict_sentence(gate, sentence, sizeof sentence);
    if (gate->verdict != GATE_PASS)
        github_annotate(fails ? "error" : "warning", "quartet", sentence);
    github_append("GITHUB_OUTPUT", write_outputs, gate);
    return true;
}

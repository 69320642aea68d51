// SPDX-License-Identifier: MIT
//
// gate_verdict.c - see gate_verdict.h.
#include "driver/show/gate_verdict.h"

#include "driver/report/gate_entry.h"
#include "driver/report/json.h"
#include "driver/report/metric.h"
#include "lib/error.h"
#include "lib/format.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_count(const json_t *entry)
{
    return metric_is_counter(metric_find(tree_text(entry, "metric", "")));
}

static bool is_open(const json_t *entry)
{
    return gate_entry_is(entry, "INCONCLUSIVE") || gate_entry_is(entry, "SUSPECT");
}

struct gate_rows gate_verdict_rows(const json_t *gate)
{
    size_t missing = json_array_size(tree_array(gate, "missing"));
    struct gate_rows rows = {.all = missing, .open = missing};
    size_t index;
    json_t *entry;
    json_array_foreach(tree_array(gate, "comparisons"), index, entry)
    {
        bool decides = gate_entry_decides(entry);
        rows.slower += gate_entry_is_regression(entry) ? 1 : 0;
        rows.all += decides && !is_count(entry) ? 1 : 0;
        rows.open += decides && !is_count(entry) && is_open(entry) ? 1 : 0;
    }
    return rows;
}

// ---- the sentence ------------------------------------------------------------------

// Why the gate did not come to an answer: the first reason there is.
static const char *find_reason(const json_t *gate, bool (*test)(const json_t *entry))
{
    const char *refused = tree_text(gate, "refused", NULL);
    size_t index;
    json_t *entry;
    if (refused != NULL)
        return refused;
    json_array_foreach(tree_array(gate, "comparisons"), index, entry)
    {
        if (test(entry))
            return tree_text(entry, "reason", "?");
    }
    const json_t *missing = json_array_get(tree_array(gate, "missing"), 0);
    if (json_is_string(missing))
        return json_string_value(missing);
    return tree_text(missing, "reason", "nothing was measured that could decide");
}

static bool is_suspect(const json_t *entry)
{
    return gate_entry_is(entry, "SUSPECT");
}

static bool is_slower_time(const json_t *entry)
{
    return gate_entry_is_regression(entry) && !is_count(entry);
}

void gate_verdict_sentence(const json_t *gate, char *text, size_t size)
{
    const char *verdict = tree_text(gate, "verdict", "?");
    struct gate_rows rows = gate_verdict_rows(gate);
    char sentence[700];
    if (strcmp(verdict, "PASS") == 0)
        snprintf(sentence, sizeof sentence, "PASS: no row became slower");
    else if (strcmp(verdict, "WRONG") == 0)
        snprintf(sentence, sizeof sentence, "WRONG: no time has been looked at");
    else if (strcmp(verdict, "REGRESSION") == 0)
        snprintf(sentence, sizeof sentence, "REGRESSION: %s",
                 gate_entry_any(tree_array(gate, "comparisons"), NULL, is_slower_time)
                     ? "slower than the base"
                     : "needs more than the base, by two counts");
    else if (strcmp(verdict, "SUSPECT") == 0)
        snprintf(sentence, sizeof sentence, "SUSPECT: slower, and not confirmed: %.500s",
                 find_reason(gate, is_suspect));
    else
        snprintf(sentence, sizeof sentence, "UNDECIDED: %zu of %zu rows, because %.500s",
                 rows.open, rows.all, find_reason(gate, is_open));
    format_plain(text, size, sentence);
}

const char *gate_verdict_advice(const json_t *gate)
{
    const char *verdict = tree_text(gate, "verdict", "");
    if (strcmp(verdict, "UNDECIDED") != 0 && strcmp(verdict, "SUSPECT") != 0)
        return "";
    if (tree_text(gate, "refused", NULL) != NULL)
        return "Give it more time, or fewer tables or models.";
    if (json_array_size(tree_array(gate, "missing")) > 0)
        return "Name a base that has these rows, or leave them out.";
    if (strcmp(tree_text(gate, "base.kind", ""), "report") == 0)
        return "Compare with a revision: a stored report can only warn.";
    return "Run it again on a quieter machine, with more --rounds or time, or by a "
           "larger "
           "--threshold.";
}

// ---- services ----------------------------------------------------------------------

static bool in_github(void)
{
    const char *value = getenv("GITHUB_ACTIONS");
    return value != NULL && strcmp(value, "true") == 0;
}

static void append_outputs(const json_t *gate)
{
    const char *path = getenv("GITHUB_OUTPUT");
    struct gate_rows rows = gate_verdict_rows(gate);
    if (path == NULL || path[0] == '\0')
        return;
    FILE *file = fopen(path, "ae");
    if (file != NULL)
        fprintf(file, "verdict=%s\nregressions=%zu\nundecided=%zu/%zu\n",
                tree_text(gate, "verdict", "?"), rows.slower, rows.open, rows.all);
    if (file == NULL || fclose(file) != 0)
        warn("cannot append to GITHUB_OUTPUT, '%s': %s", path, strerror(errno));
}

bool gate_verdict_announce(const json_t *gate)
{
    char sentence[800];
    const char *verdict = tree_text(gate, "verdict", "");
    bool fails = strcmp(verdict, "WRONG") == 0 || strcmp(verdict, "REGRESSION") == 0;
    if (!in_github())
        return false;
    gate_verdict_sentence(gate, sentence, sizeof sentence);
    if (strcmp(verdict, "PASS") != 0)
        printf("::%s title=quartet::%s\n", fails ? "error" : "warning", sentence);
    append_outputs(gate);
    return true;
}

// SPDX-License-Identifier: MIT
//
// export_junit.c - a report as test cases, which every CI service can show: see
// exports.h.
#include "driver/show/exports.h"

#include "driver/gate/judge.h"
#include "driver/report/json.h"
#include "lib/error.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum outcome { OUTCOME_PASSED, OUTCOME_SKIPPED, OUTCOME_FAILED };

// Text in an attribute. What XML cannot hold at all becomes '?'.
static void print_escaped(FILE *file, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '&')
            fputs("&amp;", file);
        else if (*text == '<')
            fputs("&lt;", file);
        else if (*text == '>')
            fputs("&gt;", file);
        else if (*text == '"')
            fputs("&quot;", file);
        else
            fputc((unsigned char)*text < 0x20 || *text == 0x7f ? '?' : *text, file);
    }
}

static bool concerns(const json_t *entry, const json_t *table, const json_t *cell)
{
    return strcmp(tree_text(entry, "table", ""), tree_text(table, "id", "?")) == 0 &&
           strcmp(tree_text(entry, "row", ""), tree_text(cell, "label", "?")) == 0;
}

// A time has an interval; what was counted has none.
static enum outcome regression(const json_t *entry, struct reason *reason)
{
    const char *metric = tree_text(entry, "metric", "");
    double ratio = tree_number(entry, "ratio");
    double low = tree_number(entry, "low");
    if (isnan(low))
        return (enum outcome)reason_set(reason, OUTCOME_FAILED,
                                        "%s: %.3f times that of the base", metric, ratio);
    return (enum outcome)reason_set(reason, OUTCOME_FAILED,
                                    "%s is %.3f times that of the base (%.3f to %.3f)",
                                    metric, ratio, low, tree_number(entry, "high"));
}

// What the gate says about a row: the worst of it.
static enum outcome judge_gate(const json_t *gate, const json_t *table,
                               const json_t *cell, struct reason *reason)
{
    enum outcome outcome = OUTCOME_PASSED;
    size_t index;
    json_t *entry;
    json_array_foreach(tree_array(gate, "answers"), index, entry)
    {
        if (concerns(entry, table, cell))
            return (enum outcome)reason_set(reason, OUTCOME_FAILED, "%s",
                                            tree_text(entry, "reason", "wrong"));
    }
    json_array_foreach(tree_array(gate, "comparisons"), index, entry)
    {
        const char *metric = tree_text(entry, "metric", "");
        bool suspect = gate_judge_is(entry, "SUSPECT");
        if (!concerns(entry, table, cell) ||
            !(gate_judge_decides(entry) || suspect || tree_true(entry, "warning")))
            continue;
        if (gate_judge_is(entry, "REGRESSION"))
            return regression(entry, reason);
        if (gate_judge_is(entry, "INCONCLUSIVE") || suspect)
            outcome = (enum outcome)reason_set(reason, OUTCOME_SKIPPED, "%s: %s", metric,
                                               tree_text(entry, "reason", ""));
    }
    json_array_foreach(tree_array(gate, "missing"), index, entry)
    {
        if (concerns(entry, table, cell))
            outcome = (enum outcome)reason_set(reason, OUTCOME_SKIPPED, "%s",
                                               tree_text(entry, "reason", "no base"));
    }
    return outcome;
}

static enum outcome judge(const json_t *report, const json_t *table, const json_t *cell,
                          struct reason *reason)
{
    const char *status = tree_text(cell, "status", "");
    const char *why = tree_text(cell, "reason", status);
    if (strcmp(status, "dnf") == 0 || strcmp(status, "skipped") == 0)
        return (enum outcome)reason_set(reason, OUTCOME_SKIPPED, "%s: %s", status, why);
    if (strcmp(status, "ok") != 0)
        return (enum outcome)reason_set(reason, OUTCOME_FAILED, "%s: %s", status, why);
    const json_t *gate = tree_at(report, "gate");
    if (gate != NULL)
        return judge_gate(gate, table, cell, reason);
    if (!tree_true(cell, "ranked"))
        return (enum outcome)reason_set(reason, OUTCOME_FAILED, "%s",
                                        tree_text(cell, "unranked_reason", "not ranked"));
    return OUTCOME_PASSED;
}

static bool is_base(const json_t *cell)
{
    return tree_text(cell, "base_of", NULL) != NULL;
}

static void print_case(FILE *file, const json_t *report, const json_t *table,
                       const json_t *cell)
{
    struct reason reason = {""};
    double median = tree_number(cell, "statistics.wall_ns.median");
    enum outcome outcome = judge(report, table, cell, &reason);
    fputs("    <testcase classname=\"", file);
    print_escaped(file, tree_text(table, "id", "?"));
    fputs("\" name=\"", file);
    print_escaped(file, tree_text(cell, "label", "?"));
    fprintf(file, "\" time=\"%.9f\"", isnan(median) ? 0 : median / 1e9);
    if (outcome == OUTCOME_PASSED) {
        fputs("/>\n", file);
        return;
    }
    const char *element = outcome == OUTCOME_FAILED ? "failure" : "skipped";
    fprintf(file, ">\n      <%s message=\"", element);
    print_escaped(file, reason.text);
    fprintf(file, "\"/>\n    </testcase>\n");
}

static void print_suite(FILE *file, const json_t *report, const json_t *table)
{
    unsigned counts[OUTCOME_FAILED + 1] = {0};
    json_t *cells = tree_array(table, "cells");
    size_t index;
    json_t *cell;
    json_array_foreach(cells, index, cell)
    {
        struct reason reason;
        if (!is_base(cell))
            counts[judge(report, table, cell, &reason)]++;
    }
    fputs("  <testsuite name=\"", file);
    print_escaped(file, tree_text(table, "id", "?"));
    fprintf(file, "\" tests=\"%u\" failures=\"%u\" skipped=\"%u\" errors=\"0\">\n",
            counts[OUTCOME_PASSED] + counts[OUTCOME_SKIPPED] + counts[OUTCOME_FAILED],
            counts[OUTCOME_FAILED], counts[OUTCOME_SKIPPED]);
    json_array_foreach(cells, index, cell)
    {
        if (!is_base(cell))
            print_case(file, report, table, cell);
    }
    fputs("  </testsuite>\n", file);
}

void export_junit(FILE *file, const json_t *report)
{
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"quartet\">\n",
          file);
    size_t index;
    json_t *table;
    json_array_foreach(tree_array(report, "tables"), index, table)
    {
        print_suite(file, report, table);
    }
    fputs("</testsuites>\n", file);
}

// SPDX-License-Identifier: MIT
//
// export_junit.c - a report as test cases, which every CI service can show: see
// exports.h.
#include "driver/show/exports.h"

#include "driver/report/gate_entry.h"
#include "driver/report/json.h"
#include "lib/error.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum outcome { OUTCOME_PASSED, OUTCOME_SKIPPED, OUTCOME_FAILED };

// Text in an attribute. Characters that XML cannot hold become '?'.
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

static bool concerns(const json_t *entry, const struct report_table *table,
                     const struct report_cell *cell)
{
    return strcmp(tree_text(entry, "table", ""), table->id) == 0 &&
           strcmp(tree_text(entry, "row", ""), cell->label) == 0;
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

// The worst that the gate says about a row.
static enum outcome judge_gate(const json_t *gate, const struct report_table *table,
                               const struct report_cell *cell, struct reason *reason)
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
        bool suspect = gate_entry_is(entry, "SUSPECT");
        if (!concerns(entry, table, cell) ||
            !(gate_entry_decides(entry) || suspect || tree_true(entry, "warning")))
            continue;
        if (gate_entry_is(entry, "REGRESSION"))
            return regression(entry, reason);
        if (gate_entry_is(entry, "INCONCLUSIVE") || suspect)
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

static enum outcome judge(const struct report *report, const struct report_table *table,
                          const struct report_cell *cell, struct reason *reason)
{
    const char *status = cell_status_name(cell->status);
    const char *why = cell->reason != NULL ? cell->reason : status;
    if (cell->status == CELL_DNF || cell->status == CELL_SKIPPED)
        return (enum outcome)reason_set(reason, OUTCOME_SKIPPED, "%s: %s", status, why);
    if (cell->status != CELL_OK)
        return (enum outcome)reason_set(reason, OUTCOME_FAILED, "%s: %s", status, why);
    const json_t *gate = tree_at(report->json, "gate");
    if (gate != NULL)
        return judge_gate(gate, table, cell, reason);
    if (!cell->ranked)
        return (enum outcome)reason_set(reason, OUTCOME_FAILED, "%s",
                                        cell->unranked_reason);
    return OUTCOME_PASSED;
}

static void print_case(FILE *file, const struct report *report,
                       const struct report_table *table, const struct report_cell *cell)
{
    struct reason reason = {""};
    enum outcome outcome = judge(report, table, cell, &reason);
    fputs("    <testcase classname=\"", file);
    print_escaped(file, table->id);
    fputs("\" name=\"", file);
    print_escaped(file, cell->label);
    fprintf(file, "\" time=\"%.9f\"",
            cell->ranked ? cell->statistics.wall_ns.median / 1e9 : 0);
    if (outcome == OUTCOME_PASSED) {
        fputs("/>\n", file);
        return;
    }
    const char *element = outcome == OUTCOME_FAILED ? "failure" : "skipped";
    fprintf(file, ">\n      <%s message=\"", element);
    print_escaped(file, reason.text);
    fprintf(file, "\"/>\n    </testcase>\n");
}

// A cell of another build is no case of its own: the gate judges the one that it is the
// base of.
static void print_suite(FILE *file, const struct report *report,
                        const struct report_table *table)
{
    unsigned counts[OUTCOME_FAILED + 1] = {0};
    for (size_t i = 0; i < table->cell_count; i++) {
        struct reason reason;
        if (table->cells[i].base_of == NULL)
            counts[judge(report, table, &table->cells[i], &reason)]++;
    }
    fputs("  <testsuite name=\"", file);
    print_escaped(file, table->id);
    fprintf(file, "\" tests=\"%u\" failures=\"%u\" skipped=\"%u\" errors=\"0\">\n",
            counts[OUTCOME_PASSED] + counts[OUTCOME_SKIPPED] + counts[OUTCOME_FAILED],
            counts[OUTCOME_FAILED], counts[OUTCOME_SKIPPED]);
    for (size_t i = 0; i < table->cell_count; i++)
        if (table->cells[i].base_of == NULL)
            print_case(file, report, table, &table->cells[i]);
    fputs("  </testsuite>\n", file);
}

void export_junit(FILE *file, const struct report *report)
{
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"quartet\">\n",
          file);
    for (size_t i = 0; i < report->table_count; i++)
        print_suite(file, report, &report->tables[i]);
    fputs("</testsuites>\n", file);
}

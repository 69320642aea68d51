// SPDX-License-Identifier: MIT
//
// export_junit.c - a report as test cases, which every CI service can show: see
// exports.h.
#include "driver/show/exports.h"

#include "driver/report/gate.h"
#include "lib/error.h"
#include "lib/plain.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

enum outcome { OUTCOME_PASSED, OUTCOME_SKIPPED, OUTCOME_FAILED };

// Text in an attribute. What XML cannot hold becomes '?', and all else that is harmful.
static void print_escaped(FILE *file, const char *text)
{
    size_t bytes;
    for (; *text != '\0'; text += bytes) {
        uint32_t letter = plain_letter(text, &bytes);
        if (letter == '&')
            fputs("&amp;", file);
        else if (letter == '<')
            fputs("&lt;", file);
        else if (letter == '>')
            fputs("&gt;", file);
        else if (letter == '"')
            fputs("&quot;", file);
        else if (plain_is_harmful(letter))
            fputc('?', file);
        else
            fwrite(text, 1, bytes, file);
    }
}

// One row of a table, and the gate that judges it; without one, `gate` is NULL.
struct test_case {
    const struct report_gate *gate;
    const struct report_table *table;
    const struct report_cell *cell;
};

static bool concerns(const struct test_case *own, const char *table, const char *row)
{
    return table != NULL && strcmp(table, own->table->id) == 0 &&
           strcmp(row, own->cell->label) == 0;
}

static const struct gate_note *find_note(const struct test_case *own,
                                         const struct gate_notes *notes)
{
    for (size_t i = 0; i < notes->count; i++)
        if (concerns(own, notes->list[i].table, notes->list[i].row))
            return &notes->list[i];
    return NULL;
}

// A time has an interval; what was counted has none.
static enum outcome regression(const struct comparison *entry, struct reason *reason)
{
    const char *metric = metric_name(entry->metric);
    if (isnan(entry->interval.low))
        return (enum outcome)reason_set(reason, OUTCOME_FAILED,
                                        "%s: %.3f times that of the base", metric,
                                        entry->ratio);
    return (enum outcome)reason_set(reason, OUTCOME_FAILED,
                                    "%s is %.3f times that of the base (%.3f to %.3f)",
                                    metric, entry->ratio, entry->interval.low,
                                    entry->interval.high);
}

// The worst that the gate says about a row.
static enum outcome judge_gate(const struct test_case *own, struct reason *reason)
{
    enum outcome outcome = OUTCOME_PASSED;
    const struct gate_note *wrong = find_note(own, &own->gate->answers);
    const struct gate_note *missing = find_note(own, &own->gate->missing);
    if (wrong != NULL)
        return (enum outcome)reason_set(reason, OUTCOME_FAILED, "%s", wrong->reason);
    for (size_t i = 0; i < own->gate->comparisons.count; i++) {
        const struct comparison *entry = &own->gate->comparisons.list[i];
        bool suspect = entry->verdict == VERDICT_SUSPECT;
        if (!concerns(own, entry->table, entry->row) ||
            !(entry->decides || suspect || entry->warning))
            continue;
        if (entry->verdict == VERDICT_REGRESSION)
            return regression(entry, reason);
        if (entry->verdict == VERDICT_INCONCLUSIVE || suspect)
            outcome =
                (enum outcome)reason_set(reason, OUTCOME_SKIPPED, "%s: %s",
                                         metric_name(entry->metric), entry->reason.text);
    }
    if (missing != NULL)
        outcome =
            (enum outcome)reason_set(reason, OUTCOME_SKIPPED, "%s", missing->reason);
    return outcome;
}

static enum outcome judge(const struct test_case *own, struct reason *reason)
{
    const struct report_cell *cell = own->cell;
    const char *status = cell_status_name(cell->status);
    const char *why = cell->reason != NULL ? cell->reason : status;
    if (cell->status == CELL_DNF || cell->status == CELL_SKIPPED)
        return (enum outcome)reason_set(reason, OUTCOME_SKIPPED, "%s: %s", status, why);
    if (cell->status != CELL_OK)
        return (enum outcome)reason_set(reason, OUTCOME_FAILED, "%s: %s", status, why);
    if (own->gate != NULL)
        return judge_gate(own, reason);
    if (!cell->ranked)
        return (enum outcome)reason_set(reason, OUTCOME_FAILED, "%s",
                                        cell->unranked_reason);
    return OUTCOME_PASSED;
}

static void print_case(FILE *file, const struct test_case *own)
{
    struct reason reason = {""};
    enum outcome outcome = judge(own, &reason);
    fputs("    <testcase classname=\"", file);
    print_escaped(file, own->table->id);
    fputs("\" name=\"", file);
    print_escaped(file, own->cell->label);
    fprintf(file, "\" time=\"%.9f\"",
            own->cell->ranked ? own->cell->statistics.wall_ns.median / 1e9 : 0);
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
static void print_suite(FILE *file, const struct report_gate *gate,
                        const struct report_table *table)
{
    unsigned counts[OUTCOME_FAILED + 1] = {0};
    for (size_t i = 0; i < table->cell_count; i++) {
        struct reason reason;
        if (table->cells[i].base_of == NULL)
            counts[judge(&(struct test_case){gate, table, &table->cells[i]}, &reason)]++;
    }
    fputs("  <testsuite name=\"", file);
    print_escaped(file, table->id);
    fprintf(file, "\" tests=\"%u\" failures=\"%u\" skipped=\"%u\" errors=\"0\">\n",
            counts[OUTCOME_PASSED] + counts[OUTCOME_SKIPPED] + counts[OUTCOME_FAILED],
            counts[OUTCOME_FAILED], counts[OUTCOME_SKIPPED]);
    for (size_t i = 0; i < table->cell_count; i++)
        if (table->cells[i].base_of == NULL)
            print_case(file, &(struct test_case){gate, table, &table->cells[i]});
    fputs("  </testsuite>\n", file);
}

void export_junit(FILE *file, const struct report *report)
{
    struct report_gate gate;
    bool gated = report_gate_read(&gate, report->json);
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"quartet\">\n",
          file);
    for (size_t i = 0; i < report->table_count; i++)
        print_suite(file, gated ? &gate : NULL, &report->tables[i]);
    fputs("</testsuites>\n", file);
    report_gate_free(&gate);
}

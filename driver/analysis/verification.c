// SPDX-License-Identifier: MIT
//
// verification.c - equal work, looked at across models. First each cell alone (did all
// of its runs end well, and do they agree?), then all cells with each other.
#include "driver/analysis/verification.h"

#include "driver/analysis/samples.h"
#include "driver/report/tree.h"
#include "lib/check.h"
#include "lib/error.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The work of a run, in the order in which differences are looked for. The last two are
// not done but given; unequal ones make an unequal comparison all the same.
static const struct {
    const char *name;
    const char *path; // in the run record
} work_parts[] = {
    {"tasks", "ledger.tasks"},
    {"operations", "ledger.operations"},
    {"errors", "ledger.errors"},
    {"bytes in", "ledger.bytes_in"},
    {"bytes out", "ledger.bytes_out"},
    {"checksum", "ledger.checksum"},
    {"seed", "seed"},
    {"parameters", "parameters"},
};

// ---- one record against another --------------------------------------------------

static void print_value(const json_t *value, char *text, size_t size)
{
    char *dump = value == NULL ? NULL : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    snprintf(text, size, "%.100s", dump == NULL ? "nothing" : dump);
    free(dump);
}

static json_t *without_witness(const json_t *parameters)
{
    json_t *copy = json_copy((json_t *)(uintptr_t)parameters);
    json_object_del(copy, "connect");
    json_object_del(copy, "token");
    return copy;
}

bool verification_same_parameters(const json_t *one, const json_t *other)
{
    if (one == NULL || other == NULL)
        return one == other;
    json_t *first = without_witness(one);
    json_t *second = without_witness(other);
    bool same = json_equal(first, second);
    json_decref(first);
    json_decref(second);
    return same;
}

static bool same_value(const json_t *one, const json_t *other)
{
    if (json_object_get(one, "connect") != NULL &&
        json_object_get(other, "connect") != NULL)
        return verification_same_parameters(one, other);
    return (one == NULL && other == NULL) || json_equal(one, other);
}

static void describe_difference(struct reason *reason, const char *name, const json_t *is,
                                const json_t *should)
{
    char is_text[128];
    char should_text[128];
    print_value(is, is_text, sizeof is_text);
    print_value(should, should_text, sizeof should_text);
    reason_set(reason, 0, "%s: %s instead of %s", name, is_text, should_text);
}

// Names the first parameter that differs.
static void describe_parameters(struct reason *reason, json_t *is, json_t *should)
{
    const char *key;
    json_t *value;
    json_object_foreach(should, key, value)
    {
        const json_t *own = json_object_get(is, key);
        if (!same_value(own, value)) {
            describe_difference(reason, key, own, value);
            return;
        }
    }
    json_object_foreach(is, key, value)
    {
        if (json_object_get(should, key) == NULL) {
            describe_difference(reason, key, value, NULL);
            return;
        }
    }
    describe_difference(reason, "parameters", is, should);
}

// Did these two runs do the same? If not, `reason` (may be NULL) says what differs.
bool verification_same_work(const json_t *record, const json_t *reference,
                            struct reason *reason)
{
    for (size_t i = 0; i < ARRAY_LEN(work_parts); i++) {
        json_t *is = tree_at(record, work_parts[i].path);
        json_t *should = tree_at(reference, work_parts[i].path);
        if (same_value(is, should))
            continue;
        if (strcmp(work_parts[i].name, "parameters") == 0)
            describe_parameters(reason, is, should);
        else
            describe_difference(reason, work_parts[i].name, is, should);
        return false;
    }
    return true;
}

// ---- one cell alone --------------------------------------------------------------

// Does the ledger of this run add up to what its workload expects?
static bool as_expected(const struct record *record, struct reason *reason)
{
    static const char *const counts[] = {"tasks", "operations", "bytes_in", "bytes_out"};
    if (record->checksum == NULL)
        return reason_set(reason, false, "the run record has no ledger");
    for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
        const json_t *should = json_object_get(record->expected, counts[i]);
        const json_t *is = json_object_get(record->ledger, counts[i]);
        if (should != NULL && !json_is_null(should) && !same_value(is, should)) {
            describe_difference(reason, counts[i], is, should);
            return false;
        }
    }
    if (record->errors > 0)
        return reason_set(reason, false, "tasks that failed: %.0f", record->errors);
    return true;
}

// Did this run fail? What goes wrong in an invalid block may be the fault of whatever
// disturbed it, except for a wrong answer, for which there is no excuse.
static bool sample_failed(const struct report_table *table, const struct sample *sample,
                          struct reason *reason)
{
    const struct record *record = &sample->record;
    if (sample->exit_code == 0 && record->ok && sample->refused == NULL)
        return false;
    if (!record->wrong && samples_block_is_invalid(table, sample->block))
        return false;
    const char *why = record->reason;
    if (sample->refused != NULL)
        return reason_set(reason, true, "block %.0f is not believed: %.300s",
                          sample->block, sample->refused);
    reason_set(reason, 0, "block %.0f: %s, exit code %.0f%s%s", sample->block,
               record->status == NULL ? "without a run record" : record->status,
               sample->exit_code, why == NULL ? "" : ": ", why == NULL ? "" : why);
    return true;
}

static bool all_runs_fine(const struct report_table *table,
                          const struct report_cell *cell, struct reason *reason)
{
    if (cell->status != CELL_OK) {
        reason_set(reason, 0, "%s",
                   cell->reason != NULL ? cell->reason : cell_status_name(cell->status));
        return false;
    }
    for (size_t i = 0; i < cell->samples.count; i++)
        if (sample_failed(table, &cell->samples.list[i], reason))
            return false;
    for (size_t i = 0; i < cell->twins.count; i++)
        if (cell->twins.list[i].refused != NULL &&
            sample_failed(table, &cell->twins.list[i], reason))
            return false;
    return true;
}

// The result of looking at one cell.
struct finding {
    const json_t *record; // of the first run that counts, if the cell is sound in itself
    bool differs;         // it did other work than it should: that is no mere failure
    struct reason reason; // why it is not ranked
};

// Did any run of a block that counts say what cannot be?
static bool any_refused(const struct report_table *table, const struct sample_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->list[i].refused != NULL &&
            !samples_block_is_invalid(table, list->list[i].block))
            return true;
    return false;
}

static bool cell_is_wrong(const struct report_table *table,
                          const struct report_cell *cell)
{
    for (size_t i = 0; i < cell->samples.count; i++)
        if (cell->samples.list[i].record.wrong)
            return true;
    return cell->status == CELL_WRONG || any_refused(table, &cell->samples) ||
           any_refused(table, &cell->twins);
}

// Do all runs that count do what the first of them did, and what was expected?
static void check_records(const struct samples *samples, struct finding *finding)
{
    const json_t *first = NULL;
    for (size_t i = 0; !finding->differs && i < samples->blocks; i++) {
        if (samples->by_block[i] == NULL)
            continue;
        const struct record *record = &samples->by_block[i]->record;
        if (first == NULL)
            first = record->json;
        finding->differs = !as_expected(record, &finding->reason) ||
                           !verification_same_work(record->json, first, &finding->reason);
    }
    finding->record = finding->differs ? NULL : first;
}

// Looks at one cell. 0 or -ENOMEM.
static int check_cell(const struct report_table *table, const struct report_cell *cell,
                      struct finding *finding)
{
    struct samples samples;
    *finding = (struct finding){.differs = cell_is_wrong(table, cell)};
    if (!all_runs_fine(table, cell, &finding->reason))
        return 0;
    int error = samples_collect(table, &cell->samples, &samples);
    if (error == 0 && samples.n == 0)
        reason_set(&finding->reason, 0,
                   table->block_count == 0 ? "no round of this table was measured"
                                           : "no run in a valid block");
    if (error == 0)
        check_records(&samples, finding);
    samples_free(&samples);
    return error;
}

// ---- all cells of a table --------------------------------------------------------

// The record that most cells agree with, or NULL if no work has the most votes.
static const json_t *majority(const struct finding *findings, size_t n)
{
    const json_t *best = NULL;
    size_t best_votes = 0;
    bool tie = false;
    for (size_t i = 0; i < n; i++) {
        const json_t *record = findings[i].record;
        size_t votes = 0;
        for (size_t j = 0; record != NULL && j < n; j++)
            votes += findings[j].record != NULL &&
                     verification_same_work(findings[j].record, record, NULL);
        if (votes > best_votes) {
            best = record;
            best_votes = votes;
            tie = false;
        } else if (votes > 0 && votes == best_votes) {
            tie = tie || !verification_same_work(record, best, NULL);
        }
    }
    return tie ? NULL : best;
}

// Names a cell that did other work than this one, where neither has a majority.
static void describe_disagreement(struct finding *finding,
                                  const struct report_table *table,
                                  const struct finding *findings)
{
    for (size_t i = 0; i < table->cell_count; i++) {
        struct reason what;
        if (findings[i].record == NULL ||
            verification_same_work(finding->record, findings[i].record, &what))
            continue;
        reason_set(&finding->reason, 0,
                   "disagrees with %.100s, no majority decides: %.300s",
                   table->cells[i].label, what.text);
        return;
    }
}

// Compares a sound cell with what most did; `reference` is NULL if there is no majority.
static void compare_cell(struct finding *finding, const json_t *reference,
                         const struct report_table *table, const struct finding *findings)
{
    if (finding->record == NULL)
        return;
    if (reference == NULL) {
        finding->differs = true;
        describe_disagreement(finding, table, findings);
    } else {
        finding->differs =
            !verification_same_work(finding->record, reference, &finding->reason);
    }
}

// 0, or not 0 when out of memory.
static int set_ranked(struct report_cell *cell, const struct finding *finding,
                      json_t *differences)
{
    cell->ranked = finding->record != NULL && !finding->differs;
    snprintf(cell->unranked_reason, sizeof cell->unranked_reason, "%s",
             cell->ranked ? "" : finding->reason.text);
    if (!finding->differs)
        return 0;
    struct reason line;
    reason_set(&line, 0, "%.100s: %.400s", cell->label, finding->reason.text);
    return json_array_append_new(differences, tree_string(line.text));
}

static int rank_cells(struct report_table *table, struct finding *findings)
{
    struct verification *own = &table->verification;
    const json_t *reference = majority(findings, table->cell_count);
    size_t compared = 0;
    int failed = 0;
    for (size_t i = 0; i < table->cell_count; i++) {
        compare_cell(&findings[i], reference, table, findings);
        compared += findings[i].record != NULL;
        failed |= set_ranked(&table->cells[i], &findings[i], own->differences);
    }
    own->checksum = tree_text(reference, "ledger.checksum", NULL);
    if (json_array_size(own->differences) > 0)
        own->equal_work = TRUTH_NO;
    else
        own->equal_work = compared > 1 ? TRUTH_YES : TRUTH_UNKNOWN;
    return failed ? -ENOMEM : 0;
}

int verification_find(struct report_table *table)
{
    struct finding *findings = calloc(table->cell_count + 1, sizeof *findings);
    json_decref(table->verification.differences);
    table->verification =
        (struct verification){.done = true, .differences = json_array()};
    int error = 0;
    if (findings == NULL || table->verification.differences == NULL)
        error = -ENOMEM;
    for (size_t i = 0; error == 0 && i < table->cell_count; i++)
        error = check_cell(table, &table->cells[i], &findings[i]);
    if (error == 0)
        error = rank_cells(table, findings);
    free(findings);
    return error;
}

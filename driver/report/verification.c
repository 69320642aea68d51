// SPDX-License-Identifier: MIT
//
// verification.c - equal work, looked at across models. First each cell alone (did all
// of its runs end well, and do they agree?), then all cells with each other.
#include "driver/report/verification.h"

#include "driver/report/json.h"
#include "driver/report/samples.h"
#include "lib/check.h"
#include "lib/error.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// What a run did, in the order in which differences are looked for. The last two are
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

static bool same_value(const json_t *one, const json_t *other)
{
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
        if (!same_value(json_object_get(is, key), value)) {
            describe_difference(reason, key, json_object_get(is, key), value);
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
static bool as_expected(const json_t *record, struct reason *reason)
{
    static const char *const counts[] = {"tasks", "operations", "bytes_in", "bytes_out"};
    json_t *expected = tree_at(record, "expected");
    json_t *ledger = tree_at(record, "ledger");
    if (!json_is_object(ledger) || !json_is_string(tree_at(ledger, "checksum")))
        return reason_set(reason, false, "the run record has no ledger");
    for (size_t i = 0; i < ARRAY_LEN(counts); i++) {
        json_t *should = json_object_get(expected, counts[i]);
        json_t *is = json_object_get(ledger, counts[i]);
        if (should != NULL && !json_is_null(should) && !same_value(is, should)) {
            describe_difference(reason, counts[i], is, should);
            return false;
        }
    }
    if (tree_number(ledger, "errors") > 0)
        return reason_set(reason, false, "tasks that failed: %.0f",
                          tree_number(ledger, "errors"));
    return true;
}

static bool block_is_invalid(const json_t *table, double number)
{
    size_t index;
    json_t *block;
    json_array_foreach(tree_array(table, "blocks"), index, block)
    {
        if (tree_number(block, "number") == number)
            return !tree_true(block, "valid");
    }
    return false;
}

// Did this run fail? What goes wrong in an invalid block may be the fault of whatever
// disturbed it, except for a wrong answer, for which there is no excuse.
static bool sample_failed(const json_t *table, const json_t *sample,
                          struct reason *reason)
{
    double block = tree_number(sample, "block");
    const char *status = tree_text(sample, "record.status", "without a run record");
    double exit_code = tree_number(sample, "exit_code");
    if (exit_code == 0 && strcmp(status, "ok") == 0)
        return false;
    if (strcmp(status, "wrong") != 0 && block_is_invalid(table, block))
        return false;
    const char *why = tree_text(sample, "record.reason", NULL);
    reason_set(reason, 0, "block %.0f: %s, exit code %.0f%s%s", block, status, exit_code,
               why == NULL ? "" : ": ", why == NULL ? "" : why);
    return true;
}

static bool all_runs_fine(const json_t *table, const json_t *cell, struct reason *reason)
{
    const char *status = tree_text(cell, "status", "unknown");
    if (strcmp(status, "ok") != 0) {
        reason_set(reason, 0, "%s", tree_text(cell, "reason", status));
        return false;
    }
    size_t index;
    json_t *sample;
    json_array_foreach(tree_array(cell, "samples"), index, sample)
    {
        if (sample_failed(table, sample, reason))
            return false;
    }
    return true;
}

// What the look at one cell gave.
struct verdict {
    json_t
        *record; // of the first run that counts, if the cell is sound in itself; borrowed
    bool differs;         // it did other work than it should: that is no mere failure
    struct reason reason; // why it is not ranked
};

static bool cell_is_wrong(const json_t *cell)
{
    size_t index;
    json_t *sample;
    json_array_foreach(tree_array(cell, "samples"), index, sample)
    {
        if (strcmp(tree_text(sample, "record.status", ""), "wrong") == 0)
            return true;
    }
    return strcmp(tree_text(cell, "status", ""), "wrong") == 0;
}

// Looks at one cell. 0 or -ENOMEM.
static int cell_check(const json_t *table, const json_t *cell, struct verdict *verdict)
{
    *verdict = (struct verdict){.differs = cell_is_wrong(cell)};
    if (!all_runs_fine(table, cell, &verdict->reason))
        return 0;
    struct samples samples;
    int error = samples_collect(table, cell, &samples);
    if (error == 0 && samples.n == 0)
        reason_set(&verdict->reason, 0,
                   json_array_size(tree_array(table, "blocks")) == 0
                       ? "no round of this table was measured"
                       : "no run in a valid block");
    json_t *first = NULL;
    for (size_t i = 0; error == 0 && !verdict->differs && i < samples.blocks; i++) {
        json_t *record = tree_at(samples.by_block[i], "record");
        if (record == NULL)
            continue;
        if (first == NULL)
            first = record;
        verdict->differs = !as_expected(record, &verdict->reason) ||
                           !verification_same_work(record, first, &verdict->reason);
    }
    verdict->record = verdict->differs ? NULL : first;
    samples_free(&samples);
    return error;
}

// ---- all cells of a table --------------------------------------------------------

// The record that most cells agree with, or NULL if no work has the most votes.
static json_t *majority(const struct verdict *verdicts, size_t n)
{
    json_t *best = NULL;
    size_t best_votes = 0;
    bool tie = false;
    for (size_t i = 0; i < n; i++) {
        json_t *record = verdicts[i].record;
        size_t votes = 0;
        for (size_t j = 0; record != NULL && j < n; j++)
            votes += verdicts[j].record != NULL &&
                     verification_same_work(verdicts[j].record, record, NULL);
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
static void describe_disagreement(struct verdict *verdict, json_t *cells,
                                  const struct verdict *verdicts)
{
    for (size_t i = 0; i < json_array_size(cells); i++) {
        struct reason what;
        if (verdicts[i].record == NULL ||
            verification_same_work(verdict->record, verdicts[i].record, &what))
            continue;
        const char *label = tree_text(json_array_get(cells, i), "label", "another");
        reason_set(&verdict->reason, 0,
                   "disagrees with %.100s, no majority decides: %.300s", label,
                   what.text);
        return;
    }
}

// Compares a sound cell with what most did; `reference` is NULL if there is no majority.
static void compare_cell(struct verdict *verdict, const json_t *reference, json_t *cells,
                         const struct verdict *verdicts)
{
    if (verdict->record == NULL)
        return;
    if (reference == NULL) {
        verdict->differs = true;
        describe_disagreement(verdict, cells, verdicts);
    } else {
        verdict->differs =
            !verification_same_work(verdict->record, reference, &verdict->reason);
    }
}

// Writes the verdict into the cell. 0, or not 0 when out of memory.
static int set_ranked(json_t *cell, const struct verdict *verdict, json_t *differences)
{
    bool ranked = verdict->record != NULL && !verdict->differs;
    const char *why = verdict->reason.text;
    int failed = json_object_set_new(cell, "ranked", json_boolean(ranked));
    failed |= json_object_set_new(cell, "unranked_reason",
                                  ranked ? json_null() : tree_string(why));
    if (verdict->differs) {
        const char *label = tree_text(cell, "label", tree_text(cell, "id", "?"));
        struct reason line;
        reason_set(&line, 0, "%.100s: %.400s", label, why);
        failed |= json_array_append_new(differences, tree_string(line.text));
    }
    return failed;
}

static int set_verification(json_t *table, const json_t *reference, json_t *differences,
                            size_t compared)
{
    json_t *equal = json_null();
    if (json_array_size(differences) > 0)
        equal = json_false();
    else if (compared > 1)
        equal = json_true();
    json_t *checksum = tree_at(reference, "ledger.checksum");
    return json_object_set_new(table, "verification",
                               json_pack("{s:o, s:O?, s:O}", "equal_work", equal,
                                         "checksum", checksum, "differences",
                                         differences));
}

static int rank_cells(json_t *table, struct verdict *verdicts, json_t *differences)
{
    json_t *cells = tree_array(table, "cells");
    json_t *reference = majority(verdicts, json_array_size(cells));
    size_t compared = 0;
    int failed = 0;
    size_t index;
    json_t *cell;
    json_array_foreach(cells, index, cell)
    {
        compare_cell(&verdicts[index], reference, cells, verdicts);
        compared += verdicts[index].record != NULL;
        failed |= set_ranked(cell, &verdicts[index], differences);
    }
    failed |= set_verification(table, reference, differences, compared);
    return failed ? -ENOMEM : 0;
}

int verification_add(json_t *table)
{
    json_t *cells = tree_array(table, "cells");
    struct verdict *verdicts = calloc(json_array_size(cells) + 1, sizeof *verdicts);
    json_t *differences = json_array();
    int error = verdicts == NULL || differences == NULL ? -ENOMEM : 0;
    size_t index;
    json_t *cell;
    json_array_foreach(cells, index, cell)
    {
        if (error == 0)
            error = cell_check(table, cell, &verdicts[index]);
    }
    if (error == 0)
        error = rank_cells(table, verdicts, differences);
    json_decref(differences);
    free(verdicts);
    return error;
}

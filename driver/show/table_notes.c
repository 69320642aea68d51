// SPDX-License-Identifier: MIT
//
// table_notes.c - see table_notes.h.
#include "driver/show/table_notes.h"

#include "driver/analysis/table_noise.h"
#include "driver/report/read.h"
#include "driver/report/tree.h"
#include "driver/show/foreign_notes.h"
#include "driver/show/notes.h"
#include "driver/show/width_note.h"
#include "driver/statistics/verdict.h"
#include "lib/check.h"
#include "lib/format.h"

#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
// ---- one table -------------------------------------------------------------------

static size_t count_valid(const struct report_table *table)
{
    size_t count = 0;
    for (size_t i = 0; i < table->block_count; i++)
        count += table->blocks[i].valid;
    return count;
}

static void describe_cpus(char *line, const struct report_table *table)
{
    if (table->cpus != NULL)
        notes_extend(line, "; on CPU %.60s", table->cpus);
    else
        notes_extend(line, "; not pinned to CPUs");
    if (table->peer_cpus != NULL)
        notes_extend(line, ", back end on CPU %.60s", table->peer_cpus);
}

static void describe_arguments(char *line, const json_t *arguments)
{
    size_t index;
    json_t *word;
    json_array_foreach(arguments, index, word)
    {
        const char *text = json_string_value(word);
        notes_extend(line, "%s%.100s", index == 0 ? "; " : " ",
                     text == NULL ? "?" : text);
    }
}

json_t *words_captions(const struct report *report, const struct report_table *table)
{
    json_t *lines = json_array();
    char line[NOTES_LINE] = "";
    size_t valid = count_valid(table);
    bool many = table->tasks > 1; // false also where it is not known
    if (many)
        notes_extend(line, "%.0f tasks, ", table->tasks);
    if (many && !isnan(table->concurrency))
        notes_extend(line, "at most %.0f at a time, ", table->concurrency);
    notes_extend(line, "%zu round%s", valid, valid == 1 ? "" : "s");
    describe_cpus(line, table);
    describe_arguments(line, table->arguments);
    notes_add(lines, "%s", line);
    if (table->operation != NULL)
        notes_add(lines, "operations: %s%s", table->operation,
                  report->plan.for_decisions ? "" : "; not for decisions");
    else if (!report->plan.for_decisions)
        notes_add(lines, "not for decisions");
    return lines;
}

static void describe_verification(json_t *lines, const struct verification *own)
{
    const char *checksum = own->checksum;
    if (own->equal_work == TRUTH_YES)
        notes_add(lines, "equal work: all ranked rows have the same ledger, checksum %s",
                  checksum == NULL ? "unknown" : checksum);
    else if (own->equal_work == TRUTH_NO)
        notes_add(lines, "UNEQUAL WORK: rows that differ are not ranked%s%s",
                  checksum == NULL ? "" : "; checksum of the others: ",
                  checksum == NULL ? "" : checksum);
}

// The sum of a figure of the records over all runs of a cell.
static double sum_over_samples(const struct report_cell *cell, const char *path)
{
    double sum = 0;
    for (size_t i = 0; i < cell->samples.count; i++) {
        double figure = tree_number(cell->samples.list[i].record.json, path);
        sum += isnan(figure) ? 0 : figure;
    }
    return sum;
}

// Lost connection attempts cost a second each and say nothing about a model. The kernel
// counts them for the whole machine, so only cells that use sockets are asked.
static void describe_network(json_t *lines, const struct report_cell *cell)
{
    double overflows = sum_over_samples(cell, "network.listen_overflows");
    double segments = sum_over_samples(cell, "network.retransmitted_segments");
    bool uses_sockets = sum_over_samples(cell, "ledger.bytes_out") > 0;
    if (uses_sockets && (overflows > 0 || segments > 0))
        notes_add(
            lines,
            "%.80s: during its runs this machine sent %.0f segments again and had %.0f "
            "listen overflows",
            cell->label, segments, overflows);
}

// A load generator that is itself busy says how fast it asks, not how fast it is answered.
// Where it has used more than two thirds of its CPU, it could not have asked 1.5 times as
// fast. Of an open loop the schedule says how fast it asks.
static void describe_generator(json_t *lines, const struct report_table *table)
{
    static const double busy_limit = 100 / 1.5;
    const struct report_cell *busiest = NULL;
    double most = 0;
    for (size_t i = 0; i < table->cell_count; i++) {
        const struct report_cell *cell = &table->cells[i];
        double runs = (double)cell->samples.count;
        double busy = sum_over_samples(cell, "results.load_busy_percent") / runs;
        if (cell->ranked && runs > 0 && busy > most) {
            most = busy;
            busiest = cell;
        }
    }
    if (busiest != NULL && most > busy_limit)
        notes_add(
            lines,
            "GENERATOR-BOUND: the load used %.0f %% of its CPU in the row of %.80s, "
            "and could not ask 1.5 times as fast; wall and per op say how fast the "
            "load is: compare CPU",
            most, busiest->label);
}

// Notes of the runner itself; the same in all runs, so once.
static void describe_remarks(json_t *lines, const struct report_cell *cell)
{
    size_t index;
    json_t *remark;
    if (cell->samples.count == 0)
        return;
    json_array_foreach(cell->samples.list[0].record.notes, index, remark)
    {
        const char *text = json_string_value(remark);
        if (text != NULL)
            notes_add(lines, "%.80s: %.400s", cell->label, text);
    }
}

// Where most of the wall time is the start and the end of a program, the ratio says
// more about those than about the model.
static void describe_short_runs(json_t *lines, const struct report_table *table)
{
    char names[NOTES_LINE] = "";
    for (size_t i = 0; i < table->cell_count; i++) {
        const struct report_cell *cell = &table->cells[i];
        const double *phases_ns = cell->statistics.phases_ns;
        double model_ns =
            phases_ns[PHASE_SPAWN] + phases_ns[PHASE_RUN] + phases_ns[PHASE_JOIN];
        if (cell->ranked && model_ns < cell->statistics.wall_ns.median / 2)
            notes_extend(names, "%s%.80s", names[0] == '\0' ? "" : ", ", cell->label);
    }
    if (names[0] != '\0')
        notes_add(lines,
                  "%s: most of the wall time is the start and the end of the program; "
                  "compare by 'per op', not by the ratio",
                  names);
}

// The row that causes least CPU time stands first, the others follow in their order.
static size_t order_caused(const struct report_table *table,
                           const struct report_cell **cells, size_t room)
{
    size_t n = 0;
    for (size_t i = 0; i < table->cell_count && n < room; i++) {
        const struct report_cell *cell = &table->cells[i];
        double caused_ns = cell->statistics.caused_cpu_ns;
        if (!cell->ranked || cell->base_of != NULL || isnan(caused_ns))
            continue;
        size_t place = n++;
        for (; place > 0 && cells[place - 1]->statistics.caused_cpu_ns > caused_ns;
             place--)
            cells[place] = cells[place - 1];
        cells[place] = cell;
    }
    return n;
}

// A model that leaves work to its peer is not cheap: rows are compared by the sum.
static void describe_caused(json_t *lines, const struct report_table *table)
{
    const struct report_cell *cells[64];
    size_t n = order_caused(table, cells, ARRAY_LEN(cells));
    if (n < 2)
        return;
    char line[NOTES_LINE] = "";
    notes_extend(line, "CPU sum: %.80s causes least;", cells[0]->label);
    for (size_t i = 1; i < n; i++) {
        const struct ratio *ratio = &cells[i]->statistics.caused_ratio;
        char text[3][24];
        format_ratio(text[0], sizeof text[0], ratio->estimate);
        format_ratio(text[1], sizeof text[1], ratio->interval.low);
        format_ratio(text[2], sizeof text[2], ratio->interval.high);
        notes_extend(line, "%s %.80s %s times as much (%s–%s)", i == 1 ? "" : ",",
                     cells[i]->label, text[0], text[1], text[2]);
    }
    notes_add(lines, "%s", line);
}

// How much the figures move although nothing differs.
static void describe_noise(json_t *lines, const struct table_noise *noise)
{
    if (noise->noisy)
        notes_add(lines,
                  "NOISY: some rounds were disturbed from outside and count all the "
                  "same, since no re-runs were left: conclude nothing from this");
    if (noise->floor >= 0)
        notes_add(lines,
                  "noise floor: rows against themselves differ by up to %.1f %% (%zu "
                  "pairs); less than that is no difference",
                  100 * noise->floor, noise->twins.n);
    if (fabs(noise->drift) > TABLE_NOISE_DRIFT)
        notes_add(lines,
                  "drift: times %s during the session (rank correlation with the round "
                  "%+.2f); ratios within rounds are not touched by that",
                  noise->drift > 0 ? "grew" : "fell", noise->drift);
}

static void describe_blocks(json_t *lines, const struct report_table *table)
{
    for (size_t i = 0; i < table->block_count; i++) {
        const struct report_block *block = &table->blocks[i];
        if (!block->valid)
            notes_add(lines, "round %.0f was disturbed and is left out: %s",
                      block->number,
                      block->invalid_reason == NULL ? "no reason given"
                                                    : block->invalid_reason);
    }
}

json_t *words_notes(const struct report_table *table)
{
    json_t *lines = json_array();
    if (table->decided_after > 0)
        notes_add(lines,
                  "decided after %.0f rounds: each two rows are told apart, or equal "
                  "within %.0f %%",
                  table->decided_after, 100 * VERDICT_THRESHOLD);
    describe_verification(lines, &table->verification);
    foreign_notes(lines, table);
    char width[160];
    width_note(table, width, sizeof width);
    if (width[0] != '\0')
        notes_add(lines, "%s", width);
    describe_caused(lines, table);
    if (!table->by_run)
        describe_short_runs(lines, table);
    describe_generator(lines, table);
    describe_noise(lines, &table->noise);
    for (size_t i = 0; i < table->cell_count; i++) {
        describe_network(lines, &table->cells[i]);
        describe_remarks(lines, &table->cells[i]);
    }
    describe_blocks(lines, table);
    return lines;
}

// SPDX-License-Identifier: MIT
//
// conclusion.c - see conclusion.h.
#include "driver/show/conclusion.h"

#include "driver/report/tree.h"
#include "lib/plain.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define LINE_SIZE 1600
// A cost is named where it is at least so many times that of the fastest row.
#define COST_LEAST 1.5

struct line {
    char text[LINE_SIZE];
    size_t used;
};

__attribute__((format(printf, 2, 3))) static void add(struct line *line,
                                                      const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int length =
        vsnprintf(line->text + line->used, LINE_SIZE - line->used, format, arguments);
    va_end(arguments);
    if (length > 0)
        line->used += (size_t)length;
    if (line->used >= LINE_SIZE)
        line->used = LINE_SIZE - 1;
}

static const struct report_cell *ranked_cell(const struct report_table *table,
                                             size_t position)
{
    return &table->cells[table->ranking[position]];
}

// Does the row at this place of the ranking take longer than the first one?
static enum truth is_slower(const struct report_table *table, size_t position)
{
    const struct pair *pair = report_pair_with_best(table, ranked_cell(table, position));
    if (pair == NULL)
        return TRUTH_UNKNOWN;
    enum truth equal = pair_is_equal(pair);
    if (equal == TRUTH_UNKNOWN)
        return TRUTH_UNKNOWN;
    return equal == TRUTH_YES ? TRUTH_NO : TRUTH_YES;
}

static size_t count(const struct report_table *table, enum truth slower)
{
    size_t number = 0;
    for (size_t i = 1; i < table->ranked; i++)
        number += is_slower(table, i) == slower;
    return number;
}

// Its own CPU time, and that which it makes a back end or load generator spend.
static double cpu_caused(const struct cell_statistics *statistics)
{
    return isnan(statistics->caused_cpu_ns) ? statistics->cpu_ns
                                            : statistics->caused_cpu_ns;
}

// ", 2.1 times the CPU time, 11 times the memory", as far as it is known and worth a word.
static void add_costs(struct line *line, const struct report_cell *cell,
                      const struct report_cell *best)
{
    const struct cell_statistics *own = &cell->statistics;
    const struct cell_statistics *other = &best->statistics;
    const struct {
        const char *what;
        double factor;
    } costs[] = {{"CPU time", cpu_caused(own) / cpu_caused(other)},
                 {"memory", own->memory_bytes / other->memory_bytes}};
    for (size_t i = 0; i < sizeof costs / sizeof costs[0]; i++) {
        if (!isfinite(costs[i].factor) || costs[i].factor < COST_LEAST)
            continue;
        add(line, ", %.*f times the %s", costs[i].factor < 9.95 ? 1 : 0, costs[i].factor,
            costs[i].what);
    }
}

static void add_slower(struct line *line, const struct report_table *table,
                       size_t position)
{
    const struct report_cell *cell = ranked_cell(table, position);
    const struct ratio *ratio = &report_pair_with_best(table, cell)->ratio;
    char label[80];
    plain_copy(label, sizeof label, cell->label);
    add(line, "; %s %.2f", label, ratio->estimate);
    if (!isnan(ratio->interval.low))
        add(line, " (%.2f–%.2f)", ratio->interval.low, ratio->interval.high);
    add(line, " times as long");
    add_costs(line, cell, ranked_cell(table, 0));
}

// "a, b and c" of the first row and those that are not slower.
static void add_leaders(struct line *line, const struct report_table *table)
{
    size_t leaders = 1 + count(table, TRUTH_NO);
    size_t named = 0;
    for (size_t i = 0; i < table->ranked; i++) {
        char label[80];
        if (i > 0 && is_slower(table, i) != TRUTH_NO)
            continue;
        plain_copy(label, sizeof label, ranked_cell(table, i)->label);
        named++;
        add(line, "%s%s", named == 1 ? "" : named == leaders ? " and " : ", ", label);
    }
    if (leaders > 1)
        add(line, " cannot be told apart");
    else
        add(line, " is the fastest");
}

// ---- the same in a line ------------------------------------------------------------

// "a and b tie", "a and 3 more tie", "a"
static void add_leaders_short(struct line *line, const struct report_table *table)
{
    size_t leaders = 1 + count(table, TRUTH_NO);
    char first[80], other[80] = "";
    plain_copy(first, sizeof first, ranked_cell(table, 0)->label);
    for (size_t i = 1; i < table->ranked; i++)
        if (is_slower(table, i) == TRUTH_NO)
            plain_copy(other, sizeof other, ranked_cell(table, i)->label);
    add(line, "%s", first);
    if (leaders == 2)
        add(line, " and %s tie", other);
    else if (leaders > 2)
        add(line, " and %zu more tie", leaders - 1);
}

static void describe_short(struct line *line, const struct report_table *table)
{
    add_leaders_short(line, table);
    for (size_t i = 1; i < table->ranked; i++) {
        const struct report_cell *cell = ranked_cell(table, i);
        char label[80];
        if (is_slower(table, i) != TRUTH_YES)
            continue;
        plain_copy(label, sizeof label, cell->label);
        add(line, ", %s %.2f", label, report_pair_with_best(table, cell)->ratio.estimate);
    }
}

// ---- all tables --------------------------------------------------------------------

// The sentences about a table.
enum finding {
    FINDING_NONE, // it has no two rows
    FINDING_ORDER,
    FINDING_NOISY,
    FINDING_FEW,
};

static enum finding find(const struct report_table *table)
{
    if (table->ranked < 2)
        return FINDING_NONE;
    if (table->noise.noisy)
        return FINDING_NOISY;
    return count(table, TRUTH_UNKNOWN) > 0 ? FINDING_FEW : FINDING_ORDER;
}

static void add_title(struct line *line, const struct report_table *table)
{
    char title[120];
    plain_copy(title, sizeof title, table->title != NULL ? table->title : table->id);
    add(line, "%s", title);
}

static void describe(struct line *line, const struct report_table *table,
                     enum conclusion_length length)
{
    add_title(line, table);
    add(line, ": ");
    if (length == CONCLUSION_SHORT) {
        describe_short(line, table);
        return;
    }
    add_leaders(line, table);
    for (size_t i = 1; i < table->ranked; i++)
        if (is_slower(table, i) == TRUTH_YES)
            add_slower(line, table, i);
}

static size_t count_found(const struct report *report, enum finding finding)
{
    size_t number = 0;
    for (size_t i = 0; i < report->table_count; i++)
        number += find(&report->tables[i]) == finding;
    return number;
}

// One line for all tables of which the same is to be said.
static void add_group(json_t *lines, const struct report *report, enum finding finding,
                      const char *words)
{
    struct line line = {.used = 0};
    for (size_t i = 0; i < report->table_count; i++) {
        if (find(&report->tables[i]) != finding)
            continue;
        add(&line, "%s", line.used == 0 ? "" : "; ");
        add_title(&line, &report->tables[i]);
    }
    if (line.used == 0)
        return;
    line.used = line.used < LINE_SIZE - 80 ? line.used : LINE_SIZE - 80;
    add(&line, ": %s", words);
    json_array_append_new(lines, tree_string(line.text));
}

json_t *conclusion_lines(const struct report *report, enum conclusion_length length)
{
    json_t *lines = json_array();
    if (report->plan.command !=
        NULL) // two builds, not models: the gate says what follows
        return lines;
    size_t groups = (count_found(report, FINDING_NOISY) > 0 ? 1U : 0U) +
                    (count_found(report, FINDING_FEW) > 0 ? 1U : 0U);
    size_t most = CONCLUSION_LINES - groups;
    size_t orders = count_found(report, FINDING_ORDER);
    size_t room = orders > most ? most - 1 : orders;
    for (size_t i = 0; i < report->table_count && room > 0; i++) {
        struct line line = {.used = 0};
        if (find(&report->tables[i]) != FINDING_ORDER)
            continue;
        describe(&line, &report->tables[i], length);
        json_array_append_new(lines, tree_string(line.text));
        room--;
    }
    if (orders > most) {
        struct line line = {.used = 0};
        add(&line, "and %zu more tables", orders - (most - 1));
        json_array_append_new(lines, tree_string(line.text));
    }
    add_group(lines, report, FINDING_FEW, "too few rounds for an order");
    add_group(lines, report, FINDING_NOISY, "too noisy to say anything");
    return lines;
}

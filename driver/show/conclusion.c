// SPDX-License-Identifier: MIT
//
// conclusion.c - see conclusion.h.
#include "driver/show/conclusion.h"

#include "lib/format.h"

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
    format_plain(label, sizeof label, cell->label);
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
        format_plain(label, sizeof label, ranked_cell(table, i)->label);
        named++;
        add(line, "%s%s", named == 1 ? "" : named == leaders ? " and " : ", ", label);
    }
    if (leaders > 1)
        add(line, " cannot be told apart");
    else
        add(line, " is the fastest");
}

static void describe(struct line *line, const struct report_table *table)
{
    char title[120];
    format_plain(title, sizeof title, table->title != NULL ? table->title : table->id);
    add(line, "%s: ", title);
    if (table->noise.noisy) {
        add(line, "too noisy to say anything");
        return;
    }
    if (count(table, TRUTH_UNKNOWN) > 0) {
        add(line, "too few rounds for an order");
        return;
    }
    add_leaders(line, table);
    for (size_t i = 1; i < table->ranked; i++)
        if (is_slower(table, i) == TRUTH_YES)
            add_slower(line, table, i);
}

json_t *conclusion_lines(const struct report *report)
{
    json_t *lines = json_array();
    size_t spoken = 0;
    if (report->plan.command !=
        NULL) // two builds, not models: the gate says what follows
        return lines;
    for (size_t i = 0; i < report->table_count; i++)
        spoken += report->tables[i].ranked > 1;
    size_t room = spoken > CONCLUSION_LINES ? CONCLUSION_LINES - 1 : CONCLUSION_LINES;
    for (size_t i = 0; i < report->table_count && room > 0; i++) {
        struct line line = {.used = 0};
        if (report->tables[i].ranked < 2)
            continue;
        describe(&line, &report->tables[i]);
        json_array_append_new(lines, json_string(line.text));
        room--;
    }
    if (spoken > CONCLUSION_LINES) {
        struct line line = {.used = 0};
        add(&line, "and %zu more tables", spoken - (CONCLUSION_LINES - 1));
        json_array_append_new(lines, json_string(line.text));
    }
    return lines;
}

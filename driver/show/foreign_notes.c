// SPDX-License-Identifier: MIT
//
// foreign_notes.c - see foreign_notes.h.
#include "driver/show/foreign_notes.h"

#include "driver/show/notes.h"
#include "lib/check.h"
#include "lib/format.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

// ---- what is proved ------------------------------------------------------------------

static const struct {
    const char *row;
    const char *proof;
} proofs[] = {
    {"linked", "the same object files of each task, and every answer"},
    {"witnessed",
     "every answer, and sessions, requests, bytes and the most at once as the "
     "back end has counted them"},
    {"answered",
     "every answer, for a seed drawn for this session, in no less time than this "
     "algorithm takes"},
    {"command",
     "the same exit code and the same output in every row and round, nothing else"},
};

static bool has_row(const struct report_table *table, const char *row)
{
    for (size_t i = 0; i < table->cell_count; i++)
        if (table->cells[i].row != NULL && strcmp(table->cells[i].row, row) == 0)
            return true;
    return false;
}

static void say_proofs(json_t *lines, const struct report_table *table)
{
    for (size_t i = 0; i < ARRAY_LEN(proofs); i++)
        if (has_row(table, proofs[i].row))
            notes_add(lines, "%s: proved is %s", proofs[i].row, proofs[i].proof);
}

// ---- beside whom -----------------------------------------------------------------------

// How many times as long the cell takes as the other. False: they are not compared.
static bool find_ratio(const struct report_table *table, const struct report_cell *cell,
                       const struct report_cell *other, struct ratio *ratio)
{
    size_t own = (size_t)(cell - table->cells);
    size_t its = (size_t)(other - table->cells);
    for (size_t i = 0; i < table->pair_count; i++) {
        const struct pair *pair = &table->pairs[i];
        *ratio = pair->ratio;
        if (pair->a == own && pair->b == its)
            return true;
        ratio->estimate = 1 / pair->ratio.estimate;
        ratio->interval.low = 1 / pair->ratio.interval.high;
        ratio->interval.high = 1 / pair->ratio.interval.low;
        if (pair->a == its && pair->b == own)
            return true;
    }
    return false;
}

static void say_ratio(char *line, const struct report_cell *cell,
                      const struct ratio *ratio)
{
    char text[24];
    char low[24];
    char high[24];
    format_ratio(text, sizeof text, ratio->estimate);
    notes_extend(line, " %.80s %s times", cell->label, text);
    if (isnan(ratio->interval.low))
        return;
    format_ratio(low, sizeof low, ratio->interval.low);
    format_ratio(high, sizeof high, ratio->interval.high);
    notes_extend(line, " (%s–%s)", low, high);
}

// All rows that stand beside one of ours.
static void say_beside(json_t *lines, const struct report_table *table,
                       const struct report_cell *model)
{
    char line[NOTES_LINE] = "";
    bool any = false;
    notes_extend(line, "beside %.80s, by %s:", model->label,
                 table->by_run ? "run" : "wall time");
    for (size_t i = 0; i < table->cell_count; i++) {
        const struct report_cell *cell = &table->cells[i];
        struct ratio ratio;
        if (!cell->ranked || cell->beside == NULL || cell->base_of != NULL ||
            strcmp(cell->beside, model->model) != 0 ||
            !find_ratio(table, cell, model, &ratio))
            continue;
        if (any)
            notes_extend(line, ",");
        say_ratio(line, cell, &ratio);
        any = true;
    }
    if (any)
        notes_add(lines, "%s", line);
}

// Does it correspond to none of our models but to itself? Then it is what they are held
// against: the bare I/O of tests/peers/bare.
static bool stands_alone(const struct report_cell *cell)
{
    return cell->ranked && cell->beside != NULL && cell->base_of == NULL &&
           strcmp(cell->beside, cell->model) == 0;
}

// The rows of ours, as multiples of that one in time and in CPU time.
static void say_over(json_t *lines, const struct report_table *table,
                     const struct report_cell *control)
{
    char line[NOTES_LINE] = "";
    const char *between = "";
    notes_extend(line, "over %.80s, by %s:", control->label,
                 table->by_run ? "run" : "wall time");
    for (size_t i = 0; i < table->cell_count; i++) {
        const struct report_cell *cell = &table->cells[i];
        double cpu = cell->statistics.cpu_ns / control->statistics.cpu_ns;
        char text[24];
        struct ratio ratio;
        if (!cell->ranked || cell->beside != NULL || cell->base_of != NULL ||
            !find_ratio(table, cell, control, &ratio))
            continue;
        notes_extend(line, "%s", between);
        say_ratio(line, cell, &ratio);
        format_ratio(text, sizeof text, cpu);
        if (isfinite(cpu))
            notes_extend(line, ", CPU %s", text);
        between = ";";
    }
    if (between[0] != '\0')
        notes_add(lines, "%s", line);
}

// "asyncio is CPython 3.11.2", each runtime once.
static void say_runtimes(json_t *lines, const struct report_table *table)
{
    char line[NOTES_LINE] = "";
    const char *last = "";
    for (size_t i = 0; i < table->cell_count; i++) {
        const struct report_cell *cell = &table->cells[i];
        if (cell->runtime == NULL)
            continue;
        bool same = strcmp(cell->runtime, last) == 0;
        notes_extend(line, "%s%.80s",
                     line[0] == '\0' ? ""
                     : same          ? ", "
                                     : "; ",
                     cell->label);
        const struct report_cell *next = i + 1 < table->cell_count ? cell + 1 : NULL;
        last = cell->runtime;
        if (next == NULL || next->runtime == NULL || strcmp(next->runtime, last) != 0)
            notes_extend(line, " by %.120s", last);
    }
    if (line[0] != '\0')
        notes_add(lines, "%s", line);
}

void foreign_notes(json_t *lines, const struct report_table *table)
{
    bool foreign = report_has_foreign(table);
    if (!foreign && !has_row(table, "command"))
        return;
    say_proofs(lines, table);
    if (!foreign)
        return;
    say_runtimes(lines, table);
    for (size_t i = 0; i < table->cell_count; i++)
        if (table->cells[i].ranked && table->cells[i].beside == NULL &&
            table->cells[i].base_of == NULL)
            say_beside(lines, table, &table->cells[i]);
    for (size_t i = 0; i < table->cell_count; i++)
        if (stands_alone(&table->cells[i]))
            say_over(lines, table, &table->cells[i]);
    notes_add(lines,
              "start: wall time without spawn, run and join; ranked by %s (--rank)",
              table->by_run ? "run, which has no start in it" : "wall time");
}

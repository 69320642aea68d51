// SPDX-License-Identifier: MIT
//
// table_view.c - see table_view.h. The lines above and below a table come from
// table_notes.c.
#include "driver/show/table_view.h"

#include "driver/report/json.h"
#include "driver/show/table_notes.h"
#include "lib/check.h"
#include "lib/format.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    int importance;
} columns[VIEW_COLUMNS] = {
    [VIEW_MODEL] = {"model", 14},
    [VIEW_WALL] = {"wall", 13},
    [VIEW_WALL_INTERVAL] = {"interval", 10},
    [VIEW_RATIO] = {"ratio", 12},
    [VIEW_RATIO_INTERVAL] = {"interval", 11},
    [VIEW_RUN] = {"run", 1},
    [VIEW_OPERATION] = {"per op", 3},
    [VIEW_CPU] = {"CPU", 9},
    [VIEW_SWITCHES] = {"switches", 4},
    [VIEW_CALLS] = {"calls", 6},
    [VIEW_INSTRUCTIONS] = {"instr.", 5},
    [VIEW_MEMORY] = {"memory", 8},
    [VIEW_P50] = {"p50", 2},
    [VIEW_P99] = {"p99", 7},
};

// The cells of a table in the order of the rows, and the scale of each column.
struct source {
    const json_t *table;
    json_t **cells; // borrowed from the table
    size_t n;
    size_t ranked; // how many of them, at the front
    struct scale wall;
    struct scale run;
    struct scale operation;
    struct scale cpu;
    struct scale memory;
    struct scale latency;
};

// ---- order -----------------------------------------------------------------------

static json_t *cell_by_id(const json_t *table, const char *id)
{
    return id == NULL ? NULL : tree_find(tree_array(table, "cells"), "id", id);
}

// Fills source->cells: first as ranked, then the others as they stand in the table.
static int source_order(struct source *source)
{
    json_t *cells = tree_array(source->table, "cells");
    size_t room = json_array_size(cells);
    source->cells = calloc(room + 1, sizeof *source->cells);
    if (source->cells == NULL)
        return -ENOMEM;
    size_t index;
    json_t *item;
    json_array_foreach(tree_array(source->table, "ranking"), index, item)
    {
        json_t *cell = cell_by_id(source->table, json_string_value(item));
        if (cell != NULL && tree_true(cell, "ranked") && source->n < room)
            source->cells[source->n++] = cell;
    }
    source->ranked = source->n;
    json_array_foreach(cells, index, item)
    {
        if (!tree_true(item, "ranked") && source->n < room)
            source->cells[source->n++] = item;
    }
    return 0;
}

// ---- scales ----------------------------------------------------------------------

static struct scale scale_of(const struct source *source, const char *const *paths,
                             size_t path_count, bool sizes, int digits)
{
    double values[256];
    size_t n = 0;
    for (size_t i = 0; i < source->ranked; i++) {
        for (size_t p = 0; p < path_count && n < ARRAY_LEN(values); p++)
            values[n++] = tree_number(source->cells[i], paths[p]);
    }
    return sizes ? scale_for_sizes(values, n, digits)
                 : scale_for_times(values, n, digits);
}

static struct scale time_scale(const struct source *source, const char *path, int digits)
{
    return scale_of(source, &path, 1, false, digits);
}

static void source_scales(struct source *source)
{
    static const char *const memory[] = {"statistics.memory.bytes"};
    static const char *const latency[] = {"statistics.latency_ns.p50",
                                          "statistics.latency_ns.p99"};
    source->wall = time_scale(source, "statistics.wall_ns.median", 4);
    source->run = time_scale(source, "statistics.run_ns.median", 3);
    source->operation = time_scale(source, "statistics.ns_per_operation", 3);
    source->cpu = time_scale(source, "statistics.cpu_ns.median", 3);
    source->memory = scale_of(source, memory, 1, true, 3);
    source->latency = scale_of(source, latency, 2, false, 3);
}

// ---- rows ------------------------------------------------------------------------

// How `cell` compares with the best one, or NULL for the best one itself.
static json_t *comparison_with_best(const struct source *source, const json_t *cell)
{
    const char *id = tree_text(cell, "id", "");
    const char *best = tree_text(source->cells[0], "id", "");
    size_t index;
    json_t *comparison;
    json_array_foreach(tree_array(source->table, "comparisons"), index, comparison)
    {
        if (strcmp(tree_text(comparison, "a", ""), id) == 0 &&
            strcmp(tree_text(comparison, "b", ""), best) == 0)
            return comparison;
    }
    return NULL;
}

static void fill_ratio(const struct source *source, const json_t *cell,
                       struct view_row *row)
{
    const json_t *comparison = comparison_with_best(source, cell);
    char *text = row->cells[VIEW_RATIO];
    char *interval = row->cells[VIEW_RATIO_INTERVAL];
    size_t size = sizeof row->cells[0];
    if (row->best) {
        snprintf(text, size, "best");
        return;
    }
    char ratio[24];
    char low[16];
    char high[16];
    format_ratio(ratio, sizeof ratio, tree_number(comparison, "ratio"));
    format_ratio(low, sizeof low, tree_number(comparison, "low"));
    format_ratio(high, sizeof high, tree_number(comparison, "high"));
    const json_t *equal = tree_at(comparison, "equal");
    const char *mark = json_is_true(equal) ? "~" : json_is_false(equal) ? "" : "?";
    snprintf(text, size, "%s%s", mark, ratio);
    if (json_is_boolean(equal))
        snprintf(interval, size, "%s–%s", low, high);
    else
        snprintf(interval, size, "-");
}

static void fill_switches(const json_t *cell, char *text, size_t size)
{
    char voluntary[16];
    char involuntary[16];
    format_count(voluntary, sizeof voluntary,
                 tree_number(cell, "statistics.switches.voluntary"));
    format_count(involuntary, sizeof involuntary,
                 tree_number(cell, "statistics.switches.involuntary"));
    bool known = strcmp(voluntary, "-") != 0 || strcmp(involuntary, "-") != 0;
    snprintf(text, size, known ? "%s/%s" : "-", voluntary, involuntary);
}

static void fill_ranked(const struct source *source, const json_t *cell,
                        struct view_row *row)
{
    const struct {
        enum view_column column;
        const struct scale *scale;
        const char *path;
    } figures[] = {
        {VIEW_WALL, &source->wall, "statistics.wall_ns.median"},
        {VIEW_RUN, &source->run, "statistics.run_ns.median"},
        {VIEW_OPERATION, &source->operation, "statistics.ns_per_operation"},
        {VIEW_CPU, &source->cpu, "statistics.cpu_ns.median"},
        {VIEW_MEMORY, &source->memory, "statistics.memory.bytes"},
        {VIEW_P50, &source->latency, "statistics.latency_ns.p50"},
        {VIEW_P99, &source->latency, "statistics.latency_ns.p99"},
    };
    size_t size = sizeof row->cells[0];
    for (size_t i = 0; i < ARRAY_LEN(figures); i++)
        format_scaled(row->cells[figures[i].column], size, figures[i].scale,
                      tree_number(cell, figures[i].path));
    format_interval(row->cells[VIEW_WALL_INTERVAL], size, &source->wall,
                    tree_number(cell, "statistics.wall_ns.low"),
                    tree_number(cell, "statistics.wall_ns.high"));
    // The range of a single value is no interval.
    if (!(tree_number(cell, "statistics.wall_ns.confidence") > 0))
        snprintf(row->cells[VIEW_WALL_INTERVAL], size, "-");
    fill_switches(cell, row->cells[VIEW_SWITCHES], size);
    format_number(row->cells[VIEW_CALLS], size,
                  tree_number(cell, "counters.syscalls.per_operation"));
    format_number(row->cells[VIEW_INSTRUCTIONS], size,
                  tree_number(cell, "counters.instructions.per_operation"));
    fill_ratio(source, cell, row);
}

static void fill_unranked(const json_t *cell, struct view_row *row)
{
    const char *status = tree_text(cell, "status", "ok");
    if (strcmp(status, "dnf") == 0)
        status = "DNF"; // did not finish: this machine's limits do not allow it
    else if (strcmp(status, "ok") == 0)
        status = "not ranked";
    const char *reason = tree_text(cell, "unranked_reason", "no reason given");
    format_plain(row->verdict, sizeof row->verdict, status);
    format_plain(row->reason, sizeof row->reason, reason);
}

static void view_fill(struct view *view, const struct source *source)
{
    view->row_count = source->n;
    for (size_t i = 0; i < source->n; i++) {
        struct view_row *row = &view->rows[i];
        row->ranked = i < source->ranked;
        row->best = row->ranked && i == 0;
        format_plain(row->cells[VIEW_MODEL], sizeof row->cells[0],
                     tree_text(source->cells[i], "label", "?"));
        if (row->ranked)
            fill_ranked(source, source->cells[i], row);
        else
            fill_unranked(source->cells[i], row);
    }
}

// ---- headings --------------------------------------------------------------------

// The lowest confidence of all numbers at `path`, as text; "" if none is an interval.
static void lowest_confidence(char *text, size_t size, json_t *const *objects, size_t n,
                              const char *path)
{
    double lowest = (double)NAN;
    for (size_t i = 0; i < n; i++) {
        double confidence = tree_number(objects[i], path);
        if (confidence > 0)
            lowest = fmin(isnan(lowest) ? 1 : lowest, confidence);
    }
    text[0] = '\0';
    if (!isnan(lowest))
        format_confidence(text, size, lowest);
}

static void set_units(struct view *view, const struct source *source)
{
    const struct {
        enum view_column column;
        const char *unit;
    } units[] = {
        {VIEW_WALL, source->wall.unit},   {VIEW_RUN, source->run.unit},
        {VIEW_CPU, source->cpu.unit},     {VIEW_OPERATION, source->operation.unit},
        {VIEW_P50, source->latency.unit}, {VIEW_P99, source->latency.unit},
        {VIEW_SWITCHES, "vol/inv"},       {VIEW_MEMORY, source->memory.unit},
        {VIEW_RATIO, "to best"},          {VIEW_CALLS, "per op"},
        {VIEW_INSTRUCTIONS, "per op"},
    };
    for (size_t i = 0; i < ARRAY_LEN(units); i++)
        snprintf(view->headings[units[i].column].unit, sizeof view->headings[0].unit,
                 "%s", units[i].unit);
    struct view_heading *wall = &view->headings[VIEW_WALL_INTERVAL];
    lowest_confidence(wall->unit, sizeof wall->unit, source->cells, source->ranked,
                      "statistics.wall_ns.confidence");

    json_t *with_best[256];
    size_t n = 0;
    for (size_t i = 1; i < source->ranked && n < ARRAY_LEN(with_best); i++)
        with_best[n++] = comparison_with_best(source, source->cells[i]);
    struct view_heading *ratio = &view->headings[VIEW_RATIO_INTERVAL];
    lowest_confidence(ratio->unit, sizeof ratio->unit, with_best, n, "confidence");
}

// A column in which nobody has anything is not shown.
static void find_present(struct view *view)
{
    for (size_t column = 0; column < VIEW_COLUMNS; column++) {
        struct view_heading *heading = &view->headings[column];
        heading->name = columns[column].name;
        heading->importance = columns[column].importance;
        heading->present = column == VIEW_MODEL;
        for (size_t i = 0; i < view->row_count; i++) {
            const char *text = view->rows[i].cells[column];
            if (text[0] != '\0' && strcmp(text, "-") != 0)
                heading->present = true;
        }
    }
}

int view_init(struct view *view, const json_t *report, const json_t *table)
{
    *view = (struct view){.captions = words_captions(report, table),
                          .notes = words_notes(table)};
    struct source source = {.table = table};
    int error = source_order(&source);
    view->rows = calloc(source.n + 1, sizeof *view->rows);
    if (view->captions == NULL || view->notes == NULL || view->rows == NULL)
        error = -ENOMEM;
    if (error == 0) {
        format_plain(view->title, sizeof view->title,
                     tree_text(table, "title", tree_text(table, "id", "?")));
        source_scales(&source);
        view_fill(view, &source);
        set_units(view, &source);
        find_present(view);
    }
    free(source.cells);
    return error;
}

void view_destroy(struct view *view)
{
    json_decref(view->captions);
    json_decref(view->notes);
    free(view->rows);
}

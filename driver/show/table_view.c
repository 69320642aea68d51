// SPDX-License-Identifier: MIT
//
// table_view.c - see table_view.h. The lines above and below a table come from
// table_notes.c.
#include "driver/show/table_view.h"

#include "driver/report/counter_verdict.h"
#include "driver/show/table_figures.h"
#include "driver/show/table_notes.h"
#include "lib/check.h"
#include "lib/format.h"
#include "lib/plain.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    int importance;
} columns[VIEW_COLUMNS] = {
    [VIEW_MODEL] = {"model", 18},
    [VIEW_ROW] = {"row", 17},
    [VIEW_WALL] = {"wall", 15},
    [VIEW_WALL_INTERVAL] = {"interval", 9},
    [VIEW_RATIO] = {"ratio", 14},
    [VIEW_RATIO_INTERVAL] = {"interval", 13},
    [VIEW_START] = {"start", 10},
    [VIEW_RUN] = {"run", 1},
    [VIEW_OPERATION] = {"per op", 3},
    [VIEW_CPU] = {"CPU", 10},
    [VIEW_PEER_CPU] = {"peer CPU", 8},
    [VIEW_CAUSED_CPU] = {"CPU sum",
                         11}, // where there is one, it says more than its parts
    [VIEW_SWITCHES] = {"switches", 4},
    [VIEW_CALLS] = {"calls", 6},
    [VIEW_INSTRUCTIONS] = {"instr.", 5},
    [VIEW_MEMORY] = {"memory", 12},
    [VIEW_P50] = {"p50", 2},
    [VIEW_P99] = {"p99", 7},
};

// The cells of a table in the order of the rows, and the scale of each column.
struct source {
    const struct report_table *table;
    const struct report_cell **cells; // borrowed from the table
    size_t n;
    size_t ranked; // how many of them, at the front
    bool foreign;  // there are rows of anybody among them
    struct scale wall;
    struct scale run;
    struct scale operation;
    struct scale cpu;
    struct scale memory;
    struct scale latency;
};

// ---- order -----------------------------------------------------------------------

// Fills source->cells: first as ranked, then the others as they stand in the table.
static int source_order(struct source *source)
{
    const struct report_table *table = source->table;
    source->cells = calloc(table->cell_count + 1, sizeof *source->cells);
    if (source->cells == NULL)
        return -ENOMEM;
    for (size_t i = 0; i < table->ranked; i++)
        source->cells[source->n++] = &table->cells[table->ranking[i]];
    source->ranked = source->n;
    for (size_t i = 0; i < table->cell_count; i++)
        if (!table->cells[i].ranked)
            source->cells[source->n++] = &table->cells[i];
    return 0;
}

// ---- scales ----------------------------------------------------------------------

#define SCALE_VALUES 256

static size_t collect(const struct source *source,
                      double (*value)(const struct report_cell *cell), double *values,
                      size_t n)
{
    for (size_t i = 0; i < source->ranked && n < SCALE_VALUES; i++)
        values[n++] = value(source->cells[i]);
    return n;
}

static struct scale time_scale(const struct source *source,
                               double (*value)(const struct report_cell *cell),
                               int digits)
{
    double values[SCALE_VALUES];
    return scale_for_times(values, collect(source, value, values, 0), digits);
}

static void source_scales(struct source *source)
{
    double values[SCALE_VALUES];
    source->wall = time_scale(source, figure_wall, 4);
    source->run = time_scale(source, figure_run, 3);
    source->operation = time_scale(source, figure_operation, 3);
    size_t n = collect(source, figure_cpu, values, 0); // one scale: the three add up
    n = collect(source, figure_peer_cpu, values, n);
    n = collect(source, figure_caused_cpu, values, n);
    source->cpu = scale_for_times(values, n, 3);
    n = collect(source, figure_memory, values, 0);
    source->memory = scale_for_sizes(values, n, 3);
    n = collect(source, figure_p50, values, 0);
    n = collect(source, figure_p99, values, n);
    source->latency = scale_for_times(values, n, 3);
}

// ---- rows ------------------------------------------------------------------------

static const char *const equal_marks[] = {
    [TRUTH_UNKNOWN] = "?", [TRUTH_NO] = "", [TRUTH_YES] = "~"};

// Is another row equal to the first one, or is that not known? Then nothing is best.
static enum truth has_equal(const struct source *source)
{
    enum truth found = TRUTH_NO;
    for (size_t i = 1; i < source->ranked; i++) {
        const struct pair *pair = report_pair_with_best(source->table, source->cells[i]);
        enum truth equal = pair == NULL ? TRUTH_NO : pair_is_equal(pair);
        if (equal == TRUTH_YES || (equal == TRUTH_UNKNOWN && found == TRUTH_NO))
            found = equal;
    }
    return found;
}

static void fill_first(const struct source *source, struct view_row *row)
{
    char text[24];
    enum truth equal = has_equal(source);
    row->best = equal == TRUTH_NO;
    format_ratio(text, sizeof text, 1);
    snprintf(row->cells[VIEW_RATIO], sizeof row->cells[0], "%s%s", equal_marks[equal],
             row->best ? "best" : text);
}

static void fill_ratio(const struct source *source, const struct report_cell *cell,
                       struct view_row *row)
{
    const struct pair *pair = report_pair_with_best(source->table, cell);
    const struct ratio unknown = {.estimate = (double)NAN,
                                  .interval = {.low = (double)NAN, .high = (double)NAN}};
    const struct ratio *ratio = pair == NULL ? &unknown : &pair->ratio;
    enum truth equal = pair == NULL ? TRUTH_UNKNOWN : pair_is_equal(pair);
    char *interval = row->cells[VIEW_RATIO_INTERVAL];
    size_t size = sizeof row->cells[0];
    char text[24];
    char low[16];
    char high[16];
    if (cell == source->cells[0]) {
        fill_first(source, row);
        return;
    }
    format_ratio(text, sizeof text, ratio->estimate);
    format_ratio(low, sizeof low, ratio->interval.low);
    format_ratio(high, sizeof high, ratio->interval.high);
    snprintf(row->cells[VIEW_RATIO], size, "%s%s", equal_marks[equal], text);
    if (isnan(ratio->interval.low))
        snprintf(interval, size, "-");
    else
        snprintf(interval, size, "%s–%s", low, high);
}

static void fill_switches(const struct cell_statistics *statistics, char *text,
                          size_t size)
{
    char voluntary[16];
    char involuntary[16];
    format_count(voluntary, sizeof voluntary, statistics->voluntary);
    format_count(involuntary, sizeof involuntary, statistics->involuntary);
    bool known = strcmp(voluntary, "-") != 0 || strcmp(involuntary, "-") != 0;
    snprintf(text, size, known ? "%s/%s" : "-", voluntary, involuntary);
}

static void fill_wall_interval(const struct source *source, const struct summary *wall,
                               char *text, size_t size)
{
    // The range of a single value is no interval.
    if (wall->interval.confidence > 0)
        format_interval(text, size, &source->wall, wall->interval.low,
                        wall->interval.high);
    else
        snprintf(text, size, "-");
}

static void fill_ranked(const struct source *source, const struct report_cell *cell,
                        struct view_row *row)
{
    const struct {
        enum view_column column;
        const struct scale *scale;
        double (*value)(const struct report_cell *cell);
    } figures[] = {
        {VIEW_WALL, &source->wall, figure_wall},
        {VIEW_START, &source->wall, source->foreign ? figure_start : figure_none},
        {VIEW_RUN, &source->run, figure_run},
        {VIEW_OPERATION, &source->operation, figure_operation},
        {VIEW_CPU, &source->cpu, figure_cpu},
        {VIEW_PEER_CPU, &source->cpu, figure_peer_cpu},
        {VIEW_CAUSED_CPU, &source->cpu, figure_caused_cpu},
        {VIEW_MEMORY, &source->memory, figure_memory},
        {VIEW_P50, &source->latency, figure_p50},
        {VIEW_P99, &source->latency, figure_p99},
    };
    size_t size = sizeof row->cells[0];
    for (size_t i = 0; i < ARRAY_LEN(figures); i++)
        format_scaled(row->cells[figures[i].column], size, figures[i].scale,
                      figures[i].value(cell));
    fill_wall_interval(source, &cell->statistics.wall_ns, row->cells[VIEW_WALL_INTERVAL],
                       size);
    fill_switches(&cell->statistics, row->cells[VIEW_SWITCHES], size);
    format_number(row->cells[VIEW_CALLS], size,
                  counter_shown(cell->counters, COUNTER_SYSCALLS));
    format_number(row->cells[VIEW_INSTRUCTIONS], size,
                  counter_shown(cell->counters, COUNTER_INSTRUCTIONS));
    fill_ratio(source, cell, row);
}

static void fill_unranked(const struct report_cell *cell, struct view_row *row)
{
    const char *status = cell_status_name(cell->status);
    if (cell->status == CELL_DNF)
        status = "DNF"; // did not finish: this machine's limits do not allow it
    else if (cell->status == CELL_OK)
        status = "not ranked";
    plain_copy(row->verdict, sizeof row->verdict, status);
    plain_copy(row->reason, sizeof row->reason, cell->unranked_reason);
}

static void view_fill(struct view *view, const struct source *source)
{
    view->row_count = source->n;
    for (size_t i = 0; i < source->n; i++) {
        struct view_row *row = &view->rows[i];
        row->ranked = i < source->ranked;
        row->best = false;
        plain_copy(row->cells[VIEW_MODEL], sizeof row->cells[0], source->cells[i]->label);
        if (source->foreign && source->cells[i]->row != NULL)
            plain_copy(row->cells[VIEW_ROW], sizeof row->cells[0], source->cells[i]->row);
        if (row->ranked)
            fill_ranked(source, source->cells[i], row);
        else
            fill_unranked(source->cells[i], row);
    }
}

// ---- headings --------------------------------------------------------------------

// Lowers *lowest to a confidence that is one.
static void lower(double *lowest, double confidence)
{
    if (confidence > 0)
        *lowest = fmin(isnan(*lowest) ? 1 : *lowest, confidence);
}

// The lowest confidence of all intervals of a column, as text; "" if there is none.
static void show_confidences(struct view *view, const struct source *source)
{
    char *wall = view->headings[VIEW_WALL_INTERVAL].unit;
    char *ratio = view->headings[VIEW_RATIO_INTERVAL].unit;
    double of_walls = (double)NAN;
    double of_ratios = (double)NAN;
    for (size_t i = 0; i < source->ranked; i++) {
        const struct report_cell *cell = source->cells[i];
        const struct pair *pair = report_pair_with_best(source->table, cell);
        lower(&of_walls, cell->statistics.wall_ns.interval.confidence);
        if (pair != NULL)
            lower(&of_ratios, pair->ratio.interval.confidence);
    }
    wall[0] = '\0';
    ratio[0] = '\0';
    if (!isnan(of_walls))
        format_confidence(wall, sizeof view->headings[0].unit, of_walls);
    if (!isnan(of_ratios))
        format_confidence(ratio, sizeof view->headings[0].unit, of_ratios);
}

static void set_units(struct view *view, const struct source *source)
{
    const struct {
        enum view_column column;
        const char *unit;
    } units[] = {
        {VIEW_WALL, source->wall.unit},
        {VIEW_RUN, source->run.unit},
        {VIEW_CPU, source->cpu.unit},
        {VIEW_OPERATION, source->operation.unit},
        {VIEW_P50, source->latency.unit},
        {VIEW_P99, source->latency.unit},
        {VIEW_SWITCHES, "vol/inv"},
        {VIEW_MEMORY, source->memory.unit},
        {VIEW_RATIO, "to best"},
        {VIEW_CALLS, "per op"},
        {VIEW_START, source->wall.unit},
        {VIEW_PEER_CPU, source->cpu.unit},
        {VIEW_CAUSED_CPU, source->cpu.unit},
        {VIEW_INSTRUCTIONS, "per op"},
    };
    for (size_t i = 0; i < ARRAY_LEN(units); i++)
        snprintf(view->headings[units[i].column].unit, sizeof view->headings[0].unit,
                 "%s", units[i].unit);
    show_confidences(view, source);
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

int view_init(struct view *view, const struct report *report,
              const struct report_table *table)
{
    *view = (struct view){.captions = words_captions(report, table),
                          .notes = words_notes(table)};
    struct source source = {.table = table, .foreign = report_has_foreign(table)};
    int error = source_order(&source);
    view->rows = calloc(source.n + 1, sizeof *view->rows);
    if (view->captions == NULL || view->notes == NULL || view->rows == NULL)
        error = -ENOMEM;
    if (error == 0) {
        plain_copy(view->title, sizeof view->title,
                   table->title != NULL ? table->title : table->id);
        source_scales(&source);
        view_fill(view, &source);
        set_units(view, &source);
        find_present(view);
        // Rows that are compared by their run have that before all else.
        view->headings[VIEW_RUN].importance =
            columns[table->by_run ? VIEW_WALL : VIEW_RUN].importance;
        view->headings[VIEW_WALL].importance =
            columns[table->by_run ? VIEW_RUN : VIEW_WALL].importance;
        if (table->by_run) {
            snprintf(view->headings[VIEW_RATIO].unit, sizeof view->headings[0].unit,
                     "of run");
            view->headings[VIEW_RUN].importance = columns[VIEW_WALL].importance;
        }
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

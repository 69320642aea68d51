// SPDX-License-Identifier: MIT
//
// plot_ratios.c - each row of a table beside the best one: how many times as long it takes,
// with the interval; and beside it CPU time and memory as bars. The noise floor is a band
// around 1: a row whose mark lies within it, or whose mark is hollow, cannot be told apart
// from the best.
#include "driver/page/html.h"
#include "driver/page/plots.h"
#include "driver/page/svg.h"
#include "lib/format.h"

#include <math.h>
#include <string.h>

#define TOP       22.0 // of the first row
#define ROW       36.0
#define LANE      25.0 // of a row, below its top
#define LEFT      6.0
#define RIGHT     214.0
#define CPU       232.0
#define MEMORY    300.0
#define BAR       58.0
#define BOTTOM    24.0
#define FAR_APART 4.0 // from this ratio on the axis is logarithmic

// ---- values ------------------------------------------------------------------------

// All that the row causes where it has a back end, else its own.
static double cpu_of(const struct report_cell *cell)
{
    const struct cell_statistics *own = &cell->statistics;
    return isnan(own->caused_cpu_ns) ? own->cpu_ns : own->caused_cpu_ns;
}

static double memory_of(const struct report_cell *cell)
{
    return cell->statistics.memory_bytes;
}

// The cell at this place: ranked ones first, then the others as they stand.
static const struct report_cell *cell_at(const struct report_table *table, size_t place)
{
    if (place < table->ranked)
        return &table->cells[table->ranking[place]];
    place -= table->ranked;
    for (size_t i = 0; i < table->cell_count; i++)
        if (!table->cells[i].ranked && place-- == 0)
            return &table->cells[i];
    return &table->cells[0];
}

static double largest(const struct report_table *table,
                      double (*value)(const struct report_cell *cell))
{
    double most = 0;
    for (size_t i = 0; i < table->ranked; i++)
        most = fmax(most, value(cell_at(table, i)));
    return most;
}

static struct axis ratio_axis(const struct report_table *table)
{
    struct range range = range_empty();
    range_add(&range, 1 / (1 + table->noise.floor));
    range_add(&range, 1 + table->noise.floor);
    range_add(&range, 1);
    for (size_t i = 1; i < table->ranked; i++) {
        const struct pair *pair = report_pair_with_best(table, cell_at(table, i));
        if (pair == NULL)
            continue;
        range_add(&range, pair->ratio.estimate);
        range_add(&range, pair->ratio.interval.low);
        range_add(&range, pair->ratio.interval.high);
    }
    return axis_make(range, range.high > FAR_APART && range.low > 0, LEFT, RIGHT);
}

static bool applies(const struct plot_subject *subject)
{
    return subject->table != NULL && subject->table->ranked > 0;
}

static void describe(char text[PLOT_TEXT], const struct plot_subject *subject)
{
    const struct report_table *table = subject->table;
    char floor[80] = "";
    if (!isnan(table->noise.floor))
        snprintf(floor, sizeof floor, " The band is the noise floor, %.1f %%.",
                 100 * table->noise.floor);
    snprintf(text, PLOT_TEXT,
             "How many times as long as the best row, %.80s, each row takes%s, with the "
             "interval. A hollow mark: no difference can be told.%s Right: CPU time, and "
             "peak memory.",
             cell_at(table, 0)->label, table->by_run ? " for its run alone" : "", floor);
}

static double height(const struct plot_subject *subject)
{
    return TOP + ROW * (double)subject->table->cell_count + BOTTOM;
}

// ---- the drawing -------------------------------------------------------------------

static void draw_bar(FILE *file, double x, double y, double part, const char *text)
{
    if (isnan(part))
        return;
    svg_line(file, "groove", (struct point){x, y + LANE},
             (struct point){x + BAR, y + LANE});
    svg_line(file, "part", (struct point){x, y + LANE},
             (struct point){x + BAR * part, y + LANE});
    svg_text(file, "tick", SVG_START, (struct point){x, y + 14}, text);
}

static void draw_costs(FILE *file, const struct report_table *table,
                       const struct report_cell *cell, double y)
{
    char text[40];
    format_duration(text, sizeof text, cpu_of(cell));
    draw_bar(file, CPU, y, cpu_of(cell) / largest(table, cpu_of), text);
    format_size(text, sizeof text, memory_of(cell));
    draw_bar(file, MEMORY, y, memory_of(cell) / largest(table, memory_of), text);
}

// "~1.03", "best"
static void name_place(char *text, size_t size, const struct report_table *table,
                       const struct report_cell *cell)
{
    const struct pair *pair = report_pair_with_best(table, cell);
    enum truth equal = pair == NULL ? TRUTH_NO : pair_is_equal(pair);
    snprintf(text, size, "first");
    if (pair != NULL)
        snprintf(text, size, "%s%.2f",
                 equal == TRUTH_YES       ? "~"
                 : equal == TRUTH_UNKNOWN ? "?"
                                          : "",
                 pair->ratio.estimate);
}

static void draw_interval(FILE *file, const struct axis *axis,
                          const struct plot_subject *subject,
                          const struct report_cell *cell, double y)
{
    const struct pair *pair = report_pair_with_best(subject->table, cell);
    size_t series = plot_row_series(subject->rows, cell->label);
    double estimate = pair == NULL ? 1 : pair->ratio.estimate;
    if (pair != NULL && !isnan(pair->ratio.interval.low)) {
        const struct range ends = {axis_at(axis, pair->ratio.interval.low),
                                   axis_at(axis, pair->ratio.interval.high)};
        svg_interval(file, series, ends, y);
    }
    svg_mark(file, series, pair != NULL && pair_is_equal(pair) != TRUTH_NO,
             (struct point){axis_at(axis, estimate), y});
}

static void draw_ranked(FILE *file, const struct axis *axis,
                        const struct plot_subject *subject,
                        const struct report_cell *cell, double y)
{
    char text[40];
    name_place(text, sizeof text, subject->table, cell);
    svg_text_fit(file, "name", (struct point){0, y + 14}, RIGHT - 46, cell->label);
    svg_text(file, "tick", SVG_END, (struct point){RIGHT, y + 14}, text);
    draw_interval(file, axis, subject, cell, y + LANE);
    draw_costs(file, subject->table, cell, y);
}

static const char *status_word(const struct report_cell *cell)
{
    if (cell->status == CELL_DNF)
        return "DNF";
    return cell->status == CELL_OK ? "not ranked" : cell_status_name(cell->status);
}

static void draw_unranked(FILE *file, const struct report_cell *cell, double y)
{
    char text[600];
    svg_text_fit(file, "name", (struct point){0, y + 14}, SVG_WIDTH, cell->label);
    snprintf(text, sizeof text, "%s: %s", status_word(cell), cell->unranked_reason);
    svg_text_fit(file, "alarm", (struct point){0, y + 29}, SVG_WIDTH, text);
}

static void draw(FILE *file, const struct plot_subject *subject)
{
    const struct report_table *table = subject->table;
    struct axis axis = ratio_axis(table);
    double bottom = TOP + ROW * (double)table->ranked + 4;
    double low = axis_at(&axis, 1 / (1 + table->noise.floor));
    svg_text(file, "head", SVG_START, (struct point){0, 12}, "times as long as the best");
    svg_text(file, "head", SVG_START, (struct point){CPU, 12}, "CPU");
    svg_text(file, "head", SVG_START, (struct point){MEMORY, 12}, "memory");
    if (!isnan(table->noise.floor))
        svg_rectangle(file, "floor", (struct point){low, TOP},
                      axis_at(&axis, 1 + table->noise.floor) - low, bottom - TOP);
    svg_axis_x(file, &axis, (struct range){TOP, bottom}, svg_name_number, NULL);
    svg_line(file, "one", (struct point){axis_at(&axis, 1), TOP},
             (struct point){axis_at(&axis, 1), bottom});
    for (size_t i = 0; i < table->cell_count; i++) {
        const struct report_cell *cell = cell_at(table, i);
        if (cell->ranked)
            draw_ranked(file, &axis, subject, cell, TOP + ROW * (double)i);
        else
            draw_unranked(file, cell, bottom + 16 + ROW * (double)(i - table->ranked));
    }
}

// ---- the numbers -------------------------------------------------------------------

static void print_ratio(FILE *file, const struct pair *pair)
{
    const double values[] = {pair == NULL ? 1 : pair->ratio.estimate,
                             pair == NULL ? (double)NAN : pair->ratio.interval.low,
                             pair == NULL ? (double)NAN : pair->ratio.interval.high};
    for (size_t i = 0; i < 3; i++) {
        char text[40];
        format_ratio(text, sizeof text, values[i]);
        html_number(file, values[i], text);
    }
}

static void print_row(FILE *file, const struct report_table *table,
                      const struct report_cell *cell)
{
    const struct pair *pair = report_pair_with_best(table, cell);
    char text[40];
    fputs("<tr>", file);
    html_row_head(file, cell->label);
    print_ratio(file, pair);
    html_cell(file, pair == NULL                       ? "first"
                    : pair_is_equal(pair) == TRUTH_YES ? "no"
                    : pair_is_equal(pair) == TRUTH_NO  ? "yes"
                                                       : "too few rounds");
    format_duration(text, sizeof text, cell->statistics.wall_ns.median);
    html_number(file, cell->statistics.wall_ns.median, text);
    format_duration(text, sizeof text, cpu_of(cell));
    html_number(file, cpu_of(cell), text);
    format_size(text, sizeof text, memory_of(cell));
    html_number(file, memory_of(cell), text);
    fputs("</tr>\n", file);
}

static void numbers(FILE *file, const struct plot_subject *subject)
{
    static const char *const heads[] = {"row",        "ratio to best", "from",
                                        "to",         "differs",       "wall, median",
                                        "CPU caused", "memory",        NULL};
    html_table_open(file, "Ratio to the best row, CPU time and peak memory", heads);
    for (size_t i = 0; i < subject->table->ranked; i++)
        print_row(file, subject->table, cell_at(subject->table, i));
    html_table_close(file);
}

const struct plot plot_ratios = {.name = "ratios",
                                 .title = "Time against the best row, and cost",
                                 .applies = applies,
                                 .describe = describe,
                                 .height = height,
                                 .draw = draw,
                                 .numbers = numbers};

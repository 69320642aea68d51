// SPDX-License-Identifier: MIT
//
// plot_sweep.c - how the rows of a sweep go on with the number of tasks in flight: time
// per operation against that number, both axes logarithmic. A flat line scales; one that
// rises by a decade per decade takes ten times as long for each operation of ten times as
// many tasks. The band is the interval of the median.
#include "driver/page/html.h"
#include "driver/page/plots.h"
#include "driver/page/svg.h"
#include "lib/format.h"

#include <math.h>
#include <string.h>

#define LEFT   58.0
#define TOP    6.0
#define BOTTOM 206.0
#define LABELS 36.0

static bool applies(const struct plot_subject *subject)
{
    return subject->sweep != NULL && subject->sweep->table_count > 1;
}

static bool is_shown(const struct plot_subject *subject, const char *label)
{
    const struct sweep *sweep = subject->sweep;
    for (size_t i = 0; i < sweep->series_count; i++)
        for (size_t j = 0; j < sweep->table_count; j++)
            if (strcmp(sweep->series[i].label, label) == 0 &&
                sweep->series[i].points[j].ns_per_operation > 0)
                return true;
    return false;
}

static void describe(char text[PLOT_TEXT], const struct plot_subject *subject)
{
    const char *operation = subject->sweep->tables[0]->operation;
    snprintf(text, PLOT_TEXT,
             "%s per operation (%.60s) against the number of tasks in flight. Both "
             "axes are logarithmic; bands are the intervals of the medians.",
             subject->sweep->tables[0]->by_run ? "Run phase" : "Wall time",
             operation == NULL ? "unknown" : operation);
}

static double height(const struct plot_subject *subject)
{
    return BOTTOM + LABELS + plot_legend_height(subject, is_shown);
}

// ---- values ------------------------------------------------------------------------

// The interval of the time per operation; NAN where the point has none.
static struct range interval_of(const struct sweep_point *point)
{
    if (point->cell == NULL || isnan(point->ns_per_operation))
        return range_empty();
    const struct cell_statistics *own = &point->cell->statistics;
    const struct summary *time = point->table->by_run ? &own->run_ns : &own->wall_ns;
    if (!(time->interval.confidence > 0))
        return range_empty();
    return (struct range){time->interval.low / own->operations,
                          time->interval.high / own->operations};
}

static struct axis time_axis(const struct sweep *sweep)
{
    struct range range = range_empty();
    for (size_t i = 0; i < sweep->series_count; i++)
        for (size_t j = 0; j < sweep->table_count; j++) {
            struct range interval = interval_of(&sweep->series[i].points[j]);
            range_add(&range, sweep->series[i].points[j].ns_per_operation);
            range_add(&range, interval.low);
            range_add(&range, interval.high);
        }
    return axis_make(range, true, BOTTOM, TOP);
}

static struct axis tasks_axis(const struct sweep *sweep)
{
    struct range range = range_empty();
    for (size_t j = 0; j < sweep->table_count; j++)
        if (sweep->tables[j]->concurrency > 0)
            range_add(&range, sweep->tables[j]->concurrency);
    return axis_make(range, true, LEFT + 4, SVG_WIDTH - 4);
}

// ---- the drawing -------------------------------------------------------------------

static void name_time(char *text, size_t size, double value, const void *context)
{
    (void)context;
    format_duration(text, size, value);
}

// The marks are those of the tables.
static void draw_tasks(FILE *file, const struct sweep *sweep, const struct axis *axis)
{
    double last = -100;
    for (size_t j = 0; j < sweep->table_count; j++) {
        char text[40];
        double x = axis_at(axis, sweep->tables[j]->concurrency);
        format_count(text, sizeof text, sweep->tables[j]->concurrency);
        svg_line(file, "grid", (struct point){x, TOP}, (struct point){x, BOTTOM});
        if (x - last > 40)
            svg_text(file, "tick", x > SVG_WIDTH - 20 ? SVG_END : SVG_MIDDLE,
                     (struct point){x, BOTTOM + 13}, text);
        last = x - last > 40 ? x : last;
    }
}

static void draw_series(FILE *file, const struct plot_subject *subject, size_t index,
                        const struct axis *x, const struct axis *y)
{
    const struct sweep_series *series = &subject->sweep->series[index];
    size_t number = plot_row_series(subject->rows, series->label);
    struct point curve[REPORT_SWEEP_MAXIMUM];
    struct point band[2 * REPORT_SWEEP_MAXIMUM];
    size_t n = 0;
    size_t m = 0;
    struct range bounds[REPORT_SWEEP_MAXIMUM];
    for (size_t j = 0; j < subject->sweep->table_count; j++) {
        const struct sweep_point *point = &series->points[j];
        double at = axis_at(x, subject->sweep->tables[j]->concurrency);
        if (!(point->ns_per_operation > 0))
            continue;
        curve[n++] = (struct point){at, axis_at(y, point->ns_per_operation)};
        bounds[m] = interval_of(point);
        if (!isnan(bounds[m].low)) {
            band[m] = (struct point){at, axis_at(y, bounds[m].low)};
            m++;
        }
    }
    for (size_t j = 0; j < m; j++)
        band[m + j] =
            (struct point){band[m - 1 - j].x, axis_at(y, bounds[m - 1 - j].high)};
    if (m > 1)
        svg_band(file, number, band, m);
    svg_curve(file, number, curve, n);
    for (size_t j = 0; j < n; j++)
        svg_mark(file, number, false, curve[j]);
}

static void draw(FILE *file, const struct plot_subject *subject)
{
    const struct axis x = tasks_axis(subject->sweep);
    const struct axis y = time_axis(subject->sweep);
    draw_tasks(file, subject->sweep, &x);
    svg_axis_y(file, &y, (struct range){LEFT, SVG_WIDTH}, name_time, NULL);
    for (size_t i = 0; i < subject->sweep->series_count; i++)
        draw_series(file, subject, i, &x, &y);
    svg_text(file, "head", SVG_END, (struct point){SVG_WIDTH, BOTTOM + 31},
             "tasks in flight; up: time per operation");
    plot_legend(file, subject, BOTTOM + LABELS, is_shown);
}

// ---- the numbers -------------------------------------------------------------------

static void print_point(FILE *file, const struct sweep *sweep,
                        const struct sweep_series *series, size_t index)
{
    const struct sweep_point *point = &series->points[index];
    struct range interval = interval_of(point);
    const double times[] = {point->ns_per_operation, interval.low, interval.high};
    const double ratios[] = {point->to_first.estimate, point->to_first.interval.low,
                             point->to_first.interval.high, point->to_best};
    char text[40];
    fputs("<tr>", file);
    html_row_head(file, series->label);
    format_count(text, sizeof text, sweep->tables[index]->concurrency);
    html_number(file, sweep->tables[index]->concurrency, text);
    for (size_t i = 0; i < 3; i++) {
        format_duration(text, sizeof text, times[i]);
        html_number(file, times[i], text);
    }
    for (size_t i = 0; i < 4; i++) {
        format_ratio(text, sizeof text, ratios[i]);
        html_number(file, ratios[i], text);
    }
    fputs("</tr>\n", file);
}

static void numbers(FILE *file, const struct plot_subject *subject)
{
    static const char *const heads[] = {"row",
                                        "tasks in flight",
                                        "time per operation",
                                        "from",
                                        "to",
                                        "ratio to first",
                                        "from",
                                        "to",
                                        "ratio to best",
                                        NULL};
    const struct sweep *sweep = subject->sweep;
    html_table_open(file, "Time per operation by tasks in flight", heads);
    for (size_t i = 0; i < sweep->series_count; i++)
        for (size_t j = 0; j < sweep->table_count; j++)
            print_point(file, sweep, &sweep->series[i], j);
    html_table_close(file);
}

const struct plot plot_sweep = {.name = "sweep",
                                .title = "With more tasks in flight",
                                .applies = applies,
                                .describe = describe,
                                .height = height,
                                .draw = draw,
                                .numbers = numbers};

// SPDX-License-Identifier: MIT
//
// plot_latency.c - latencies of a table as percentile curves, one a row: to the right the
// rarer ones, each step of the axis ten times as rare as the last; up the time, on a
// logarithmic axis. A curve ends where the operations are too few for it to mean something
// (analysis/cell_statistics.c), so it may end before p99.9.
#include "driver/analysis/cell_statistics.h"
#include "driver/analysis/samples.h"
#include "driver/page/html.h"
#include "driver/page/plots.h"
#include "driver/page/svg.h"
#include "lib/allocate.h"
#include "lib/format.h"
#include "lib/histogram.h"

#include <math.h>
#include <stdlib.h>

#define LEFT   58.0
#define TOP    6.0
#define BOTTOM 186.0
#define LABELS 36.0
#define POINTS 64  // of a curve
#define LEAST  100 // operations, for a curve to be drawn

// The rarest latency that is shown: one in a thousand is slower.
#define RAREST 1000.0

struct curve {
    size_t n;
    struct point points[POINTS]; // x: one in so many is slower; y: ns
};

static bool has_curve(const struct report_cell *cell)
{
    return cell->ranked && cell->statistics.latency_count >= LEAST;
}

static bool is_shown(const struct plot_subject *subject, const char *label)
{
    const struct report_cell *cell = report_find_row(subject->table, label);
    return cell != NULL && has_curve(cell);
}

static bool applies(const struct plot_subject *subject)
{
    for (size_t i = 0; subject->table != NULL && i < subject->table->cell_count; i++)
        if (has_curve(&subject->table->cells[i]))
            return true;
    return false;
}

static void describe(char text[PLOT_TEXT], const struct plot_subject *subject)
{
    const char *kind = NULL;
    for (size_t i = 0; i < subject->table->cell_count && kind == NULL; i++)
        kind = subject->table->cells[i].statistics.latency_kind;
    snprintf(
        text, PLOT_TEXT,
        "Latency of single operations (%.40s time), all runs put together: the share "
        "of operations that took no longer. A curve ends where there are too few "
        "operations to go on.",
        kind == NULL ? "unknown" : kind);
}

static double height(const struct plot_subject *subject)
{
    return BOTTOM + LABELS + plot_legend_height(subject, is_shown);
}

// ---- the curves --------------------------------------------------------------------

// The rarest latency that so many operations can tell of; see cell_statistics.c.
static double rarest_of(const struct cell_statistics *own)
{
    return !isnan(own->p999_ns) ? RAREST : !isnan(own->p99_ns) ? 100 : 10;
}

static void take_points(const struct histogram *merged, double rarest,
                        struct curve *curve)
{
    curve->n = 0;
    for (size_t i = 0; i < POINTS; i++) {
        double rare = pow(RAREST, (double)i / (POINTS - 1));
        double ns = (double)histogram_percentile(merged, 1 - 1 / rare);
        if (rare <= rarest * 1.0001 && ns > 0)
            curve->points[curve->n++] = (struct point){rare, ns};
    }
}

// Without memory there is no curve; its numbers are in the table all the same.
static void make_curve(const struct report_table *table, const struct report_cell *cell,
                       struct curve *curve)
{
    struct samples samples;
    struct histogram *merged = histogram_new();
    curve->n = 0;
    if (samples_collect(table, &cell->samples, &samples) == 0 && merged != NULL) {
        cell_statistics_latencies(&samples, merged);
        take_points(merged, rarest_of(&cell->statistics), curve);
    }
    samples_free(&samples);
    histogram_free(merged);
}

// One for each cell of the table; those that have none are empty. free() them.
static struct curve *make_curves(const struct report_table *table)
{
    struct curve *curves = allocate(table->cell_count, sizeof *curves);
    for (size_t i = 0; i < table->cell_count; i++)
        if (has_curve(&table->cells[i]))
            make_curve(table, &table->cells[i], &curves[i]);
    return curves;
}

static struct axis latency_axis(const struct curve *curves, size_t count)
{
    struct range range = range_empty();
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < curves[i].n; j++)
            range_add(&range, curves[i].points[j].y);
    return axis_make(range, true, BOTTOM, TOP);
}

// ---- the drawing -------------------------------------------------------------------

static void name_time(char *text, size_t size, double value, const void *context)
{
    (void)context;
    double unit = value < 1e3 ? 1 : value < 1e6 ? 1e3 : value < 1e9 ? 1e6 : 1e9;
    snprintf(text, size, "%.4g %s", value / unit,
             unit == 1     ? "ns"
             : unit == 1e3 ? "µs"
             : unit == 1e6 ? "ms"
                           : "s");
}

static void draw_shares(FILE *file, const struct axis *axis)
{
    static const struct {
        double rare;
        const char *name;
    } shares[] = {{1, "min"}, {2, "p50"}, {10, "p90"}, {100, "p99"}, {1000, "p99.9"}};
    for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++) {
        double x = axis_at(axis, shares[i].rare);
        svg_line(file, "grid", (struct point){x, TOP}, (struct point){x, BOTTOM});
        svg_text(file, "tick", i == 4 ? SVG_END : SVG_MIDDLE,
                 (struct point){x, BOTTOM + 13}, shares[i].name);
    }
}

static void draw_curve(FILE *file, size_t series, const struct curve *curve,
                       const struct axis *x, const struct axis *y)
{
    struct point points[POINTS];
    for (size_t i = 0; i < curve->n; i++)
        points[i] = (struct point){axis_at(x, curve->points[i].x),
                                   axis_at(y, curve->points[i].y)};
    svg_curve(file, series, points, curve->n);
    for (size_t i = series % 8; i < curve->n; i += 16) // marks of rows stand apart
        svg_mark(file, series, false, points[i]);
}

static void draw(FILE *file, const struct plot_subject *subject)
{
    const struct axis x = {
        .logarithmic = true, .low = 1, .high = RAREST, .from = LEFT, .to = SVG_WIDTH - 4};
    const struct report_table *table = subject->table;
    struct curve *curves = make_curves(table);
    const struct axis y = latency_axis(curves, table->cell_count);
    draw_shares(file, &x);
    svg_axis_y(file, &y, (struct range){LEFT, SVG_WIDTH}, name_time, NULL);
    for (size_t i = 0; i < table->cell_count; i++)
        if (has_curve(&table->cells[i]))
            draw_curve(file, plot_row_series(subject->rows, table->cells[i].label),
                       &curves[i], &x, &y);
    free(curves);
    svg_text(file, "head", SVG_END, (struct point){SVG_WIDTH, BOTTOM + 31},
             "share of operations; up: latency");
    plot_legend(file, subject, BOTTOM + LABELS, is_shown);
}

// ---- the numbers -------------------------------------------------------------------

static void numbers(FILE *file, const struct plot_subject *subject)
{
    static const char *const heads[] = {"row", "operations", "p50", "p90",
                                        "p99", "p99.9",      NULL};
    html_table_open(file, "Latency of single operations", heads);
    for (size_t i = 0; i < subject->table->cell_count; i++) {
        const struct report_cell *cell = &subject->table->cells[i];
        const struct cell_statistics *own = &cell->statistics;
        const double times[] = {own->p50_ns, own->p90_ns, own->p99_ns, own->p999_ns};
        char text[40];
        if (!has_curve(cell))
            continue;
        fputs("<tr>", file);
        html_row_head(file, cell->label);
        snprintf(text, sizeof text, "%llu", (unsigned long long)own->latency_count);
        html_number(file, (double)own->latency_count, text);
        for (size_t j = 0; j < sizeof times / sizeof times[0]; j++) {
            format_duration(text, sizeof text, times[j]);
            html_number(file, times[j], text);
        }
        fputs("</tr>\n", file);
    }
    html_table_close(file);
}

const struct plot plot_latency = {.name = "latency",
                                  .title = "How long single operations take",
                                  .applies = applies,
                                  .describe = describe,
                                  .height = height,
                                  .draw = draw,
                                  .numbers = numbers};

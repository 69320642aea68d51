// SPDX-License-Identifier: MIT
//
// plot_gate.c - a table of `quartet check`: head beside base, a row for each figure, with
// the interval of the ratio and the threshold that it must not exceed. A row whose interval
// lies beyond the threshold has become slower; one that crosses it is open.
#include "driver/page/html.h"
#include "driver/page/plots.h"
#include "driver/page/svg.h"
#include "driver/show/gate_table.h"
#include "lib/format.h"

#include <math.h>
#include <string.h>

#define TOP    22.0
#define ROW    36.0
#define LANE   25.0
#define LEFT   6.0
#define RIGHT  354.0
#define BOTTOM 24.0

static bool is_of(const struct plot_subject *subject, const struct comparison *entry)
{
    return entry->table != NULL && strcmp(entry->table, subject->table->id) == 0;
}

// Counts have no interval: they are in the table of the numbers alone.
static bool is_shown(const struct plot_subject *subject, const struct comparison *entry)
{
    return is_of(subject, entry) && !isnan(entry->interval.low) &&
           !isnan(entry->interval.high);
}

static size_t count(const struct plot_subject *subject)
{
    size_t n = 0;
    for (size_t i = 0; i < subject->gate->comparisons.count; i++)
        n += is_shown(subject, &subject->gate->comparisons.list[i]);
    return n;
}

static bool applies(const struct plot_subject *subject)
{
    return subject->gate != NULL && subject->table != NULL && count(subject) > 0;
}

static void describe(char text[PLOT_TEXT], const struct plot_subject *subject)
{
    (void)subject;
    snprintf(text, PLOT_TEXT,
             "How many times as long head takes as base, with the interval; the dashed "
             "line is 1, the thick one the threshold of the row. Filled marks decide, "
             "hollow ones explain.");
}

static double height(const struct plot_subject *subject)
{
    return TOP + ROW * (double)count(subject) + BOTTOM;
}

// ---- the drawing -------------------------------------------------------------------

static struct axis ratio_axis(const struct plot_subject *subject)
{
    struct range range = {1, 1};
    for (size_t i = 0; i < subject->gate->comparisons.count; i++) {
        const struct comparison *entry = &subject->gate->comparisons.list[i];
        if (!is_shown(subject, entry))
            continue;
        range_add(&range, entry->interval.low);
        range_add(&range, entry->interval.high);
        range_add(&range, 1 + entry->threshold);
        range_add(&range, 1 / (1 + entry->threshold));
    }
    return axis_make(range, range.high > 4 && range.low > 0, LEFT, RIGHT);
}

static void draw_entry(FILE *file, const struct plot_subject *subject,
                       const struct axis *axis, const struct comparison *entry, double y)
{
    char text[200];
    size_t series = plot_row_series(subject->rows, entry->row);
    double limit = axis_at(axis, 1 + entry->threshold);
    const struct point ends[] = {{axis_at(axis, entry->interval.low), y + LANE},
                                 {axis_at(axis, entry->interval.high), y + LANE}};
    snprintf(text, sizeof text, "%.100s, %s", entry->row,
             gate_words_metric(entry->metric));
    svg_text_fit(file, "name", (struct point){0, y + 14}, 200, text);
    snprintf(text, sizeof text, "%.3f %s", entry->ratio, verdict_name(entry->verdict));
    svg_text(file, comparison_is_regression(entry) ? "alarm" : "tick", SVG_END,
             (struct point){SVG_WIDTH, y + 14}, text);
    svg_curve(file, series, ends, 2);
    svg_mark(file, series, !entry->decides,
             (struct point){axis_at(axis, entry->ratio), y + LANE});
    if (!isnan(entry->threshold))
        svg_line(file, "limit", (struct point){limit, y + LANE - 7},
                 (struct point){limit, y + LANE + 7});
}

static void draw(FILE *file, const struct plot_subject *subject)
{
    struct axis axis = ratio_axis(subject);
    double bottom = TOP + ROW * (double)count(subject) + 4;
    double y = TOP;
    svg_text(file, "head", SVG_START, (struct point){0, 12}, "head / base");
    svg_axis_x(file, &axis, (struct range){TOP, bottom}, svg_name_number, NULL);
    svg_line(file, "one", (struct point){axis_at(&axis, 1), TOP},
             (struct point){axis_at(&axis, 1), bottom});
    for (size_t i = 0; i < subject->gate->comparisons.count; i++) {
        const struct comparison *entry = &subject->gate->comparisons.list[i];
        if (!is_shown(subject, entry))
            continue;
        draw_entry(file, subject, &axis, entry, y);
        y += ROW;
    }
}

// ---- the numbers -------------------------------------------------------------------

static void print_value(FILE *file, const struct comparison *entry, double value)
{
    char text[40];
    if (metric_is_duration(entry->metric))
        format_duration(text, sizeof text, value);
    else if (entry->metric == METRIC_MEMORY || entry->metric == METRIC_MEMORY_PER_TASK)
        format_size(text, sizeof text, value);
    else
        format_number(text, sizeof text, value);
    html_number(file, value, text);
}

static void print_entry(FILE *file, const struct comparison *entry)
{
    const double ratios[] = {entry->ratio, entry->interval.low, entry->interval.high,
                             1 + entry->threshold};
    char text[40];
    fputs("<tr>", file);
    html_row_head(file, entry->row);
    html_cell(file, gate_words_metric(entry->metric));
    print_value(file, entry, entry->base);
    print_value(file, entry, entry->head);
    for (size_t i = 0; i < 4; i++) {
        format_ratio(text, sizeof text, ratios[i]);
        html_number(file, ratios[i], text);
    }
    html_cell(file, entry->decides ? "yes" : "no");
    html_cell(file, verdict_name(entry->verdict));
    fputs("<td class=\"why\">", file);
    html_text(file, entry->reason.text);
    fputs("</td></tr>\n", file);
}

static void numbers(FILE *file, const struct plot_subject *subject)
{
    static const char *const heads[] = {"row",     "metric",  "base",   "head",
                                        "ratio",   "from",    "to",     "border",
                                        "decides", "verdict", "reason", NULL};
    html_table_open(file, "Head beside base", heads);
    for (size_t i = 0; i < subject->gate->comparisons.count; i++)
        if (is_of(subject, &subject->gate->comparisons.list[i]))
            print_entry(file, &subject->gate->comparisons.list[i]);
    html_table_close(file);
}

const struct plot plot_gate = {.name = "gate",
                               .title = "Head beside base",
                               .applies = applies,
                               .describe = describe,
                               .height = height,
                               .draw = draw,
                               .numbers = numbers};

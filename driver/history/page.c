// SPDX-License-Identifier: MIT
//
// page.c - a history as a page: a plot for each series, the level of each part of it as a line,
// and where it changed as an upright one. See show.h.
#include "driver/history/show.h"

#include "driver/page/html.h"
#include "driver/page/page.h"
#include "driver/page/svg.h"

#include <math.h>
#include <string.h>

#define LEFT   62.0
#define TOP    18.0
#define BOTTOM 166.0
#define HEIGHT 200.0

struct frame {
    const struct history *history;
    const struct history_series *series;
    struct axis x; // index of the point
    struct axis y;
};

static struct frame make_frame(const struct history *history,
                               const struct history_series *series)
{
    struct range values = range_empty();
    for (size_t i = 0; i < series->count; i++)
        range_add(&values, series->points[i].value);
    return (struct frame){.history = history,
                          .series = series,
                          .x = {.low = -0.5,
                                .high = (double)series->count - 0.5,
                                .from = LEFT,
                                .to = SVG_WIDTH},
                          .y = axis_make(values, false, BOTTOM, TOP)};
}

static void name_value(char *text, size_t size, double value, const void *context)
{
    const struct frame *frame = context;
    history_format_value(text, size, frame->series, value);
}

// ---- the plot --------------------------------------------------------------------------

static const char *commit_at(const struct frame *frame, size_t point)
{
    return frame->history->entries[frame->series->points[point].entry].commit;
}

static void draw_level(FILE *file, const struct frame *frame, size_t from, size_t to,
                       double level)
{
    double y = axis_at(&frame->y, level);
    svg_line(file, "one", (struct point){axis_at(&frame->x, (double)from - 0.5), y},
             (struct point){axis_at(&frame->x, (double)to - 0.5), y});
}

static void draw_changes(FILE *file, const struct frame *frame)
{
    const struct history_series *series = frame->series;
    size_t from = 0;
    for (size_t i = 0; i < series->change_count; i++) {
        const struct history_change *change = &series->changes[i];
        double x = axis_at(&frame->x, (double)change->point - 0.5);
        char text[24];
        history_format_change(text, sizeof text, history_change_ratio(change));
        draw_level(file, frame, from, change->point, change->before);
        svg_line(file, "limit", (struct point){x, TOP}, (struct point){x, BOTTOM});
        svg_text(file, "alarm", SVG_MIDDLE, (struct point){x, TOP - 5}, text);
        from = change->point;
    }
    if (series->change_count > 0)
        draw_level(file, frame, from, series->count,
                   series->changes[series->change_count - 1].behind);
}

static void draw(FILE *file, const struct frame *frame)
{
    const struct history_series *series = frame->series;
    svg_axis_y(file, &frame->y, (struct range){LEFT, SVG_WIDTH}, name_value, frame);
    draw_changes(file, frame);
    for (size_t i = 0; i < series->count; i++)
        svg_mark(file, 0, false,
                 (struct point){axis_at(&frame->x, (double)i),
                                axis_at(&frame->y, series->points[i].value)});
    char first[24];
    char last[24];
    snprintf(first, sizeof first, "%.10s", commit_at(frame, 0));
    snprintf(last, sizeof last, "%.10s", commit_at(frame, series->count - 1));
    svg_text(file, "tick", SVG_START, (struct point){LEFT, BOTTOM + 16}, first);
    svg_text(file, "tick", SVG_END, (struct point){SVG_WIDTH, BOTTOM + 16}, last);
    svg_text(file, "head", SVG_END, (struct point){SVG_WIDTH, BOTTOM + 31},
             "reports by date");
}

// ---- words and numbers -----------------------------------------------------------------

static void print_changes(FILE *file, const struct frame *frame)
{
    const struct history_series *series = frame->series;
    if (series->change_count == 0)
        return;
    fputs("<ul>\n", file);
    for (size_t i = 0; i < series->change_count; i++) {
        const struct history_change *change = &series->changes[i];
        char line[400];
        size_t index;
        json_t *fact;
        history_format_line(line, sizeof line, frame->history, series, change);
        fputs("<li>", file);
        html_text(file, line);
        json_array_foreach(change->environment, index, fact)
        {
            const char *texts[3];
            for (size_t j = 0; j < 3; j++)
                texts[j] = json_string_value(json_array_get(fact, j));
            fputs(index == 0 ? "; at the same place " : "; ", file);
            html_format(file, "%.100s: %.200s -> %.200s", texts[0],
                        texts[1] == NULL ? "unknown" : texts[1],
                        texts[2] == NULL ? "unknown" : texts[2]);
        }
        fputs("</li>\n", file);
    }
    fputs("</ul>\n", file);
}

static void print_numbers(FILE *file, const struct frame *frame)
{
    static const char *const heads[] = {"date", "commit", "value", "report", NULL};
    const struct history_series *series = frame->series;
    fputs("<details><summary>The numbers of this plot</summary>\n", file);
    html_table_open(file, series->name, heads);
    for (size_t i = 0; i < series->count; i++) {
        const struct history_entry *entry =
            &frame->history->entries[series->points[i].entry];
        char value[40];
        history_format_value(value, sizeof value, series, series->points[i].value);
        fputs("<tr>", file);
        html_row_head(file, entry->utc);
        html_cell(file, entry->commit);
        html_number(file, series->points[i].value, value);
        html_cell(file, entry->file);
        fputs("</tr>\n", file);
    }
    html_table_close(file);
    fputs("</details>\n", file);
}

static void print_series(FILE *file, const struct history *history, size_t number)
{
    const struct history_series *series = &history->series[number];
    struct frame frame = make_frame(history, series);
    char id[32];
    char text[400];
    snprintf(id, sizeof id, "h%zu", number);
    snprintf(text, sizeof text, "%zu reports of %.100s, %zu change%s of level.",
             series->count,
             series->testbed[0] == '\0' ? "an unknown testbed" : series->testbed,
             series->change_count, series->change_count == 1 ? "" : "s");
    fprintf(file, "<figure id=\"%s\">\n<h3>", id);
    html_text(file, series->name);
    fputs("</h3>\n", file);
    svg_open(file, id, HEIGHT, false);
    svg_describe(file, id, series->name, text);
    draw(file, &frame);
    svg_close(file);
    fputs("<figcaption>", file);
    html_text(file, text);
    fputs("</figcaption>\n", file);
    print_changes(file, &frame);
    print_numbers(file, &frame);
    fputs("</figure>\n", file);
}

void history_page(FILE *file, const struct history *history)
{
    size_t index;
    json_t *note;
    page_open(file, "Quartet: the same rows over time");
    html_format(file,
                "%zu reports. Not measured side by side: a change is a suspicion, "
                "and quartet check of the two commits gives the answer.",
                history->entry_count);
    fputs("</header>\n<main>\n<ul class=\"soft\">\n", file);
    json_array_foreach(history->notes, index, note)
    {
        fputs("<li>", file);
        html_text(file, json_string_value(note));
        fputs("</li>\n", file);
    }
    fputs("</ul>\n<div class=\"plots\">\n", file);
    for (size_t i = 0; i < history->series_count; i++)
        if (history->series[i].count > 0)
            print_series(file, history, i);
    fputs("</div>\n</main>\n</body>\n</html>\n", file);
}

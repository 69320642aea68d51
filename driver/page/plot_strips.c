// SPDX-License-Identifier: MIT
//
// plot_strips.c - who ran when in a table: an untimed run of each row with few tasks (`quartet
// run --trace`), on one time axis. A row of the plot is a worker, a task of a loop, or a CPU; a
// thick line is a task that runs, a thin one a task that waits: dashed for another task, orange
// for its turn or a CPU.
#include "driver/page/html.h"
#include "driver/page/plots.h"
#include "driver/page/svg.h"
#include "driver/report/trace_file.h"
#include "driver/trace/row.h"
#include "lib/format.h"

#include <math.h>

#define TOP        8.0
#define HEAD       26.0 // of a strip
#define ROW        12.0
#define LEFT       56.0
#define RIGHT      354.0
#define BOTTOM     24.0
#define ROWS_MOST  12  // lanes, or tasks, of a strip: more are not drawn
#define RESOLUTION 2.0 // units: a span that is narrower, beside another one, is not drawn
#define THINNEST   0.6

void plot_strips_load(struct strips *strips, const struct report *report,
                      const struct report_table *table)
{
    char path[TRACE_FILE_PATH];
    *strips = (struct strips){0};
    for (size_t i = 0; report->folder != NULL && i < table->cell_count; i++) {
        size_t before = strips->count;
        if (!trace_file_path(report->folder, table->id, i, path) ||
            strips_add(strips, path, NULL) != 0)
            continue; // it was not traced
        struct strip *strip = &strips->list[before];
        snprintf(strip->model, sizeof strip->model, "%s", table->cells[i].label);
    }
}

static bool applies(const struct plot_subject *subject)
{
    return subject->table != NULL && subject->strips != NULL &&
           subject->strips->count > 0;
}

static void describe(char text[PLOT_TEXT], const struct plot_subject *subject)
{
    const struct strip *first = &subject->strips->list[0];
    snprintf(
        text, PLOT_TEXT,
        "An untimed run of each row with %u tasks, from left to right. Thick: a task "
        "runs, each in its colour. Thin: it waits; grey for the world outside, dashed "
        "for another task, orange for its turn or a CPU.",
        first->tasks);
}

// ---- rows --------------------------------------------------------------------------

typedef void row_function(const struct strip *strip, const struct row *row,
                          const char *label, void *context);

static size_t at_most(size_t count)
{
    return count < ROWS_MOST ? count : ROWS_MOST;
}

// Calls `each` for the rows of a strip from above: lanes, tasks of loops, CPUs.
static void for_rows(const struct strip *strip, row_function *each, void *context)
{
    char label[32];
    bool loops = strip_has_loops(strip);
    for (size_t i = 0; i < at_most(strip->lane_count); i++) {
        const struct row row = {(int)i, -1, -1, loops};
        each(strip, &row, strip->lanes[i].name, context);
    }
    for (uint32_t task = 0; loops && task < at_most(strip->tasks); task++) {
        const struct row row = {-1, (int)task, -1, false};
        snprintf(label, sizeof label, "task %u", task);
        each(strip, &row, label, context);
    }
    for (uint32_t cpu = 0; cpu < strip_cpu_end(strip); cpu++) {
        const struct row row = {-1, -1, (int)cpu, true};
        snprintf(label, sizeof label, "CPU %u", cpu);
        if (strip_uses_cpu(strip, cpu))
            each(strip, &row, label, context);
    }
}

static void count_row(const struct strip *strip, const struct row *row, const char *label,
                      void *context)
{
    (void)strip;
    (void)row;
    (void)label;
    ++*(size_t *)context;
}

static double height(const struct plot_subject *subject)
{
    size_t rows = 0;
    for (size_t i = 0; i < subject->strips->count; i++)
        for_rows(&subject->strips->list[i], count_row, &rows);
    return TOP + HEAD * (double)subject->strips->count + ROW * (double)rows + BOTTOM;
}

// ---- the drawing -------------------------------------------------------------------

struct drawing {
    FILE *file;
    const struct axis *axis;
    double y; // of the next row
};

// The lines of a row: a class of the theme for each kind of wait and each colour of a task.
static const char *const classes[] = {"waits",         "other",         "ready",
                                      "curve runs c0", "curve runs c1", "curve runs c2",
                                      "curve runs c3", "curve runs c4", "curve runs c5",
                                      "curve runs c6", "curve runs c7"};

static size_t class_of(const struct strip_span *span)
{
    if (span->state == STRIP_RUNS)
        return 3 + span->task % 8;
    if (span->state == STRIP_READY)
        return 2;
    return span->why == WHY_TIMER || span->why == WHY_SOCKET || span->why == WHY_POOL ? 0
                                                                                      : 1;
}

// All spans of a class in one path. What is narrower than can be seen, and lies where a span of
// its kind has been drawn, is left out.
static void draw_class(const struct drawing *drawing, const struct strip *strip,
                       const struct row *row, size_t kind)
{
    double seen = -1; // up to where runs, or waits, are drawn
    bool open = false;
    for (size_t i = 0; i < strip->span_count; i++) {
        const struct strip_span *span = &strip->spans[i];
        double from = axis_at(drawing->axis, span->begin_ns);
        double to = axis_at(drawing->axis, span->end_ns);
        bool same = (span->state == STRIP_RUNS) == (kind >= 3);
        if (!row_has(row, span) || !same ||
            (to < seen + RESOLUTION && to > seen - RESOLUTION))
            continue;
        seen = to;
        if (class_of(span) != kind)
            continue;
        if (!open)
            fprintf(drawing->file, "<path class=\"%s\" d=\"", classes[kind]);
        fprintf(drawing->file, "M%.1f %.0fh%.1f", from, drawing->y + ROW / 2,
                fmax(to - from, THINNEST));
        open = true;
    }
    fputs(open ? "\"/>\n" : "", drawing->file);
}

static void draw_row(const struct strip *strip, const struct row *row, const char *label,
                     void *context)
{
    struct drawing *drawing = context;
    svg_text(drawing->file, "tick", SVG_END,
             (struct point){LEFT - 6, drawing->y + ROW / 2 + 4}, label);
    for (size_t kind = 0; kind < sizeof classes / sizeof classes[0]; kind++)
        draw_class(drawing, strip, row, kind);
    drawing->y += ROW;
}

static void name_time(char *text, size_t size, double value, const void *context)
{
    (void)context;
    if (value == 0)
        snprintf(text, size, "0");
    else
        format_duration(text, size, value);
}

static void draw(FILE *file, const struct plot_subject *subject)
{
    const struct strips *strips = subject->strips;
    struct axis axis = axis_make((struct range){0, strips->end_ns}, false, LEFT, RIGHT);
    struct drawing drawing = {file, &axis, TOP};
    double bottom = height(subject) - BOTTOM;
    svg_axis_x(file, &axis, (struct range){TOP, bottom}, name_time, NULL);
    for (size_t i = 0; i < strips->count; i++) {
        svg_text_fit(file, "name", (struct point){0, drawing.y + 16}, SVG_WIDTH,
                     strips->list[i].model);
        drawing.y += HEAD;
        for_rows(&strips->list[i], draw_row, &drawing);
    }
}

// ---- the numbers -------------------------------------------------------------------

static void print_duration(FILE *file, double value)
{
    char text[40];
    format_duration(text, sizeof text, value);
    html_number(file, value, text);
}

static void print_count(FILE *file, double value)
{
    char text[40];
    snprintf(text, sizeof text, "%.0f", value);
    html_number(file, value, text);
}

static void numbers(FILE *file, const struct plot_subject *subject)
{
    static const char *const heads[] = {"row",
                                        "workers",
                                        "tasks",
                                        "time",
                                        "CPU time in tasks",
                                        "two or more at once",
                                        "waiting at once, at most",
                                        "events lost",
                                        NULL};
    html_table_open(file, "Who ran when", heads);
    for (size_t i = 0; i < subject->strips->count; i++) {
        const struct strip *strip = &subject->strips->list[i];
        struct strip_sum sum;
        strip_summarise(strip, &sum);
        fputs("<tr>", file);
        html_row_head(file, strip->model);
        print_count(file, strip->workers);
        print_count(file, strip->tasks);
        print_duration(file, strip->end_ns);
        print_duration(file, sum.ran_ns);
        print_duration(file, sum.together_ns);
        print_count(file, sum.most_wait);
        print_count(file, strip->lost);
        fputs("</tr>\n", file);
    }
    html_table_close(file);
}

const struct plot plot_strips = {.name = "strips",
                                 .title = "Who ran when",
                                 .applies = applies,
                                 .describe = describe,
                                 .height = height,
                                 .draw = draw,
                                 .numbers = numbers};

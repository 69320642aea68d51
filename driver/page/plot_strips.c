// SPDX-License-Identifier: MIT
//
// plot_strips.c - who ran when in a table: an untimed run of each row with few tasks (`quartet
// run --trace`), on one time axis. A row of the plot is a worker, a task of a loop, or a CPU; a
// thick line is a task that runs, a thin one a task that waits: dashed for another task, orange
// for its turn or a CPU. Runs that are too short to be drawn singly are drawn together, half as
// thick if others run between them, and grey if they are of several tasks.
#include "driver/page/html.h"
#include "driver/page/plots.h"
#include "driver/page/svg.h"
#include "driver/report/trace_file.h"
#include "driver/trace/row.h"
#include "lib/format.h"

#include <math.h>
#include <stdlib.h>

#define TOP        8.0
#define HEAD       26.0 // of a strip
#define ROW        12.0
#define LEFT       56.0
#define RIGHT      354.0
#define BOTTOM     24.0
#define ROWS_MOST  12  // lanes, or tasks, of a strip: more are not drawn
#define RESOLUTION 3.0 // units: what is narrower, or less apart, is drawn as one
#define THINNEST   1.0
#define FULL       0.9 // of a line: with less in it, its task runs in turns with others

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
        "runs, each in its colour; half as thick: in short turns; grey: several do. "
        "Thin: "
        "it waits; grey for the world outside, dashed for another task, orange for its "
        "turn or a CPU.",
        first->tasks);
}

// ---- rows --------------------------------------------------------------------------

typedef void row_function(const struct strip *strip, const struct row *row,
                          const char *label, void *context);

static size_t at_most(size_t count)
{
    return count < ROWS_MOST ? count : ROWS_MOST;
}

// Is there one lane, on one CPU, whose row would look the same?
static bool is_lane_of_cpu(const struct strip *strip)
{
    size_t cpus = 0;
    for (uint32_t cpu = 0; cpu < strip_cpu_end(strip); cpu++)
        cpus += strip_uses_cpu(strip, cpu);
    return strip->lane_count == 1 && cpus == 1 && strip_has_loops(strip);
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
    bool same = is_lane_of_cpu(strip);
    for (uint32_t cpu = 0; !same && cpu < strip_cpu_end(strip); cpu++) {
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

// Kinds of lines in a row: of the theme, a class for each kind of wait; for runs a colour,
// thick; the same, half as thick, of runs that are too short to be drawn singly; and grey, of
// such runs of several tasks.
enum { KIND_WAITS, KIND_OTHER, KIND_READY, KIND_MANY, KIND_RUNS, COLOURS = 8 };
#define KIND_TURNS (KIND_RUNS + COLOURS)
#define KINDS      (KIND_TURNS + COLOURS)

// A line of a row, in units of the plot.
struct mark {
    double from, to;
    double filled; // of that, what its spans cover
    int kind;
};

static int kind_of(const struct strip_span *span)
{
    if (span->state == STRIP_RUNS)
        return KIND_RUNS + (int)(span->task % COLOURS);
    if (span->state == STRIP_READY)
        return KIND_READY;
    return span->why == WHY_TIMER || span->why == WHY_SOCKET || span->why == WHY_POOL
               ? KIND_WAITS
               : KIND_OTHER;
}

static int compare_marks(const void *left, const void *right)
{
    const struct mark *a = left, *b = right;
    return a->from < b->from ? -1 : a->from > b->from;
}

// The spans of the row that are runs, or those that are not, from left to right.
static size_t collect_marks(const struct drawing *drawing, const struct strip *strip,
                            const struct row *row, bool runs, struct mark *marks)
{
    size_t count = 0;
    for (size_t i = 0; i < strip->span_count; i++) {
        const struct strip_span *span = &strip->spans[i];
        if ((span->state == STRIP_RUNS) != runs || !row_has(row, span))
            continue;
        double from = axis_at(drawing->axis, span->begin_ns);
        double to = axis_at(drawing->axis, span->end_ns);
        marks[count++] = (struct mark){from, to, to - from, kind_of(span)};
    }
    qsort(marks, count, sizeof marks[0], compare_marks);
    return count;
}

// Does the eye take both for one? They are as good as beside each other, and of one kind, or
// at least one of them is narrower than can be seen.
static bool run_together(const struct mark *mark, const struct mark *next)
{
    if (next->from - mark->to >= RESOLUTION)
        return false;
    return mark->kind == next->kind || next->to - next->from < RESOLUTION ||
           mark->to - mark->from < RESOLUTION;
}

// A mark of two kinds is of the one that nearly fills it.
static void join(struct mark *mark, const struct mark *next)
{
    bool runs = mark->kind >= KIND_MANY;
    double filled = mark->filled + next->filled;
    if (mark->kind != next->kind && next->filled >= FULL * filled)
        mark->kind = next->kind;
    else if (mark->kind != next->kind && mark->filled < FULL * filled)
        mark->kind = runs                          ? KIND_MANY
                     : next->filled > mark->filled ? next->kind
                                                   : mark->kind;
    mark->to = fmax(mark->to, next->to);
    mark->filled = filled;
}

// Puts together what the eye does. Returns how many are left.
static size_t join_marks(struct mark *marks, size_t count)
{
    size_t left = 0;
    for (size_t i = 0; i < count; i++) {
        if (left > 0 && run_together(&marks[left - 1], &marks[i]))
            join(&marks[left - 1], &marks[i]);
        else
            marks[left++] = marks[i];
    }
    for (size_t i = 0; i < left; i++)
        if (marks[i].kind >= KIND_RUNS &&
            marks[i].filled < FULL * (marks[i].to - marks[i].from))
            marks[i].kind += COLOURS; // in turns with others
    return left;
}

static void open_path(FILE *file, int kind)
{
    static const char *const waits[] = {"waits", "other", "ready", "runs"};
    if (kind < KIND_RUNS)
        fprintf(file, "<path class=\"%s", waits[kind]);
    else
        fprintf(file, "<path class=\"%s c%d", kind < KIND_TURNS ? "runs" : "runs turns",
                (kind - KIND_RUNS) % COLOURS);
    fputs("\" d=\"", file);
}

// All marks of a kind in one path, each moved to from the end of the one before, to whole
// units: there are thousands of them in a page.
static void draw_kind(const struct drawing *drawing, const struct mark *marks,
                      size_t count, int kind)
{
    double at = 0;
    bool open = false;
    for (size_t i = 0; i < count; i++) {
        double from = round(marks[i].from);
        double width = fmax(round(marks[i].to) - from, THINNEST);
        if (marks[i].kind != kind)
            continue;
        if (!open)
            open_path(drawing->file, kind);
        if (open)
            fprintf(drawing->file, "m%g 0h%g", from - at, width);
        else
            fprintf(drawing->file, "M%g %gh%g", from, drawing->y + ROW / 2, width);
        at = from + width;
        open = true;
    }
    fputs(open ? "\"/>\n" : "", drawing->file);
}

static void draw_row(const struct strip *strip, const struct row *row, const char *label,
                     void *context)
{
    struct drawing *drawing = context;
    struct mark *marks = calloc(strip->span_count + 1, sizeof marks[0]);
    svg_text(drawing->file, "tick", SVG_END,
             (struct point){LEFT - 6, drawing->y + ROW / 2 + 4}, label);
    for (unsigned runs = 0; runs < 2 && marks != NULL; runs++) {
        size_t count = collect_marks(drawing, strip, row, runs == 1, marks);
        count = join_marks(marks, count);
        for (int kind = 0; kind < KINDS; kind++)
            draw_kind(drawing, marks, count, kind);
    }
    free(marks);
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

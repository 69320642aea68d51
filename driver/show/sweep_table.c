// SPDX-License-Identifier: MIT
//
// sweep_table.c - see sweep_table.h.
#include "driver/show/sweep_table.h"

#include "driver/show/grid.h"
#include "lib/format.h"
#include "lib/plain.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define GAP 3 // columns between two figures

struct frame {
    struct grid grid; // the first column: labels
    const struct sweep *sweep;
    struct scale scale;
};

// ---- figures -----------------------------------------------------------------------

// One scale for all figures of the sweep.
static struct scale find_scale(const struct sweep *sweep)
{
    double values[256];
    size_t n = 0;
    for (size_t i = 0; i < sweep->series_count; i++)
        for (size_t j = 0; j < sweep->table_count && n < 256; j++)
            values[n++] = sweep->series[i].points[j].ns_per_operation;
    return scale_for_times(values, n, 3);
}

// "12.30 (~1.02) *"
static void write_point(const struct frame *frame, const struct sweep_point *point,
                        size_t column, char *text, size_t size)
{
    char value[32];
    char ratio[32];
    const struct ratio *to_first = &point->to_first;
    format_scaled(value, sizeof value, &frame->scale, point->ns_per_operation);
    format_ratio(ratio, sizeof ratio, to_first->estimate);
    snprintf(text, size, "%s", value);
    if (column > 0 && !isnan(to_first->estimate)) {
        bool equal = !(to_first->interval.low > 1) && !(to_first->interval.high < 1);
        snprintf(text + strlen(text), size - strlen(text), " (%s%s)", equal ? "~" : "",
                 ratio);
    }
    if (!isnan(point->ns_per_operation))
        snprintf(text + strlen(text), size - strlen(text), " %s",
                 point->to_best == 1 ? "*" : " ");
}

static void write_heading(const struct frame *frame, size_t column, char *text,
                          size_t size)
{
    snprintf(text, size, "%.0f  ", frame->sweep->tables[column]->concurrency);
}

// Calls `visit` for each cell of the heading and of each row, and `end` after each line.
static void each_cell(struct frame *frame,
                      void (*visit)(struct grid *grid, size_t column, const char *text),
                      void (*end)(const struct frame *frame, bool heading))
{
    const struct sweep *sweep = frame->sweep;
    char text[96];
    visit(&frame->grid, 0, "model");
    for (size_t i = 0; i < sweep->table_count; i++) {
        write_heading(frame, i, text, sizeof text);
        visit(&frame->grid, i + 1, text);
    }
    end(frame, true);
    for (size_t row = 0; row < sweep->series_count; row++) {
        const struct sweep_series *series = &sweep->series[row];
        plain_copy(text, sizeof text, series->label);
        visit(&frame->grid, 0, text);
        for (size_t i = 0; i < sweep->table_count; i++) {
            write_point(frame, &series->points[i], i, text, sizeof text);
            visit(&frame->grid, i + 1, text);
        }
        end(frame, false);
    }
}

// ---- printing ----------------------------------------------------------------------

static void print_cell(struct grid *grid, size_t column, const char *text)
{
    grid_cell(grid, column, text);
}

static void end_nothing(const struct frame *frame, bool heading)
{
    (void)frame;
    (void)heading;
}

static void end_line(const struct frame *frame, bool heading)
{
    grid_end(&frame->grid);
    if (heading)
        grid_rule(&frame->grid, frame->sweep->table_count + 1);
}

static void print_text(const struct frame *frame, const char *text)
{
    char plain[200];
    plain_copy(plain, sizeof plain, text);
    grid_text(&frame->grid, plain);
}

static void print_caption(const struct frame *frame)
{
    FILE *file = frame->grid.file;
    const char *between = frame->grid.markdown ? " " : "\n";
    const char *operation = frame->sweep->tables[0]->operation;
    fputs(frame->grid.markdown ? "\n## " : "\n", file);
    print_text(frame, "Scaling of ");
    print_text(frame, frame->sweep->id);
    print_text(frame, " with the number of tasks in flight");
    fputs(frame->grid.markdown ? "\n\n" : "\n", file);
    fprintf(file, "%s of %s per operation (median of a run / its operations: ",
            frame->scale.unit,
            frame->sweep->tables[0]->by_run ? "the run phase" : "wall time");
    print_text(frame, operation == NULL ? "?" : operation);
    fprintf(file, ").%s", between);
    print_text(frame, "In brackets: times as long as in the first column, round by "
                      "round;");
    fputs(between, file);
    print_text(frame, "~ no difference can be told. * best of its column.");
    fputs("\n\n", file);
}

static void print_sweep(FILE *file, const struct sweep *sweep, bool markdown)
{
    struct frame frame = {.grid = {.file = file, .markdown = markdown, .gap = GAP},
                          .sweep = sweep,
                          .scale = find_scale(sweep)};
    each_cell(&frame, grid_widen, end_nothing);
    print_caption(&frame);
    each_cell(&frame, print_cell, end_line);
}

void sweep_view_text(FILE *file, const struct report *report)
{
    for (size_t i = 0; i < report->sweep_count; i++)
        print_sweep(file, &report->sweeps[i], false);
}

void sweep_view_markdown(FILE *file, const struct report *report)
{
    for (size_t i = 0; i < report->sweep_count; i++)
        print_sweep(file, &report->sweeps[i], true);
}

// SPDX-License-Identifier: MIT
//
// sweep_table.c - see sweep_table.h.
#include "driver/show/sweep_table.h"

#include "driver/plan/plan.h"
#include "driver/report/json.h"
#include "driver/show/tables.h"
#include "lib/format.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define GAP 3 // columns between two figures

struct frame {
    FILE *file;
    bool markdown;
    const json_t *sweep;
    size_t columns;
    struct scale scale;
    size_t widths[PLAN_SWEEP_MAXIMUM + 1]; // the first: labels
};

// ---- figures -----------------------------------------------------------------------

static const json_t *point_at(const json_t *series, size_t column)
{
    return json_array_get(tree_array(series, "points"), column);
}

// One scale for all figures of the sweep.
static struct scale find_scale(const json_t *sweep)
{
    double values[256];
    size_t n = 0;
    size_t index;
    json_t *series;
    json_array_foreach(tree_array(sweep, "series"), index, series)
    {
        for (size_t i = 0; i < PLAN_SWEEP_MAXIMUM && n < 256; i++)
            values[n++] = tree_number(point_at(series, i), "wall_ns_per_operation");
    }
    return scale_for_times(values, n, 3);
}

// "12.30 (~1.02) *"
static void write_point(const struct frame *frame, const json_t *point, size_t column,
                        char *text, size_t size)
{
    char value[32];
    char ratio[32];
    double time = tree_number(point, "wall_ns_per_operation");
    double to_first = tree_number(point, "ratio_to_first");
    format_scaled(value, sizeof value, &frame->scale, time);
    format_ratio(ratio, sizeof ratio, to_first);
    snprintf(text, size, "%s", value);
    if (column > 0 && !isnan(to_first)) {
        bool equal =
            !(tree_number(point, "low") > 1) && !(tree_number(point, "high") < 1);
        snprintf(text + strlen(text), size - strlen(text), " (%s%s)", equal ? "~" : "",
                 ratio);
    }
    if (!isnan(time))
        snprintf(text + strlen(text), size - strlen(text), " %s",
                 tree_number(point, "ratio_to_best") == 1 ? "*" : " ");
}

static void write_heading(const struct frame *frame, size_t column, char *text,
                          size_t size)
{
    const json_t *series = json_array_get(tree_array(frame->sweep, "series"), 0);
    double many = tree_number(point_at(series, column), "concurrency");
    snprintf(text, size, "%.0f  ", many);
}

static void find_widths(struct frame *frame)
{
    char text[96];
    size_t index;
    json_t *series;
    frame->widths[0] = strlen("model");
    for (size_t i = 0; i < frame->columns; i++) {
        write_heading(frame, i, text, sizeof text);
        frame->widths[i + 1] = format_width(text);
    }
    json_array_foreach(tree_array(frame->sweep, "series"), index, series)
    {
        size_t label = format_width(tree_text(series, "label", "?"));
        if (label > frame->widths[0])
            frame->widths[0] = label;
        for (size_t i = 0; i < frame->columns; i++) {
            write_point(frame, point_at(series, i), i, text, sizeof text);
            if (format_width(text) > frame->widths[i + 1])
                frame->widths[i + 1] = format_width(text);
        }
    }
}

// ---- printing ----------------------------------------------------------------------

static void print_text(const struct frame *frame, const char *text)
{
    char plain[200];
    format_plain(plain, sizeof plain, text);
    if (frame->markdown)
        tables_markdown_text(frame->file, plain);
    else
        fputs(plain, frame->file);
}

static void print_field(const struct frame *frame, size_t column, const char *text)
{
    size_t width = format_width(text);
    int blanks = (int)(width < frame->widths[column] ? frame->widths[column] - width : 0);
    if (frame->markdown) {
        fputs("| ", frame->file);
        print_text(frame, text);
        fputc(' ', frame->file);
    } else if (column == 0) {
        print_text(frame, text);
        fprintf(frame->file, "%*s", blanks, "");
    } else {
        fprintf(frame->file, "%*s", blanks + GAP, "");
        print_text(frame, text);
    }
}

static void end_line(const struct frame *frame)
{
    fputs(frame->markdown ? "|\n" : "\n", frame->file);
}

static void print_head(const struct frame *frame)
{
    char text[96];
    print_field(frame, 0, "model");
    for (size_t i = 0; i < frame->columns; i++) {
        write_heading(frame, i, text, sizeof text);
        print_field(frame, i + 1, text);
    }
    end_line(frame);
    if (!frame->markdown)
        return;
    for (size_t i = 0; i <= frame->columns; i++)
        fputs(i == 0 ? "| --- " : "| ---: ", frame->file);
    end_line(frame);
}

static void print_rows(const struct frame *frame)
{
    char text[96];
    size_t index;
    json_t *series;
    json_array_foreach(tree_array(frame->sweep, "series"), index, series)
    {
        print_field(frame, 0, tree_text(series, "label", "?"));
        for (size_t i = 0; i < frame->columns; i++) {
            write_point(frame, point_at(series, i), i, text, sizeof text);
            print_field(frame, i + 1, text);
        }
        end_line(frame);
    }
}

static void print_sweep(FILE *file, const json_t *sweep, bool markdown)
{
    struct frame frame = {.file = file,
                          .markdown = markdown,
                          .sweep = sweep,
                          .columns = json_array_size(tree_array(sweep, "tables")),
                          .scale = find_scale(sweep)};
    if (frame.columns > PLAN_SWEEP_MAXIMUM)
        frame.columns = PLAN_SWEEP_MAXIMUM; // a report that somebody has edited
    find_widths(&frame);
    fputs(markdown ? "\n## " : "\n", file);
    print_text(&frame, "Scaling of ");
    print_text(&frame, tree_text(sweep, "id", "?"));
    print_text(&frame, " with the number of tasks in flight");
    fputs(markdown ? "\n\n" : "\n", file);
    fprintf(file, "%s of wall time per operation (median of a run / its operations: ",
            frame.scale.unit);
    print_text(&frame, tree_text(sweep, "operation", "?"));
    fputs(").", file);
    fputs(markdown ? " " : "\n", file);
    print_text(&frame, "In brackets: times as long as in the first column, round by "
                       "round;");
    fputs(markdown ? " " : "\n", file);
    print_text(&frame, "~ no difference can be told. * best of its column.");
    fputs("\n\n", file);
    print_head(&frame);
    print_rows(&frame);
}

static void print_all(FILE *file, const json_t *report, bool markdown)
{
    size_t index;
    json_t *sweep;
    json_array_foreach(tree_array(report, "sweeps"), index, sweep)
    {
        print_sweep(file, sweep, markdown);
    }
}

void sweep_view_text(FILE *file, const json_t *report)
{
    print_all(file, report, false);
}

void sweep_view_markdown(FILE *file, const json_t *report)
{
    print_all(file, report, true);
}

// SPDX-License-Identifier: MIT
//
// sweep_table.c - see sweep_table.h.
#include "driver/show/sweep_table.h"

#include "driver/show/tables.h"
#include "lib/format.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#define GAP 3 // columns between two figures

struct frame {
    FILE *file;
    bool markdown;
    const struct sweep *sweep;
    struct scale scale;
    size_t widths[REPORT_SWEEP_MAXIMUM + 1]; // the first: labels
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

static void find_widths(struct frame *frame)
{
    const struct sweep *sweep = frame->sweep;
    char text[96];
    frame->widths[0] = strlen("model");
    for (size_t i = 0; i < sweep->table_count; i++) {
        write_heading(frame, i, text, sizeof text);
        frame->widths[i + 1] = format_width(text);
    }
    for (size_t row = 0; row < sweep->series_count; row++) {
        const struct sweep_series *series = &sweep->series[row];
        size_t label = format_width(series->label);
        if (label > frame->widths[0])
            frame->widths[0] = label;
        for (size_t i = 0; i < sweep->table_count; i++) {
            write_point(frame, &series->points[i], i, text, sizeof text);
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
    for (size_t i = 0; i < frame->sweep->table_count; i++) {
        write_heading(frame, i, text, sizeof text);
        print_field(frame, i + 1, text);
    }
    end_line(frame);
    if (!frame->markdown)
        return;
    for (size_t i = 0; i <= frame->sweep->table_count; i++)
        fputs(i == 0 ? "| --- " : "| ---: ", frame->file);
    end_line(frame);
}

static void print_rows(const struct frame *frame)
{
    char text[96];
    for (size_t row = 0; row < frame->sweep->series_count; row++) {
        const struct sweep_series *series = &frame->sweep->series[row];
        print_field(frame, 0, series->label);
        for (size_t i = 0; i < frame->sweep->table_count; i++) {
            write_point(frame, &series->points[i], i, text, sizeof text);
            print_field(frame, i + 1, text);
        }
        end_line(frame);
    }
}

static void print_sweep(FILE *file, const struct sweep *sweep, bool markdown)
{
    struct frame frame = {
        .file = file, .markdown = markdown, .sweep = sweep, .scale = find_scale(sweep)};
    const char *operation = sweep->tables[0]->operation;
    find_widths(&frame);
    fputs(markdown ? "\n## " : "\n", file);
    print_text(&frame, "Scaling of ");
    print_text(&frame, sweep->id);
    print_text(&frame, " with the number of tasks in flight");
    fputs(markdown ? "\n\n" : "\n", file);
    fprintf(file, "%s of wall time per operation (median of a run / its operations: ",
            frame.scale.unit);
    print_text(&frame, operation == NULL ? "?" : operation);
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

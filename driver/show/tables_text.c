// SPDX-License-Identifier: MIT
//
// tables_text.c - the tables for a terminal: aligned columns, the least important ones
// left out where the line is too short, and bold print where colours are allowed.
#include "driver/show/conclusion.h"
#include "driver/show/grid.h"
#include "driver/show/sweep_table.h"
#include "driver/show/table_notes.h"
#include "driver/show/table_view.h"
#include "driver/show/tables.h"

#include "lib/format.h"
#include "lib/plain.h"

#include <stdint.h>
#include <string.h>

#define BOLD  "\033[1m"
#define DIM   "\033[2m"
#define RED   "\033[31m"
#define PLAIN "\033[0m"

#define GAP         2   // columns between two figures
#define BULLET      2   // blanks before a line of the conclusion; what follows has more
#define PROSE_WIDTH 100 // of sentences, where the width of tables has no limit

struct layout {
    struct grid grid; // a column of width 0 is not shown
    const struct tables_style *style;
    const struct view *view;
    bool fewer;          // columns were left out, as usual
    bool short_of_space; // or because the line is too short
};

// ---- widths ----------------------------------------------------------------------

static size_t total_width(const struct layout *layout)
{
    size_t total = 0;
    for (size_t i = 0; i < VIEW_COLUMNS; i++) {
        if (layout->grid.widths[i] > 0)
            total += layout->grid.widths[i] + (i == 0 ? 0 : GAP);
    }
    return total;
}

static size_t column_count(const struct layout *layout)
{
    size_t count = 0;
    for (size_t i = 0; i < VIEW_COLUMNS; i++)
        count += layout->grid.widths[i] > 0;
    return count;
}

// Leaves out the least important column that is shown. False when only the model is.
static bool drop_column(struct layout *layout)
{
    size_t victim = VIEW_MODEL;
    for (size_t i = 0; i < VIEW_COLUMNS; i++) {
        const struct view_heading *headings = layout->view->headings;
        if (layout->grid.widths[i] > 0 &&
            headings[i].importance < headings[victim].importance)
            victim = i;
    }
    layout->grid.widths[victim] = victim == VIEW_MODEL ? layout->grid.widths[victim] : 0;
    return victim != VIEW_MODEL;
}

static void find_widths(struct layout *layout)
{
    const struct view *view = layout->view;
    for (size_t i = 0; i < VIEW_COLUMNS; i++) {
        if (!view->headings[i].present)
            continue;
        grid_widen(&layout->grid, i, view->headings[i].name);
        grid_widen(&layout->grid, i, view->headings[i].unit);
        for (size_t row = 0; row < view->row_count; row++)
            grid_widen(&layout->grid, i, view->rows[row].cells[i]);
    }
    while (!layout->style->wide && column_count(layout) > TABLES_COLUMNS &&
           drop_column(layout))
        layout->fewer = true;
    size_t limit = layout->style->width > 0 ? (size_t)layout->style->width : SIZE_MAX;
    while (total_width(layout) > limit && drop_column(layout))
        layout->short_of_space = true;
}

// ---- printing --------------------------------------------------------------------

static void print_mark(const struct layout *layout, const char *mark)
{
    if (layout->style->colour)
        fputs(mark, layout->grid.file);
}

static void print_blanks(FILE *file, size_t n)
{
    fprintf(file, "%*s", (int)n, "");
}

// Prints words, beginning a new line with `indent` blanks where the width is used up.
// `used` columns of the first line are taken already. Returns the number of lines; `file` NULL:
// prints nothing.
static size_t wrap(FILE *file, const struct layout *layout, const char *text, size_t used,
                   size_t indent)
{
    size_t limit = layout->style->width > 0 ? (size_t)layout->style->width : PROSE_WIDTH;
    size_t lines = 1;
    const char *space = "";
    while (*text != '\0') {
        size_t bytes = strcspn(text, " ");
        char word[512];
        plain_copy(word, bytes + 1 < sizeof word ? bytes + 1 : sizeof word, text);
        size_t width = format_width(word);
        if (used + strlen(space) + width > limit && used > indent) {
            if (file != NULL)
                fprintf(file, "\n%*s", (int)indent, "");
            used = indent;
            space = "";
            lines++;
        }
        if (file != NULL)
            fprintf(file, "%s%s", space, word);
        used += strlen(space) + width;
        space = " ";
        text += bytes;
        text += strspn(text, " ");
    }
    if (file != NULL)
        fputc('\n', file);
    return lines;
}

static void print_wrapped(const struct layout *layout, const char *text, size_t used,
                          size_t indent)
{
    wrap(layout->grid.file, layout, text, used, indent);
}

static void print_lines(const struct layout *layout, const json_t *lines,
                        const char *mark)
{
    for (size_t i = 0; i < json_array_size(lines); i++) {
        print_mark(layout, mark);
        print_wrapped(layout, json_string_value(json_array_get(lines, i)), 0, 2);
        print_mark(layout, PLAIN);
    }
}

static void print_headings(const struct layout *layout)
{
    if (total_width(layout) == layout->grid.widths[VIEW_MODEL])
        return; // no row has figures
    print_mark(layout, DIM);
    for (size_t i = 0; i < VIEW_COLUMNS; i++) {
        if (layout->grid.widths[i] > 0)
            grid_cell(&layout->grid, i, layout->view->headings[i].name);
    }
    fputc('\n', layout->grid.file);
    for (size_t i = 0; i < VIEW_COLUMNS; i++) {
        if (layout->grid.widths[i] > 0)
            grid_cell(&layout->grid, i, layout->view->headings[i].unit);
    }
    print_mark(layout, PLAIN);
    fputc('\n', layout->grid.file);
}

static void print_row(const struct layout *layout, const struct view_row *row)
{
    if (row->best)
        print_mark(layout, BOLD);
    grid_cell(&layout->grid, VIEW_MODEL, row->cells[VIEW_MODEL]);
    if (row->ranked) {
        for (size_t i = VIEW_MODEL + 1; i < VIEW_COLUMNS; i++) {
            if (layout->grid.widths[i] > 0)
                grid_cell(&layout->grid, i, row->cells[i]);
        }
        print_mark(layout, PLAIN);
        fputc('\n', layout->grid.file);
        return;
    }
    print_blanks(layout->grid.file, GAP);
    print_mark(layout, RED);
    fprintf(layout->grid.file, "%s: ", row->verdict);
    print_mark(layout, PLAIN);
    size_t indent = layout->grid.widths[VIEW_MODEL] + GAP;
    print_wrapped(layout, row->reason, indent + format_width(row->verdict) + 2, indent);
}

// Nothing is left out in silence.
static void print_dropped(const struct layout *layout)
{
    char line[256] = "left out, the line is too short:";
    bool any = false;
    for (size_t i = 0; i < VIEW_COLUMNS; i++) {
        const struct view_heading *heading = &layout->view->headings[i];
        if (!heading->present || layout->grid.widths[i] > 0)
            continue;
        const char *of = "";
        if (i == VIEW_WALL_INTERVAL)
            of = "wall ";
        else if (i == VIEW_RATIO_INTERVAL)
            of = "ratio ";
        size_t used = strlen(line);
        snprintf(line + used, sizeof line - used, "%s %s%s", any ? "," : "", of,
                 heading->name);
        any = true;
    }
    if (any && layout->short_of_space)
        print_wrapped(layout, line, 0, 2);
}

// Returns whether columns were left out that --wide shows.
static bool print_table(FILE *file, const struct view *view,
                        const struct tables_style *style)
{
    struct layout layout = {.grid = {.file = file, .gap = GAP},
                            .style = style,
                            .view = view};
    find_widths(&layout);
    fputc('\n', file);
    print_mark(&layout, BOLD);
    fprintf(file, "%s\n", view->title);
    print_mark(&layout, PLAIN);
    print_lines(&layout, view->captions, DIM);
    fputc('\n', file);
    print_headings(&layout);
    for (size_t i = 0; i < view->row_count; i++)
        print_row(&layout, &view->rows[i]);
    print_dropped(&layout);
    print_lines(&layout, view->notes, DIM);
    return layout.fewer;
}

// How to read the tables, or how to learn that and to see the rest of them.
static void print_legend(const struct layout *layout)
{
    const struct tables_style *style = layout->style;
    if (!style->legend) {
        fputc('\n', layout->grid.file);
        print_mark(layout, DIM);
        print_wrapped(layout,
                      layout->fewer ? "'quartet report --wide' shows all columns, "
                                      "'--legend' says how to read them."
                                    : "'quartet report --legend' says how to read this.",
                      0, 2);
        print_mark(layout, PLAIN);
        return;
    }
    fputs("\nHow to read this\n", layout->grid.file);
    print_mark(layout, DIM);
    for (size_t i = 0; words_legend[i] != NULL; i++) {
        print_blanks(layout->grid.file, 2);
        print_wrapped(layout, words_legend[i], 2, 4);
    }
    print_mark(layout, PLAIN);
}

// Do these lines fit on the terminal, below a blank line and a heading, and above what the
// shell says?
static bool fits(const struct layout *layout, const json_t *lines)
{
    size_t needed = 3;
    for (size_t i = 0; i < json_array_size(lines); i++)
        needed += wrap(NULL, layout, json_string_value(json_array_get(lines, i)), BULLET,
                       BULLET + 2);
    return layout->style->height == 0 || needed <= (size_t)layout->style->height;
}

// The last lines: what stays on a screen.
static void print_conclusion(const struct layout *layout, const struct report *report)
{
    json_t *lines = conclusion_lines(report, CONCLUSION_FULL);
    const char *heading = "Conclusion";
    size_t index;
    json_t *line;
    if (!layout->style->wide && !fits(layout, lines)) {
        json_decref(lines);
        lines = conclusion_lines(report, CONCLUSION_SHORT);
        heading =
            "Conclusion (times as long as the fastest; --wide: intervals and costs)";
    }
    if (json_array_size(lines) > 0) {
        fputc('\n', layout->grid.file);
        print_mark(layout, BOLD);
        fprintf(layout->grid.file, "%s\n", heading);
        print_mark(layout, PLAIN);
    }
    json_array_foreach(lines, index, line)
    {
        print_blanks(layout->grid.file, BULLET);
        print_wrapped(layout, json_string_value(line), BULLET, BULLET + 2);
    }
    json_decref(lines);
}

void tables_text(FILE *file, const struct report *report,
                 const struct tables_style *style)
{
    struct layout page = {.grid = {.file = file, .gap = GAP}, .style = style};
    json_t *heading = words_heading(report);
    json_t *warnings = words_warnings(report);
    print_lines(&page, heading, "");
    print_lines(&page, warnings, BOLD);
    for (size_t i = 0; i < report->table_count; i++) {
        struct view view;
        if (view_init(&view, report, &report->tables[i]) == 0)
            page.fewer |= print_table(file, &view, style);
        else
            fputs("\n(no memory for this table)\n", file);
        view_destroy(&view);
    }
    sweep_view_text(file, report);
    print_legend(&page);
    if (json_array_size(warnings) > 0)
        fputc('\n', file);
    print_lines(&page, warnings, BOLD);
    print_conclusion(&page, report);
    json_decref(heading);
    json_decref(warnings);
}

// SPDX-License-Identifier: MIT
//
// tables_markdown.c - the tables in GitHub's Markdown: each a heading, a table, and the
// reasons of the rows that are not ranked as a list.
#include "driver/show/conclusion.h"
#include "driver/show/gate_table.h"
#include "driver/show/grid.h"
#include "driver/show/sweep_table.h"
#include "driver/show/table_notes.h"
#include "driver/show/table_view.h"
#include "driver/show/tables.h"

#include <string.h>

// Prints each line between `before` and `after`, and `between` two of them.
static void print_list(FILE *file, const json_t *lines, const char *before,
                       const char *after, const char *between)
{
    for (size_t i = 0; i < json_array_size(lines); i++) {
        fprintf(file, "%s%s", i == 0 ? "" : between, before);
        grid_escape(file, json_string_value(json_array_get(lines, i)));
        fputs(after, file);
    }
}

static void print_head(const struct grid *grid, const struct view *view)
{
    size_t columns = 0;
    for (size_t i = 0; i < VIEW_COLUMNS; i++) {
        const struct view_heading *heading = &view->headings[i];
        bool unit = heading->unit[0] != '\0';
        if (!heading->present)
            continue;
        fprintf(grid->file, "| %s%s%s%s ", heading->name, unit ? " (" : "", heading->unit,
                unit ? ")" : "");
        columns++;
    }
    grid_end(grid);
    grid_rule(grid, columns);
}

static void print_row(const struct grid *grid, const struct view *view,
                      const struct view_row *row)
{
    for (size_t i = 0; i < VIEW_COLUMNS; i++)
        if (view->headings[i].present)
            grid_cell(grid, i,
                      i == VIEW_WALL && !row->ranked ? row->verdict : row->cells[i]);
    grid_end(grid);
}

static void print_table(FILE *file, const struct view *view)
{
    const struct grid grid = {.file = file, .markdown = true};
    fputs("\n## ", file);
    grid_escape(file, view->title);
    fputs("\n\n", file);
    print_list(file, view->captions, "", "", "\\\n");
    fputs("\n\n", file);
    print_head(&grid, view);
    for (size_t i = 0; i < view->row_count; i++)
        print_row(&grid, view, &view->rows[i]);
    fputs("\n", file);
    for (size_t i = 0; i < view->row_count; i++) {
        const struct view_row *row = &view->rows[i];
        if (row->ranked)
            continue;
        fputs("- ", file);
        grid_escape(file, row->cells[VIEW_MODEL]);
        fprintf(file, " %s: ", row->verdict);
        grid_escape(file, row->reason);
        fputs("\n", file);
    }
    print_list(file, view->notes, "- ", "\n", "");
}

static void print_conclusion(FILE *file, const struct report *report)
{
    json_t *lines = conclusion_lines(report, CONCLUSION_FULL);
    if (json_array_size(lines) > 0)
        fputs("\n## Conclusion\n\n", file);
    print_list(file, lines, "- ", "\n", "");
    json_decref(lines);
}

void tables_markdown(FILE *file, const struct report *report)
{
    fputs("# Quartet: the same work in each model\n\n", file);
    gate_words_markdown(file, report->json);
    json_t *heading = words_heading(report);
    json_t *warnings = words_warnings(report);
    print_list(file, heading, "", "", "\\\n");
    fputs("\n", file);
    print_list(file, warnings, "\n**", "**\n", "");
    json_decref(heading);
    json_decref(warnings);
    print_conclusion(file, report);
    for (size_t i = 0; i < report->table_count; i++) {
        struct view view;
        if (view_init(&view, report, &report->tables[i]) == 0)
            print_table(file, &view);
        else
            fputs("\n(no memory for this table)\n", file);
        view_destroy(&view);
    }
    sweep_view_markdown(file, report);
    fputs("\n## How to read this\n\n", file);
    for (size_t i = 0; words_legend[i] != NULL; i++) {
        fputs("- ", file);
        grid_escape(file, words_legend[i]);
        fputc('\n', file);
    }
}

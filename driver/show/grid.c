// SPDX-License-Identifier: MIT
//
// grid.c - see grid.h.
#include "driver/show/grid.h"

#include "lib/format.h"

#include <string.h>

void grid_widen(struct grid *grid, size_t column, const char *text)
{
    size_t needed = format_width(text);
    if (needed > grid->widths[column])
        grid->widths[column] = needed;
}

void grid_escape(FILE *file, const char *text)
{
    for (; *text != '\0'; text++) {
        if (strchr("\\`*_{}[]<>#|~", *text) != NULL)
            fputc('\\', file);
        fputc(*text, file);
    }
}

void grid_text(const struct grid *grid, const char *text)
{
    if (grid->markdown)
        grid_escape(grid->file, text);
    else
        fputs(text, grid->file);
}

void grid_cell(const struct grid *grid, size_t column, const char *text)
{
    size_t width = format_width(text);
    int blanks = (int)(width < grid->widths[column] ? grid->widths[column] - width : 0);
    if (grid->markdown) {
        fputs("| ", grid->file);
        grid_escape(grid->file, text);
        fputc(' ', grid->file);
    } else if (column == 0) {
        fprintf(grid->file, "%s%*s", text, blanks, "");
    } else {
        fprintf(grid->file, "%*s%s", blanks + (int)grid->gap, "", text);
    }
}

void grid_end(const struct grid *grid)
{
    fputs(grid->markdown ? "|\n" : "\n", grid->file);
}

void grid_rule(const struct grid *grid, size_t columns)
{
    if (!grid->markdown)
        return;
    for (size_t i = 0; i < columns; i++)
        fputs(i == 0 ? "| --- " : "| ---: ", grid->file);
    grid_end(grid);
}

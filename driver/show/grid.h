// SPDX-License-Identifier: MIT
//
// grid.h - rows of strings as a table: in columns of text, or in Markdown. A column is as
// wide as its widest cell, so all cells are shown to the grid before the first is printed;
// Markdown needs no widths.
//
//   grid_widen(&grid, 0, "model");  ...                    each cell
//   grid_cell(&grid, 0, "model");  ...  grid_end(&grid);   each row
//
// The first column stands at the left, all others at the right.
#ifndef QUARTET_DRIVER_SHOW_GRID_H
#define QUARTET_DRIVER_SHOW_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define GRID_COLUMNS 20

struct grid {
    FILE *file;
    bool markdown;
    size_t gap;                  // blanks between two columns of text
    size_t widths[GRID_COLUMNS]; // 0: nothing wider than that was seen
};

void grid_widen(struct grid *grid, size_t column, const char *text);

// Prints a cell; cells of a row come in the order of their columns.
void grid_cell(const struct grid *grid, size_t column, const char *text);
void grid_end(const struct grid *grid);

// The line between heading and rows of so many columns: Markdown alone has one.
void grid_rule(const struct grid *grid, size_t columns);

// Prints text that is not in a cell.
void grid_text(const struct grid *grid, const char *text);

// Prints text so that Markdown takes none of it for its own.
void grid_escape(FILE *file, const char *text);

#endif

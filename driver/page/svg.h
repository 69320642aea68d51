// SPDX-License-Identifier: MIT
//
// svg.h - the few shapes that the plots are made of. How they look (colours, widths, the
// size of letters) is said by classes of theme.h, so that light, dark and paper are one
// drawing. Units are those of the view box; a page shows one unit as one pixel or a little
// more, also on a screen of 320 pixels, so letters have a size at which they can be read.
//
// Series differ by colour and by the shape of the mark. See theme.h.
#ifndef QUARTET_DRIVER_PAGE_SVG_H
#define QUARTET_DRIVER_PAGE_SVG_H

#include "driver/page/axis.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#define SVG_WIDTH 360.0 // of all plots

enum svg_anchor { SVG_START, SVG_MIDDLE, SVG_END };

struct point {
    double x;
    double y;
};

// A plot of this height in an element with title and description, which readers of screens
// speak. `id` is unique in the page. `alone`: it is a file of its own, with the theme in it.
// No description: it stands in an element of the page, "ID-d".
void svg_open(FILE *file, const char *id, double height, bool alone);
void svg_describe(FILE *file, const char *id, const char *title, const char *description);
void svg_close(FILE *file);

// To a tenth of a unit, which is as much as can be seen, to be printed by %g: a page holds ten
// thousand of them.
double svg_round(double value);

void svg_line(FILE *file, const char *class, struct point from, struct point to);
void svg_rectangle(FILE *file, const char *class, struct point corner, double width,
                   double height);
void svg_text(FILE *file, const char *class, enum svg_anchor anchor, struct point at,
              const char *text);

// The same with "..." where the text is longer than so many units; all of it is shown when
// one points to it.
void svg_text_fit(FILE *file, const char *class, struct point at, double width,
                  const char *text);

// The shapes of the marks, which svg_mark() refers to: once in a page, in an element of its
// own, or in a plot that stands alone.
void svg_shapes(FILE *file);

// The mark of a series: its colour and its shape; `hollow`: only the outline of it.
void svg_mark(FILE *file, size_t series, bool hollow, struct point at);

// An interval on this height, with caps.
void svg_interval(FILE *file, size_t series, struct range ends, double y);

// A curve of a series through the points; and the area between two curves of n points, the
// first n from left to right, the second from right to left.
void svg_curve(FILE *file, size_t series, const struct point *points, size_t n);
void svg_band(FILE *file, size_t series, const struct point *points, size_t n);

// Marks and their values below the plot, or at its left, with lines through the plot from
// `near` to `far`. `name` writes what stands beside a mark.
typedef void svg_name_function(char *text, size_t size, double value,
                               const void *context);
void svg_axis_x(FILE *file, const struct axis *axis, struct range lines,
                svg_name_function *name, const void *context);
void svg_axis_y(FILE *file, const struct axis *axis, struct range lines,
                svg_name_function *name, const void *context);

// The mark's own number, in four digits.
void svg_name_number(char *text, size_t size, double value, const void *context);

#endif

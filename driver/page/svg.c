// SPDX-License-Identifier: MIT
//
// svg.c - see svg.h.
#include "driver/page/svg.h"

#include "driver/page/html.h"
#include "driver/page/theme.h"
#include "lib/format.h"

#include <math.h>
#include <string.h>

#define UNSEEN 0.3 // units by which a curve may be elsewhere

// Classes of the theme: an attribute in each text would be a tenth of a page.
static const char *const anchors[] = {
    [SVG_START] = "", [SVG_MIDDLE] = " m", [SVG_END] = " e"};

// ---- the plot ----------------------------------------------------------------------

void svg_open(FILE *file, const char *id, double height, bool alone)
{
    fprintf(file, "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\"", SVG_WIDTH, height);
    fprintf(file, " aria-labelledby=\"%s-t %s-d\"", id, id);
    if (alone)
        fprintf(file,
                " xmlns=\"http://www.w3.org/2000/svg\" width=\"%.0f\" height=\"%.0f\"",
                2 * SVG_WIDTH, 2 * height);
    fputs(">\n", file);
}

void svg_describe(FILE *file, const char *id, const char *title, const char *description)
{
    fprintf(file, "<title id=\"%s-t\">", id);
    html_text(file, title);
    fputs("</title>\n", file);
    if (description == NULL)
        return;
    fprintf(file, "<desc id=\"%s-d\">", id);
    html_text(file, description);
    fputs("</desc>\n", file);
}

void svg_close(FILE *file)
{
    fputs("</svg>\n", file);
}

// ---- shapes ------------------------------------------------------------------------

double svg_round(double value)
{
    return round(10 * value) / 10;
}

void svg_line(FILE *file, const char *class, struct point from, struct point to)
{
    fprintf(file, "<path class=\"%s\" d=\"M%g %g", class, svg_round(from.x),
            svg_round(from.y));
    if (from.y == to.y)
        fprintf(file, "H%g\"/>\n", svg_round(to.x));
    else if (from.x == to.x)
        fprintf(file, "V%g\"/>\n", svg_round(to.y));
    else
        fprintf(file, "L%g %g\"/>\n", svg_round(to.x), svg_round(to.y));
}

void svg_rectangle(FILE *file, const char *class, struct point corner, double width,
                   double height)
{
    fprintf(file, "<rect class=\"%s\" x=\"%g\" y=\"%g\" width=\"%g\" height=\"%g\"/>\n",
            class, svg_round(corner.x), svg_round(corner.y),
            width > 0 ? svg_round(width) : 0, svg_round(height));
}

void svg_text(FILE *file, const char *class, enum svg_anchor anchor, struct point at,
              const char *text)
{
    fprintf(file, "<text class=\"%s%s\" x=\"%g\" y=\"%g\">", class, anchors[anchor],
            svg_round(at.x), svg_round(at.y));
    html_text(file, text);
    fputs("</text>\n", file);
}

void svg_text_fit(FILE *file, const char *class, struct point at, double width,
                  const char *text)
{
    size_t room = (size_t)(width / THEME_LETTER);
    size_t bytes = 0;
    if (format_width(text) <= room) {
        svg_text(file, class, SVG_START, at, text);
        return;
    }
    for (size_t letters = 0; text[bytes] != '\0'; bytes++) {
        letters += ((unsigned char)text[bytes] & 0xc0) != 0x80;
        if (letters >= room)
            break;
    }
    fprintf(file, "<text class=\"%s\" x=\"%g\" y=\"%g\"><title>", class, svg_round(at.x),
            svg_round(at.y));
    html_text(file, text);
    fputs("</title>", file);
    html_format(file, "%.*s…", (int)bytes, text);
    fputs("</text>\n", file);
}

// ---- series ------------------------------------------------------------------------

// The outlines of the marks, around 0, within 10 units.
static const char *const outlines[THEME_SHAPES] = {
    "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",                  // circle
    "M-3.6-3.6h7.2v7.2h-7.2z",                             // square
    "M0-5L4.8 3.6H-4.8z",                                  // triangle
    "M0-5.2L5.2 0L0 5.2L-5.2 0z",                          // diamond
    "M0 5L4.8-3.6H-4.8z",                                  // triangle on its head
    "M-1.5-4.6h3v3.1h3.1v3h-3.1v3.1h-3v-3.1h-3.1v-3h3.1z", // cross
    "M0-5L4.8-1.6L3-4.4L3 4H-3L-4.8-1.6z",                 // house
};

void svg_shapes(FILE *file)
{
    fputs("<defs>", file);
    for (size_t i = 0; i < THEME_SHAPES; i++)
        fprintf(file, "<path id=\"m%zu\" d=\"%s\"/>", i, outlines[i]);
    fputs("</defs>\n", file);
}

void svg_mark(FILE *file, size_t series, bool hollow, struct point at)
{
    // The theme gives the first shapes their colours, and a page has a thousand of them.
    bool usual = series < THEME_SHAPES;
    fprintf(file, "<use href=\"#m%zu\"", series % THEME_SHAPES);
    if (hollow || !usual)
        fprintf(file, " class=\"%sc%zu\"", hollow ? "hollow " : "",
                series % THEME_COLOURS);
    fprintf(file, " x=\"%g\" y=\"%g\"/>\n", svg_round(at.x), svg_round(at.y));
}

// Is each point between two others as good as on the line between them?
static bool is_straight(const struct point *points, size_t from, size_t to)
{
    double slope = (points[to].y - points[from].y) / (points[to].x - points[from].x);
    for (size_t i = from + 1; i < to; i++)
        if (!(fabs(points[from].y + slope * (points[i].x - points[from].x) -
                   points[i].y) < UNSEEN))
            return false;
    return true;
}

static void print_points(FILE *file, const struct point *points, size_t n)
{
    for (size_t i = 0; i < n; i++)
        fprintf(file, "%s%g %g", i == 0 ? "M" : "L", svg_round(points[i].x),
                svg_round(points[i].y));
}

void svg_curve(FILE *file, size_t series, const struct point *points, size_t n)
{
    fprintf(file, "<path class=\"curve c%zu\" d=\"M", series % THEME_COLOURS);
    for (size_t i = 0, last = 0; i < n; i++) {
        if (i > 0 && i + 1 < n && is_straight(points, last, i + 1))
            continue;
        fprintf(file, "%s%g %g", i == 0 ? "" : "L", svg_round(points[i].x),
                svg_round(points[i].y));
        last = i;
    }
    fputs("\"/>\n", file);
}

void svg_interval(FILE *file, size_t series, struct range ends, double y)
{
    double low = svg_round(ends.low), high = svg_round(ends.high);
    fprintf(file, "<path class=\"curve c%zu\" d=\"M%g %gH%gM%g %gv8M%g %gv8\"/>\n",
            series % THEME_COLOURS, low, svg_round(y), high, low, svg_round(y - 4), high,
            svg_round(y - 4));
}

void svg_band(FILE *file, size_t series, const struct point *points, size_t n)
{
    fprintf(file, "<path class=\"band c%zu\" d=\"", series % THEME_COLOURS);
    print_points(file, points, 2 * n);
    fputs("z\"/>\n", file);
}

// ---- axes --------------------------------------------------------------------------

void svg_name_number(char *text, size_t size, double value, const void *context)
{
    (void)context;
    snprintf(text, size, "%.4g", value);
}

void svg_axis_x(FILE *file, const struct axis *axis, struct range lines,
                svg_name_function *name, const void *context)
{
    double ticks[AXIS_TICKS];
    size_t n = axis_ticks(axis, (size_t)((axis->to - axis->from) / 42), ticks);
    fputs("<path class=\"grid\" d=\"", file);
    for (size_t i = 0; i < n; i++)
        fprintf(file, "M%g %gV%g", svg_round(axis_at(axis, ticks[i])),
                svg_round(lines.low), svg_round(lines.high));
    fputs("\"/>\n", file);
    for (size_t i = 0; i < n; i++) {
        char text[40];
        name(text, sizeof text, ticks[i], context);
        svg_text(file, "tick", SVG_MIDDLE,
                 (struct point){axis_at(axis, ticks[i]), lines.high + 13}, text);
    }
}

void svg_axis_y(FILE *file, const struct axis *axis, struct range lines,
                svg_name_function *name, const void *context)
{
    double ticks[AXIS_TICKS];
    size_t n = axis_ticks(axis, (size_t)((axis->from - axis->to) / 24), ticks);
    fputs("<path class=\"grid\" d=\"", file);
    for (size_t i = 0; i < n; i++)
        fprintf(file, "M%g %gH%g", svg_round(lines.low),
                svg_round(axis_at(axis, ticks[i])), svg_round(lines.high));
    fputs("\"/>\n", file);
    for (size_t i = 0; i < n; i++) {
        char text[40];
        name(text, sizeof text, ticks[i], context);
        svg_text(file, "tick", SVG_END,
                 (struct point){lines.low - 5, axis_at(axis, ticks[i]) + 4}, text);
    }
}

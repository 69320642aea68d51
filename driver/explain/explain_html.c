// SPDX-License-Identifier: MIT
//
// An explanation for a browser: see explain.h. Each part is a bar that begins where the one
// above ends: from nothing, down to the whole difference. What is unexplained is the last one,
// hollow, with its interval.
#include "driver/explain/view.h"

#include "driver/page/html.h"
#include "driver/page/svg.h"
#include "driver/page/theme.h"

#include <math.h>

#define LABEL_WIDTH 150.0
#define BAR_HEIGHT  16.0
#define LINE_HEIGHT 24.0
#define TOP         22.0
#define PLOT_ID     "why"

struct bars {
    FILE *file;
    double low, high; // ns at the edges of the plot
    double y;
    double at_ns; // where the next one begins
};

static double place(const struct bars *bars, double ns)
{
    return LABEL_WIDTH +
           (SVG_WIDTH - LABEL_WIDTH - 8) * (ns - bars->low) / (bars->high - bars->low);
}

static void widen(struct bars *bars, double ns)
{
    bars->low = fmin(bars->low, ns);
    bars->high = fmax(bars->high, ns);
}

// The bar of one part. `name` stands at its left.
static void draw_bar(struct bars *bars, const char *class, const char *name, double ns)
{
    double from = place(bars, bars->at_ns), to = place(bars, bars->at_ns + ns);
    const struct point corner = {fmin(from, to), bars->y};
    svg_text_fit(bars->file, "tick", (struct point){4, bars->y + 12}, LABEL_WIDTH - 10,
                 name);
    svg_rectangle(bars->file, class, corner, fmax(fabs(to - from), 0.8), BAR_HEIGHT);
    bars->at_ns += ns;
    bars->y += LINE_HEIGHT;
}

static void draw_parts(struct bars *bars, const struct explanation *explanation)
{
    struct small_parts small;
    char name[80];
    explain_sum_small(explanation, &small);
    for (size_t i = 0; i < explanation->count; i++) {
        const struct part *part = &explanation->parts[i];
        if (explain_is_small(explanation, part))
            continue;
        explain_name(part, name, sizeof name);
        draw_bar(bars, part->ns < 0 ? "mark c1" : "mark c0", name, part->ns);
    }
    if (small.count > 0) {
        snprintf(name, sizeof name, "%zu smaller parts", small.count);
        draw_bar(bars, small.ns < 0 ? "mark c1" : "mark c0", name, small.ns);
    }
    draw_bar(bars, "hollow c7", "unexplained", explanation->unexplained);
    const struct interval *rest = &explanation->unexplained_interval;
    double base = explanation->difference - explanation->unexplained;
    double y = bars->y - LINE_HEIGHT + BAR_HEIGHT / 2;
    svg_line(bars->file, "frame", (struct point){place(bars, base + rest->low), y},
             (struct point){place(bars, base + rest->high), y});
    bars->at_ns = 0;
    draw_bar(bars, "bar", "difference", explanation->difference);
}

// All edges of bars are within the plot.
static void find_range(struct bars *bars, const struct explanation *explanation)
{
    const struct interval *rest = &explanation->unexplained_interval;
    double at = 0, base = explanation->difference - explanation->unexplained;
    for (size_t i = 0; i < explanation->count; i++) {
        at += explanation->parts[i].ns;
        widen(bars, at);
    }
    widen(bars, base + rest->low);
    widen(bars, base + rest->high);
    widen(bars, explanation->difference);
    if (!(bars->high > bars->low))
        bars->high = bars->low + 1;
}

static void draw(FILE *file, const struct explanation *explanation)
{
    struct bars bars = {.file = file, .y = TOP};
    struct small_parts small;
    char text[512], edge[32];
    explain_sum_small(explanation, &small);
    size_t lines = explanation->count - small.count + (small.count > 0) + 2;
    double height = TOP + LINE_HEIGHT * (double)lines + 4;
    find_range(&bars, explanation);
    svg_open(file, PLOT_ID, height, false);
    explain_rest(explanation, text, sizeof text);
    svg_describe(file, PLOT_ID, "The difference, part by part", text);
    svg_line(file, "grid", (struct point){place(&bars, 0), TOP - 4},
             (struct point){place(&bars, 0), height});
    svg_line(file, "one", (struct point){place(&bars, explanation->difference), TOP - 4},
             (struct point){place(&bars, explanation->difference), height});
    explain_digits(edge, sizeof edge, explanation->difference);
    snprintf(text, sizeof text, "%s ns", edge);
    svg_text(file, "tick", SVG_END, (struct point){SVG_WIDTH - 4, 13}, text);
    draw_parts(&bars, explanation);
    svg_close(file);
}

// ---- the numbers -----------------------------------------------------------------------

static void write_number(FILE *file, double value)
{
    char shown[32];
    if (fabs(value) < 10)
        snprintf(shown, sizeof shown, "%.3g", value);
    else
        explain_digits(shown, sizeof shown, value);
    html_number(file, value, shown);
}

static void write_line(FILE *file, const char *name, double ns, double low, double high)
{
    fputs("<tr>", file);
    html_row_head(file, name);
    for (int i = 0; i < 3; i++)
        html_cell(file, "");
    write_number(file, ns);
    write_number(file, low);
    write_number(file, high);
    fputs("</tr>\n", file);
}

static void write_part(FILE *file, const struct part *part)
{
    char name[80];
    explain_name(part, name, sizeof name);
    fputs("<tr>", file);
    html_row_head(file, name);
    write_number(file, part->a);
    write_number(file, part->b);
    write_number(file, part->price.ns);
    write_number(file, part->ns);
    write_number(file, part->ns - part->half);
    write_number(file, part->ns + part->half);
    fputs("</tr>\n", file);
}

static void write_table(FILE *file, const struct explanation *explanation)
{
    const char *const heads[] = {"part, per operation",
                                 explanation->rows[0].label,
                                 explanation->rows[1].label,
                                 "price, ns",
                                 "ns",
                                 "from",
                                 "to",
                                 NULL};
    fputs("<section>", file);
    html_table_open(file, "The numbers of the picture, each part by itself", heads);
    for (size_t i = 0; i < explanation->count; i++)
        write_part(file, &explanation->parts[i]);
    write_line(file, "unexplained", explanation->unexplained,
               explanation->unexplained_interval.low,
               explanation->unexplained_interval.high);
    write_line(file, "difference", explanation->difference, explanation->interval.low,
               explanation->interval.high);
    html_table_close(file);
    fputs("</section>\n", file);
}

static void write_paragraph(FILE *file, const char *text)
{
    fputs("<p>", file);
    html_text(file, text);
    fputs("</p>\n", file);
}

void explain_html(FILE *file, const void *content)
{
    const struct explanation *explanation = content;
    char title[200], text[512];
    snprintf(title, sizeof title, "%s: why %s is not %s", explanation->table,
             explanation->rows[0].label, explanation->rows[1].label);
    fputs("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<meta "
          "name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>",
          file);
    html_text(file, title);
    fputs("</title>\n<style>\n", file);
    theme_page(file);
    fputs("</style></head><body><main>\n<h1>", file);
    html_text(file, title);
    fputs("</h1>\n", file);
    explain_sentence(explanation, text, sizeof text);
    write_paragraph(file, text);
    explain_rest(explanation, text, sizeof text);
    write_paragraph(file, text);
    fputs("<figure>", file);
    draw(file, explanation);
    fputs(
        "<figcaption>Each bar begins where the one above ends: blue adds, orange takes "
        "off, the hollow one is unexplained, with its interval.</figcaption></figure>\n",
        file);
    write_table(file, explanation);
    if (explain_any_assumed(explanation))
        write_paragraph(file, EXPLAIN_ASSUMED);
    fputs("</main></body></html>\n", file);
}

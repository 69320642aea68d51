// SPDX-License-Identifier: MIT
//
// Strips as SVG: see svg.h. A row is a lane, a task of a loop, or a CPU. A task runs where a
// bar of its colour is; where it waits the row is empty but for a line: thin and grey for
// the world outside, dashed for another task, orange for a turn or a CPU. Colours are those
// of M. Okabe and K. Ito, "Color Universal Design" (2008), which the colour-blind tell apart;
// each bar says in a title what it is.
#include "driver/trace/svg.h"

#include "driver/trace/row.h"
#include "lib/format.h"

#include <math.h>
#include <string.h>

#define WIDTH      960.
#define LABEL      100.
#define ROW        14.
#define THIN       11. // rows of tasks
#define HEAD       40. // name and sentence of a strip
#define DETAIL     24  // more tasks or lanes are not drawn singly
#define RESOLUTION 0.25

static const char *const colours[] = {"#0072b2", "#e69f00", "#009e73", "#cc79a7",
                                      "#56b4e9", "#d55e00", "#8a8a00", "#6f4fa3"};

struct drawing {
    FILE *file;
    double end_ns;
    double y;
};

static double place(const struct drawing *drawing, double at_ns)
{
    return LABEL + (WIDTH - LABEL - 10) * fmax(at_ns, 0) / drawing->end_ns;
}

// ---- a row -----------------------------------------------------------------------------

static const char *line_of(const struct strip_span *span)
{
    if (span->state == STRIP_READY)
        return "r";
    return span->why == WHY_TIMER || span->why == WHY_SOCKET || span->why == WHY_POOL
               ? "w"
               : "o";
}

static void draw_span(const struct drawing *drawing, double height,
                      const struct strip_span *span)
{
    char took[32];
    double x = place(drawing, span->begin_ns);
    double width = fmax(place(drawing, span->end_ns) - x, 0.6);
    format_duration(took, sizeof took, span->end_ns - span->begin_ns);
    if (span->state == STRIP_RUNS) {
        fprintf(drawing->file,
                "<rect x=\"%.2f\" y=\"%.0f\" width=\"%.2f\" height=\"%.0f\" "
                "fill=\"%s\"><title>task %u runs %s on CPU %u</title></rect>\n",
                x, drawing->y, width, height - 2, colours[span->task % 8], span->task,
                took, span->cpu);
        return;
    }
    fprintf(drawing->file,
            "<path class=\"%s\" d=\"M%.2f %.1fh%.2f\"><title>task %u waits %s for "
            "%s</title></path>\n",
            line_of(span), x, drawing->y + height / 2 - 1, width, span->task, took,
            span->why == WHY_TURN ? "its turn" : strip_why_name(span->why));
}

// A bar that is narrower than can be seen, and lies where a bar is already, is left out.
static void draw_row(struct drawing *drawing, const struct strip *strip,
                     const struct row *row, double height, const char *label)
{
    double seen[2] = {-1, -1}; // up to where waits and runs have been drawn
    fprintf(drawing->file, "<text x=\"%.0f\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n",
            LABEL - 6, drawing->y + height - 3, label);
    for (size_t i = 0; i < strip->span_count; i++) {
        const struct strip_span *span = &strip->spans[i];
        double end = place(drawing, span->end_ns);
        bool runs = span->state == STRIP_RUNS;
        if (!row_has(row, span) ||
            (end < seen[runs] + RESOLUTION && end > seen[runs] - 1))
            continue;
        draw_span(drawing, height, span);
        seen[runs] = end;
    }
    drawing->y += height;
}

// ---- a strip ---------------------------------------------------------------------------

// Is there more than is drawn?
static bool is_cut(const struct strip *strip)
{
    return strip->lost > 0 || strip->lane_count > DETAIL || strip->tasks > DETAIL;
}

static void draw_strip(struct drawing *drawing, const struct strip *strip)
{
    char text[256];
    bool loops = strip_has_loops(strip);
    strip_sentence(strip, text, sizeof text);
    fprintf(drawing->file,
            "<text class=\"h\" x=\"4\" y=\"%.0f\">%s</text><text x=\"4\" "
            "y=\"%.0f\">%s</text>\n",
            drawing->y + 14, strip->model, drawing->y + 29, text);
    drawing->y += HEAD - 4;
    for (size_t i = 0; i < strip->lane_count && i < DETAIL; i++) {
        const struct row row = {(int)i, -1, -1, loops};
        draw_row(drawing, strip, &row, ROW, strip->lanes[i].name);
    }
    for (uint32_t task = 0; loops && task < strip->tasks && task < DETAIL; task++) {
        const struct row row = {-1, (int)task, -1, false};
        snprintf(text, sizeof text, "%s%c", task == 0 ? "task " : "", 'A' + (char)task);
        draw_row(drawing, strip, &row, THIN, text);
    }
    for (uint32_t cpu = 0; cpu < strip_cpu_end(strip); cpu++) {
        const struct row row = {-1, -1, (int)cpu, true};
        snprintf(text, sizeof text, "CPU %u", cpu);
        if (strip_uses_cpu(strip, cpu))
            draw_row(drawing, strip, &row, ROW, text);
    }
    drawing->y += 4;
    if (is_cut(strip)) {
        fprintf(drawing->file,
                "<text x=\"4\" y=\"%.0f\">%u tasks and %zu lanes, the first %d are "
                "drawn; %.0f events did not fit</text>\n",
                drawing->y + 10, strip->tasks, strip->lane_count, DETAIL, strip->lost);
        drawing->y += ROW;
    }
}

static double height_of(const struct strip *strip)
{
    double lanes = (double)(strip->lane_count < DETAIL ? strip->lane_count : DETAIL);
    double tasks = strip->tasks < DETAIL ? strip->tasks : DETAIL;
    struct strip_sum sum;
    strip_summarise(strip, &sum);
    return HEAD + ROW * (lanes + sum.cpus + (is_cut(strip) ? 1 : 0)) +
           (strip_has_loops(strip) ? THIN * tasks : 0);
}

// ---- the figure ------------------------------------------------------------------------

static void draw_axis(struct drawing *drawing)
{
    double step = pow(10, floor(log10(drawing->end_ns)));
    double bottom = drawing->y;
    while (drawing->end_ns / step < 4)
        step /= 2;
    for (int tick = 0; tick * step <= drawing->end_ns; tick++) {
        char text[32];
        double at_ns = tick * step;
        double x = place(drawing, at_ns);
        format_duration(text, sizeof text, at_ns);
        fprintf(drawing->file,
                "<path class=\"a\" d=\"M%.1f 20V%.0f\"/><text x=\"%.1f\" "
                "y=\"16\">%s</text>\n",
                x, bottom, x, tick == 0 ? "0" : text);
    }
}

void strip_svg(FILE *file, const struct strips *strips)
{
    struct drawing drawing = {.file = file, .end_ns = fmax(strips->end_ns, 1), .y = 24};
    double height = 40;
    for (size_t i = 0; i < strips->count; i++)
        height += height_of(&strips->list[i]);
    fprintf(
        file,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %.0f %.0f\" "
        "role=\"img\" aria-labelledby=\"t d\">\n<title id=\"t\">Who ran when: "
        "%s</title>\n<desc id=\"d\">A lane for each worker, a colour for each task, a "
        "line where it waits; time to the right, the same for all models.</desc>\n",
        WIDTH, height, strips->list[0].workload);
    fputs("<style>text{font:11px sans-serif;fill:#222}.h{font-weight:bold;font-size:14px}"
          "path{fill:none}.w{stroke:#aaa}.o{stroke:#6f4fa3;stroke-dasharray:2 2}"
          ".r{stroke:#e69f00;stroke-width:3}.a{stroke:#8884}"
          "@media(prefers-color-scheme:dark){text{fill:#ddd}.w{stroke:#777}}</style>\n",
          file);
    for (size_t i = 0; i < strips->count; i++)
        draw_strip(&drawing, &strips->list[i]);
    draw_axis(&drawing);
    fputs("</svg>\n", file);
}

static void write_table(FILE *file, const struct strips *strips)
{
    fputs("<table><caption>The numbers of the picture</caption>\n<tr><th scope=\"col\">"
          "model</th><th scope=\"col\">workers</th><th scope=\"col\">time</th><th "
          "scope=\"col\">CPU time in tasks</th><th scope=\"col\">two or more at once</th>"
          "<th scope=\"col\">tasks that waited at once</th></tr>\n",
          file);
    for (size_t i = 0; i < strips->count; i++) {
        const struct strip *strip = &strips->list[i];
        struct strip_sum sum;
        char wall[32], ran[32], together[32];
        strip_summarise(strip, &sum);
        format_duration(wall, sizeof wall, strip->end_ns);
        format_duration(ran, sizeof ran, sum.ran_ns);
        format_duration(together, sizeof together, sum.together_ns);
        fprintf(file,
                "<tr><th scope=\"row\">%s</th><td>%u</td><td>%s</td><td>%s</td><td>%s"
                "</td><td>%u</td></tr>\n",
                strip->model, strip->workers, wall, ran,
                sum.together_ns > 0 ? together : "0", sum.most_wait);
    }
    fputs("</table>\n", file);
}

void strip_html(FILE *file, const struct strips *strips)
{
    const struct strip *first = &strips->list[0];
    fprintf(
        file,
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<meta "
        "name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>Who "
        "ran when: %s</title>\n<style>:root{color-scheme:light dark}body{font:16px "
        "sans-serif;max-width:70rem;margin:1rem auto;padding:0 1rem}svg{width:100%%;"
        "height:auto}table{border-collapse:collapse}th,td{padding:.2rem .6rem;"
        "text-align:left;border-bottom:1px solid #8888}</style></head><body><main>\n"
        "<h1>Who ran when: %s</h1>\n<p>%u tasks, at most %u at a time; one untimed run "
        "of each model, on one time axis. Coloured: a task runs. Grey line: it waits "
        "for the world outside. Dashed: for another task. Orange: it could run, and "
        "it is not its turn, or there is no CPU.</p>\n",
        first->workload, first->workload, first->tasks, first->concurrency);
    strip_svg(file, strips);
    write_table(file, strips);
    fputs("</main></body></html>\n", file);
}

// SPDX-License-Identifier: MIT
//
// page.c - see page.h.
#include "driver/page/page.h"

#include "driver/page/figure.h"
#include "driver/page/html.h"
#include "driver/page/plots.h"
#include "driver/page/summary.h"
#include "driver/page/svg.h"
#include "driver/page/theme.h"
#include "driver/report/read.h"
#include "driver/show/table_notes.h"
#include "driver/show/table_view.h"

#include <math.h>
#include <string.h>

static const struct plot *const table_plots[] = {&plot_gate, &plot_ratios, &plot_rounds,
                                                 &plot_latency, &plot_strips};

// ---- text --------------------------------------------------------------------------

// Each line as an element of this name.
static void print_lines(FILE *file, json_t *lines, const char *name, const char *class)
{
    size_t index;
    json_t *line;
    json_array_foreach(lines, index, line)
    {
        fprintf(file, "<%s class=\"%s\">", name, class);
        html_text(file, json_string_value(line));
        fprintf(file, "</%s>\n", name);
    }
}

static void print_list(FILE *file, json_t *lines)
{
    if (json_array_size(lines) == 0)
        return;
    fputs("<ul class=\"soft\">\n", file);
    print_lines(file, lines, "li", "");
    fputs("</ul>\n", file);
}

// The origin of a figure, for whoever quotes it.
static void print_origin(FILE *file, const struct report *report,
                         const struct report_table *table)
{
    const char *testbed = environment_text(report->environment, "testbed");
    fputs("<p class=\"origin\">", file);
    html_format(file, "quartet %.60s (%.80s), testbed %.80s",
                report->version == NULL ? "of unknown version" : report->version,
                report->commit == NULL ? "unknown commit" : report->commit,
                testbed == NULL ? "unknown" : testbed);
    if (!isnan(report->plan.seed_shown))
        html_format(file, ", seed %.0f", report->plan.seed_shown);
    if (table != NULL && !isnan(table->noise.floor))
        html_format(file, ", noise floor %.1f %%", 100 * table->noise.floor);
    html_format(file, ", %.40s; ",
                report->started_utc == NULL ? "" : report->started_utc);
    fputs("<a href=\"report.json\">report.json</a>", file);
    if (report->file_sha256[0] != '\0')
        fprintf(file, " sha256 <code>%s</code>", report->file_sha256);
    fputs("</p>\n", file);
}

// ---- one table ---------------------------------------------------------------------

static void print_view_row(FILE *file, const struct view *view,
                           const struct view_row *row, size_t columns)
{
    fprintf(file, "<tr%s>", row->best ? " class=\"best\"" : "");
    html_row_head(file, row->cells[VIEW_MODEL]);
    for (size_t i = VIEW_MODEL + 1; i < VIEW_COLUMNS && row->ranked; i++)
        if (view->headings[i].present)
            html_cell(file, row->cells[i]);
    if (!row->ranked) {
        fprintf(file, "<td class=\"why\" colspan=\"%zu\">",
                columns > 1 ? columns - 1 : 1);
        html_format(file, "%s: %s", row->verdict, row->reason);
        fputs("</td>", file);
    }
    fputs("</tr>\n", file);
}

static void print_view(FILE *file, const struct view *view)
{
    char names[VIEW_COLUMNS][64];
    const char *heads[VIEW_COLUMNS + 1] = {NULL};
    size_t n = 0;
    for (size_t i = 0; i < VIEW_COLUMNS; i++) {
        const struct view_heading *heading = &view->headings[i];
        if (!heading->present)
            continue;
        snprintf(names[n], sizeof names[n], "%s%s%s%s", heading->name,
                 heading->unit[0] == '\0' ? "" : " (", heading->unit,
                 heading->unit[0] == '\0' ? "" : ")");
        heads[n] = names[n];
        n++;
    }
    fputs("<details><summary>All figures of this table</summary>\n", file);
    html_table_open(file, view->title, heads);
    for (size_t i = 0; i < view->row_count; i++)
        print_view_row(file, view, &view->rows[i], n);
    html_table_close(file);
    fputs("</details>\n", file);
}

// Rows without figures are named where they cannot be overlooked.
static void print_unranked(FILE *file, const struct view *view)
{
    bool any = false;
    for (size_t i = 0; i < view->row_count; i++) {
        const struct view_row *row = &view->rows[i];
        if (row->ranked)
            continue;
        fputs(any ? "<li>" : "<ul class=\"unranked\">\n<li>", file);
        html_format(file, "%s %s: %s", row->cells[VIEW_MODEL], row->verdict, row->reason);
        fputs("</li>\n", file);
        any = true;
    }
    fputs(any ? "</ul>\n" : "", file);
}

static void print_table(FILE *file, struct plot_subject *subject, size_t number)
{
    struct view view;
    struct strips strips;
    char id[24];
    snprintf(id, sizeof id, "t%zu", number);
    plot_strips_load(&strips, subject->report, subject->table);
    subject->strips = &strips;
    if (view_init(&view, subject->report, subject->table) == 0) {
        fprintf(file, "<section id=\"%s\">\n<h2>", id);
        html_text(file, view.title);
        fputs("</h2>\n", file);
        print_lines(file, view.captions, "p", "soft");
        print_unranked(file, &view);
        fputs("<div class=\"plots\">\n", file);
        for (size_t i = 0; i < sizeof table_plots / sizeof table_plots[0]; i++)
            figure_print(file, table_plots[i], subject, id);
        fputs("</div>\n", file);
        print_view(file, &view);
        print_list(file, view.notes);
        print_origin(file, subject->report, subject->table);
        fputs("</section>\n", file);
    } else {
        fputs("<p>no memory for this table</p>\n", file);
    }
    view_destroy(&view);
    subject->strips = NULL;
    strips_free(&strips);
}

static void print_sweep(FILE *file, const struct plot_subject *subject, size_t number)
{
    char id[24];
    snprintf(id, sizeof id, "s%zu", number);
    fprintf(file, "<section id=\"%s\">\n<h2>Scaling of ", id);
    html_text(file, subject->sweep->id);
    fputs("</h2>\n<div class=\"plots\">\n", file);
    figure_print(file, &plot_sweep, subject, id);
    fputs("</div>\n", file);
    print_origin(file, subject->report, NULL);
    fputs("</section>\n", file);
}

// ---- the page ----------------------------------------------------------------------

// The policy forbids what the page does not need: to run a script or to ask for anything.
void page_open(FILE *file, const char *title)
{
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
          "style-src 'unsafe-inline'; img-src data:\">\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta name=\"color-scheme\" content=\"light dark\">\n"
          "<link rel=\"icon\" href=\"data:,\">\n<title>",
          file);
    html_text(file, title);
    fputs("</title>\n<style>\n", file);
    theme_page(file);
    fputs("</style>\n</head>\n<body>\n<svg class=\"shapes\" aria-hidden=\"true\">", file);
    svg_shapes(file);
    fputs("</svg>\n<header>\n<h1>", file);
    html_text(file, title);
    fputs("</h1>\n", file);
}

static void print_legend(FILE *file)
{
    fputs("<section id=\"legend\">\n<h2>How to read this</h2>\n<ul>\n", file);
    for (size_t i = 0; words_legend[i] != NULL; i++) {
        fputs("<li>", file);
        html_text(file, words_legend[i]);
        fputs("</li>\n", file);
    }
    fputs("</ul>\n</section>\n", file);
}

static void print_body(FILE *file, struct plot_subject *subject)
{
    const struct report *report = subject->report;
    summary_answer(file, report, subject->gate);
    summary_tables(file, report);
    for (size_t i = 0; i < report->sweep_count; i++) {
        subject->sweep = &report->sweeps[i];
        if (plot_sweep.applies(subject))
            print_sweep(file, subject, i + 1);
    }
    subject->sweep = NULL;
    for (size_t i = 0; i < report->table_count; i++) {
        subject->table = &report->tables[i];
        print_table(file, subject, i + 1);
    }
    print_legend(file);
}

void page_print(FILE *file, const struct report *report)
{
    struct plot_rows rows;
    struct report_gate gate;
    json_t *heading = words_heading(report);
    json_t *warnings = words_warnings(report);
    bool gated = report_gate_read(&gate, report->json);
    page_open(file, "Quartet: the same work in each model");
    print_lines(file, heading, "p", "soft");
    print_lines(file, warnings, "p", "warning");
    fputs("</header>\n<main>\n", file);
    struct plot_subject subject = {.report = report,
                                   .gate = gated ? &gate : NULL,
                                   .rows = &rows};
    if (plot_rows_collect(&rows, report) == 0)
        print_body(file, &subject);
    else
        fputs("<p>no memory for this page</p>\n", file);
    fputs("</main>\n</body>\n</html>\n", file);
    plot_rows_free(&rows);
    report_gate_free(&gate);
    json_decref(heading);
    json_decref(warnings);
}

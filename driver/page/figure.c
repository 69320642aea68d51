// SPDX-License-Identifier: MIT
//
// figure.c - see figure.h.
#include "driver/page/figure.h"

#include "driver/page/html.h"
#include "driver/page/svg.h"
#include "driver/page/theme.h"

static const char *subject_name(const struct plot_subject *subject)
{
    const struct report_table *table = subject->table;
    if (subject->sweep != NULL)
        return subject->sweep->id;
    return table->title != NULL ? table->title : table->id;
}

static void draw(FILE *file, const struct plot *plot, const struct plot_subject *subject,
                 const char *id, bool alone)
{
    char title[PLOT_TEXT];
    char description[PLOT_TEXT];
    snprintf(title, sizeof title, "%s: %.300s", plot->title, subject_name(subject));
    plot->describe(description, subject);
    svg_open(file, id, plot->height(subject), alone);
    svg_describe(file, id, title, alone ? description : NULL);
    if (alone) {
        svg_shapes(file);
        fputs("<style>\n", file);
        theme_plot(file);
        fprintf(file,
                "</style>\n<rect width=\"%.0f\" height=\"%.0f\" style=\"fill:"
                "var(--paper)\"/>\n",
                SVG_WIDTH, plot->height(subject));
    }
    plot->draw(file, subject);
    svg_close(file);
}

void figure_print(FILE *file, const struct plot *plot, const struct plot_subject *subject,
                  const char *id)
{
    char own[80];
    char description[PLOT_TEXT];
    if (!plot->applies(subject))
        return;
    snprintf(own, sizeof own, "%.40s-%s", id, plot->name);
    fprintf(file, "<figure id=\"%s\">\n<h3>%s</h3>\n", own, plot->title);
    draw(file, plot, subject, own, false);
    plot->describe(description, subject);
    fprintf(file, "<figcaption id=\"%s-d\">", own);
    html_text(file, description);
    fputs("</figcaption>\n<details><summary>The numbers of this plot</summary>\n", file);
    plot->numbers(file, subject);
    fputs("</details>\n</figure>\n", file);
}

bool figure_print_alone(FILE *file, const struct plot *plot,
                        const struct plot_subject *subject)
{
    if (!plot->applies(subject))
        return false;
    fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", file);
    draw(file, plot, subject, "plot", true);
    return true;
}

static bool print_of_table(FILE *file, const struct plot *plot,
                           const struct plot_subject *all,
                           const struct report_table *table)
{
    struct strips strips;
    struct plot_subject subject = *all;
    subject.table = table;
    subject.strips = &strips;
    plot_strips_load(&strips, all->report, table);
    bool printed = figure_print_alone(file, plot, &subject);
    strips_free(&strips);
    return printed;
}

static bool print_first(FILE *file, const struct plot *plot, struct plot_subject *subject)
{
    const struct report *report = subject->report;
    for (size_t i = 0; i < report->sweep_count; i++) {
        subject->sweep = &report->sweeps[i];
        if (figure_print_alone(file, plot, subject))
            return true;
    }
    subject->sweep = NULL;
    for (size_t i = 0; i < report->table_count; i++)
        if (print_of_table(file, plot, subject, &report->tables[i]))
            return true;
    return false;
}

const struct plot *const figure_plots[] = {&plot_ratios, &plot_rounds, &plot_latency,
                                           &plot_sweep,  &plot_gate,   &plot_strips};

bool figure_print_report(FILE *file, const struct report *report, const struct plot *plot)
{
    struct plot_rows rows;
    struct report_gate gate;
    bool gated = report_gate_read(&gate, report->json);
    bool printed = false;
    struct plot_subject subject = {.report = report,
                                   .gate = gated ? &gate : NULL,
                                   .rows = &rows};
    if (plot_rows_collect(&rows, report) == 0)
        printed = print_first(file, plot, &subject);
    plot_rows_free(&rows);
    report_gate_free(&gate);
    return printed;
}

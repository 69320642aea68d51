// SPDX-License-Identifier: MIT
//
// cite.c - see cite.h.
#include "driver/page/cite.h"

#include "driver/page/html.h"
#include "driver/report/read.h"
#include "lib/format.h"
#include "lib/plain.h"

#include <math.h>
#include <string.h>

#define TEXT   700
#define HEIGHT 20
#define LETTER 6.6 // units that a letter of 11 px is wide, or less
#define MARGIN 7.0

// ---- provenance ------------------------------------------------------------------------

static void write_provenance(char text[TEXT], const struct report *report,
                             const struct report_table *table)
{
    const char *testbed = environment_text(report->environment, "testbed");
    char seed[40] = "unknown";
    char noise[40] = "unknown";
    char plain[TEXT];
    if (!isnan(report->plan.seed_shown))
        snprintf(seed, sizeof seed, "%.0f", report->plan.seed_shown);
    if (!isnan(table->noise.floor))
        snprintf(noise, sizeof noise, "%.1f %%", 100 * table->noise.floor);
    snprintf(
        plain, sizeof plain,
        "quartet %.40s (%.60s), testbed %.40s, seed %s, table %.80s, %zu blocks, noise "
        "floor %s, %.30s%s, report.json sha256 %s",
        report->version == NULL ? "of unknown version" : report->version,
        report->commit == NULL ? "unknown commit" : report->commit,
        testbed == NULL ? "unknown" : testbed, seed, table->id, table->block_count, noise,
        report->started_utc == NULL ? "no date" : report->started_utc,
        report->complete ? "" : ", incomplete",
        report->file_sha256[0] == '\0' ? "unknown" : report->file_sha256);
    plain_copy(text, TEXT, plain);
}

void cite_provenance(FILE *file, const struct report *report)
{
    for (size_t i = 0; i < report->table_count; i++) {
        char text[TEXT];
        write_provenance(text, report, &report->tables[i]);
        fprintf(file, "%s\n", text);
    }
}

// ---- the badge -------------------------------------------------------------------------

// "coroutine 1.06 times ahead of multithread"
static void write_result(char *text, size_t size, const struct report *report,
                         const struct report_table *table)
{
    char ratio[32];
    if (!report->plan.for_decisions || !report->complete) {
        snprintf(text, size, "%s", report->complete ? "not for decisions" : "incomplete");
        return;
    }
    if (table->ranked < 2) {
        snprintf(text, size, "nothing to compare");
        return;
    }
    const struct report_cell *best = &table->cells[table->ranking[0]];
    const struct report_cell *next = &table->cells[table->ranking[1]];
    const struct pair *pair = report_pair_with_best(table, next);
    if (pair == NULL || pair_is_equal(pair) != TRUTH_NO) {
        snprintf(text, size, "%.40s and %.40s: no difference", best->label, next->label);
        return;
    }
    format_ratio(ratio, sizeof ratio, pair->ratio.estimate);
    snprintf(text, size, "%.40s before %.40s, %s times", best->label, next->label, ratio);
}

static void print_part(FILE *file, const char *colour, double from, double width,
                       const char *text)
{
    fprintf(file, "<rect x=\"%.1f\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>", from,
            width, HEIGHT, colour);
    fprintf(file,
            "<text x=\"%.1f\" y=\"14\" textLength=\"%.1f\" "
            "lengthAdjust=\"spacingAndGlyphs\">",
            from + MARGIN, width - 2 * MARGIN);
    html_text(file, text);
    fputs("</text>\n", file);
}

void cite_badge(FILE *file, const struct report *report)
{
    char name[120];
    char result[160];
    char provenance[TEXT];
    const struct report_table *table = &report->tables[0];
    if (report->table_count == 0)
        return;
    snprintf(name, sizeof name, "quartet %.80s", table->id);
    write_result(result, sizeof result, report, table);
    write_provenance(provenance, report, table);
    double left = LETTER * (double)format_width(name) + 2 * MARGIN;
    double right = LETTER * (double)format_width(result) + 2 * MARGIN;
    fprintf(
        file,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%.1f\" height=\"%d\" "
        "role=\"img\" font-family=\"DejaVu Sans,Verdana,sans-serif\" font-size=\"11\" "
        "fill=\"#fff\">\n<title>",
        left + right, HEIGHT);
    html_format(file, "%s: %s", name, result);
    fputs("</title><desc>", file);
    html_text(file, provenance);
    fputs("</desc>\n", file);
    print_part(file, "#3c3c40", 0, left, name);
    print_part(file, "#0b57a4", left, right, result);
    fputs("</svg>\n", file);
}

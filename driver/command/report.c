// SPDX-License-Identifier: MIT
//
// report.c - `quartet report`: a stored report again, as text, Markdown, CSV,
// JSON or a page.
#include "driver/analysis/analysis.h"
#include "driver/analysis/report_file.h"
#include "driver/analysis/select.h"
#include "driver/command/commands.h"
#include "driver/gate/again.h"
#include "driver/page/page.h"
#include "driver/report/write.h"
#include "driver/show/gate_table.h"
#include "driver/show/tables.h"
#include "lib/error.h"
#include "lib/json_file.h"
#include "lib/options.h"

#include <errno.h>
#include <string.h>

enum report_format { FORMAT_TEXT, FORMAT_MARKDOWN, FORMAT_CSV, FORMAT_JSON, FORMAT_HTML };

struct report_options {
    uint64_t format;
    uint64_t width;
    uint64_t rank;
    const char *tables;
    const char *workloads;
    bool wide;
    bool legend;
    bool help;
};

const struct option_spec report_specs[] = {
    {.name = "format",
     .kind = OPTION_CHOICE,
     .offset = offsetof(struct report_options, format),
     .fallback = "text",
     .choices = "text|md|csv|json|html",
     .help = "what to print"},
    {.name = "width",
     .kind = OPTION_COUNT,
     .offset = offsetof(struct report_options, width),
     .fallback = "0",
     .maximum = 1000,
     .help = "columns for text; 0: those of the terminal, if any"},
    {.name = "rank",
     .kind = OPTION_CHOICE,
     .offset = offsetof(struct report_options, rank),
     .fallback = "auto",
     .choices = RANK_CHOICES,
     .help = "compare rows by; auto: as they were"},
    {.name = "table",
     .kind = OPTION_TEXT,
     .offset = offsetof(struct report_options, tables),
     .help = "only these tables: fetch/unix,primes/one-cpu"},
    {.name = "workloads",
     .kind = OPTION_TEXT,
     .offset = offsetof(struct report_options, workloads),
     .help = "only tables of these workloads: primes,fetch"},
    {.name = "wide",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct report_options, wide),
     .help = "all columns of the text, not the six most important ones"},
    {.name = "legend",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct report_options, legend),
     .help = "say how to read the text"},
    {.name = "help",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct report_options, help),
     .help = "print this"},
    {.name = NULL},
};

static void print_json(const struct report *report)
{
    json_t *json = report_write(report);
    json_file_print(stdout, json);
    json_decref(json);
}

static void report_print(const struct report *report,
                         const struct report_options *options)
{
    struct tables_style style;
    tables_style_detect(&style, stdout);
    style.wide = options->wide;
    style.legend = options->legend;
    if (options->width > 0)
        style.width = (int)options->width;
    switch ((enum report_format)options->format) {
    case FORMAT_TEXT:
        tables_text(stdout, report, &style);
        gate_words_text(stdout, report->json); // if it is that of a gate
        break;
    case FORMAT_MARKDOWN:
        tables_markdown(stdout, report);
        break;
    case FORMAT_CSV:
        tables_csv(stdout, report);
        break;
    case FORMAT_JSON:
        print_json(report);
        break;
    case FORMAT_HTML:
        page_print(stdout, report);
        break;
    }
}

int command_report(int argc, char **argv)
{
    struct report_options options = {0};
    const char *operand = NULL;
    struct reason reason;
    int operands = command_parse("report", &options, &options.help,
                                 &(struct command_line){argc, argv, &operand, 1});
    if (operands == 0)
        die(EXIT_USAGE, "report: name a report, such as results/latest/report.json");

    struct report report;
    int error = report_file_load(operand, &report, &reason);
    if (error == 0 && command_rank(options.rank) != NULL) {
        report.plan.rank = command_rank(options.rank);
        error = report_analyse(&report, &reason);
    }
    if (error == 0)
        error = gate_again(&report, &reason);
    if (error == 0)
        error = report_select(&report, options.tables, options.workloads, &reason);
    if (error == 0)
        report_print(&report, &options);
    report_free(&report);
    if (error != 0)
        die(EXIT_WRONG, "%s", reason.text);
    if (fflush(stdout) != 0 || ferror(stdout))
        die(EXIT_WRONG, "cannot write the report: %s", strerror(errno));
    return EXIT_FINE;
}

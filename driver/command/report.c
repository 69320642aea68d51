// SPDX-License-Identifier: MIT
//
// report.c - `quartet report`: a stored report again, as text, Markdown, CSV or
// JSON.
#include "driver/analysis/report_file.h"
#include "driver/command/commands.h"
#include "driver/report/write.h"
#include "driver/show/tables.h"
#include "lib/error.h"
#include "lib/json_file.h"
#include "lib/options.h"

#include <errno.h>
#include <string.h>

enum report_format { FORMAT_TEXT, FORMAT_MARKDOWN, FORMAT_CSV, FORMAT_JSON };

struct report_options {
    uint64_t format;
    uint64_t width;
    bool help;
};

const struct option_spec report_specs[] = {
    {.name = "format",
     .kind = OPTION_CHOICE,
     .offset = offsetof(struct report_options, format),
     .fallback = "text",
     .choices = "text|md|csv|json",
     .help = "what to print"},
    {.name = "width",
     .kind = OPTION_COUNT,
     .offset = offsetof(struct report_options, width),
     .fallback = "0",
     .maximum = 1000,
     .help = "columns for text; 0: those of the terminal, if any"},
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
    if (options->width > 0)
        style.width = (int)options->width;
    switch ((enum report_format)options->format) {
    case FORMAT_TEXT:
        tables_text(stdout, report, &style);
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
    if (error == 0)
        report_print(&report, &options);
    report_free(&report);
    if (error != 0)
        die(EXIT_WRONG, "%s", reason.text);
    if (fflush(stdout) != 0 || ferror(stdout))
        die(EXIT_WRONG, "cannot write the report: %s", strerror(errno));
    return EXIT_FINE;
}

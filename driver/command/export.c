// SPDX-License-Identifier: MIT
//
// export.c - `quartet export`: a stored report for other programs to read.
#include "driver/analysis/report_file.h"
#include "driver/analysis/select.h"
#include "driver/command/commands.h"
#include "driver/gate/again.h"
#include "driver/page/cite.h"
#include "driver/page/figure.h"
#include "driver/show/exports.h"
#include "driver/show/tables.h"
#include "lib/error.h"
#include "lib/options.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct export_options {
    uint64_t format;
    uint64_t plot;
    const char *tables;
    const char *workloads;
    bool help;
};

// In the order of the choices. NULL: one plot as SVG.
static void (*const writers[])(FILE *file, const struct report *report) = {
    export_junit,         export_hyperfine, export_gobench, export_gbench,
    tables_csv,           tables_markdown,  export_gnuplot, export_vega_lite,
    export_github_action, cite_provenance,  cite_badge,     NULL,
};

const struct option_spec export_specs[] = {
    {.name = "format",
     .kind = OPTION_CHOICE,
     .offset = offsetof(struct export_options, format),
     .fallback = "junit",
     .choices = "junit|hyperfine|gobench|gbench|csv|md|gnuplot|vega-lite|"
                "github-action-benchmark|provenance|badge|svg",
     .help = "for whom"},
    {.name = "plot",
     .kind = OPTION_CHOICE,
     .offset = offsetof(struct export_options, plot),
     .fallback = "ratios",
     .choices = FIGURE_PLOTS,
     .help = "of svg: which, of the first table that has it"},
    {.name = "table",
     .kind = OPTION_TEXT,
     .offset = offsetof(struct export_options, tables),
     .help = "only these tables: fetch/unix,primes/one-cpu"},
    {.name = "workloads",
     .kind = OPTION_TEXT,
     .offset = offsetof(struct export_options, workloads),
     .help = "only tables of these workloads: primes,fetch"},
    {.name = "help",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct export_options, help),
     .help = "print this"},
    {.name = NULL},
};

int command_export(int argc, char **argv)
{
    struct export_options options = {0};
    const char *operand = NULL;
    struct reason reason;
    struct report report;
    int operands = command_parse("export", &options, &options.help,
                                 &(struct command_line){argc, argv, &operand, 1});
    if (operands == 0)
        die(EXIT_USAGE, "export: name a report, such as results/latest/report.json");
    if (report_file_load(operand, &report, &reason) != 0)
        die(EXIT_WRONG, "%s", reason.text);
    if (gate_again(&report, &reason) != 0)
        die(EXIT_WRONG, "%s", reason.text);
    if (report_select(&report, options.tables, options.workloads, &reason) != 0)
        die(EXIT_WRONG, "%s", reason.text);
    if (writers[options.format] != NULL)
        writers[options.format](stdout, &report);
    else if (!figure_print_report(stdout, &report, figure_plots[options.plot]))
        die(EXIT_WRONG,
            "export: no table of the report has a plot '%s'; choose another "
            "with --plot or --table",
            figure_plots[options.plot]->name);
    report_free(&report);
    if (fflush(stdout) != 0 || ferror(stdout))
        die(EXIT_WRONG, "cannot write the report: %s", strerror(errno));
    return EXIT_FINE;
}

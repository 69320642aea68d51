// SPDX-License-Identifier: MIT
//
// export.c - `quartet export`: a stored report for other programs to read.
#include "driver/analysis/report_file.h"
#include "driver/command/commands.h"
#include "driver/show/exports.h"
#include "driver/show/tables.h"
#include "lib/error.h"
#include "lib/options.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct export_options {
    uint64_t format;
    bool help;
};

// In the order of the choices.
static void (*const writers[])(FILE *file, const struct report *report) = {
    export_junit,  export_hyperfine, export_gobench,
    export_gbench, tables_csv,       tables_markdown,
};

const struct option_spec export_specs[] = {
    {.name = "format",
     .kind = OPTION_CHOICE,
     .offset = offsetof(struct export_options, format),
     .fallback = "junit",
     .choices = "junit|hyperfine|gobench|gbench|csv|md",
     .help = "for whom"},
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
    writers[options.format](stdout, &report);
    report_free(&report);
    if (fflush(stdout) != 0 || ferror(stdout))
        die(EXIT_WRONG, "cannot write the report: %s", strerror(errno));
    return EXIT_FINE;
}

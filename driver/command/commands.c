// SPDX-License-Identifier: MIT
//
// commands.c - the table of all commands: see commands.h.
#include "driver/command/commands.h"

#include "lib/check.h"
#include "lib/error.h"
#include "lib/suggestion.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// Of a command that has no option but this one.
static const struct option_spec only_help[] = {
    {.name = "help", .kind = OPTION_FLAG, .help = "print this"},
    {.name = NULL},
};

const struct command commands[] = {
    {"run", command_run, run_specs, OPERAND_NONE, &run_manual},
    {"time", command_time, time_specs, OPERAND_NONE, &time_manual},
    {"report", command_report, report_specs, OPERAND_REPORT, &report_manual},
    {"compare", command_compare, compare_specs, OPERAND_REPORTS, &compare_manual},
    {"check", command_check, check_specs, OPERAND_NONE, &check_manual},
    {"baseline", command_baseline, baseline_specs, OPERAND_BASELINE, &baseline_manual},
    {"calibrate", command_calibrate, calibrate_specs, OPERAND_NONE, &calibrate_manual},
    {"selftest", command_selftest, selftest_specs, OPERAND_NONE, &selftest_manual},
    {"counters", command_counters, counters_specs, OPERAND_NONE, &counters_manual},
    {"export", command_export, export_specs, OPERAND_REPORT, &export_manual},
    {"list", command_list, list_specs, OPERAND_WORKLOAD, &list_manual},
    {"doctor", command_doctor, only_help, OPERAND_NONE, &doctor_manual},
    {"validate", command_validate, validate_specs, OPERAND_NONE, &validate_manual},
    {"completion", command_completion, completion_specs, OPERAND_SHELL,
     &completion_manual},
    {"help", command_help, help_specs, OPERAND_COMMAND, &help_manual},
};

const size_t command_count = ARRAY_LEN(commands);

const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < command_count; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

int command_parse(const char *name, void *values, const bool *help,
                  const struct command_line *line)
{
    const struct command *command = command_find(name);
    const struct option_group groups[] = {{"Options", command->specs, values}, {0}};
    struct reason reason;
    options_defaults(&groups[0]);
    int count = options_parse(groups, line->argc, line->argv, line->operands, line->room,
                              &reason);
    if (count < 0)
        die(EXIT_USAGE, "%s: %s", name, reason.text);
    if (!*help)
        return count;
    manual_print(stdout, command->manual, groups);
    if (fflush(stdout) != 0 || ferror(stdout))
        die(EXIT_WRONG, "cannot write the help: %s", strerror(errno));
    exit(EXIT_FINE);
}

void command_unknown(const char *before, const char *name)
{
    struct suggestion suggestion = {.word = name};
    for (size_t i = 0; i < command_count; i++)
        suggestion_consider(&suggestion, commands[i].name);
    char hint[64];
    char names[256];
    suggestion_text(&suggestion, "", hint, sizeof hint);
    command_names(names, sizeof names);
    die(EXIT_USAGE, "%sthere is no command '%s'%s say %s", before, name,
        hint[0] == '\0' ? ";" : hint, names);
}

void command_names(char *text, size_t size)
{
    text[0] = '\0';
    for (size_t i = 0; i < command_count; i++) {
        size_t used = strlen(text);
        const char *comma = i == 0 ? "" : i + 1 < command_count ? ", " : " or ";
        snprintf(text + used, size - used, "%s%s", comma, commands[i].name);
    }
}

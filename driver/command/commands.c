// SPDX-License-Identifier: MIT
//
// commands.c - the table of all commands: see commands.h.
#include "driver/command/commands.h"

#include "lib/check.h"
#include "lib/error.h"
#include "lib/suggestion.h"

#include <stdio.h>
#include <string.h>

// Of commands that have no option but this one.
static const struct option_spec help_specs[] = {
    {.name = "help", .kind = OPTION_FLAG, .help = "print this"},
    {.name = NULL},
};

const struct command commands[] = {
    {"run", command_run, "run the models against each other and write a report",
     run_specs, OPERAND_NONE},
    {"report", command_report, "print a stored report as text, Markdown, CSV or JSON",
     report_specs, OPERAND_REPORT},
    {"compare", command_compare, "compare two stored reports, and what lies behind them",
     compare_specs, OPERAND_REPORTS},
    {"check", command_check, "tell whether this build is slower than another one",
     check_specs, OPERAND_NONE},
    {"baseline", command_baseline, "keep reports of this machine for later checks",
     baseline_specs, OPERAND_BASELINE},
    {"calibrate", command_calibrate, "find out how small an effect this machine can show",
     calibrate_specs, OPERAND_NONE},
    {"selftest", command_selftest, "show that check finds what it should find",
     selftest_specs, OPERAND_NONE},
    {"counters", command_counters,
     "count system calls, instructions and memory; times nothing", counters_specs,
     OPERAND_NONE},
    {"export", command_export, "print a stored report for other tools: JUnit and more",
     export_specs, OPERAND_REPORT},
    {"list", command_list, "list workloads and models, and the options of each",
     list_specs, OPERAND_WORKLOAD},
    {"doctor", command_doctor,
     "say what limits or disturbs measuring here, and what to do", help_specs,
     OPERAND_NONE},
    {"completion", command_completion, "print the completion for bash, zsh or fish",
     completion_specs, OPERAND_SHELL},
    {"help", command_help, "explain a command", help_specs, OPERAND_COMMAND},
};

const size_t command_count = ARRAY_LEN(commands);

const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < command_count; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
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

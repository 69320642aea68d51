// SPDX-License-Identifier: MIT
//
// commands.c - the table of all commands, and `quartet help`, which prints it, or one of them,
// or either as a man page, from the same texts (manuals.c): see commands.h.
#include "driver/command/commands.h"

#include "lib/check.h"
#include "lib/error.h"
#include "lib/suggestion.h"

#include "build_info.h"

#include <errno.h>
#include <stddef.h>
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
    {"merge", command_merge, merge_specs, OPERAND_MANY_REPORTS, &merge_manual},
    {"history", command_history, history_specs, OPERAND_HISTORY, &history_manual},
    {"check", command_check, check_specs, OPERAND_NONE, &check_manual},
    {"baseline", command_baseline, baseline_specs, OPERAND_BASELINE, &baseline_manual},
    {"calibrate", command_calibrate, calibrate_specs, OPERAND_NONE, &calibrate_manual},
    {"selftest", command_selftest, selftest_specs, OPERAND_NONE, &selftest_manual},
    {"trace", command_trace, trace_specs, OPERAND_TRACED, &trace_manual},
    {"explain", command_explain, explain_specs, OPERAND_ROWS, &explain_manual},
    {"counters", command_counters, counters_specs, OPERAND_NONE, &counters_manual},
    {"claims", command_claims, claims_specs, OPERAND_CLAIM, &claims_manual},
    {"predict", command_predict, predict_specs, OPERAND_TRACED, &predict_manual},
    {"lesson", command_lesson, lesson_specs, OPERAND_PAGE, &lesson_manual},
    {"grade", command_grade, grade_specs, OPERAND_PROGRAM, &grade_manual},
    {"export", command_export, export_specs, OPERAND_REPORT, &export_manual},
    {"list", command_list, list_specs, OPERAND_WORKLOAD, &list_manual},
    {"doctor", command_doctor, only_help, OPERAND_NONE, &doctor_manual},
    {"expect", command_expect, expect_specs, OPERAND_WORKLOAD, &expect_manual},
    {"validate", command_validate, validate_specs, OPERAND_NONE, &validate_manual},
    {"completion", command_completion, completion_specs, OPERAND_SHELL,
     &completion_manual},
    {"help", command_help, help_specs, OPERAND_COMMAND, &help_manual},
};

const size_t command_count = ARRAY_LEN(commands);

const char *command_rank(uint64_t choice)
{
    static const char *const names[] = {NULL, "wall", "run"};
    return names[choice];
}

const struct command *command_find(const char *name)
{
    for (size_t i = 0; i < command_count; i++)
        if (strcmp(commands[i].name, name) == 0)
            return &commands[i];
    return NULL;
}

static bool has_output(const struct command *command)
{
    for (const struct option_spec *spec = command->specs; spec->name != NULL; spec++)
        if (strcmp(spec->name, "output") == 0)
            return true;
    return false;
}

// A copy of the words with "--output" for "-o", where the command has that option. free() it.
static char **expand_words(const struct command *command, int argc, char **argv)
{
    static char output[] = "--output";
    char **words = malloc(((size_t)argc + 1) * sizeof *words);
    if (words == NULL)
        die(EXIT_WRONG, "no memory");
    for (int i = 0; i < argc; i++)
        words[i] = strcmp(argv[i], "-o") == 0 && has_output(command) ? output : argv[i];
    return words;
}

int command_parse(const char *name, void *values, const bool *help,
                  const struct command_line *line)
{
    const struct command *command = command_find(name);
    const struct option_group groups[] = {{"Options", command->specs, values}, {0}};
    struct reason reason;
    char **words = expand_words(command, line->argc, line->argv);
    options_defaults(&groups[0]);
    int count =
        options_parse(groups, line->argc, words, line->operands, line->room, &reason);
    free(words);
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

// ---- help --------------------------------------------------------------------------

struct help_options {
    bool man;
    bool help;
};

const struct option_spec help_specs[] = {
    {.name = "man",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct help_options, man),
     .help = "print the man page: roff, for man -l -"},
    {.name = "help",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct help_options, help),
     .help = "print this"},
    {.name = NULL},
};

static const struct option_group no_options[] = {{0}};

static void print_overview(void)
{
    printf("usage: quartet COMMAND [options]\n\n%s\n"
           "Commands: 'quartet help COMMAND'. First: 'quartet doctor', 'quartet run "
           "--profile quick'.\n",
           quartet_manual.text);
    for (size_t i = 0; i < command_count; i++)
        printf("  %-10s  %s\n", commands[i].name, commands[i].manual->summary);
    printf(
        "\n"
        "Exit codes: 0 fine, 1 wrong, 2 usage, 3 slower, 4 undecided, 5 no base, 77 not "
        "here, 130 stopped.\n");
}

static void print_overview_page(void)
{
    manual_print_page(stdout, &quartet_manual, no_options, QUARTET_VERSION);
    printf(".SH COMMANDS\n");
    for (size_t i = 0; i < command_count; i++)
        printf(".TP\n.BR quartet\\-%s (1)\n%s\n", commands[i].name,
               commands[i].manual->summary);
}

static void print_command(const struct command *command, bool man)
{
    const struct option_group groups[] = {{"Options", command->specs, NULL}, {0}};
    if (man)
        manual_print_page(stdout, command->manual, groups, QUARTET_VERSION);
    else
        manual_print(stdout, command->manual, groups);
}

int command_help(int argc, char **argv)
{
    struct help_options options = {0};
    const char *name = NULL;
    int count = command_parse("help", &options, &options.help,
                              &(struct command_line){argc, argv, &name, 1});
    const struct command *command = count > 0 ? command_find(name) : NULL;
    if (count > 0 && command == NULL)
        command_unknown("help: ", name);
    if (command != NULL)
        print_command(command, options.man);
    else if (options.man)
        print_overview_page();
    else
        print_overview();
    if (fflush(stdout) != 0 || ferror(stdout))
        die(EXIT_WRONG, "cannot write the help: %s", strerror(errno));
    return EXIT_FINE;
}

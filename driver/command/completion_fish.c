// SPDX-License-Identifier: MIT
//
// completion_fish.c - completion for fish: see completion_words.h. One line per command and one
// per option.
#include "driver/command/completion_words.h"

#include "driver/command/commands.h"

#define QUOTED "\\'" // within single quotes

static const char head[] =
    "# Completion of quartet for fish. Written by 'quartet completion fish'.\n"
    "\n"
    "# Words that quartet itself knows.\n"
    "function __quartet_words\n"
    "    set -l program (commandline -opc)[1]\n"
    "    $program completion --words $argv[1] 2>/dev/null\n"
    "end\n"
    "\n"
    "complete -c quartet -f\n";

static void print_described(FILE *file, const char *text)
{
    fputs(" -d '", file);
    completion_print_escaped(file, text, QUOTED);
    fputs("'\n", file);
}

static void begin(FILE *file, const struct command *command)
{
    fprintf(file, "complete -c quartet -n '__fish_seen_subcommand_from %s'",
            command->name);
}

static void print_option(FILE *file, const struct command *command,
                         const struct option_spec *spec)
{
    begin(file, command);
    fprintf(file, " -l %s%s", spec->name, completion_is_output(spec) ? " -s o" : "");
    switch (completion_kind_of(spec)) {
    case COMPLETION_FLAG:
        break;
    case COMPLETION_CHOICE:
        fputs(" -x -a '", file);
        completion_print_choices(file, spec);
        fputs("'", file);
        break;
    case COMPLETION_WORDS:
        fprintf(file, " -x -a '(__fish_complete_list , \"__quartet_words %s\")'",
                spec->name);
        break;
    case COMPLETION_BASE:
        fputs(" -r -F -a '(__quartet_words baselines)'", file);
        break;
    case COMPLETION_FILE:
        fputs(" -r -F", file);
        break;
    case COMPLETION_NOTHING:
        fputs(" -x", file);
        break;
    }
    print_described(file, spec->help);
}

static void print_operand(FILE *file, const struct command *command)
{
    static const char *const actions[] = {
        [OPERAND_NONE] = NULL,
        [OPERAND_REPORT] = " -F",
        [OPERAND_REPORTS] = " -F",
        [OPERAND_WORKLOAD] = " -a '(__quartet_words all)'",
        [OPERAND_COMMAND] = " -a '(__quartet_words commands)'",
        [OPERAND_SHELL] = " -a 'bash zsh fish'",
        [OPERAND_BASELINE] = " -F -a 'save list show (__quartet_words baselines)'",
    };
    if (actions[command->operand] == NULL)
        return;
    begin(file, command);
    fprintf(file, "%s\n", actions[command->operand]);
}

void completion_fish(FILE *file)
{
    fputs(head, file);
    for (size_t i = 0; i < command_count; i++) {
        fprintf(file, "\ncomplete -c quartet -n __fish_use_subcommand -a %s",
                commands[i].name);
        print_described(file, commands[i].manual->summary);
        for (const struct option_spec *spec = commands[i].specs; spec->name != NULL;
             spec++)
            print_option(file, &commands[i], spec);
        print_operand(file, &commands[i]);
    }
}

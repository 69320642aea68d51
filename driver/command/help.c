// SPDX-License-Identifier: MIT
//
// help.c - `quartet help`: the commands on one screen, the help of one of them, or either as
// a man page, from the same texts (manuals.c).
#include "driver/command/commands.h"
#include "lib/error.h"

#include "build_info.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

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
    printf("usage: quartet COMMAND [options]\n\n%s\nCommands:\n", quartet_manual.text);
    for (size_t i = 0; i < command_count; i++)
        printf("  %-10s  %s\n", commands[i].name, commands[i].manual->summary);
    printf("\n"
           "'quartet help COMMAND' prints its options. Start with:\n"
           "  quartet doctor                        is this machine fit?\n"
           "  quartet run --profile quick           a look at everything, two minutes\n"
           "\n"
           "Exit codes: 0 fine, 1 wrong or failed, 2 usage, 3 slower, 4 undecided, 5 no "
           "base,\n"
           "77 impossible here, 130 interrupted.\n");
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

// SPDX-License-Identifier: MIT
//
// help.c - `quartet help`: what there is, on one screen. The help of a command
// is printed by the command itself, which alone knows its options.
#include "driver/command/commands.h"
#include "lib/error.h"

#include <stdio.h>
#include <string.h>

static void print_overview(void)
{
    printf(
        "usage: quartet COMMAND [options]\n"
        "\n"
        "Runs the same work as processes, threads, coroutines and an event loop, proves\n"
        "that it was the same work, times it with hyperfine, and reports who is how "
        "fast.\n"
        "\n"
        "Commands:\n");
    for (size_t i = 0; i < command_count; i++)
        printf("  %-10s  %s\n", commands[i].name, commands[i].summary);
    printf("\n"
           "'quartet help COMMAND' prints its options.\n"
           "\n"
           "Start with:\n"
           "  quartet doctor                        is this machine fit?\n"
           "  quartet run --profile quick           a look at everything, two minutes\n"
           "  quartet run                           enough rounds to decide something\n"
           "\n"
           "Exit codes: 0 fine, 1 a wrong answer or a tool that failed, 2 usage,\n"
           "3 a confirmed slow-down, 77 impossible on this machine, 130 interrupted.\n");
}

int command_help(int argc, char **argv)
{
    if (argc == 0 || strcmp(argv[0], "--help") == 0) {
        print_overview();
        return EXIT_FINE;
    }
    if (argc > 1)
        die(EXIT_USAGE, "help: name one command, not %d", argc);
    char option[] = "--help";
    char *arguments[] = {option, NULL};
    const struct command *command = command_find(argv[0]);
    if (command != NULL)
        return command->run(1, arguments);
    command_unknown("help: ", argv[0]);
}

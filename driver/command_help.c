// SPDX-License-Identifier: MIT
//
// command_help.c - `quartet help`: what there is, on one screen. The help of a command
// is printed by the command itself, which alone knows its options.
#include "driver/commands.h"
#include "lib/check.h"
#include "lib/error.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int (*command)(int argc, char **argv);
    const char *summary;
} topics[] = {
    {"run", command_run, "run the models against each other and write a report"},
    {"report", command_report, "print a stored report as text, Markdown, CSV or JSON"},
    {"compare", command_compare, "compare two stored reports, and what lies behind them"},
    {"check", command_check, "tell whether this build is slower than another one"},
    {"selftest", command_selftest, "show that check finds what it should find"},
    {"count", command_count,
     "count system calls, instructions and memory; times nothing"},
    {"export", command_export, "print a stored report for other tools: JUnit and more"},
    {"list", command_list, "list workloads and models, and the options of each"},
    {"doctor", command_doctor,
     "say what limits or disturbs measuring here, and what to do"},
    {"help", command_help, "explain a command"},
};

static void print_overview(void)
{
    printf(
        "usage: quartet COMMAND [options]\n"
        "\n"
        "Runs the same work under four concurrency models (multiprocess, multithread,\n"
        "coroutine, event loop), proves that it was the same work, times each with\n"
        "hyperfine, and reports how they compare.\n"
        "\n"
        "Commands:\n");
    for (size_t i = 0; i < ARRAY_LEN(topics); i++)
        printf("  %-8s  %s\n", topics[i].name, topics[i].summary);
    printf("\n"
           "'quartet help COMMAND' prints its options.\n"
           "\n"
           "Start with:\n"
           "  quartet doctor                        is this machine fit?\n"
           "  quartet run --profile quick           a look at everything, two minutes\n"
           "  quartet run                           enough rounds to decide something\n"
           "  quartet run --workloads primes        one workload only\n"
           "  quartet report results/latest         the newest report again\n"
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
    for (size_t i = 0; i < ARRAY_LEN(topics); i++) {
        if (strcmp(argv[0], topics[i].name) == 0)
            return topics[i].command(1, arguments);
    }
    die(EXIT_USAGE,
        "help: there is no command '%s'; say run, report, compare, check, selftest, "
        "count, export, list "
        "or doctor",
        argv[0]);
}

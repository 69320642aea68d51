// SPDX-License-Identifier: MIT
//
// The program `quartet`: one word chooses what it does, the rest belongs to that
// command.
//
// Read next: command_run.c, the main command.
#include "driver/commands.h"
#include "lib/check.h"
#include "lib/error.h"
#include "lib/process.h"

#include "build_info.h"

#include <stdio.h>
#include <string.h>

static const struct {
    const char *name;
    int (*command)(int argc, char **argv);
} commands[] = {
    {"run", command_run},           {"report", command_report},
    {"compare", command_compare},   {"check", command_check},
    {"selftest", command_selftest}, {"count", command_count},
    {"export", command_export},     {"list", command_list},
    {"doctor", command_doctor},     {"help", command_help},
    {"--help", command_help},       {"-h", command_help},
};

int main(int argc, char **argv)
{
    error_set_program("quartet");
    process_reset_signals();
    if (argc < 2)
        die(EXIT_USAGE,
            "say what to do: run, report, compare, check, selftest, count, export, list, "
            "doctor or help");
    if (strcmp(argv[1], "--version") == 0) {
        printf("quartet %s (%s)\n", QUARTET_VERSION, QUARTET_COMMIT);
        return EXIT_FINE;
    }
    for (size_t i = 0; i < ARRAY_LEN(commands); i++)
        if (strcmp(argv[1], commands[i].name) == 0)
            return commands[i].command(argc - 2, argv + 2);
    die(EXIT_USAGE,
        "there is no command '%s'; say run, report, compare, check, selftest, count, "
        "export, "
        "list, "
        "doctor or help",
        argv[1]);
}

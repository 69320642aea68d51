// SPDX-License-Identifier: MIT
//
// The program `quartet`: one word chooses what it does, the rest belongs to that
// command.
//
// Read next: command/commands.c for the table of them, command/run.c for the main one.
#include "driver/command/commands.h"
#include "lib/allocate.h"
#include "lib/error.h"
#include "lib/process.h"

#include "build_info.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

// Data that could not be written is not fine, whatever it was.
static int finish(int code)
{
    if ((fflush(stdout) == 0 && !ferror(stdout)) || code != EXIT_FINE)
        return code;
    die(EXIT_WRONG, "cannot write to stdout: %s", strerror(errno));
}

int main(int argc, char **argv)
{
    char names[256];
    process_begin();
    error_set_program("quartet");
    allocate_json();
    if (argc < 2) {
        command_names(names, sizeof names);
        die(EXIT_USAGE, "say what to do: %s", names);
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("quartet %s (%s)\n", QUARTET_VERSION, QUARTET_COMMIT);
        return finish(EXIT_FINE);
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)
        return finish(command_help(argc - 2, argv + 2));
    if (strcmp(argv[1], "__complete") == 0)
        return finish(command_complete(argc - 2, argv + 2));
    const struct command *command = command_find(argv[1]);
    if (command != NULL)
        return finish(command->run(argc - 2, argv + 2));
    command_unknown("", argv[1]);
}

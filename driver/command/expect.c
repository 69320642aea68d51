// SPDX-License-Identifier: MIT
//
// expect.c - `quartet expect WORKLOAD`: what a run of any program must leave for these
// parameters: ledger, checksum, and the least time that it can take. Nothing is run: the linked
// runner `sequential` knows it.
//
// Read next: runners/common/expect.c, and docs/own-runner.md for who needs it.
#include "driver/command/commands.h"
#include "driver/command/prepare.h"
#include "driver/plan/runner.h"
#include "lib/error.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define WORDS_MAXIMUM 30 // of the command line

struct expect_options {
    bool help;
};

const struct option_spec expect_specs[] = {
    {.name = "help",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct expect_options, help),
     .help = "print this"},
    {.name = NULL},
};

// All words are the runner's, but for the wish for help.
static void parse(int argc, char **argv, char **words)
{
    struct expect_options options = {0};
    bool help = argc == 1 && strcmp(argv[0], "--help") == 0;
    if (help)
        command_parse("expect", &options, &options.help,
                      &(struct command_line){argc, argv, NULL, 0});
    if (argc == 0 || argv[0][0] == '-')
        die(EXIT_USAGE, "expect: name a workload first, such as: quartet expect sleep "
                        "--tasks 3 --delay 20ms --seed 5");
    if (argc > WORDS_MAXIMUM)
        die(EXIT_USAGE, "expect: more than %d words", WORDS_MAXIMUM);
    for (int i = 0; i < argc; i++)
        words[i] = argv[i];
}

int command_expect(int argc, char **argv)
{
    static struct runner_set set;
    char *words[WORDS_MAXIMUM + 3] = {NULL};
    static char wish[] = "--expect";
    parse(argc, argv, words + 1);
    prepare_runners(&set);
    const struct runner *oracle = &set.list[0];
    if (runner_workload(oracle, words[1]) == NULL)
        die(EXIT_USAGE, "expect: there is no workload '%.60s'; see 'quartet list'",
            words[1]);
    words[0] = strdup(oracle->path);
    words[argc + 1] = wish;
    execv(oracle->path, words); // its complaints and its exit code are ours
    die(EXIT_WRONG, "expect: cannot run '%s': %s", oracle->path, strerror(errno));
}

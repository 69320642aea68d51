// SPDX-License-Identifier: MIT
//
// completion.c - `quartet completion`: prints what makes a shell complete the
// words of a command line.
//
// Read next: completion_words.h.
#include "driver/command/commands.h"
#include "driver/command/completion_words.h"
#include "driver/gate/baseline.h"
#include "driver/measure/environment.h"
#include "driver/plan/runner.h"
#include "driver/report/json.h"
#include "lib/check.h"
#include "lib/error.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// In the order of the choices of --words; 0: none.
enum words {
    WORDS_NONE,
    WORDS_WORKLOADS,
    WORDS_MODELS,
    WORDS_ALL,
    WORDS_BASELINES,
    WORDS_COMMANDS,
};

struct completion_options {
    uint64_t words;
    bool help;
};

const struct option_spec completion_specs[] = {
    {.name = "words",
     .kind = OPTION_CHOICE,
     .offset = offsetof(struct completion_options, words),
     .fallback = "none",
     .choices = "none|workloads|models|all|baselines|commands",
     .help = "print only this"},
    {.name = "help",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct completion_options, help),
     .help = "print this"},
    {.name = NULL},
};

static const struct {
    const char *name;
    void (*print)(FILE *file);
} shells[] = {{"bash", completion_bash},
              {"zsh", completion_zsh},
              {"fish", completion_fish}};

// ---- words -------------------------------------------------------------------------

static void print_workloads(const struct runner_set *set)
{
    size_t index;
    json_t *workload;
    json_array_foreach(tree_array(set->list[0].describe, "workloads"), index, workload)
    {
        printf("%s\n", tree_text(workload, "name", ""));
    }
}

// Nothing where there are no runners: nobody wants messages while typing.
static int print_runners(enum words words)
{
    struct reason reason;
    struct runner_set *set = calloc(1, sizeof *set);
    if (set == NULL)
        die(EXIT_WRONG, "no memory");
    int error = runner_set_find(set, &reason);
    if (error == 0 && words != WORDS_MODELS)
        print_workloads(set);
    for (size_t i = 0; error == 0 && words != WORDS_WORKLOADS && i < set->count; i++)
        printf("%s\n", set->list[i].name);
    runner_set_free(set);
    free(set);
    return error == 0 ? EXIT_FINE : EXIT_WRONG;
}

static void print_baseline(void *context, const char *testbed, const char *name,
                           const char *path)
{
    (void)path;
    if (strcmp(testbed, context) == 0)
        printf("%s\n", name);
}

static int print_words(enum words words)
{
    char testbed[32];
    struct reason reason;
    if (words == WORDS_BASELINES) {
        environment_testbed(testbed, sizeof testbed);
        return baseline_each(print_baseline, testbed, &reason) == 0 ? EXIT_FINE
                                                                    : EXIT_WRONG;
    }
    if (words != WORDS_COMMANDS)
        return print_runners(words);
    for (size_t i = 0; i < command_count; i++)
        printf("%s\n", commands[i].name);
    return EXIT_FINE;
}

// ---- the command -------------------------------------------------------------------

static int print_script(const char *shell)
{
    for (size_t i = 0; i < ARRAY_LEN(shells); i++) {
        if (strcmp(shell, shells[i].name) != 0)
            continue;
        shells[i].print(stdout);
        return EXIT_FINE;
    }
    die(EXIT_USAGE, "completion: '%s': choose one of bash, zsh, fish", shell);
}

int command_completion(int argc, char **argv)
{
    struct completion_options options = {0};
    const char *shell = NULL;
    int count = command_parse("completion", &options, &options.help,
                              &(struct command_line){argc, argv, &shell, 1});
    if (count == 0 && options.words == WORDS_NONE)
        die(EXIT_USAGE, "completion: name a shell: bash, zsh or fish");
    int code = options.words != WORDS_NONE ? print_words((enum words)options.words)
                                           : print_script(shell);
    if (fflush(stdout) != 0 || ferror(stdout))
        die(EXIT_WRONG, "cannot write: %s", strerror(errno));
    return code;
}

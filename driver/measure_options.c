// SPDX-License-Identifier: MIT
//
// measure_options.c - see measure_options.h.
#include "driver/measure_options.h"

#include "lib/cpus.h"
#include "lib/error.h"
#include "lib/mix.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SEED_RANGE 1000000000 // of seeds that we draw: short enough to be typed again

// A copy of argv with "--output" for "-o". free() it.
static char **expand_words(int argc, char **argv)
{
    static char output[] = "--output";
    char **copy = malloc(((size_t)argc + 1) * sizeof *copy);
    if (copy == NULL)
        die(EXIT_WRONG, "no memory");
    for (int i = 0; i < argc; i++)
        copy[i] = strcmp(argv[i], "-o") == 0 ? output : argv[i];
    return copy;
}

void measure_options_parse(const char *command, const struct option_group *group,
                           void (*print_help)(const struct option_group *group), int argc,
                           char **argv)
{
    const struct option_group groups[] = {*group, {0}};
    const struct measure_options *options = group->values;
    struct reason reason;
    char **words = expand_words(argc, argv);
    options_defaults(group);
    if (options_parse(groups, argc, words, NULL, 0, &reason) < 0)
        die(EXIT_USAGE, "%s: %s", command, reason.text);
    free(words);
    if (options->help) {
        print_help(group);
        exit(EXIT_FINE);
    }
}

static uint64_t draw_seed(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return mix_into((uint64_t)now.tv_sec, (uint64_t)now.tv_nsec) % SEED_RANGE + 1;
}

void measure_options_apply(const char *command, struct measure_options *options)
{
    struct reason reason;
    if (options->cpus != NULL && cpus_pin(options->cpus, &reason) != 0)
        die(EXIT_USAGE, "%s: --cpus: %s", command, reason.text);
    if (options->seed == 0)
        options->seed = draw_seed();
}

struct plan_choice measure_options_choice(const struct measure_options *options)
{
    return (struct plan_choice){.profile = (enum profile_name)options->profile,
                                .workloads = options->workloads,
                                .models = options->models,
                                .tasks = options->tasks,
                                .concurrency = options->concurrency};
}

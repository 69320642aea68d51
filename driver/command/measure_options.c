// SPDX-License-Identifier: MIT
//
// measure_options.c - see measure_options.h.
#include "driver/command/measure_options.h"

#include "driver/command/commands.h"
#include "driver/plan/lanes.h"
#include "driver/plan/rows.h"
#include "lib/cpus.h"
#include "lib/error.h"
#include "lib/mix.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define CONCURRENCY_MAXIMUM 10000000

#define SEED_RANGE 1000000000 // of seeds that we draw: short enough to be typed again

int measure_options_parse_line(const char *command, void *values,
                               const struct command_line *line)
{
    struct measure_options *options = values;
    return command_parse(command, values, &options->help, line);
}

// Does this option stand there, with or without its value in the same word?
static bool is_given(int argc, char **argv, const char *option)
{
    size_t length = strlen(option);
    for (int i = 0; i < argc; i++)
        if (strncmp(argv[i], option, length) == 0 && strchr("=", argv[i][length]) != NULL)
            return true;
    return false;
}

void measure_options_parse(const char *command, void *values, int argc, char **argv)
{
    struct measure_options *options = values;
    measure_options_parse_line(command, values,
                               &(struct command_line){argc, argv, NULL, 0});
    // Lanes have sizes of their own: an interpreter takes fifty times as long.
    if (options->lanes != NULL && !is_given(argc, argv, "--profile"))
        options->profile = "lanes";
    if (options->python != NULL && options->lanes == NULL)
        die(EXIT_USAGE, "%s: --python: only with --lanes", command);
}

static uint64_t draw_seed(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return mix_into((uint64_t)now.tv_sec, (uint64_t)now.tv_nsec) % SEED_RANGE + 1;
}

int measure_options_sweep(const char *text, struct plan_sweep *sweep,
                          struct reason *reason)
{
    *sweep = (struct plan_sweep){0};
    for (const char *rest = text; rest != NULL;) {
        char word[32];
        uint64_t value;
        size_t length = strcspn(rest, ",");
        snprintf(word, sizeof word, "%.*s", (int)(length < 31 ? length : 31), rest);
        if (quantity_parse(OPTION_COUNT, word, &value) != 0 || value < 1 ||
            value > CONCURRENCY_MAXIMUM)
            return reason_set(reason, -EINVAL,
                              "--concurrency '%.80s': '%s' is not a whole number from 1 "
                              "to 10m; give one, or a list such as 1,10,100",
                              text, word);
        if (sweep->count > 0 && value <= sweep->list[sweep->count - 1])
            return reason_set(reason, -EINVAL,
                              "--concurrency '%.80s': '%s' is not larger than what "
                              "stands before it; sort the list, and name each once",
                              text, word);
        if (sweep->count == PLAN_SWEEP_MAXIMUM)
            return reason_set(reason, -EINVAL,
                              "--concurrency '%.80s': a list has at most %d numbers",
                              text, PLAN_SWEEP_MAXIMUM);
        sweep->list[sweep->count++] = value;
        rest = rest[length] == ',' ? rest + length + 1 : NULL;
    }
    return 0;
}

// A plan of the user's own says all that these options say.
static void refuse_both(const char *command, const struct measure_options *options)
{
    const struct {
        const char *name;
        bool given;
    } others[] = {{"workloads", options->workloads != NULL},
                  {"models", options->models != NULL},
                  {"tasks", options->tasks != 0},
                  {"concurrency", options->concurrency != NULL}};
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (others[i].given)
            die(EXIT_USAGE,
                "%s: --%s: the file of --plan says that already; leave one of the two "
                "out",
                command, others[i].name);
}

void measure_options_load_rows(const char *command, struct measure_options *options)
{
    struct reason reason;
    if (options->plan != NULL &&
        plan_file_load(&options->plan_file, options->plan, &reason) != 0)
        die(EXIT_USAGE, "%s: --plan: %s", command, reason.text);
}

static void apply_plan(const char *command, struct measure_options *options)
{
    refuse_both(command, options);
    measure_options_load_rows(command, options);
    if (options->rounds == 0)
        options->rounds = options->plan_file.rounds;
    if (options->seed == 0)
        options->seed = options->plan_file.seed;
}

static void check_amount(const char *command, const struct measure_options *options)
{
    const struct plan_sweep *sweep = &options->sweep;
    uint64_t largest = sweep->count == 0 ? 0 : sweep->list[sweep->count - 1];
    if (options->tasks != 0 && largest > options->tasks)
        die(EXIT_USAGE,
            "%s: --concurrency %" PRIu64 ": more than --tasks %" PRIu64
            " cannot be in flight",
            command, largest, options->tasks);
}

void measure_options_apply(const char *command, struct measure_options *options)
{
    struct reason reason;
    options->sweep = (struct plan_sweep){0};
    options->plan_file = (struct plan_file){0};
    options->profile_document = (struct plan_file){0};
    if (options->profile != NULL &&
        profile_load(&options->profile_document, options->profile, &reason) != 0)
        die(EXIT_USAGE, "%s: --profile: %s", command, reason.text);
    if (options->concurrency != NULL &&
        measure_options_sweep(options->concurrency, &options->sweep, &reason) != 0)
        die(EXIT_USAGE, "%s: %s", command, reason.text);
    check_amount(command, options);
    if (options->plan != NULL)
        apply_plan(command, options);
    if (options->cpus != NULL && cpus_pin(options->cpus, &reason) != 0)
        die(EXIT_USAGE, "%s: --cpus: %s", command, reason.text);
    if (options->seed == 0)
        options->seed = options->profile_document.seed;
    if (options->seed == 0)
        options->seed = draw_seed();
}

// Says which programs of a lane were left out.
static void name_ignored(const struct runner_set *set, size_t first)
{
    for (size_t i = first; i < set->ignored_count; i++)
        warn("SKIP %s: %s", set->ignored[i].name, set->ignored[i].reason.text);
}

static struct plan_file *document_of(struct measure_options *options)
{
    return options->plan_file.document != NULL ? &options->plan_file
                                               : &options->profile_document;
}

void measure_options_refuse_rows(const char *command, struct measure_options *options)
{
    if (plan_rows_any(document_of(options)))
        die(EXIT_USAGE,
            "%s: %s: its \"commands\", and programs with a \"command\", are rows of "
            "'quartet run' and 'quartet counters' alone",
            command, document_of(options)->name);
}

void measure_options_add_rows(const char *command, struct measure_options *options,
                              struct runner_set *set)
{
    struct reason reason;
    const struct lanes lanes = {.list = options->lanes, .python = options->python};
    size_t before = set->ignored_count;
    for (size_t i = 0; i < options->runners.count; i++) {
        const struct runner_choice choice = {.path = options->runners.texts[i]};
        int error = runner_set_add(set, &choice, &reason);
        if (error != 0)
            die(error == EXIT_CANNOT ? EXIT_CANNOT : EXIT_USAGE, "%s: --runner %s",
                command, reason.text);
    }
    int error = lanes.list == NULL ? 0 : lanes_add(set, &lanes, &reason);
    if (error != 0)
        die(error == EXIT_CANNOT ? EXIT_CANNOT : EXIT_USAGE, "%s: %s%s", command,
            error == EXIT_CANNOT ? "SKIP " : "", reason.text);
    error = plan_rows_add(document_of(options), set, &reason);
    if (error != 0)
        die(error == EXIT_CANNOT ? EXIT_CANNOT : EXIT_USAGE, "%s: %s", command,
            reason.text);
    name_ignored(set, before);
}

#define WORK_SEEDS 1000000 // short enough to be typed again

void measure_options_choose(const struct measure_options *options,
                            const struct runner_set *set, struct plan_choice *choice,
                            char *models, size_t size)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->list[i].foreign)
            choice->work_seed = 1 + options->seed % WORK_SEEDS;
    if (options->lanes == NULL)
        return;
    lanes_usual_models(set, models, size);
    choice->usual_models = models;
}

void measure_options_free(struct measure_options *options)
{
    plan_file_free(&options->profile_document);
    plan_file_free(&options->plan_file);
}

const struct plan_file *measure_options_own(const struct measure_options *options)
{
    if (options->plan_file.document != NULL)
        return &options->plan_file;
    return options->profile_document.shipped ? NULL : &options->profile_document;
}

struct plan_choice measure_options_choice(const struct measure_options *options)
{
    bool planned = options->plan_file.document != NULL;
    return (struct plan_choice){.document = planned ? &options->plan_file
                                                    : &options->profile_document,
                                .workloads = options->workloads,
                                .models = options->models,
                                .tasks = options->tasks,
                                .concurrency = options->sweep};
}

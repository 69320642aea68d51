// SPDX-License-Identifier: MIT
//
// Sorting the words of a command line: see trace_words.h.
#include "driver/command/trace_words.h"

#include "driver/plan/choice.h"
#include "lib/error.h"
#include "lib/suggestion.h"

#include <stdio.h>
#include <string.h>

// Few enough for a letter each. A workload whose default is less keeps that.
#define TASKS_USUAL "20"
#define TASKS_FEW   20

// Of a runner, but not for a run that is drawn.
static const char *const refused[] = {"record", "memory", "expect", "help"};

// ---- sorting ---------------------------------------------------------------------------

static bool is_option(const char *word)
{
    return strncmp(word, "--", 2) == 0 || strcmp(word, "-o") == 0;
}

static const struct option_spec *find_spec(const struct option_spec *specs,
                                           const char *word)
{
    const char *name = strcmp(word, "-o") == 0 ? "output" : word + 2;
    size_t length = strcspn(name, "=");
    for (const struct option_spec *spec = specs; spec->name != NULL; spec++)
        if (strlen(spec->name) == length && strncmp(spec->name, name, length) == 0)
            return spec;
    return NULL;
}

static bool names(const char *word, const char *option)
{
    size_t length = strlen(option);
    return strncmp(word, "--", 2) == 0 && strncmp(word + 2, option, length) == 0 &&
           (word[2 + length] == '\0' || word[2 + length] == '=');
}

static void check_room(size_t count)
{
    if (count + 4 >= TRACE_WORDS_MAXIMUM)
        die(EXIT_USAGE, "trace: more than %d words", TRACE_WORDS_MAXIMUM - 4);
}

static void add_for_runners(struct trace_words *words, const char *word, bool value)
{
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        if (!value && names(word, refused[i]))
            die(EXIT_USAGE,
                "trace: --%s is for a runner by itself, not for a trace of it",
                refused[i]);
    check_room(words->count);
    words->list[words->count++] = word;
    words->sized |= names(word, "tasks") || names(word, "concurrency");
}

struct command_line trace_words_split(struct trace_words *words,
                                      const struct option_spec *own, int argc,
                                      char **argv)
{
    int count = 0;
    for (int i = 0; i < argc; i++) {
        const struct option_spec *spec =
            is_option(argv[i]) ? find_spec(own, argv[i]) : NULL;
        check_room((size_t)count);
        if (spec != NULL) {
            bool alone = spec->kind == OPTION_FLAG || strchr(argv[i], '=') != NULL;
            words->own[count++] = argv[i];
            if (!alone && i + 1 < argc)
                words->own[count++] = argv[++i];
        } else if (is_option(argv[i])) {
            add_for_runners(words, argv[i], false);
        } else if (words->workload == NULL && words->count == 0) {
            words->workload = argv[i];
        } else {
            add_for_runners(words, argv[i], true);
        }
    }
    return (struct command_line){.argc = count, .argv = words->own};
}

// ---- who knows it ----------------------------------------------------------------------

static const struct option_spec *described(const struct described_options *options,
                                           const char *word)
{
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(word + 2, "="), word + 2);
    return described_option(options, name);
}

// The runner's description of this option, or NULL.
static const struct option_spec *known(const struct runner *runner, const char *workload,
                                       const char *word)
{
    const struct described_workload *described_workload =
        runner_workload(runner, workload);
    const struct option_spec *spec = described(&runner->describe.common_options, word);
    if (spec == NULL)
        spec = described(&runner->describe.options, word);
    if (spec == NULL && described_workload != NULL)
        spec = described(&described_workload->options, word);
    return spec;
}

bool trace_words_wants(const struct trace_words *words, const char *models,
                       const struct runner *runner)
{
    bool wanted = models != NULL ? choice_count(models, runner->name) > 0
                                 : strcmp(runner->name, "sequential") != 0;
    return wanted && runner_workload(runner, words->workload) != NULL;
}

static void check_models(const char *models, const struct runner_set *set)
{
    char name[64];
    for (const char *at = models; at != NULL && *at != '\0'; at += strspn(at, ",")) {
        size_t length = strcspn(at, ",");
        snprintf(name, sizeof name, "%.*s", (int)length, at);
        at += length;
        if (runner_find(set, name) != NULL)
            continue;
        struct suggestion suggestion = {.word = name};
        char hint[64];
        for (size_t i = 0; i < set->count; i++)
            suggestion_consider(&suggestion, set->list[i].name);
        suggestion_text(&suggestion, "", hint, sizeof hint);
        die(EXIT_USAGE,
            "trace: --models: there is no model '%s'%s 'quartet list' names all", name,
            hint[0] == '\0' ? ";" : hint);
    }
}

static void check_workload(const char *workload, const struct runner_set *set)
{
    const struct description *describe = &set->list[0].describe;
    const struct left_out *left_out = description_left_out(describe, workload);
    struct suggestion suggestion = {.word = workload};
    char hint[64];
    if (description_workload(describe, workload) != NULL)
        return;
    if (left_out != NULL)
        die(EXIT_CANNOT, "trace: this build lacks %s: %s", workload, left_out->reason);
    for (size_t i = 0; i < describe->workload_count; i++)
        suggestion_consider(&suggestion, describe->workloads[i].name);
    suggestion_text(&suggestion, "", hint, sizeof hint);
    die(EXIT_USAGE, "trace: there is no workload '%s'%s 'quartet list' names all",
        workload, hint[0] == '\0' ? ";" : hint);
}

void trace_words_check(const struct trace_words *words, const char *models,
                       const struct runner_set *set)
{
    if (words->workload == NULL)
        die(EXIT_USAGE, "trace: name a workload, such as 'quartet trace fetch'; "
                        "'quartet list' names all");
    check_workload(words->workload, set);
    check_models(models, set);
    for (size_t w = 0; w < words->count; w++) {
        bool found = false;
        for (size_t i = 0; i < set->count && is_option(words->list[w]); i++)
            found |= trace_words_wants(words, models, &set->list[i]) &&
                     known(&set->list[i], words->workload, words->list[w]) != NULL;
        if (is_option(words->list[w]) && !found)
            die(EXIT_USAGE,
                "trace: no model that is traced has %s for %s; 'quartet trace --help' "
                "and 'quartet list %s' name all options",
                words->list[w], words->workload, words->workload);
    }
}

// ---- for one runner --------------------------------------------------------------------

void trace_words_for(const struct trace_words *words, const struct runner *runner,
                     const char *argv[TRACE_WORDS_MAXIMUM])
{
    const struct described_workload *workload = runner_workload(runner, words->workload);
    size_t count = 0;
    bool skipping = false;
    argv[count++] = words->workload;
    if (!words->sized && workload->default_tasks > TASKS_FEW) {
        argv[count++] = "--tasks";
        argv[count++] = TASKS_USUAL;
    }
    for (size_t w = 0; w < words->count; w++) {
        if (is_option(words->list[w]))
            skipping = known(runner, words->workload, words->list[w]) == NULL;
        if (skipping && is_option(words->list[w]))
            warn("%s has no %s: left out there", runner->name, words->list[w]);
        if (!skipping)
            argv[count++] = words->list[w];
    }
    argv[count] = NULL;
}

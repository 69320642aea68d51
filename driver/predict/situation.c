// SPDX-License-Identifier: MIT
//
// situation.c - see situation.h.
#include "driver/predict/situation.h"

#include "lib/check.h"
#include "lib/cpus.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define WORDS_MOST 64
#define TEXT_SIZE  512

// Of the options that every runner has, those that make another run of it.
static const char *const shared[] = {"tasks", "concurrency", "cpus", "seed"};

// ---- options ---------------------------------------------------------------------------

static void add_option(struct situation *situation, const struct option_spec *spec)
{
    size_t count = 0;
    while (situation->specs[count].name != NULL)
        count++;
    CHECK(count < SITUATION_OPTIONS);
    situation->specs[count] = *spec;
    situation->specs[count].offset = count * sizeof situation->values[0];
}

static void gather_options(struct situation *situation, const struct runner *oracle)
{
    const struct described_options *own = &situation->workload->options;
    for (size_t i = 0; i < own->count; i++)
        add_option(situation, &own->list[i]);
    for (size_t i = 0; i < ARRAY_LEN(shared); i++) {
        const struct option_spec *spec =
            described_option(&oracle->describe.common_options, shared[i]);
        if (spec != NULL)
            add_option(situation, spec);
    }
}

static const uint64_t *find_value(const struct situation *situation, const char *option)
{
    for (size_t i = 0; situation->specs[i].name != NULL; i++)
        if (strcmp(situation->specs[i].name, option) == 0)
            return &situation->values[i];
    return NULL;
}

double situation_value(const struct situation *situation, const char *option)
{
    const uint64_t *value = find_value(situation, option);
    return value == NULL ? 0 : (double)*value;
}

// ---- sizes -----------------------------------------------------------------------------

// The defaults give way as in runners/common/size.c.
static int choose_sizes(struct situation *situation, struct reason *reason)
{
    const struct described_workload *workload = situation->workload;
    double tasks = situation_value(situation, "tasks");
    double in_flight = situation_value(situation, "concurrency");
    if (tasks == 0)
        tasks = workload->together && in_flight > 0
                    ? in_flight
                    : fmax(workload->default_tasks, in_flight);
    if (in_flight == 0)
        in_flight =
            workload->together ? tasks : fmin(workload->default_concurrency, tasks);
    if (in_flight > tasks || (workload->together && in_flight != tasks))
        return reason_set(reason, -EINVAL, "--concurrency %.0f: %s", in_flight,
                          workload->together
                              ? "all tasks of this workload must be in flight; leave it "
                                "out"
                              : "more than --tasks cannot be in flight");
    situation->tasks = tasks;
    situation->in_flight = in_flight;
    return 0;
}

static int choose_cpus(struct situation *situation, struct reason *reason)
{
    const uint64_t *value = find_value(situation, "cpus");
    const char *list = NULL;
    if (value != NULL)
        memcpy(&list, value, sizeof list);
    if (list != NULL && cpus_listed(list) == 0)
        return reason_set(reason, -EINVAL,
                          "--cpus '%.60s': give a list such as 0 or 0,2-3", list);
    situation->cpu_list = list;
    situation->cpus = list != NULL ? cpus_listed(list) : cpus_count();
    if (list == NULL && situation->workload->peer && situation->cpus > 1)
        situation->cpus--; // the back end has one of its own
    situation->parallel = 1;
    return 0;
}

int situation_parse(struct situation *situation, const struct runner *oracle,
                    const char *workload, int argc, char **argv, struct reason *reason)
{
    *situation = (struct situation){.workload = runner_workload(oracle, workload)};
    CHECK(situation->workload != NULL);
    gather_options(situation, oracle);
    const struct option_group groups[] = {
        {"Options", situation->specs, situation->values}, {0}};
    options_defaults(&groups[0]);
    int count = options_parse(groups, argc, argv, NULL, 0, reason);
    if (count < 0)
        return count;
    int error = choose_sizes(situation, reason);
    return error != 0 ? error : choose_cpus(situation, reason);
}

int situation_parse_text(struct situation *situation, const struct runner *oracle,
                         const char *workload, const char *text, struct reason *reason)
{
    char copy[TEXT_SIZE];
    char *words[WORDS_MOST];
    char *rest = copy;
    int count = 0;
    snprintf(copy, sizeof copy, "%s", text);
    for (char *word = strtok_r(copy, " ", &rest); word != NULL && count < WORDS_MOST;
         word = strtok_r(NULL, " ", &rest))
        words[count++] = word;
    return situation_parse(situation, oracle, workload, count, words, reason);
}

// ---- models and choices ----------------------------------------------------------------

void situation_for_model(struct situation *situation, const char *model)
{
    bool by_kernel =
        strcmp(model, "multiprocess") == 0 || strcmp(model, "multithread") == 0;
    situation->parallel = by_kernel ? fmin(situation->cpus, situation->in_flight) : 1;
}

void situation_choices(const struct situation *situation,
                       char text[SITUATION_CHOICE_SIZE])
{
    char value[64];
    size_t used = 0;
    text[0] = '\0';
    for (size_t i = 0; i < situation->workload->options.count; i++) {
        const struct option_spec *spec = &situation->specs[i];
        if (spec->kind != OPTION_CHOICE || used + 1 >= SITUATION_CHOICE_SIZE)
            continue;
        option_choice_text(spec, situation->values[i], value, sizeof value);
        snprintf(text + used, SITUATION_CHOICE_SIZE - used, "%s%s=%s",
                 used == 0 ? "" : " ", spec->name, value);
        used = strlen(text);
    }
}

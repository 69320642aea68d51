// SPDX-License-Identifier: MIT
//
// draft.c - see draft.h.
#include "driver/plan/draft.h"

#include "driver/plan/command_rows.h"
#include "driver/plan/file.h"
#include "lib/clock.h"
#include "lib/cpus.h"
#include "lib/options.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define TABLE_MEMBERS                                                                    \
    "workload id title arguments tasks concurrency sweep setting cpus peer_cpus models " \
    "run_time"
#define SWEEP_MEMBERS "tasks arguments"

#define RUN_TIME_MAXIMUM_NS (3600 * NS_PER_SECOND)

#define ID_MAXIMUM 100
#define ID_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/=+-"

// ---- the workload ------------------------------------------------------------------

// Only the rows of commands know theirs.
static const struct described_workload *find_workload(const struct runner_set *set,
                                                      const char *name)
{
    for (size_t i = 0; strcmp(name, COMMAND_WORKLOAD) == 0 && i < set->count; i++)
        if (runner_is_command(&set->list[i]))
            return runner_workload(&set->list[i], name);
    return runner_workload(&set->list[0], name);
}

int plan_draft_workload(const struct plan_maker *maker, struct plan_draft *draft)
{
    const struct runner *oracle = &maker->set->list[0];
    const char *name;
    int error =
        plan_check_members(&maker->place, draft->json, TABLE_MEMBERS, maker->reason);
    if (error == 0)
        error = plan_text(&maker->place, draft->json, "workload", &name, maker->reason);
    if (error != 0)
        return error;
    draft->workload = name == NULL ? NULL : find_workload(maker->set, name);
    if (draft->workload != NULL)
        return 0;
    if (maker->choice->document->shipped ||
        (name != NULL && description_left_out(&oracle->describe, name) != NULL))
        return -ENOENT;
    char known[384] = "";
    for (size_t i = 0; i < oracle->describe.workload_count; i++)
        snprintf(known + strlen(known), sizeof known - strlen(known), "%s%s",
                 i == 0 ? "" : ", ", oracle->describe.workloads[i].name);
    return plan_refuse_at(&maker->place, "workload", maker->reason,
                          "there is no workload '%.60s'; there are: %s",
                          name == NULL ? "" : name, known);
}

static int read_names(const struct plan_maker *maker, struct plan_draft *draft)
{
    int error = plan_text(&maker->place, draft->json, "id", &draft->id, maker->reason);
    if (error == 0)
        error =
            plan_text(&maker->place, draft->json, "title", &draft->title, maker->reason);
    if (error != 0 || draft->id == NULL ||
        (strlen(draft->id) == strspn(draft->id, ID_LETTERS) &&
         strlen(draft->id) <= ID_MAXIMUM))
        return error;
    return plan_refuse_at(
        &maker->place, "id", maker->reason,
        "must be at most %d of the letters a-z, A-Z, 0-9, and . _ / = + -", ID_MAXIMUM);
}

// ---- how much ----------------------------------------------------------------------

// One number, or a list of numbers, each larger than the one before.
static int read_concurrency(const struct plan_maker *maker, struct plan_draft *draft)
{
    const json_t *value = json_object_get(draft->json, "concurrency");
    struct plan_sweep *sweep = &draft->concurrency;
    size_t count = json_is_array(value) ? json_array_size(value) : value != NULL;
    if (json_is_null(value))
        return 0;
    bool good = count <= PLAN_SWEEP_MAXIMUM && (!json_is_array(value) || count > 0);
    for (size_t i = 0; good && i < count; i++) {
        const json_t *item = json_is_array(value) ? json_array_get(value, i) : value;
        json_int_t number = json_integer_value(item);
        good = number >= 1 && number <= PLAN_AMOUNT_MAXIMUM &&
               (i == 0 || (uint64_t)number > sweep->list[i - 1]);
        sweep->list[i] = (uint64_t)number;
    }
    sweep->count = count;
    if (good)
        return 0;
    return plan_refuse_at(
        &maker->place, "concurrency", maker->reason,
        "must be a whole number from 1 to %d, or a list of at most %d of them, "
        "each larger than the one before: [1, 10, 100]",
        PLAN_AMOUNT_MAXIMUM, PLAN_SWEEP_MAXIMUM);
}

static int check_amount(const struct plan_maker *maker, const struct plan_draft *draft)
{
    const struct plan_sweep *sweep = &draft->concurrency;
    if (draft->tasks == 0 || sweep->count == 0)
        return 0;
    if (draft->workload->together && (sweep->count > 1 || sweep->list[0] != draft->tasks))
        return plan_refuse_at(
            &maker->place, "concurrency", maker->reason,
            "all tasks of '%s' must be in flight together; leave \"tasks\" "
            "out, or \"concurrency\"",
            draft->workload->name);
    if (sweep->list[sweep->count - 1] > draft->tasks)
        return plan_refuse_at(&maker->place, "concurrency", maker->reason,
                              "more than the %" PRIu64 " tasks cannot be in flight",
                              draft->tasks);
    return 0;
}

static int read_amount(const struct plan_maker *maker, struct plan_draft *draft)
{
    int error = plan_number(&maker->place, draft->json, "tasks", PLAN_AMOUNT_MAXIMUM,
                            &draft->tasks, maker->reason);
    if (error == 0)
        error = read_concurrency(maker, draft);
    return error != 0 ? error : check_amount(maker, draft);
}

// The member "arguments" of an object as words.
static int read_arguments(const struct plan_maker *maker, const struct plan_draft *draft,
                          const struct plan_place *of, const json_t *object,
                          json_t **words)
{
    char owner[96];
    struct plan_place place = plan_place_at(of, "arguments", 0);
    snprintf(owner, sizeof owner, "the workload '%.60s'", draft->workload->name);
    *words = json_array();
    return plan_options(&place, json_object_get(object, "arguments"),
                        &draft->workload->options, owner, *words, maker->reason);
}

// Without "sweep", a sweep does what the table does.
static int read_sweep(const struct plan_maker *maker, struct plan_draft *draft)
{
    const json_t *sweep = json_object_get(draft->json, "sweep");
    struct plan_place place = plan_place_at(&maker->place, "sweep", 0);
    draft->sweep_tasks = draft->tasks;
    if (sweep == NULL || json_is_null(sweep)) {
        draft->sweep_arguments = json_incref(draft->arguments);
        return 0;
    }
    int error = plan_check_members(&place, sweep, SWEEP_MEMBERS, maker->reason);
    if (error == 0)
        error = plan_number(&place, sweep, "tasks", PLAN_AMOUNT_MAXIMUM,
                            &draft->sweep_tasks, maker->reason);
    return error != 0
               ? error
               : read_arguments(maker, draft, &place, sweep, &draft->sweep_arguments);
}

// Only an estimate, of a machine that is none of ours (measure/forecast.h).
static int read_run_time(const struct plan_maker *maker, struct plan_draft *draft)
{
    const char *text;
    int error = plan_text(&maker->place, draft->json, "run_time", &text, maker->reason);
    if (error != 0 || text == NULL)
        return error;
    if (quantity_parse(OPTION_DURATION, text, &draft->run_ns) == 0 && draft->run_ns > 0 &&
        draft->run_ns <= RUN_TIME_MAXIMUM_NS)
        return 0;
    return plan_refuse_at(&maker->place, "run_time", maker->reason,
                          "must be a duration of an hour at most: \"250ms\"");
}

// ---- where -------------------------------------------------------------------------

static int check_cpus(const struct plan_maker *maker, const char *member,
                      const char *list)
{
    struct reason why;
    if (list == NULL || cpus_check(list, &why) == 0)
        return 0;
    return plan_refuse_at(&maker->place, member, maker->reason, "%s", why.text);
}

static int read_cpus(const struct plan_maker *maker, struct plan_draft *draft)
{
    const json_t *json = draft->json;
    int error = plan_text(&maker->place, json, "cpus", &draft->cpus, maker->reason);
    if (error == 0)
        error =
            plan_text(&maker->place, json, "peer_cpus", &draft->peer_cpus, maker->reason);
    if (error == 0)
        error = check_cpus(maker, "cpus", draft->cpus);
    if (error == 0)
        error = check_cpus(maker, "peer_cpus", draft->peer_cpus);
    if (error == 0 && draft->peer_cpus != NULL && !draft->workload->peer)
        error =
            plan_refuse_at(&maker->place, "peer_cpus", maker->reason,
                           "'%s' has no back end; leave it out", draft->workload->name);
    return error;
}

// One setting; of a list, all-cpus is passed over where there is one CPU only.
static int add_setting(const struct plan_maker *maker, struct plan_draft *draft,
                       const char *setting)
{
    bool all = setting != NULL && strcmp(setting, "all-cpus") == 0;
    if (setting == NULL || (!all && strcmp(setting, "one-cpu") != 0) ||
        draft->setting_count == PLAN_SETTINGS)
        return plan_refuse_at(
            &maker->place, "setting", maker->reason,
            "must be \"one-cpu\", \"all-cpus\" or null, or a list of both, "
            "not '%.60s'",
            setting == NULL ? "" : setting);
    if (all && maker->cpus.count < 2 && !draft->listed)
        return plan_refuse_at(
            &maker->place, "setting", maker->reason,
            "all-cpus needs two CPUs at the least, and this process may use "
            "one; take one-cpu");
    if (!all || maker->cpus.count >= 2)
        draft->settings[draft->setting_count++] = setting;
    return 0;
}

static int read_settings(const struct plan_maker *maker, struct plan_draft *draft)
{
    const json_t *value = json_object_get(draft->json, "setting");
    int error = 0;
    draft->listed = json_is_array(value);
    for (size_t i = 0; error == 0 && i < json_array_size(value); i++)
        error = add_setting(maker, draft, json_string_value(json_array_get(value, i)));
    if (value != NULL && !json_is_null(value) && !draft->listed)
        error = add_setting(maker, draft, json_string_value(value));
    // CPU-bound tables must name a setting: one-cpu and all-cpus are two questions.
    if (error == 0 && value == NULL && draft->cpus == NULL &&
        strcmp(draft->workload->kind, "cpu") == 0)
        error = add_setting(maker, draft, "one-cpu");
    if (error == 0 && draft->setting_count == 0 && !draft->listed)
        draft->setting_count = 1; // none: NULL
    return error;
}

int plan_draft_read(const struct plan_maker *maker, struct plan_draft *draft)
{
    int error = read_names(maker, draft);
    if (error == 0)
        error = read_amount(maker, draft);
    if (error == 0)
        error = read_run_time(maker, draft);
    if (error == 0)
        error = read_cpus(maker, draft);
    if (error == 0)
        error = read_settings(maker, draft);
    if (error == 0)
        error =
            read_arguments(maker, draft, &maker->place, draft->json, &draft->arguments);
    return error != 0 ? error : read_sweep(maker, draft);
}

void plan_draft_free(struct plan_draft *draft)
{
    json_decref(draft->arguments);
    json_decref(draft->sweep_arguments);
}

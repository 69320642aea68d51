// SPDX-License-Identifier: MIT
//
// draft.c - see draft.h.
#include "driver/plan/draft.h"

#include "driver/report/json.h"
#include "lib/cpus.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define TABLE_MEMBERS                                                                    \
    "workload id title arguments tasks concurrency setting cpus peer_cpus models"

static int read_workload(const struct plan_maker *maker, struct plan_draft *draft)
{
    const struct runner *oracle = &maker->set->list[0];
    const char *name;
    int error = plan_text(&maker->place, draft->json, "workload", &name, maker->reason);
    if (error != 0)
        return error;
    draft->workload = name == NULL ? NULL : runner_workload(oracle, name);
    if (draft->workload != NULL)
        return 0;
    char known[384] = "";
    size_t index;
    const json_t *workload;
    json_array_foreach(json_object_get(oracle->describe, "workloads"), index, workload)
        snprintf(known + strlen(known), sizeof known - strlen(known), "%s%s",
                 index == 0 ? "" : ", ", tree_text(workload, "name", "?"));
    return plan_refuse_at(&maker->place, "workload", maker->reason,
                          "there is no workload '%.60s'; there are: %s",
                          name == NULL ? "" : name, known);
}

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

static int read_amount(const struct plan_maker *maker, struct plan_draft *draft)
{
    int error = plan_number(&maker->place, draft->json, "tasks", PLAN_AMOUNT_MAXIMUM,
                            &draft->tasks, maker->reason);
    if (error == 0)
        error = read_concurrency(maker, draft);
    const struct plan_sweep *sweep = &draft->concurrency;
    if (error != 0 || draft->tasks == 0 || sweep->count == 0)
        return error;
    if (tree_true(draft->workload, "together") &&
        (sweep->count > 1 || sweep->list[0] != draft->tasks))
        return plan_refuse_at(
            &maker->place, "concurrency", maker->reason,
            "all tasks of '%s' must be in flight together; leave \"tasks\" "
            "out, or \"concurrency\"",
            tree_text(draft->workload, "name", ""));
    if (sweep->list[sweep->count - 1] > draft->tasks)
        return plan_refuse_at(&maker->place, "concurrency", maker->reason,
                              "more than the %" PRIu64 " tasks cannot be in flight",
                              draft->tasks);
    return 0;
}

static int check_cpus(const struct plan_maker *maker, const char *member,
                      const char *list)
{
    struct reason why;
    if (list == NULL || cpus_check(list, &why) == 0)
        return 0;
    return plan_refuse_at(&maker->place, member, maker->reason, "%s", why.text);
}

static int read_place(const struct plan_maker *maker, struct plan_draft *draft)
{
    const json_t *json = draft->json;
    int error = plan_text(&maker->place, json, "setting", &draft->setting, maker->reason);
    if (error == 0)
        error = plan_text(&maker->place, json, "cpus", &draft->cpus, maker->reason);
    if (error == 0)
        error =
            plan_text(&maker->place, json, "peer_cpus", &draft->peer_cpus, maker->reason);
    if (error == 0)
        error = check_cpus(maker, "cpus", draft->cpus);
    if (error == 0)
        error = check_cpus(maker, "peer_cpus", draft->peer_cpus);
    if (error != 0)
        return error;
    if (draft->peer_cpus != NULL && !tree_true(draft->workload, "peer"))
        return plan_refuse_at(&maker->place, "peer_cpus", maker->reason,
                              "'%s' has no back end; leave it out",
                              tree_text(draft->workload, "name", ""));
    bool all = draft->setting != NULL && strcmp(draft->setting, "all-cpus") == 0;
    if (draft->setting != NULL && !all && strcmp(draft->setting, "one-cpu") != 0)
        return plan_refuse_at(&maker->place, "setting", maker->reason,
                              "must be \"one-cpu\", \"all-cpus\" or null, not '%.60s'",
                              draft->setting);
    if (all && maker->cpus.count < 2)
        return plan_refuse_at(
            &maker->place, "setting", maker->reason,
            "all-cpus needs two CPUs at the least, and this process may use "
            "one; take one-cpu");
    // What computes says where, since the two settings are two questions.
    if (json_object_get(json, "setting") == NULL && draft->cpus == NULL &&
        strcmp(tree_text(draft->workload, "kind", ""), "cpu") == 0)
        draft->setting = "one-cpu";
    return 0;
}

int plan_draft_read(const struct plan_maker *maker, struct plan_draft *draft)
{
    int error =
        plan_check_members(&maker->place, draft->json, TABLE_MEMBERS, maker->reason);
    if (error == 0)
        error = read_workload(maker, draft);
    if (error == 0)
        error = read_amount(maker, draft);
    if (error == 0)
        error = read_place(maker, draft);
    if (error != 0)
        return error;
    char owner[96];
    struct plan_place place = plan_place_at(&maker->place, "arguments", 0);
    snprintf(owner, sizeof owner, "the workload '%.60s'",
             tree_text(draft->workload, "name", ""));
    return plan_options(&place, json_object_get(draft->json, "arguments"),
                        json_object_get(draft->workload, "options"), owner,
                        draft->arguments, maker->reason);
}

// SPDX-License-Identifier: MIT
//
// models.c - see models.h.
#include "driver/plan/models.h"

#include "driver/plan/cells.h"
#include "driver/plan/choice.h"
#include "driver/plan/command_rows.h"
#include "driver/report/tree.h"

#include <stdio.h>
#include <string.h>

#define MODEL_MEMBERS "model options command"

// The runner of the same model in the other build, or NULL.
static const struct runner *find_base(const struct plan_maker *maker,
                                      const struct runner *runner)
{
    const struct runner_set *base = maker->choice->base;
    return base == NULL ? NULL : runner_find(base, runner->name);
}

// ---- the author's ------------------------------------------------------------------

// ["--loops", "2", "--await"] -> "loops=2 await"
static void name_variant(const json_t *words, char *name, size_t size)
{
    name[0] = '\0';
    size_t index;
    json_t *word;
    json_array_foreach(words, index, word)
    {
        const char *text = json_string_value(word);
        bool option = strncmp(text, "--", 2) == 0;
        size_t used = strlen(name);
        snprintf(name + used, size - used, "%s%s",
                 !option     ? "="
                 : used == 0 ? ""
                             : " ",
                 option ? text + 2 : text);
    }
}

// How many cells of this name there are already.
static unsigned count_label(const struct table *table, const char *model,
                            const char *variant)
{
    unsigned count = 0;
    for (size_t i = 0; i < table->count; i++) {
        const struct report_cell *cell = table->cells[i].result;
        const char *own = cell->variant;
        size_t length = strlen(variant);
        bool same = strncmp(own, variant, length) == 0 &&
                    (own[length] == '\0' ||
                     strncmp(own + length + (length > 0), "copy=", 5) == 0);
        if (same && strcmp(cell->model, model) == 0 && cell->base_of == NULL)
            count++;
    }
    return count;
}

static int refuse_model(const struct plan_place *place, const struct plan_maker *maker,
                        const char *name)
{
    char known[384] = "";
    for (size_t i = 0; i < maker->set->count; i++)
        snprintf(known + strlen(known), sizeof known - strlen(known), "%s%s",
                 i == 0 ? "" : ", ", maker->set->list[i].name);
    return plan_refuse(place, maker->reason, "there is no model '%.60s'; there are: %s",
                       name, known);
}

// "coroutine", or {"model": "coroutine", "options": {"loops": 2}}.
static int add_model(const struct plan_maker *maker, struct table *table,
                     const struct plan_place *place, const json_t *item)
{
    const char *name = json_string_value(item);
    int error = 0;
    if (name == NULL)
        error = plan_check_members(place, item, MODEL_MEMBERS, maker->reason);
    if (error == 0 && name == NULL)
        error = plan_text(place, item, "model", &name, maker->reason);
    if (error != 0)
        return error;
    const struct runner *runner = name == NULL ? NULL : runner_find(maker->set, name);
    if (runner == NULL)
        return refuse_model(place, maker, name == NULL ? "" : name);
    struct plan_place inner = plan_place_at(place, "options", 0);
    json_t *words = json_array();
    char variant[PLAN_VARIANT_SIZE];
    error = plan_options(&inner, json_object_get(item, "options"),
                         &runner->describe.options, name, words, maker->reason);
    name_variant(words, variant, sizeof variant);
    if (error == 0)
        plan_add_variant(
            table, runner, find_base(maker, runner),
            &(struct plan_variant){.words = words,
                                   .name = variant,
                                   .copy = count_label(table, name, variant) + 1});
    json_decref(words);
    return error;
}

static int add_listed(const struct plan_maker *maker, const json_t *models,
                      struct table *table)
{
    size_t room = TABLE_CELLS_MAXIMUM;
    if (maker->choice->base != NULL)
        room /= 2;
    if (json_array_size(models) == 0 || json_array_size(models) > room)
        return plan_refuse_at(
            &maker->place, "models", maker->reason,
            "must be a list of 1 to %zu models: [\"coroutine\", {\"model\": "
            "\"coroutine\", \"options\": {\"loops\": 2}}]",
            room);
    struct plan_place list = plan_place_at(&maker->place, "models", 0);
    for (size_t i = 0; i < json_array_size(models); i++) {
        struct plan_place place = plan_place_at(&list, NULL, i);
        int error = add_model(maker, table, &place, json_array_get(models, i));
        if (error != 0)
            return error;
    }
    return 0;
}

// ---- all ---------------------------------------------------------------------------

// Does the table's own list (or NULL) name this model?
static bool is_listed(const json_t *models, const char *name)
{
    size_t index;
    json_t *item;
    if (!json_is_array(models))
        return true;
    json_array_foreach(models, index, item)
    {
        const char *own =
            json_is_string(item) ? json_string_value(item) : tree_text(item, "model", "");
        if (strcmp(own, name) == 0)
            return true;
    }
    return false;
}

bool plan_models_any(const struct plan_maker *maker, const struct plan_draft *draft)
{
    const json_t *models = json_object_get(draft->json, "models");
    const char *chosen = maker->choice->models;
    for (size_t i = 0; chosen != NULL && i < maker->set->count; i++) {
        const char *name = maker->set->list[i].name;
        if (choice_count(chosen, name) > 0 && is_listed(models, name))
            return true;
    }
    return chosen == NULL;
}

// Those of the user's list (NULL: all) that the table may have, each as often as it stands
// there.
static void add_chosen(const struct plan_maker *maker, const char *chosen,
                       const json_t *models, struct table *table)
{
    for (size_t i = 0; i < maker->set->count; i++) {
        const struct runner *runner = &maker->set->list[i];
        unsigned copies = chosen == NULL ? 1 : choice_count(chosen, runner->name);
        bool elsewhere = runner_is_command(runner) &&
                         strcmp(table->result->workload, COMMAND_WORKLOAD) != 0;
        if (!is_listed(models, runner->name) || elsewhere)
            continue;
        for (unsigned copy = 1; copy <= copies; copy++)
            plan_add_cells(table, runner, find_base(maker, runner), maker->cpus.count,
                           copy);
    }
}

int plan_models_add(const struct plan_maker *maker, const struct plan_draft *draft,
                    struct table *table)
{
    const json_t *models = json_object_get(draft->json, "models");
    const char *chosen = maker->choice->models;
    if (chosen == NULL && models != NULL && !json_is_null(models))
        return add_listed(maker, models, table);
    add_chosen(maker, chosen != NULL ? chosen : maker->choice->usual_models, models,
               table);
    return 0;
}

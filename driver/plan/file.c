// SPDX-License-Identifier: MIT
//
// file.c - see file.h. A table is read into a draft (draft.c), then made
// like any other (table.h, cells.h).
//
// Read next: draft.h.
#include "driver/plan/file.h"

#include "driver/plan/cells.h"
#include "driver/plan/draft.h"
#include "driver/plan/member.h"
#include "driver/plan/table.h"
#include "driver/report/json.h"
#include "lib/json_file.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#define PLAN_MEMBERS  "schema title rounds seed tables"
#define MODEL_MEMBERS "model options"

#define ROUNDS_MAXIMUM 1000
#define ID_MAXIMUM     100
#define ID_LETTERS     "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/=+-"

// ---- the file ----------------------------------------------------------------------

static int check_document(struct plan_file *file, struct reason *reason)
{
    struct plan_place place = {.file = file->name};
    uint64_t rounds;
    const char *schema = tree_text(file->document, "schema", NULL);
    const char *title;
    if (!json_is_object(file->document) || schema == NULL ||
        strcmp(schema, PLAN_FILE_SCHEMA) != 0)
        return plan_refuse(&place, reason,
                           "is no plan: it must be an object whose \"schema\" is "
                           "\"" PLAN_FILE_SCHEMA "\"");
    int error = plan_check_members(&place, file->document, PLAN_MEMBERS, reason);
    if (error == 0)
        error = plan_text(&place, file->document, "title", &title, reason);
    if (error == 0)
        error = plan_number(&place, file->document, "rounds", ROUNDS_MAXIMUM, &rounds,
                            reason);
    if (error == 0)
        error =
            plan_number(&place, file->document, "seed", UINT32_MAX, &file->seed, reason);
    if (error != 0)
        return error;
    file->rounds = (unsigned)rounds;
    if (json_array_size(json_object_get(file->document, "tables")) == 0)
        return plan_refuse(&place, reason,
                           "tables: must be a list of one table or more: [{...}]");
    return 0;
}

int plan_file_load(struct plan_file *file, const char *name, struct reason *reason)
{
    *file = (struct plan_file){.name = name};
    int error = json_file_load_schema(name, "quartet.plan/", &file->document, reason);
    if (error == 0)
        error = check_document(file, reason);
    if (error != 0)
        plan_file_free(file);
    return error;
}

void plan_file_free(struct plan_file *file)
{
    json_decref(file->document);
    file->document = NULL;
}

// ---- its cells ---------------------------------------------------------------------

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
        const json_t *cell = table->cells[i].json;
        const char *own = tree_text(cell, "variant", "");
        size_t length = strlen(variant);
        bool same = strncmp(own, variant, length) == 0 &&
                    (own[length] == '\0' ||
                     strncmp(own + length + (length > 0), "copy=", 5) == 0);
        if (same && strcmp(tree_text(cell, "model", ""), model) == 0 &&
            tree_text(cell, "base_of", NULL) == NULL)
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
                         json_object_get(runner->describe, "options"), name, words,
                         maker->reason);
    name_variant(words, variant, sizeof variant);
    if (error == 0)
        plan_add_variant(
            table, runner,
            maker->base == NULL ? NULL : runner_find(maker->base, runner->name),
            &(struct plan_variant){.words = words,
                                   .name = variant,
                                   .copy = count_label(table, name, variant) + 1});
    json_decref(words);
    return error;
}

static int add_models(const struct plan_maker *maker, const struct plan_draft *draft,
                      struct table *table)
{
    const json_t *models = json_object_get(draft->json, "models");
    if (models == NULL || json_is_null(models)) {
        for (size_t i = 0; i < maker->set->count; i++) {
            const struct runner *runner = &maker->set->list[i];
            plan_add_cells(table, runner,
                           maker->base == NULL ? NULL
                                               : runner_find(maker->base, runner->name),
                           maker->cpus.count, 1);
        }
        return 0;
    }
    size_t room = TABLE_CELLS_MAXIMUM;
    if (maker->base != NULL)
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

// ---- all of it ---------------------------------------------------------------------

static bool id_exists(const struct plan *plan, const char *id)
{
    for (size_t i = 0; i < plan->count; i++)
        if (strcmp(tree_text(plan->list[i].json, "id", ""), id) == 0)
            return true;
    return false;
}

// Adds the table of this concurrency; 0: the workload's own.
static int add_one(const struct plan_maker *maker, const struct plan_draft *draft,
                   const char *sweep, const char *title, uint64_t concurrency)
{
    bool all = draft->setting != NULL && strcmp(draft->setting, "all-cpus") == 0;
    bool sweeps = draft->concurrency.count > 1;
    struct plan_amount amount = {.tasks = draft->tasks, .concurrency = concurrency};
    if (amount.tasks == 0)
        amount.tasks = (uint64_t)tree_number(draft->workload, "default_tasks");
    if (amount.concurrency == 0)
        amount.concurrency =
            (uint64_t)tree_number(draft->workload, "default_concurrency");
    plan_table_fit(draft->workload, &draft->concurrency, draft->tasks != 0, &amount);
    char id[PLAN_ID_SIZE + 32];
    char long_title[240];
    snprintf(id, sizeof id, "%s", sweep);
    snprintf(long_title, sizeof long_title, "%s", title);
    if (sweeps) {
        snprintf(id, sizeof id, "%s/c%" PRIu64, sweep, concurrency);
        snprintf(long_title, sizeof long_title, "%.190s, %" PRIu64 " at a time", title,
                 concurrency);
    }
    if (id_exists(maker->plan, id))
        return plan_refuse_at(
            &maker->place, "id", maker->reason,
            "two tables are called '%.100s'; give each an \"id\" of its own", id);
    const char *usual = tree_true(draft->workload, "peer") && maker->cpus.other[0] != '\0'
                            ? maker->cpus.other
                            : NULL;
    struct plan_table wanted = {.workload = draft->workload,
                                .id = id,
                                .title = long_title,
                                .setting = draft->setting,
                                .cpus = draft->cpus != NULL ? draft->cpus
                                        : all               ? maker->cpus.all
                                                            : maker->cpus.first,
                                .peer_cpus =
                                    draft->peer_cpus != NULL ? draft->peer_cpus : usual,
                                .sweep = sweeps ? sweep : NULL,
                                .tasks = amount.tasks,
                                .concurrency = amount.concurrency,
                                .arguments = draft->arguments};
    struct table *table = plan_table_add(maker->plan, &wanted);
    if (table == NULL)
        return plan_refuse_at(&maker->place, "id", maker->reason,
                              "a plan has room for %d tables", PLAN_TABLES_MAXIMUM);
    return add_models(maker, draft, table);
}

static int add_draft(const struct plan_maker *maker, const struct plan_draft *draft)
{
    char id[PLAN_ID_SIZE];
    const char *own;
    const char *title;
    int error = plan_text(&maker->place, draft->json, "id", &own, maker->reason);
    if (error == 0)
        error = plan_text(&maker->place, draft->json, "title", &title, maker->reason);
    if (error != 0)
        return error;
    const char *name = tree_text(draft->workload, "name", "");
    const char *setting = draft->setting;
    snprintf(id, sizeof id, "%s%s%s", own != NULL ? own : name,
             own == NULL && setting != NULL ? "/" : "",
             own == NULL && setting != NULL ? setting : "");
    if (strlen(id) != strspn(id, ID_LETTERS) || strlen(id) > ID_MAXIMUM)
        return plan_refuse_at(
            &maker->place, "id", maker->reason,
            "must be at most %d of the letters a-z, A-Z, 0-9, and . _ / = + -",
            ID_MAXIMUM);
    const struct plan_sweep *sweep = &draft->concurrency;
    for (size_t i = 0; error == 0 && (i == 0 || i < sweep->count); i++)
        error = add_one(maker, draft, id, title != NULL ? title : id,
                        sweep->count == 0 ? 0 : sweep->list[i]);
    return error;
}

int plan_file_make(const struct plan_file *file, struct plan *plan,
                   const struct runner_set *set, const struct runner_set *base,
                   struct reason *reason)
{
    struct plan_maker maker = {.plan = plan, .set = set, .base = base, .reason = reason};
    const struct plan_place whole = {.file = file->name};
    const struct plan_place list = plan_place_at(&whole, "tables", 0);
    const json_t *tables = json_object_get(file->document, "tables");
    int error = 0;
    *plan = (struct plan){.tables = json_array()};
    plan_cpus_find(&maker.cpus);
    for (size_t i = 0; error == 0 && i < json_array_size(tables); i++) {
        maker.place = plan_place_at(&list, NULL, i);
        struct plan_draft draft = {.json = json_array_get(tables, i),
                                   .arguments = json_array()};
        error = plan_draft_read(&maker, &draft);
        if (error == 0)
            error = add_draft(&maker, &draft);
        json_decref(draft.arguments);
    }
    if (error != 0)
        plan_free(plan);
    return error;
}

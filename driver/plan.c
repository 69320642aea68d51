// SPDX-License-Identifier: MIT
//
// From sizes, runners and choices to tables: see plan.h. The cells of a table are
// made in plan_cells.c.
#include "driver/plan.h"

#include "driver/plan_cells.h"
#include "lib/check.h"
#include "lib/cpus.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// What all tables of a plan are made from.
struct builder {
    struct plan *plan;
    const struct runner_set *set;
    const struct plan_choice *choice;
    char cpus[1024]; // all that may be used: "0,1"
    char first[16];  // "0"
    char other[16];  // one that is not the first, for back ends; "": there is none
    unsigned cpu_count;
};

// ---- lists of names ----------------------------------------------------------------

// How often `name` stands in "a,b,c".
static unsigned list_count(const char *list, const char *name)
{
    unsigned count = 0;
    size_t length = strlen(name);
    while (list != NULL) {
        if (strncmp(list, name, length) == 0 && strchr(",", list[length]) != NULL)
            count++;
        list = strchr(list, ',');
        if (list != NULL)
            list++;
    }
    return count;
}

// Appends ", name", cut to size.
static void list_add(char *list, size_t size, const char *name)
{
    size_t used = strlen(list);
    snprintf(list + used, size - used, "%s%s", used == 0 ? "" : ", ", name);
}

// The first member of `list` that `exists` does not know goes to `unknown`; true when
// there is one.
static bool list_unknown(const struct builder *builder, const char *list,
                         bool (*exists)(const struct builder *builder, const char *name),
                         char *unknown, size_t size)
{
    while (list != NULL) {
        int length = (int)strcspn(list, ",");
        snprintf(unknown, size, "%.*s", length, list);
        if (!exists(builder, unknown))
            return true;
        list = list[length] == ',' ? list + length + 1 : NULL;
    }
    return false;
}

// ---- which workloads ---------------------------------------------------------------

static const json_t *all_workloads(const struct builder *builder)
{
    return json_object_get(builder->set->list[0].describe, "workloads");
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text == NULL ? "" : text;
}

// "fetch/tcp", "primes/one-cpu": what stands before a setting and what is one.
static void table_id(char *id, size_t size, const char *workload, const char *suffix,
                     const char *setting)
{
    snprintf(id, size, "%s%s%s%s%s", workload, suffix == NULL ? "" : "/",
             suffix == NULL ? "" : suffix, setting == NULL ? "" : "/",
             setting == NULL ? "" : setting);
}

static bool model_exists(const struct builder *builder, const char *name)
{
    return runner_find(builder->set, name) != NULL;
}

static bool workload_exists(const struct builder *builder, const char *name)
{
    return runner_workload(&builder->set->list[0], name) != NULL;
}

// A name in --workloads may be that of a workload or of one of its tables.
static bool table_exists(const struct builder *builder, const char *name)
{
    char workload[64];
    snprintf(workload, sizeof workload, "%.*s", (int)strcspn(name, "/"), name);
    if (!workload_exists(builder, workload))
        return false;
    const char *rest = strchr(name, '/');
    if (rest == NULL || strcmp(rest, "/one-cpu") == 0 || strcmp(rest, "/all-cpus") == 0)
        return true;
    for (size_t i = 0; i < profile_table_count; i++) {
        const struct profile_table *row = &profile_tables[i];
        if (strcmp(row->workload, workload) == 0 && row->suffix != NULL &&
            strcmp(row->suffix, rest + 1) == 0)
            return true;
    }
    return false;
}

// Every model may have a second cell, with a loop for each CPU.
static bool too_many_cells(const struct builder *builder)
{
    unsigned cells = 0;
    for (size_t i = 0; i < builder->set->count; i++)
        cells += 2 * list_count(builder->choice->models, builder->set->list[i].name);
    if (builder->choice->base != NULL)
        cells *= 2;
    return cells > TABLE_CELLS_MAXIMUM;
}

static int check_choice(const struct builder *builder, struct reason *reason)
{
    char unknown[128];
    char known[384] = "";
    if (list_unknown(builder, builder->choice->models, model_exists, unknown,
                     sizeof unknown)) {
        for (size_t i = 0; i < builder->set->count; i++)
            list_add(known, sizeof known, builder->set->list[i].name);
        return reason_set(reason, -EINVAL,
                          "--models: there is no model '%s'; there are: %s", unknown,
                          known);
    }
    if (too_many_cells(builder))
        return reason_set(reason, -EINVAL,
                          "--models: too many; a table has room for %d of them",
                          TABLE_CELLS_MAXIMUM / 2);
    if (list_unknown(builder, builder->choice->workloads, table_exists, unknown,
                     sizeof unknown)) {
        size_t index;
        const json_t *workload;
        json_array_foreach(all_workloads(builder), index, workload)
            list_add(known, sizeof known, text_of(workload, "name"));
        return reason_set(reason, -EINVAL,
                          "--workloads: there is no workload '%s'; there are: %s",
                          unknown, known);
    }
    return 0;
}

// ---- one table ---------------------------------------------------------------------

// "--limit 2m" -> ["--limit", "2m"]
static json_t *split_arguments(const char *arguments)
{
    json_t *array = json_array();
    while (*arguments != '\0') {
        size_t length = strcspn(arguments, " ");
        json_array_append_new(array, json_stringn(arguments, length));
        arguments += length;
        arguments += strspn(arguments, " ");
    }
    return array;
}

static json_int_t choose(uint64_t users, uint32_t profiles, const json_t *workload,
                         const char *key)
{
    if (users != 0)
        return (json_int_t)users;
    if (profiles != 0)
        return profiles;
    return json_integer_value(json_object_get(workload, key));
}

static json_t *text_or_null(const char *text)
{
    return text == NULL || text[0] == '\0' ? json_null() : json_string(text);
}

static json_t *make_table(const struct builder *builder, const json_t *workload,
                          const struct profile_table *row, const char *setting)
{
    const struct profile_size *size = &row->sizes[builder->choice->profile];
    json_int_t tasks =
        choose(builder->choice->tasks, size->tasks, workload, "default_tasks");
    json_int_t concurrency = choose(builder->choice->concurrency, size->concurrency,
                                    workload, "default_concurrency");
    bool all_cpus = setting != NULL && strcmp(setting, "all-cpus") == 0;
    // A loop per CPU needs a task per loop.
    if (all_cpus && builder->choice->concurrency == 0 && concurrency < builder->cpu_count)
        concurrency = builder->cpu_count;
    // What was asked is done; what the profile says gives way.
    if (builder->choice->tasks == 0 && builder->choice->concurrency > (uint64_t)tasks)
        tasks = concurrency;
    // Tasks that wait for one another must all be in flight: one number serves for both.
    bool together = json_is_true(json_object_get(workload, "together"));
    if (together && builder->choice->tasks == 0 && builder->choice->concurrency != 0)
        tasks = concurrency;
    if (together || concurrency > tasks)
        concurrency = tasks;

    char id[128];
    char title[160];
    char where[48] = "";
    table_id(id, sizeof id, row->workload, row->suffix, setting);
    if (all_cpus)
        snprintf(where, sizeof where, ", all %u CPUs", builder->cpu_count);
    else if (setting != NULL)
        snprintf(where, sizeof where, ", one CPU");
    snprintf(title, sizeof title, "%s%s", row->title, where);

    return json_pack("{ss ss ss ss so ss ss so sI sI so s[] s[] s[] sn}", "id", id,
                     "workload", row->workload, "kind", text_of(workload, "kind"),
                     "title", title, "setting", text_or_null(setting), "operation",
                     text_of(workload, "operation"), "cpus",
                     all_cpus ? builder->cpus : builder->first, "peer_cpus",
                     row->has_peer ? text_or_null(builder->other) : json_null(), "tasks",
                     tasks, "concurrency", concurrency, "arguments",
                     split_arguments(size->arguments), "blocks", "cells", "comparisons",
                     "verification");
}

// The runner of the same model in the other build, or NULL.
static const struct runner *find_base(const struct builder *builder,
                                      const struct runner *runner)
{
    const struct runner_set *base = builder->choice->base;
    return base == NULL ? NULL : runner_find(base, runner->name);
}

static void add_table(struct builder *builder, const json_t *workload,
                      const struct profile_table *row, const char *setting)
{
    char id[128];
    char part[128];
    table_id(id, sizeof id, row->workload, row->suffix, setting);
    table_id(part, sizeof part, row->workload, row->suffix, NULL);
    const char *wanted = builder->choice->workloads;
    if (wanted != NULL && list_count(wanted, row->workload) == 0 &&
        list_count(wanted, part) == 0 && list_count(wanted, id) == 0)
        return;
    struct plan *plan = builder->plan;
    CHECK(plan->count < PLAN_TABLES_MAXIMUM);
    struct table *table = &plan->list[plan->count++];
    *table = (struct table){.json = make_table(builder, workload, row, setting)};
    CHECK(table->json != NULL);
    json_array_append_new(plan->tables, table->json);
    for (size_t i = 0; i < builder->set->count; i++) {
        const struct runner *runner = &builder->set->list[i];
        const char *models = builder->choice->models;
        unsigned copies = models == NULL ? 1 : list_count(models, runner->name);
        for (unsigned copy = 1; copy <= copies; copy++)
            plan_add_cells(table, runner, find_base(builder, runner), builder->cpu_count,
                           copy);
    }
}

// What computes is compared twice: on one CPU, what a model costs; on all, what it can
// use. With one CPU these are the same thing.
static void add_tables(struct builder *builder, const json_t *workload,
                       const struct profile_table *row)
{
    if (strcmp(text_of(workload, "kind"), "cpu") != 0) {
        add_table(builder, workload, row, NULL);
        return;
    }
    add_table(builder, workload, row, "one-cpu");
    if (builder->cpu_count > 1)
        add_table(builder, workload, row, "all-cpus");
}

// A workload that no profile knows is compared at its own default size. What measures
// only the cost of a model is left out of `quick`, which has two minutes, unless named.
static void add_unknown(struct builder *builder, const json_t *workload)
{
    const char *name = text_of(workload, "name");
    if (builder->choice->workloads == NULL && builder->choice->profile == PROFILE_QUICK &&
        strcmp(text_of(workload, "kind"), "cost") == 0)
        return;
    for (size_t i = 0; i < profile_table_count; i++)
        if (strcmp(profile_tables[i].workload, name) == 0)
            return;
    struct profile_table row = {.workload = name,
                                .title = name,
                                .has_peer =
                                    json_is_true(json_object_get(workload, "peer"))};
    for (size_t i = 0; i < PROFILE_COUNT; i++)
        row.sizes[i].arguments = "";
    add_tables(builder, workload, &row);
}

static void add_all(struct builder *builder)
{
    for (size_t i = 0; i < profile_table_count; i++) {
        const struct profile_table *row = &profile_tables[i];
        const json_t *workload = runner_workload(&builder->set->list[0], row->workload);
        if (workload != NULL)
            add_tables(builder, workload, row);
    }
    size_t index;
    const json_t *workload;
    json_array_foreach(all_workloads(builder), index, workload)
        add_unknown(builder, workload);
}

int plan_make(struct plan *plan, const struct runner_set *set,
              const struct plan_choice *choice, struct reason *reason)
{
    struct builder builder = {.plan = plan, .set = set, .choice = choice};
    *plan = (struct plan){0};
    int error = check_choice(&builder, reason);
    if (error != 0)
        return error;
    builder.cpu_count = cpus_count();
    cpus_allowed(builder.cpus, sizeof builder.cpus);
    snprintf(builder.first, sizeof builder.first, "%lu", strtoul(builder.cpus, NULL, 10));
    cpus_outside(builder.first, builder.other, sizeof builder.other);

    plan->tables = json_array();
    add_all(&builder);
    if (plan->count == 0) {
        plan_free(plan);
        return reason_set(
            reason, -EINVAL,
            "nothing to run: no table of this choice exists on this machine "
            "(all-cpus needs two CPUs at the least)");
    }
    return 0;
}

void plan_free(struct plan *plan)
{
    json_decref(plan->tables);
    *plan = (struct plan){0};
}

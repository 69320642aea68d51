// SPDX-License-Identifier: MIT
//
// From sizes, runners and choices to tables: see plan.h. What the user wrote into a plan
// of her own is read in file.c; the cells of a table are made in cells.c.
#include "driver/plan/plan.h"

#include "driver/plan/cells.h"
#include "driver/plan/file.h"
#include "driver/plan/table.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

// What all tables of a plan are made from.
struct builder {
    struct plan *plan;
    const struct runner_set *set;
    const struct plan_choice *choice;
    struct plan_cpus cpus;
    bool full; // there was no room for all tables
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

// The name of a workload that is wanted and whose tasks must all be in flight together.
static bool any_together(const struct builder *builder, char *name, size_t size)
{
    const char *wanted = builder->choice->workloads;
    size_t index;
    const json_t *workload;
    json_array_foreach(all_workloads(builder), index, workload)
    {
        snprintf(name, size, "%s", text_of(workload, "name"));
        if (json_is_true(json_object_get(workload, "together")) &&
            (wanted == NULL || list_count(wanted, name) > 0))
            return true;
    }
    return false;
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
    if (builder->choice->concurrency.count > 1 && builder->choice->tasks != 0 &&
        any_together(builder, unknown, sizeof unknown))
        return reason_set(reason, -EINVAL,
                          "--tasks: all tasks of '%s' are in flight together, so that a "
                          "list of --concurrency says how many there are; leave --tasks "
                          "out, or '%s'",
                          unknown, unknown);
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

static uint64_t choose(uint64_t users, uint64_t profiles, const json_t *workload,
                       const char *key)
{
    if (users != 0)
        return users;
    if (profiles != 0)
        return profiles;
    return (uint64_t)json_integer_value(json_object_get(workload, key));
}

// `concurrency` is the user's, or 0.
static struct plan_amount choose_amount(const struct builder *builder,
                                        const json_t *workload,
                                        const struct profile_table *row, bool all_cpus,
                                        uint64_t concurrency)
{
    const struct plan_choice *choice = builder->choice;
    const struct profile_size *size =
        profile_size(row, choice->profile, choice->concurrency.count > 1);
    struct plan_amount amount = {.tasks = choose(choice->tasks, size->tasks, workload,
                                                 "default_tasks"),
                                 .concurrency = choose(concurrency, size->concurrency,
                                                       workload, "default_concurrency")};
    // A loop per CPU needs a task per loop.
    if (all_cpus && concurrency == 0 && amount.concurrency < builder->cpus.count)
        amount.concurrency = builder->cpus.count;
    plan_table_fit(workload, &choice->concurrency, choice->tasks != 0, &amount);
    return amount;
}

static struct table *make_table(const struct builder *builder, const json_t *workload,
                                const struct profile_table *row, const char *setting,
                                uint64_t concurrency)
{
    bool all_cpus = setting != NULL && strcmp(setting, "all-cpus") == 0;
    bool sweeps = builder->choice->concurrency.count > 1;
    struct plan_amount amount =
        choose_amount(builder, workload, row, all_cpus, concurrency);
    char sweep[PLAN_ID_SIZE];
    char id[PLAN_ID_SIZE + 32];
    char title[240];
    char where[48] = "";
    char many[48] = "";
    table_id(sweep, sizeof sweep, row->workload, row->suffix, setting);
    snprintf(id, sizeof id, "%s", sweep);
    if (all_cpus)
        snprintf(where, sizeof where, ", all %u CPUs", builder->cpus.count);
    else if (setting != NULL)
        snprintf(where, sizeof where, ", one CPU");
    if (sweeps) {
        snprintf(id, sizeof id, "%s/c%" PRIu64, sweep, concurrency);
        snprintf(many, sizeof many, ", %" PRIu64 " at a time", concurrency);
    }
    snprintf(title, sizeof title, "%s%s%s", row->title, where, many);
    json_t *arguments =
        split_arguments(profile_size(row, builder->choice->profile, sweeps)->arguments);
    const char *peer =
        row->has_peer && builder->cpus.other[0] != '\0' ? builder->cpus.other : NULL;
    struct plan_table wanted = {.workload = workload,
                                .id = id,
                                .title = title,
                                .setting = setting,
                                .cpus =
                                    all_cpus ? builder->cpus.all : builder->cpus.first,
                                .peer_cpus = peer,
                                .sweep = sweeps ? sweep : NULL,
                                .tasks = amount.tasks,
                                .concurrency = amount.concurrency,
                                .arguments = arguments};
    struct table *table = plan_table_add(builder->plan, &wanted);
    json_decref(arguments);
    return table;
}

// The runner of the same model in the other build, or NULL.
static const struct runner *find_base(const struct builder *builder,
                                      const struct runner *runner)
{
    const struct runner_set *base = builder->choice->base;
    return base == NULL ? NULL : runner_find(base, runner->name);
}

static void add_cells(const struct builder *builder, struct table *table)
{
    const char *models = builder->choice->models;
    for (size_t i = 0; i < builder->set->count; i++) {
        const struct runner *runner = &builder->set->list[i];
        unsigned copies = models == NULL ? 1 : list_count(models, runner->name);
        for (unsigned copy = 1; copy <= copies; copy++)
            plan_add_cells(table, runner, find_base(builder, runner), builder->cpus.count,
                           copy);
    }
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
    // One table, or one for each concurrency of a sweep.
    const struct plan_sweep *sweep = &builder->choice->concurrency;
    for (size_t i = 0; i == 0 || i < sweep->count; i++) {
        struct table *table = make_table(builder, workload, row, setting,
                                         sweep->count == 0 ? 0 : sweep->list[i]);
        if (table == NULL)
            builder->full = true;
        else
            add_cells(builder, table);
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
    if (builder->cpus.count > 1)
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
    for (size_t i = 0; i < PROFILE_SIZES; i++)
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
    if (choice->file != NULL)
        return plan_file_make(choice->file, plan, set, choice->base, reason);
    int error = check_choice(&builder, reason);
    if (error != 0)
        return error;
    plan_cpus_find(&builder.cpus);
    plan->tables = json_array();
    add_all(&builder);
    if (builder.full) {
        plan_free(plan);
        return reason_set(reason, -EINVAL,
                          "--concurrency: that makes more than %d tables; choose fewer "
                          "numbers, or fewer workloads with --workloads",
                          PLAN_TABLES_MAXIMUM);
    }
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

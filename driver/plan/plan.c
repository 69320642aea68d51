// SPDX-License-Identifier: MIT
//
// plan.c - from a document (a profile, or a plan that a user wrote), runners and choices
// to tables: see plan.h. Each table is read into a draft (draft.c), becomes one table for
// each setting and each concurrency (table.c), and gets its cells (models.c, cells.c).
#include "driver/plan/plan.h"

#include "driver/plan/choice.h"
#include "driver/plan/command_rows.h"
#include "driver/plan/draft.h"
#include "driver/plan/file.h"
#include "driver/plan/models.h"
#include "driver/report/begin.h"
#include "driver/report/tree.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

// ---- how much ----------------------------------------------------------------------

// Several numbers of tasks in flight that the user asked for, instead of the author.
static bool is_users_sweep(const struct plan_maker *maker)
{
    return maker->choice->concurrency.count > 1;
}

static const struct plan_sweep *sweep_of(const struct plan_maker *maker,
                                         const struct plan_draft *draft)
{
    return maker->choice->concurrency.count > 0 ? &maker->choice->concurrency
                                                : &draft->concurrency;
}

// `concurrency` is what the user or the author asks for, or 0.
static struct plan_amount choose_amount(const struct plan_maker *maker,
                                        const struct plan_draft *draft, bool all_cpus,
                                        uint64_t concurrency)
{
    const struct plan_choice *choice = maker->choice;
    uint64_t authors = is_users_sweep(maker) ? draft->sweep_tasks : draft->tasks;
    bool fixed =
        choice->tasks != 0 || (choice->concurrency.count == 0 && draft->tasks != 0);
    struct plan_amount amount = {.tasks = choice->tasks, .concurrency = concurrency};
    if (amount.tasks == 0)
        amount.tasks = authors != 0 ? authors : (uint64_t)draft->workload->default_tasks;
    if (concurrency == 0)
        amount.concurrency = (uint64_t)draft->workload->default_concurrency;
    // A loop per CPU needs a task per loop.
    if (all_cpus && concurrency == 0 && amount.concurrency < maker->cpus.count)
        amount.concurrency = maker->cpus.count;
    plan_table_fit(draft->workload, sweep_of(maker, draft), fixed, &amount);
    return amount;
}

// ---- names -------------------------------------------------------------------------

static bool is_all_cpus(const char *setting)
{
    return setting != NULL && strcmp(setting, "all-cpus") == 0;
}

static const char *own_name(const struct plan_draft *draft)
{
    return draft->id != NULL ? draft->id : draft->workload->name;
}

// "fetch/tcp", "primes/one-cpu". An id that the author gave is kept, unless it is to be
// that of several tables.
static void write_id(const struct plan_draft *draft, const char *setting, char *id,
                     size_t size)
{
    bool adds = setting != NULL && (draft->id == NULL || draft->listed);
    snprintf(id, size, "%s%s%s", own_name(draft), adds ? "/" : "", adds ? setting : "");
}

static void write_title(const struct plan_maker *maker, const struct plan_draft *draft,
                        const char *setting, const char *id, char *title, size_t size)
{
    if (!draft->listed)
        snprintf(title, size, "%.190s", draft->title != NULL ? draft->title : id);
    else if (is_all_cpus(setting))
        snprintf(title, size, "%.150s, all %u CPUs",
                 draft->title != NULL ? draft->title : own_name(draft),
                 maker->cpus.count);
    else
        snprintf(title, size, "%.150s, one CPU",
                 draft->title != NULL ? draft->title : own_name(draft));
}

static bool id_exists(const struct plan *plan, const char *id)
{
    for (size_t i = 0; i < plan->count; i++)
        if (strcmp(plan->list[i].result->id, id) == 0)
            return true;
    return false;
}

// ---- one table ---------------------------------------------------------------------

static int refuse_full(const struct plan_maker *maker)
{
    if (maker->choice->concurrency.count > 0)
        return reason_set(maker->reason, -EINVAL,
                          "--concurrency: that makes more than %d tables; choose fewer "
                          "numbers, or fewer workloads with --workloads",
                          PLAN_TABLES_MAXIMUM);
    return plan_refuse_at(&maker->place, "id", maker->reason,
                          "a plan has room for %d tables", PLAN_TABLES_MAXIMUM);
}

static void place_table(const struct plan_maker *maker, const struct plan_draft *draft,
                        bool all_cpus, struct plan_table *wanted)
{
    const struct plan_cpus *cpus = &maker->cpus;
    wanted->cpus = draft->cpus != NULL ? draft->cpus : all_cpus ? cpus->all : cpus->first;
    wanted->peer_cpus = draft->peer_cpus;
    if (wanted->peer_cpus == NULL && draft->workload->peer && cpus->other[0] != '\0')
        wanted->peer_cpus = cpus->other;
}

// Answers that a foreign program has ready are no answers: its seed is drawn for the session.
static json_t *with_seed(const struct plan_choice *choice, const char *workload,
                         const json_t *arguments)
{
    char seed[24];
    json_t *words = json_copy((json_t *)(uintptr_t)arguments);
    if (choice->work_seed == 0 || strcmp(workload, COMMAND_WORKLOAD) == 0)
        return words;
    snprintf(seed, sizeof seed, "%" PRIu64, choice->work_seed);
    json_array_append_new(words, json_string("--seed"));
    json_array_append_new(words, json_string(seed));
    return words;
}

// Is the amount of work what the author has measured?
static bool has_authors_size(const struct plan_choice *choice)
{
    return choice->tasks == 0 && choice->concurrency.count == 0;
}

// Adds the table of this setting and concurrency; 0: the workload's own.
static int add_one(const struct plan_maker *maker, const struct plan_draft *draft,
                   const char *setting, uint64_t concurrency)
{
    bool all_cpus = is_all_cpus(setting);
    bool sweeps = sweep_of(maker, draft)->count > 1;
    struct plan_amount amount = choose_amount(maker, draft, all_cpus, concurrency);
    char sweep[PLAN_ID_SIZE];
    char id[PLAN_ID_SIZE + 32];
    char title[240];
    write_id(draft, setting, sweep, sizeof sweep);
    write_title(maker, draft, setting, sweep, title, sizeof title);
    snprintf(id, sizeof id, "%s", sweep);
    if (sweeps) {
        size_t used = strlen(title);
        snprintf(id, sizeof id, "%s/c%" PRIu64, sweep, concurrency);
        snprintf(title + used, sizeof title - used, ", %" PRIu64 " at a time",
                 concurrency);
    }
    if (id_exists(maker->plan, id))
        return plan_refuse_at(
            &maker->place, "id", maker->reason,
            "two tables are called '%.100s'; give each an \"id\" of its own", id);
    struct plan_table wanted = {.workload = draft->workload,
                                .id = id,
                                .title = title,
                                .setting = setting,
                                .sweep = sweeps ? sweep : NULL,
                                .tasks = amount.tasks,
                                .concurrency = amount.concurrency,
                                .arguments = is_users_sweep(maker)
                                                 ? draft->sweep_arguments
                                                 : draft->arguments};
    place_table(maker, draft, all_cpus, &wanted);
    json_t *arguments = with_seed(maker->choice, draft->workload->name, wanted.arguments);
    wanted.arguments = arguments;
    struct table *table = plan_table_add(maker->plan, maker->report, &wanted);
    json_decref(arguments);
    if (table == NULL)
        return refuse_full(maker);
    table->oracle = &maker->set->list[0];
    table->usual_run_ns = has_authors_size(maker->choice) ? draft->run_ns : 0;
    return plan_models_add(maker, draft, table);
}

// Does the user want this table, or has she not said which?
static bool is_wanted(const struct plan_maker *maker, const struct plan_draft *draft,
                      const char *setting)
{
    const char *wanted = maker->choice->workloads;
    char id[PLAN_ID_SIZE];
    write_id(draft, setting, id, sizeof id);
    return wanted == NULL || choice_count(wanted, draft->workload->name) > 0 ||
           choice_count(wanted, own_name(draft)) > 0 || choice_count(wanted, id) > 0;
}

static int add_draft(const struct plan_maker *maker, const struct plan_draft *draft)
{
    const struct plan_sweep *sweep = sweep_of(maker, draft);
    for (size_t i = 0; i < draft->setting_count; i++) {
        const char *setting = draft->settings[i];
        if (!is_wanted(maker, draft, setting) || !plan_models_any(maker, draft))
            continue;
        for (size_t j = 0; j == 0 || j < sweep->count; j++) {
            int error =
                add_one(maker, draft, setting, sweep->count == 0 ? 0 : sweep->list[j]);
            if (error != 0)
                return error;
        }
    }
    return 0;
}

// Notes that this build lacks a table's workload.
static void note_left_out(const struct plan_maker *maker, const char *name)
{
    const struct left_out *absent =
        description_left_out(&maker->set->list[0].describe, name);
    if (absent != NULL)
        report_add_left_out(&maker->report->plan, absent);
}

// Does the user want this table, of which no more is known than what stands in the plan?
static bool may_be_wanted(const struct plan_maker *maker, const char *id,
                          const char *name)
{
    const struct described_workload workload = {.name = name};
    const struct plan_draft whole = {.id = id, .workload = &workload};
    const struct plan_draft listed = {.id = id, .workload = &workload, .listed = true};
    return choice_count(maker->choice->workloads, name) > 0 ||
           is_wanted(maker, &whole, NULL) || is_wanted(maker, &listed, "one-cpu") ||
           is_wanted(maker, &listed, "all-cpus");
}

static int add_table(const struct plan_maker *maker, const json_t *json)
{
    struct plan_draft draft = {.json = json};
    int error = plan_draft_workload(maker, &draft);
    if (error == -ENOENT) { // these runners do not have it
        const char *name = tree_text(json, "workload", "");
        if (may_be_wanted(maker, tree_text(json, "id", name), name))
            note_left_out(maker, name);
        return 0;
    }
    if (error == 0)
        error = plan_draft_read(maker, &draft);
    if (error == 0)
        error = add_draft(maker, &draft);
    plan_draft_free(&draft);
    return error;
}

// ---- all tables --------------------------------------------------------------------

static bool has_table(const struct plan_file *document, const char *workload)
{
    return tree_find(document->tables, "workload", workload) != NULL;
}

static bool has_text(const json_t *texts, const char *text)
{
    size_t index;
    json_t *own;
    json_array_foreach(texts, index, own)
    {
        if (strcmp(json_string_value(own), text) == 0)
            return true;
    }
    return false;
}

// A workload without a table gets one of its own size: if the user names it, or if the
// document measures others of its kind. CPU-bound ones are compared twice: on one CPU,
// what a model costs; on all, what it can use.
static int add_other(const struct plan_maker *maker,
                     const struct described_workload *workload)
{
    const struct plan_file *document = maker->choice->document;
    const char *name = workload->name;
    const char *kind = workload->kind;
    if (document->others == NULL || has_table(document, name) ||
        (maker->choice->workloads == NULL && !has_text(document->others, kind)))
        return 0;
    json_t *json = strcmp(kind, "cpu") == 0
                       ? json_pack("{s:s, s:[s, s]}", "workload", name, "setting",
                                   "one-cpu", "all-cpus")
                       : json_pack("{s:s}", "workload", name);
    int error = add_table(maker, json);
    json_decref(json);
    return error;
}

// The same for a workload that this build lacks, whose kind nobody can say.
static void add_left_out(const struct plan_maker *maker)
{
    const struct description *oracle = &maker->set->list[0].describe;
    if (maker->choice->workloads == NULL &&
        json_array_size(maker->choice->document->others) == 0)
        return;
    for (size_t i = 0; i < oracle->left_out_count; i++) {
        const char *name = oracle->left_out[i].name;
        if (may_be_wanted(maker, name, name))
            note_left_out(maker, name);
    }
}

static int add_all(struct plan_maker *maker)
{
    const struct plan_file *document = maker->choice->document;
    const struct plan_place whole = {.file = document->name};
    const struct plan_place list = plan_place_at(&whole, "tables", 0);
    int error = 0;
    size_t index;
    const json_t *entry;
    json_array_foreach(document->tables, index, entry)
    {
        maker->place = plan_place_at(&list, NULL, index);
        if (error == 0)
            error = add_table(maker, entry);
    }
    maker->place = plan_place_at(&whole, "others", 0);
    const struct description *oracle = &maker->set->list[0].describe;
    for (size_t i = 0; error == 0 && i < oracle->workload_count; i++)
        error = add_other(maker, &oracle->workloads[i]);
    add_left_out(maker);
    return error;
}

static int refuse_empty(const struct report_plan *plan, struct reason *reason)
{
    if (plan->left_out_count == 0)
        return reason_set(reason, -EINVAL,
                          "nothing to run: no table of this choice exists on this "
                          "machine (all-cpus needs two CPUs at the least)");
    const struct left_out *absent = &plan->left_out[0];
    bool known = absent->package != NULL;
    return reason_set(reason, -ENOENT,
                      "nothing to run: %s is left out of this build: %s%s%s%s",
                      absent->name, absent->reason, known ? "; install " : "",
                      known ? absent->package : "", known ? ", then build again" : "");
}

int plan_make(struct plan *plan, struct report *report, const struct runner_set *set,
              const struct plan_choice *choice, struct reason *reason)
{
    struct plan_maker maker = {
        .plan = plan, .report = report, .set = set, .choice = choice, .reason = reason};
    *plan = (struct plan){0};
    report_begin(report, PLAN_TABLES_MAXIMUM);
    int error = choice_check(choice, set, reason);
    if (error != 0)
        return error;
    plan_cpus_find(&maker.cpus);
    error = add_all(&maker);
    return error == 0 && plan->count == 0 ? refuse_empty(&report->plan, reason) : error;
}

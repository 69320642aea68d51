// SPDX-License-Identifier: MIT
//
// choice.c - see choice.h.
#include "driver/plan/choice.h"

#include "driver/plan/file.h"
#include "driver/report/tree.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

// ---- lists of names ----------------------------------------------------------------

unsigned choice_count(const char *list, const char *name)
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

// Where a name is looked up.
struct known {
    const struct runner_set *set;
    const struct plan_choice *choice;
};

// The first member of `list` that `exists` does not know goes to `unknown`; true when
// there is one.
static bool list_unknown(const struct known *known, const char *list,
                         bool (*exists)(const struct known *known, const char *name),
                         char *unknown, size_t size)
{
    while (list != NULL) {
        int length = (int)strcspn(list, ",");
        snprintf(unknown, size, "%.*s", length, list);
        if (!exists(known, unknown))
            return true;
        list = list[length] == ',' ? list + length + 1 : NULL;
    }
    return false;
}

// ---- what there is -----------------------------------------------------------------

// Describes what all of them have.
static const struct description *oracle_of(const struct known *known)
{
    return &known->set->list[0].describe;
}

static bool model_exists(const struct known *known, const char *name)
{
    return runner_find(known->set, name) != NULL;
}

// Is it the id of a table of the plan, or what stands in it before a setting?
static bool is_table(const struct known *known, const char *name)
{
    size_t index;
    json_t *table;
    json_array_foreach(known->choice->document->tables, index, table)
    {
        const char *own = tree_text(table, "id", tree_text(table, "workload", ""));
        if (strcmp(own, name) == 0)
            return true;
    }
    return false;
}

static bool is_workload(const struct known *known, const char *name)
{
    const struct description *oracle = oracle_of(known);
    return description_workload(oracle, name) != NULL ||
           description_left_out(oracle, name) != NULL;
}

// A name in --workloads may be that of a workload or of one of its tables.
static bool table_exists(const struct known *known, const char *name)
{
    char part[128];
    const char *rest = strrchr(name, '/');
    if (is_table(known, name) || is_workload(known, name))
        return true;
    if (rest == NULL || (strcmp(rest, "/one-cpu") != 0 && strcmp(rest, "/all-cpus") != 0))
        return false;
    snprintf(part, sizeof part, "%.*s", (int)(rest - name), name);
    return is_table(known, part) || is_workload(known, part);
}

// Every model may have a second cell, with a loop for each CPU.
static bool too_many_cells(const struct known *known)
{
    unsigned cells = 0;
    for (size_t i = 0; i < known->set->count; i++)
        cells += 2 * choice_count(known->choice->models, known->set->list[i].name);
    if (known->choice->base != NULL)
        cells *= 2;
    return cells > TABLE_CELLS_MAXIMUM;
}

// The name of a workload that is wanted and whose tasks must all be in flight together.
static bool any_together(const struct known *known, char *name, size_t size)
{
    const char *wanted = known->choice->workloads;
    const struct description *oracle = oracle_of(known);
    for (size_t i = 0; i < oracle->workload_count; i++) {
        const struct described_workload *workload = &oracle->workloads[i];
        snprintf(name, size, "%s", workload->name);
        if (workload->together && (wanted == NULL || choice_count(wanted, name) > 0))
            return true;
    }
    return false;
}

// ---- checks ------------------------------------------------------------------------

static int check_models(const struct known *known, struct reason *reason)
{
    char unknown[128];
    char there[384] = "";
    if (list_unknown(known, known->choice->models, model_exists, unknown,
                     sizeof unknown)) {
        for (size_t i = 0; i < known->set->count; i++)
            list_add(there, sizeof there, known->set->list[i].name);
        return reason_set(reason, -EINVAL,
                          "--models: there is no model '%s'; there are: %s", unknown,
                          there);
    }
    if (too_many_cells(known))
        return reason_set(reason, -EINVAL,
                          "--models: too many; a table has room for %d of them",
                          TABLE_CELLS_MAXIMUM / 2);
    return 0;
}

static int check_workloads(const struct known *known, struct reason *reason)
{
    char unknown[128];
    char there[384] = "";
    const struct description *oracle = oracle_of(known);
    if (!list_unknown(known, known->choice->workloads, table_exists, unknown,
                      sizeof unknown))
        return 0;
    for (size_t i = 0; i < oracle->workload_count; i++)
        list_add(there, sizeof there, oracle->workloads[i].name);
    return reason_set(reason, -EINVAL,
                      "--workloads: there is no workload '%s'; there are: %s", unknown,
                      there);
}

int choice_check(const struct plan_choice *choice, const struct runner_set *set,
                 struct reason *reason)
{
    const struct known known = {.set = set, .choice = choice};
    char name[128];
    int error = check_models(&known, reason);
    if (error != 0)
        return error;
    if (choice->concurrency.count > 1 && choice->tasks != 0 &&
        any_together(&known, name, sizeof name))
        return reason_set(reason, -EINVAL,
                          "--tasks: all tasks of '%s' are in flight together, so that a "
                          "list of --concurrency says how many there are; leave --tasks "
                          "out, or '%s'",
                          name, name);
    return check_workloads(&known, reason);
}

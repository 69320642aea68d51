// SPDX-License-Identifier: MIT
//
// list.c - `quartet list`: workloads, models and their options, as the runners
// describe themselves. Nothing about them is written down here.
#include "driver/command/commands.h"
#include "driver/command/measure_options.h"
#include "driver/plan/runner.h"
#include "lib/allocate.h"
#include "lib/error.h"
#include "lib/json_file.h"
#include "lib/options.h"
#include "lib/plain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct list_options {
    struct option_list runners;
    const char *lanes;
    bool json;
    bool help;
};

const struct option_spec list_specs[] = {
    {.name = "runner",
     .kind = OPTION_LIST,
     .offset = offsetof(struct list_options, runners),
     .help = "with a program of your own, repeatable"},
    {.name = "lanes",
     .kind = OPTION_TEXT,
     .offset = offsetof(struct list_options, lanes),
     .help = "with the same in other languages: python,go"},
    {.name = "json",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct list_options, json),
     .help = "print the descriptions of all runners as JSON"},
    {.name = "help",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct list_options, help),
     .help = "print this"},
    {.name = NULL},
};

// Prints options in the same form as --help of the runner itself does.
static void print_options(const struct described_options *options, const char *title)
{
    if (options->count > 0)
        options_print(stdout,
                      &(struct option_group){.title = title, .specs = options->list});
}

// ---- all -------------------------------------------------------------------------

// The first runner that has a workload of this name in its description.
static const struct described_workload *find_workload(const struct runner_set *set,
                                                      const char *name)
{
    const struct described_workload *workload = NULL;
    for (size_t i = 0; i < set->count && workload == NULL; i++)
        workload = runner_workload(&set->list[i], name);
    return workload;
}

// Is this runner the first that has the workload? (It is listed once.)
static bool is_first_with(const struct runner_set *set, size_t runner, const char *name)
{
    for (size_t i = 0; i < runner; i++) {
        if (runner_workload(&set->list[i], name) != NULL)
            return false;
    }
    return true;
}

// Workloads that this build lacks, with what would bring them.
static void print_left_out(const struct description *describe)
{
    if (describe->left_out_count > 0)
        printf("\nLeft out of this build\n");
    for (size_t i = 0; i < describe->left_out_count; i++) {
        const struct left_out *absent = &describe->left_out[i];
        plain_line(stdout, "  %-13s %s%s%s", absent->name, absent->reason,
                   absent->package != NULL ? "; install " : "",
                   absent->package != NULL ? absent->package : "");
    }
}

// A model; of a program of anybody also the one that it corresponds to, and what runs it.
static void print_row(const struct runner *runner)
{
    const struct description *own = &runner->describe;
    if (runner->foreign && own->model != NULL)
        plain_line(stdout, "  %-13s %s (foreign, beside %s; %s)", runner->name,
                   own->summary, own->model,
                   own->runtime == NULL ? "unknown runtime" : own->runtime);
    else
        plain_line(stdout, "  %-13s %s", runner->name, own->summary);
}

// Programs in the folder of the runners that are none.
static void print_ignored(const struct runner_set *set)
{
    if (set->ignored_count > 0)
        printf("\nIgnored\n");
    for (size_t i = 0; i < set->ignored_count; i++)
        plain_line(stdout, "  %-13s %s", set->ignored[i].name,
                   set->ignored[i].reason.text);
}

static void print_all(const struct runner_set *set)
{
    const struct description *oracle = &set->list[0].describe;
    printf("Workloads\n");
    for (size_t r = 0; r < set->count; r++) {
        const struct description *describe = &set->list[r].describe;
        for (size_t i = 0; i < describe->workload_count; i++) {
            const struct described_workload *workload = &describe->workloads[i];
            if (is_first_with(set, r, workload->name))
                plain_line(stdout, "  %-13s %-5s %s", workload->name, workload->kind,
                           workload->summary);
        }
    }
    print_left_out(oracle);
    printf("\nModels\n");
    for (size_t r = 0; r < set->count; r++)
        print_row(&set->list[r]);
    print_ignored(set);
    print_options(&oracle->common_options, "Options of every runner");
    printf("\n'quartet list NAME' prints the options of one workload or model.\n");
}

// ---- one -------------------------------------------------------------------------

static void print_workload(const struct runner_set *set,
                           const struct described_workload *workload)
{
    plain_line(stdout, "%s: %s", workload->name, workload->summary);
    putchar('\n');
    plain_line(stdout, "  kind         %s", workload->kind);
    plain_line(stdout, "  operations   %s", workload->operation);
    printf("  tasks        %.0f unless --tasks says otherwise\n",
           workload->default_tasks);
    printf("  concurrency  %.0f unless --concurrency says otherwise\n",
           workload->default_concurrency);
    printf("  models      ");
    for (size_t i = 0; i < set->count; i++) {
        if (runner_workload(&set->list[i], workload->name) != NULL)
            printf(" %s", set->list[i].name);
    }
    putchar('\n');
    print_options(&workload->options, "Options of this workload");
}

static void print_model(const struct runner *runner)
{
    plain_line(stdout, "%s: %s", runner->name, runner->describe.summary);
    print_options(&runner->describe.options, "Options of this model");
    print_options(&runner->describe.common_options, "Options of every runner");
}

static void print_json(const struct runner_set *set)
{
    json_t *all = json_array();
    for (size_t i = 0; i < set->count; i++)
        json_array_append(all, set->list[i].describe.json);
    json_print_style(stdout, all, JSON_INDENT(2));
    json_decref(all);
}

// Prints what was asked for; `name` is NULL for everything. 0, or -ENOENT.
static int print_choice(const struct runner_set *set, const char *name, bool json)
{
    const struct described_workload *workload =
        name == NULL ? NULL : find_workload(set, name);
    const struct runner *runner = name == NULL ? NULL : runner_find(set, name);
    if (json)
        print_json(set);
    else if (name == NULL)
        print_all(set);
    else if (workload != NULL)
        print_workload(set, workload);
    else if (runner != NULL)
        print_model(runner);
    else
        return -ENOENT;
    return 0;
}

int command_list(int argc, char **argv)
{
    struct list_options options = {0};
    const char *name = NULL;
    struct reason reason;
    command_parse("list", &options, &options.help,
                  &(struct command_line){argc, argv, &name, 1});
    struct runner_set *set = allocate(1, sizeof *set);
    int error = runner_set_find(set, &reason);
    if (error != 0)
        die(error == -ENOENT ? EXIT_CANNOT : EXIT_WRONG, "%s", reason.text);
    struct measure_options rows = {.runners = options.runners, .lanes = options.lanes};
    measure_options_add_rows("list", &rows, set);
    error = print_choice(set, name, options.json);
    runner_set_free(set);
    free(set);
    if (error != 0)
        die(EXIT_USAGE,
            "list: there is no workload and no model '%s'; see 'quartet list'", name);
    if (fflush(stdout) != 0 || ferror(stdout))
        die(EXIT_WRONG, "cannot write the list: %s", strerror(errno));
    return EXIT_FINE;
}

// SPDX-License-Identifier: MIT
//
// list.c - `quartet list`: workloads, models and their options, as the runners
// describe themselves. Nothing about them is written down here.
#include "driver/command/commands.h"
#include "driver/plan/runner.h"
#include "driver/report/json.h"
#include "lib/check.h"
#include "lib/error.h"
#include "lib/options.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define OPTIONS_MAX 64 // of one group that are listed

struct list_options {
    bool json;
    bool help;
};

const struct option_spec list_specs[] = {
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

// ---- options ---------------------------------------------------------------------

// "count" -> OPTION_COUNT. What a newer runner may call otherwise is shown as text.
static enum option_kind option_kind_of(const char *name)
{
    static const char *const names[] = {
        [OPTION_COUNT] = "count",       [OPTION_SIZE] = "size",
        [OPTION_DURATION] = "duration", [OPTION_CHOICE] = "choice",
        [OPTION_FLAG] = "flag",         [OPTION_TEXT] = "text",
    };
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        if (strcmp(names[i], name) == 0)
            return (enum option_kind)i;
    }
    return OPTION_TEXT;
}

// ["tcp", "unix"] -> "tcp|unix", cut to size.
static void join_choices(const json_t *option, char *text, size_t size)
{
    size_t used = 0;
    size_t index;
    json_t *choice;
    text[0] = '\0';
    json_array_foreach(tree_array(option, "choices"), index, choice)
    {
        const char *word = json_string_value(choice);
        if (used < size)
            used += (size_t)snprintf(text + used, size - used, "%s%s",
                                     index == 0 ? "" : "|", word == NULL ? "?" : word);
    }
}

// A bound of the option's range; what is missing or odd counts as 0.
static uint64_t bound_of(const json_t *option, const char *name)
{
    json_int_t bound = json_integer_value(tree_at(option, name));
    return bound > 0 ? (uint64_t)bound : 0;
}

// Prints options in the same form as --help of the runner itself does.
static void print_options(const json_t *options, const char *title)
{
    struct option_spec specs[OPTIONS_MAX + 1] = {{.name = NULL}};
    char choices[OPTIONS_MAX][128];
    size_t n = json_array_size(options);
    if (n == 0)
        return;
    for (size_t i = 0; i < n && i < OPTIONS_MAX; i++) {
        const json_t *option = json_array_get(options, i);
        join_choices(option, choices[i], sizeof choices[i]);
        specs[i] = (struct option_spec){
            .name = tree_text(option, "name", "?"),
            .kind = option_kind_of(tree_text(option, "kind", "text")),
            .fallback = tree_text(option, "default", NULL),
            .minimum = bound_of(option, "minimum"),
            .maximum = bound_of(option, "maximum"),
            .choices = choices[i],
            .help = tree_text(option, "help", ""),
        };
    }
    options_print(stdout, &(struct option_group){.title = title, .specs = specs});
}

// ---- all -------------------------------------------------------------------------

// The first runner that has a workload of this name in its description.
static const json_t *find_workload(const struct runner_set *set, const char *name)
{
    const json_t *workload = NULL;
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
static void print_left_out(const json_t *describe)
{
    const json_t *array = tree_array(describe, "left_out");
    size_t index;
    json_t *absent;
    if (json_array_size(array) > 0)
        printf("\nLeft out of this build\n");
    json_array_foreach(array, index, absent)
    {
        const char *package = tree_text(absent, "package", NULL);
        printf("  %-13s %s%s%s\n", tree_text(absent, "name", "?"),
               tree_text(absent, "reason", "?"), package != NULL ? "; install " : "",
               package != NULL ? package : "");
    }
}

static void print_all(const struct runner_set *set)
{
    printf("Workloads\n");
    for (size_t r = 0; r < set->count; r++) {
        size_t index;
        json_t *workload;
        json_array_foreach(tree_array(set->list[r].describe, "workloads"), index,
                           workload)
        {
            const char *name = tree_text(workload, "name", "?");
            if (is_first_with(set, r, name))
                printf("  %-13s %-5s %s\n", name, tree_text(workload, "kind", "?"),
                       tree_text(workload, "summary", ""));
        }
    }
    print_left_out(set->list[0].describe);
    printf("\nModels\n");
    for (size_t r = 0; r < set->count; r++)
        printf("  %-13s %s\n", set->list[r].name,
               tree_text(set->list[r].describe, "summary", ""));
    print_options(tree_array(set->list[0].describe, "common_options"),
                  "Options of every runner");
    printf("\n'quartet list NAME' prints the options of one workload or model.\n");
}

// ---- one -------------------------------------------------------------------------

static void print_workload(const struct runner_set *set, const json_t *workload)
{
    const char *name = tree_text(workload, "name", "?");
    printf("%s: %s\n\n", name, tree_text(workload, "summary", ""));
    printf("  kind         %s\n", tree_text(workload, "kind", "?"));
    printf("  operations   %s\n", tree_text(workload, "operation", "?"));
    printf("  tasks        %.0f unless --tasks says otherwise\n",
           tree_number(workload, "default_tasks"));
    printf("  concurrency  %.0f unless --concurrency says otherwise\n",
           tree_number(workload, "default_concurrency"));
    printf("  models      ");
    for (size_t i = 0; i < set->count; i++) {
        if (runner_workload(&set->list[i], name) != NULL)
            printf(" %s", set->list[i].name);
    }
    putchar('\n');
    print_options(tree_array(workload, "options"), "Options of this workload");
}

static void print_model(const struct runner *runner)
{
    printf("%s: %s\n", runner->name, tree_text(runner->describe, "summary", ""));
    print_options(tree_array(runner->describe, "options"), "Options of this model");
    print_options(tree_array(runner->describe, "common_options"),
                  "Options of every runner");
}

static void print_json(const struct runner_set *set)
{
    json_t *all = json_array();
    for (size_t i = 0; i < set->count; i++)
        json_array_append(all, set->list[i].describe);
    json_dumpf(all, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(all);
}

// Prints what was asked for; `name` is NULL for everything. 0, or -ENOENT.
static int print_choice(const struct runner_set *set, const char *name, bool json)
{
    const json_t *workload = name == NULL ? NULL : find_workload(set, name);
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
    struct runner_set *set = calloc(1, sizeof *set);
    if (set == NULL)
        die(EXIT_WRONG, "out of memory");
    int error = runner_set_find(set, &reason);
    if (error != 0)
        die(error == -ENOENT ? EXIT_CANNOT : EXIT_WRONG, "%s", reason.text);
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

// SPDX-License-Identifier: MIT
//
// help.c - what a runner says of itself, from the tables that the parser reads.
#include "runners/common/help.h"

#include "build_info.h"
#include "lib/check.h"
#include "lib/error.h"
#include "lib/manual.h"
#include "runners/common/shared_form.h"
#include "runners/model.h"

#include <inttypes.h>
#include <stdlib.h>

void help_print_workloads(FILE *file)
{
    for (size_t i = 0; workload_list[i] != NULL; i++)
        fprintf(file, "  %-12s %s\n", workload_list[i]->name, workload_list[i]->summary);
    json_t *others = json_array();
    size_t index;
    json_t *other;
    shared_form_describe(others);
    json_array_foreach(others, index, other)
        fprintf(file, "  %-12s %s\n", json_string_value(json_object_get(other, "name")),
                json_string_value(json_object_get(other, "summary")));
    json_decref(others);
}

void help_print(const struct option_spec *common, bool page)
{
    static const struct manual_exit exits[] = {{0, "fine"},
                                               {1, "a wrong answer, or a failure"},
                                               {2, "usage"},
                                               {77,
                                                "this machine, or this model, cannot"},
                                               {0, NULL}};
    const struct option_group groups[] = {{"Options of every run", common, NULL},
                                          {"Options of this model", model.options, NULL},
                                          {NULL, NULL, NULL}};
    char name[64], usage[256], command[64];
    char *text = NULL;
    size_t size = 0;
    FILE *memory = open_memstream(&text, &size);
    if (memory == NULL)
        die(EXIT_WRONG, "no memory for the help");
    fputs("Runs one workload and checks its answer.\n\nWorkloads:\n", memory);
    help_print_workloads(memory);
    if (fclose(memory) != 0)
        die(EXIT_WRONG, "no memory for the help");
    snprintf(name, sizeof name, "%s%s", page ? "quartet-" : "", model.name);
    snprintf(usage, sizeof usage,
             "%s WORKLOAD [options]\n%s WORKLOAD --help\n"
             "%s --help | --man | --list | --describe | --version",
             model.name, model.name, model.name);
    snprintf(command, sizeof command, "%s sleep --tasks 100 --delay 10ms", model.name);
    const struct manual_example examples[] = {{command, "a run by hand"}, {NULL, NULL}};
    const struct manual manual = {.name = name,
                                  .summary = model.summary,
                                  .usage = usage,
                                  .text = text,
                                  .exits = exits,
                                  .examples = examples};
    if (page)
        manual_print_page(stdout, &manual, groups, QUARTET_VERSION);
    else
        manual_print(stdout, &manual, groups);
    free(text);
}

void help_print_workload(const struct workload *workload,
                         const struct option_spec *common)
{
    printf("Usage: %s %s [options]\n\n%s\n"
           "Default: %" PRIu32 " tasks, %" PRIu32
           " in flight. One operation counts as one of "
           "the %s.\n",
           model.name, workload->name, workload->summary, workload->default_tasks,
           workload->default_concurrency, workload->operation);
    struct option_group groups[] = {{"Options of the workload", workload->options, NULL},
                                    {"Options of this model", model.options, NULL},
                                    {"Options of every run", common, NULL}};
    for (size_t i = 0; i < ARRAY_LEN(groups); i++)
        options_print(stdout, &groups[i]);
}

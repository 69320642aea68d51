// SPDX-License-Identifier: MIT
//
// project.c - see project.h.
#include "driver/gate/project.h"

#include "driver/gate/revision.h"
#include "driver/plan/member.h"
#include "driver/report/tree.h"
#include "lib/json_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MEMBERS "schema base head build threshold commands"

// ---- the command line --------------------------------------------------------------

// The last part of the first word: "./bin/prog data.txt" is "prog".
static json_t *usual_name(const char *command)
{
    size_t length = strcspn(command, " \t");
    size_t start = length;
    while (start > 0 && strchr(COMMAND_NAME_LETTERS, command[start - 1]) != NULL)
        start--;
    if (start == length)
        return json_string("command");
    return json_stringn(command + start, length - start < COMMAND_NAME_MAXIMUM
                                             ? length - start
                                             : COMMAND_NAME_MAXIMUM);
}

// "NAME=COMMAND", or a command alone.
static json_t *command_json(const struct project_choice *choice, const char *text)
{
    size_t length = strspn(text, COMMAND_NAME_LETTERS);
    bool named = length > 0 && text[length] == '=';
    const char *command = named ? text + length + 1 : text;
    return json_pack("{s:o, s:o, s:b, s:b}", "name",
                     named ? json_stringn(text, length) : usual_name(command), "command",
                     tree_string(command), "shell", choice->shell, "any_output",
                     choice->any_output);
}

static json_t *choice_json(const struct project_choice *choice)
{
    json_t *commands = json_array();
    for (size_t i = 0; i < choice->commands->count; i++)
        json_array_append_new(commands, command_json(choice, choice->commands->texts[i]));
    return json_pack("{s:s, s:o}", "schema", PROJECT_SCHEMA, "commands", commands);
}

// ---- quartet.json ------------------------------------------------------------------

// -ENOENT: there is no such file, or no repository.
static int load_file(struct project *project, struct reason *reason)
{
    char top[3000];
    char path[3100];
    struct reason ignored;
    if (revision_top(top, sizeof top, &ignored) != 0)
        return -ENOENT;
    snprintf(path, sizeof path, "%s/" PROJECT_FILE, top);
    if (access(path, F_OK) != 0)
        return -ENOENT;
    int error = json_file_load_schema(path, "quartet.project/", &project->json, reason);
    return error == 0 || error == -EINTR ? error : -EINVAL;
}

static int read_document(struct project *project, const char *file, struct reason *reason)
{
    const struct plan_place whole = {.file = file};
    const char *schema = tree_text(project->json, "schema", "");
    if (strcmp(schema, PROJECT_SCHEMA) != 0)
        return plan_refuse(&whole, reason,
                           "must be an object whose \"schema\" is \"" PROJECT_SCHEMA
                           "\"");
    int error = plan_check_members(&whole, project->json, MEMBERS, reason);
    if (error == 0)
        error = plan_text(&whole, project->json, "base", &project->base, reason);
    if (error == 0)
        error = plan_text(&whole, project->json, "head", &project->head, reason);
    if (error == 0)
        error = plan_text(&whole, project->json, "build", &project->build, reason);
    if (error == 0)
        error =
            plan_text(&whole, project->json, "threshold", &project->threshold, reason);
    return error != 0
               ? error
               : command_rows_read(&whole, json_object_get(project->json, "commands"),
                                   project->rows, &project->count, reason);
}

int project_read(struct project *project, const struct project_choice *choice,
                 struct reason *reason)
{
    bool chosen = choice->commands->count > 0;
    *project = (struct project){0};
    if (chosen)
        project->json = choice_json(choice);
    int error = chosen ? 0 : load_file(project, reason);
    if (error == -ENOENT && choice->build != NULL)
        return reason_set(reason, -EINVAL,
                          "--build: say with --command what is compared, or write it "
                          "into " PROJECT_FILE " at the top of the repository");
    if (error == -ENOENT)
        return 0;
    if (error == 0)
        error = read_document(project, chosen ? "--command" : PROJECT_FILE, reason);
    if (choice->base != NULL)
        project->base = choice->base;
    if (choice->head != NULL)
        project->head = choice->head;
    if (choice->build != NULL)
        project->build = choice->build;
    if (project->head == NULL)
        project->head = "HEAD";
    return error;
}

void project_close(struct project *project)
{
    json_decref(project->json);
    plan_file_free(&project->plan);
    project->json = NULL;
}

// ---- both sides --------------------------------------------------------------------

// A path of the repository becomes one of the checkout.
static const char *inside(const struct revision *side, const char *path, char *text,
                          size_t size)
{
    if (path != NULL && path[0] == '/')
        return path;
    snprintf(text, size, "%s%s%s", side->worktree, path == NULL ? "" : "/",
             path == NULL ? "" : path);
    return text;
}

static void add_rows(const struct project *project, const struct revision *side,
                     struct runner_set *set)
{
    for (size_t i = 0; i < project->count; i++) {
        struct command_row row = project->rows[i];
        char directory[8300];
        char input[8300];
        row.directory = inside(side, row.directory, directory, sizeof directory);
        if (row.input != NULL)
            row.input = inside(side, row.input, input, sizeof input);
        command_rows_add(set, &row);
    }
}

static int make_plan(struct project *project, const struct runner_set *set,
                     struct reason *reason)
{
    json_t *tables = json_array();
    for (size_t i = 0; i < set->count; i++)
        json_array_append_new(tables,
                              command_rows_table(set->list[i].name, &set->list[i], 1));
    return plan_file_make(&project->plan, PROJECT_FILE, tables, reason);
}

static void warn_of_changes(const struct project *project)
{
    if (strcmp(project->head, "HEAD") == 0 && revision_has_changes())
        warn("changes that are in no commit yet are not measured: --head HEAD is the "
             "last commit");
}

int project_open(struct project *project, struct base *base, struct runner_set *head,
                 const struct janitor *janitor, struct reason *reason)
{
    *base = (struct base){.kind = BASE_REVISION,
                          .name = project->base,
                          .revision = {.name = project->base, .side = "base"}};
    project->tree = (struct revision){.name = project->head, .side = "head"};
    warn_of_changes(project);
    int error = revision_check_out(&base->revision, janitor, reason);
    if (error == 0)
        error = revision_check_out(&project->tree, janitor, reason);
    if (error == 0)
        revision_warn_of_lacking(&base->revision);
    if (error == 0 && project->build != NULL)
        error = revision_build(&base->revision, project->build, janitor, reason);
    if (error == 0 && project->build != NULL)
        error = revision_build(&project->tree, project->build, janitor, reason);
    if (error != 0)
        return error;
    add_rows(project, &base->revision, &base->set);
    add_rows(project, &project->tree, head);
    return make_plan(project, head, reason);
}

int project_hide(const char *folder, bool chosen, struct reason *reason)
{
    // Of `results/`, which may be the user's own, no more than what this program makes there.
    const char *text = chosen ? "*\n" : "/.gitignore\n/latest\n/20*Z-*/\n";
    char path[4200];
    snprintf(path, sizeof path, "%s/%s.gitignore", folder, chosen ? "" : "../");
    FILE *file = fopen(path, "wex");
    if (file == NULL && errno == EEXIST)
        return 0;
    int printed = file == NULL ? -1 : fputs(text, file);
    if (file == NULL || fclose(file) != 0 || printed < 0)
        return reason_set(reason, errno == 0 ? -EIO : -errno, "cannot write '%.300s': %s",
                          path, strerror(errno));
    return 0;
}

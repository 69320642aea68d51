// SPDX-License-Identifier: MIT
//
// command_rows.c - see command_rows.h.
#include "driver/plan/command_rows.h"

#include "driver/report/tree.h"
#include "lib/check.h"
#include "lib/cpus.h"
#include "lib/options.h"

#include <stdio.h>
#include <string.h>

#define HELPER  "quartet-command"
#define MEMBERS "name command directory input exit_code limit shell any_output"

// ---- reading one -------------------------------------------------------------------

static int read_limit(const struct plan_place *place, const json_t *json,
                      struct command_row *row, struct reason *reason)
{
    const char *text;
    int error = plan_text(place, json, "limit", &text, reason);
    row->limit_ns = COMMAND_LIMIT_NS;
    if (error != 0 || text == NULL)
        return error;
    if (quantity_parse(OPTION_DURATION, text, &row->limit_ns) == 0 &&
        row->limit_ns >= COMMAND_LIMIT_LEAST_NS && row->limit_ns <= COMMAND_LIMIT_NS)
        return 0;
    return plan_refuse_at(place, "limit", reason, "must be a duration of 1 ms to 50 s");
}

static int read_texts(const struct plan_place *place, const json_t *json,
                      struct command_row *row, struct reason *reason)
{
    const struct {
        const char *name;
        const char **text;
    } texts[] = {{"name", &row->name},
                 {"command", &row->command},
                 {"directory", &row->directory},
                 {"input", &row->input}};
    int error = 0;
    for (size_t i = 0; error == 0 && i < ARRAY_LEN(texts); i++)
        error = plan_text(place, json, texts[i].name, texts[i].text, reason);
    return error;
}

bool command_is_empty(const char *text)
{
    return text[strspn(text, " \t\n")] == '\0';
}

static int check_command(const struct plan_place *place, const char *command,
                         struct reason *reason)
{
    if (command == NULL)
        return plan_refuse(place, reason, "must have a \"command\": \"./prog data.txt\"");
    if (command_is_empty(command))
        return plan_refuse_at(place, "command", reason,
                              "is empty; it must say what to run: ./prog data.txt");
    return 0;
}

int command_row_read(const struct plan_place *place, const json_t *json,
                     struct command_row *row, struct reason *reason)
{
    *row = (struct command_row){0};
    int error = plan_check_members(place, json, MEMBERS, reason);
    if (error == 0)
        error = read_texts(place, json, row, reason);
    if (error == 0)
        error = check_command(place, row->command, reason);
    if (error == 0)
        error = plan_number(place, json, "exit_code", 255, &row->exit_code, reason);
    if (error == 0)
        error = read_limit(place, json, row, reason);
    if (error == 0)
        error = plan_truth(place, json, "shell", false, &row->shell, reason);
    if (error == 0)
        error = plan_truth(place, json, "any_output", false, &row->any_output, reason);
    if (row->name == NULL)
        row->name = row->command;
    return error;
}

static int check_name(const struct plan_place *place, const json_t *commands,
                      size_t index, struct reason *reason)
{
    const char *name = tree_text(json_array_get(commands, index), "name", "");
    if (name[0] == '\0' || strlen(name) > COMMAND_NAME_MAXIMUM ||
        name[strspn(name, COMMAND_NAME_LETTERS)] != '\0')
        return plan_refuse_at(place, "name", reason,
                              "must be 1 to %d of the letters a-z, A-Z, 0-9, and . _ + -",
                              COMMAND_NAME_MAXIMUM);
    for (size_t i = 0; i < index; i++)
        if (strcmp(name, tree_text(json_array_get(commands, i), "name", "")) == 0)
            return plan_refuse_at(place, "name", reason,
                                  "two commands are called '%s'; give each a name of "
                                  "its own, as in --command NAME='./prog data.txt'",
                                  name);
    return 0;
}

int command_rows_read(const struct plan_place *whole, const json_t *commands,
                      struct command_row *rows, size_t *count, struct reason *reason)
{
    struct plan_place list = plan_place_at(whole, "commands", 0);
    int error = 0;
    *count = json_is_array(commands) ? json_array_size(commands) : 0;
    if (*count == 0 || *count > COMMAND_ROWS_MAXIMUM)
        return plan_refuse_at(whole, "commands", reason,
                              "must be a list of 1 to %d commands: [{\"name\": "
                              "\"parse\", \"command\": \"./prog data.txt\"}]",
                              COMMAND_ROWS_MAXIMUM);
    for (size_t i = 0; error == 0 && i < *count; i++) {
        struct plan_place place = plan_place_at(&list, NULL, i);
        error = command_row_read(&place, json_array_get(commands, i), &rows[i], reason);
        if (error == 0)
            error = check_name(&place, commands, i, reason);
    }
    if (error != 0)
        *count = 0;
    return error;
}

// ---- making one --------------------------------------------------------------------

// The first `size` - 1 bytes of a text, with dots where it was cut.
static void shorten(char *name, size_t size, const char *text)
{
    if (strlen(text) < size)
        snprintf(name, size, "%s", text);
    else
        snprintf(name, size, "%.*s...", (int)size - 4, text);
}

// The same command twice is a question that may be asked: the second row gets a number.
static void make_unique(const struct runner_set *set, char *name, size_t size)
{
    char plain[sizeof set->list[0].name];
    snprintf(plain, sizeof plain, "%s", name);
    for (unsigned number = 2; runner_find(set, name) != NULL; number++)
        snprintf(name, size, "%.*s (%u)", (int)size - 8, plain, number);
}

static void add_word(json_t *words, const char *option, const char *value)
{
    if (value == NULL)
        return;
    json_array_append_new(words, json_string(option));
    if (value[0] != '\0')
        json_array_append_new(words, tree_string(value));
}

// The arguments that quartet-command gets for a row.
static json_t *make_words(const struct command_row *row, const char *name)
{
    char exit_code[8];
    char limit[32];
    json_t *words = json_array();
    snprintf(exit_code, sizeof exit_code, "%u", (unsigned)row->exit_code);
    quantity_format(OPTION_DURATION, row->limit_ns, limit, sizeof limit);
    add_word(words, "--name", name);
    add_word(words, "--command", row->command);
    add_word(words, "--shell", row->shell ? "" : NULL);
    add_word(words, "--directory", row->directory);
    add_word(words, "--input", row->input);
    add_word(words, "--exit-code", exit_code);
    add_word(words, "--any-output", row->any_output ? "" : NULL);
    add_word(words, "--limit", limit);
    return words;
}

// As a runner would describe itself that has one workload: to run the command.
static json_t *describe(const char *name)
{
    json_t *description = json_pack(
        "{s:s, s:o, s:s, s:[], s:[{s:s, s:s, s:s, s:s, s:b, s:b, s:i, s:i, s:[]}],"
        " s:{s:b}}",
        "schema", "quartet.describe/2", "model", tree_string(name), "summary",
        "a command", "options", "workloads", "name", COMMAND_WORKLOAD, "kind", "cost",
        "operation", "runs", "summary", "a command of anybody", "together", 0, "peer", 0,
        "default_tasks", 1, "default_concurrency", 1, "options", "build", "optimised", 1);
    CHECK(description != NULL);
    return description;
}

void command_rows_add(struct runner_set *set, const struct command_row *row)
{
    CHECK(set->count < RUNNERS_MAXIMUM);
    struct runner *runner = &set->list[set->count];
    char name[sizeof runner->name];
    *runner = (struct runner){0};
    if (!runner_find_beside(HELPER, runner->path, sizeof runner->path))
        die(EXIT_WRONG, HELPER " is neither beside this program nor in "
                               "../libexec/quartet; build it with 'make'");
    shorten(name, sizeof name, row->name);
    make_unique(set, name, sizeof name);
    runner->words = make_words(row, name);
    description_read(&runner->describe, describe(name));
    snprintf(runner->name, sizeof runner->name, "%s", name);
    set->count++;
}

bool runner_is_command(const struct runner *runner)
{
    return runner->words != NULL;
}

json_t *command_rows_table(const char *id, const struct runner *rows, size_t count)
{
    char cpus[2048];
    json_t *models = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(models, tree_string(rows[i].name));
    cpus_allowed(cpus, sizeof cpus);
    return json_pack("{s:s, s:o, s:o, s:s, s:o}", "workload", COMMAND_WORKLOAD, "id",
                     tree_string(id), "title", tree_string(id), "cpus", cpus, "models",
                     models);
}

// SPDX-License-Identifier: MIT
//
// rows.c - see rows.h.
#include "driver/plan/rows.h"

#include "driver/plan/command_rows.h"
#include "driver/plan/member.h"

#include <errno.h>
#include <string.h>

#define TABLE_ID "commands"

// ---- programs ----------------------------------------------------------------------

static bool are_words(const json_t *command)
{
    size_t index;
    size_t length = 0;
    json_t *word;
    json_array_foreach(command, index, word)
    {
        if (json_string_length(word) == 0)
            return false;
        length += json_string_length(word);
    }
    return index > 0 && index <= PLAN_COMMAND_WORDS && length <= PLAN_COMMAND_LENGTH;
}

static bool starts_by(const struct runner *runner, const json_t *prefix, const char *path)
{
    return runner->foreign && strcmp(runner->path, path) == 0 &&
           (json_equal(runner->prefix, prefix) ||
            json_array_size(runner->prefix) + json_array_size(prefix) == 0);
}

// The last word is the program, and what stands before it starts that.
static int add_program(const struct plan_place *place, const char *name,
                       const json_t *command, struct runner_set *set,
                       struct reason *reason)
{
    struct reason why;
    size_t last = json_array_size(command) - 1;
    const struct runner *known = runner_find(set, name);
    const char *path = json_string_value(json_array_get(command, last));
    json_t *prefix = json_copy((json_t *)(uintptr_t)command);
    json_array_remove(prefix, last);
    const struct runner_choice choice = {.path = path, .prefix = prefix, .name = name};
    int error = 0;
    if (known == NULL ||
        !starts_by(known, prefix, path)) // the same may stand in two tables
        error = runner_set_add(set, &choice, &why);
    json_decref(prefix);
    if (error == 0)
        return 0;
    plan_refuse_at(place, "command", reason, "%s", why.text);
    return error;
}

static int add_model(const struct plan_place *place, const json_t *item,
                     struct runner_set *set, struct reason *reason)
{
    const char *name;
    const json_t *command = json_object_get(item, "command");
    if (command == NULL || json_is_null(command))
        return 0;
    int error = plan_text(place, item, "model", &name, reason);
    if (error != 0)
        return error;
    if (name == NULL)
        return plan_refuse(place, reason,
                           "must have a \"model\": the name that the program gives "
                           "itself");
    if (!json_is_array(command) || !are_words(command))
        return plan_refuse_at(place, "command", reason,
                              "must be a list of 1 to %d texts, of %d letters at the "
                              "most, the program last: [\"python3.13\", "
                              "\"lanes/python/asyncio\"]",
                              PLAN_COMMAND_WORDS, PLAN_COMMAND_LENGTH);
    return add_program(place, name, command, set, reason);
}

static int add_models(const struct plan_place *place, const json_t *table,
                      struct runner_set *set, struct reason *reason)
{
    int error = 0;
    size_t index;
    const json_t *item;
    struct plan_place list = plan_place_at(place, "models", 0);
    json_array_foreach(json_object_get(table, "models"), index, item)
    {
        struct plan_place inner = plan_place_at(&list, NULL, index);
        if (error == 0)
            error = add_model(&inner, item, set, reason);
    }
    return error;
}

// ---- commands ----------------------------------------------------------------------

static int add_commands(struct plan_file *file, struct runner_set *set,
                        struct reason *reason)
{
    size_t count;
    struct command_row rows[COMMAND_ROWS_MAXIMUM];
    const struct plan_place whole = {.file = file->name};
    const json_t *commands = json_object_get(file->document, "commands");
    if (commands == NULL || json_is_null(commands))
        return 0;
    int error = command_rows_read(&whole, commands, rows, &count, reason);
    for (size_t i = 0; error == 0 && i < count; i++) {
        if (runner_find(set, rows[i].name) != NULL || set->count == RUNNERS_MAXIMUM)
            return plan_refuse_at(&whole, "commands", reason,
                                  "there is a row called '%s' already, or %d of them",
                                  rows[i].name, RUNNERS_MAXIMUM);
        command_rows_add(set, &rows[i]);
    }
    if (error == 0)
        json_array_append_new(file->tables,
                              command_rows_table(TABLE_ID, &set->list[set->count - count],
                                                 count));
    return error;
}

// ------------------------------------------------------------------------------------

static bool has_command(const json_t *table)
{
    size_t index;
    const json_t *item;
    json_array_foreach(json_object_get(table, "models"), index, item)
    {
        if (json_object_get(item, "command") != NULL)
            return true;
    }
    return false;
}

bool plan_rows_any(const struct plan_file *file)
{
    size_t index;
    const json_t *table;
    bool any = json_object_get(file->document, "commands") != NULL;
    json_array_foreach(file->tables, index, table)
    {
        any = any || has_command(table);
    }
    return any;
}

int plan_rows_add(struct plan_file *file, struct runner_set *set, struct reason *reason)
{
    int error = 0;
    size_t index;
    const json_t *table;
    const struct plan_place whole = {.file = file->name};
    struct plan_place list = plan_place_at(&whole, "tables", 0);
    json_array_foreach(file->tables, index, table)
    {
        struct plan_place place = plan_place_at(&list, NULL, index);
        if (error == 0)
            error = add_models(&place, table, set, reason);
    }
    return error != 0 ? error : add_commands(file, set, reason);
}

// SPDX-License-Identifier: MIT
//
// file.c - see file.h.
//
// Read next: draft.h, which reads one of its tables.
#include "driver/plan/file.h"

#include "driver/plan/member.h"
#include "driver/report/tree.h"
#include "lib/json_file.h"

#include <errno.h>
#include <string.h>

#define MEMBERS                                                                          \
    "schema title rounds seed for_decisions until_decided others tables commands"
#define ROUNDS_MAXIMUM 1000

static int read_numbers(struct plan_file *file, const struct plan_place *place,
                        struct reason *reason)
{
    uint64_t rounds;
    const char *title;
    int error = plan_text(place, file->document, "title", &title, reason);
    if (error == 0)
        error =
            plan_number(place, file->document, "rounds", ROUNDS_MAXIMUM, &rounds, reason);
    if (error == 0)
        error =
            plan_number(place, file->document, "seed", UINT32_MAX, &file->seed, reason);
    if (error == 0)
        file->rounds = (unsigned)rounds;
    return error;
}

static int read_truths(struct plan_file *file, const struct plan_place *place,
                       struct reason *reason)
{
    int error = plan_truth(place, file->document, "for_decisions", true,
                           &file->for_decisions, reason);
    return error != 0 ? error
                      : plan_truth(place, file->document, "until_decided", false,
                                   &file->until_decided, reason);
}

static int read_others(struct plan_file *file, const struct plan_place *place,
                       struct reason *reason)
{
    json_t *others = json_object_get(file->document, "others");
    bool texts = others == NULL || json_is_null(others) || json_is_array(others);
    size_t index;
    json_t *kind;
    json_array_foreach(others, index, kind)
    {
        texts = texts && json_is_string(kind);
    }
    file->others = json_is_array(others) ? json_incref(others) : NULL;
    return texts ? 0
                 : plan_refuse_at(place, "others", reason,
                                  "must be a list of kinds of workloads: [\"cpu\", "
                                  "\"io\"]");
}

static int read_tables(struct plan_file *file, const struct plan_place *place,
                       struct reason *reason)
{
    json_t *tables = json_object_get(file->document, "tables");
    if (tables == NULL && json_object_get(file->document, "commands") != NULL) {
        file->tables = json_array(); // rows.h adds one
        return 0;
    }
    file->tables_of = json_string_value(tables);
    if (file->tables_of == NULL && json_array_size(tables) == 0)
        return plan_refuse(place, reason,
                           "tables: must be a list of one table or more: [{...}]");
    file->tables = json_copy(tables); // rows.h may add one
    return 0;
}

static int check_document(struct plan_file *file, struct reason *reason)
{
    struct plan_place place = {.file = file->name};
    const char *schema = tree_text(file->document, "schema", NULL);
    if (!json_is_object(file->document) || schema == NULL ||
        strcmp(schema, PLAN_FILE_SCHEMA) != 0)
        return plan_refuse(&place, reason,
                           "is no plan: it must be an object whose \"schema\" is "
                           "\"" PLAN_FILE_SCHEMA "\"");
    int error = plan_check_members(&place, file->document, MEMBERS, reason);
    if (error == 0)
        error = read_numbers(file, &place, reason);
    if (error == 0)
        error = read_truths(file, &place, reason);
    if (error == 0)
        error = read_others(file, &place, reason);
    return error != 0 ? error : read_tables(file, &place, reason);
}

int plan_file_load(struct plan_file *file, const char *name, struct reason *reason)
{
    *file = (struct plan_file){.name = name};
    int error = json_file_load_schema(name, "quartet.plan/", &file->document, reason);
    if (error == 0)
        error = check_document(file, reason);
    if (error != 0)
        plan_file_free(file);
    return error;
}

int plan_file_parse(struct plan_file *file, const char *name, const char *text,
                    struct reason *reason)
{
    *file = (struct plan_file){.name = name};
    int error = json_text_load(text, strlen(text), name, &file->document, reason);
    if (error == 0)
        error = check_document(file, reason);
    if (error != 0)
        plan_file_free(file);
    return error;
}

int plan_file_make(struct plan_file *file, const char *name, json_t *tables,
                   struct reason *reason)
{
    *file = (struct plan_file){.name = name};
    file->document =
        json_pack("{s:s, s:o}", "schema", PLAN_FILE_SCHEMA, "tables", tables);
    int error = check_document(file, reason);
    if (error != 0)
        plan_file_free(file);
    return error;
}

void plan_file_take_tables(struct plan_file *file, const struct plan_file *other)
{
    json_decref(file->tables);
    json_decref(file->others);
    file->tables = json_incref(other->tables);
    file->others = json_incref(other->others);
    file->tables_of = NULL;
}

void plan_file_free(struct plan_file *file)
{
    json_decref(file->document);
    json_decref(file->tables);
    json_decref(file->others);
    *file = (struct plan_file){.name = file->name};
}

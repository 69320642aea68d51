// SPDX-License-Identifier: MIT
//
// check.c - see check.h. What is expected stands in tables of fields; one
// function walks over them.
#include "driver/report/check.h"

#include "driver/report/json.h"
#include "lib/check.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum field_kind { FIELD_OBJECT, FIELD_ARRAY, FIELD_TEXT, FIELD_NUMBER, FIELD_TRUTH };

static const char *const kind_names[] = {"an object", "an array", "a string", "a number",
                                         "true or false"};

struct field {
    const char *name;
    enum field_kind kind;
    bool required; // otherwise it may be missing or null
};

static const struct field report_fields[] = {
    {"tables", FIELD_ARRAY, true},
    {"plan", FIELD_OBJECT, false},
    {"environment", FIELD_OBJECT, false},
    {"complete", FIELD_TRUTH, true},
};

static const struct field table_fields[] = {
    {"id", FIELD_TEXT, true},      {"workload", FIELD_TEXT, true},
    {"title", FIELD_TEXT, false},  {"setting", FIELD_TEXT, false},
    {"blocks", FIELD_ARRAY, true}, {"cells", FIELD_ARRAY, true},
};

static const struct field block_fields[] = {
    {"number", FIELD_NUMBER, true},
    {"valid", FIELD_TRUTH, true},
};

static const struct field cell_fields[] = {
    {"id", FIELD_TEXT, true},        {"model", FIELD_TEXT, true},
    {"label", FIELD_TEXT, true},     {"status", FIELD_TEXT, true},
    {"reason", FIELD_TEXT, false},   {"samples", FIELD_ARRAY, true},
    {"warmup", FIELD_OBJECT, false},
};

static const struct field sample_fields[] = {
    {"block", FIELD_NUMBER, true},
    {"exit_code", FIELD_NUMBER, false},
    {"wall_ns", FIELD_NUMBER, false},
    {"record", FIELD_OBJECT, false},
};

static const char *const cell_status[] = {"ok", "wrong", "failed", "dnf", "skipped"};

static bool is_kind(const json_t *value, enum field_kind kind)
{
    switch (kind) {
    case FIELD_OBJECT:
        return json_is_object(value);
    case FIELD_ARRAY:
        return json_is_array(value);
    case FIELD_TEXT:
        return json_is_string(value);
    case FIELD_NUMBER:
        return json_is_number(value);
    case FIELD_TRUTH:
        return json_is_boolean(value);
    }
    return false;
}

// Checks the members of one object; `place` says where it stands ("tables[2]").
static int check_fields(const json_t *object, const char *place,
                        const struct field *fields, size_t n, struct reason *reason)
{
    if (!json_is_object(object))
        return reason_set(reason, -EBADMSG, "%s must be an object", place);
    for (size_t i = 0; i < n; i++) {
        const json_t *value = json_object_get(object, fields[i].name);
        bool missing = value == NULL || json_is_null(value);
        if (missing ? fields[i].required : !is_kind(value, fields[i].kind))
            return reason_set(reason, -EBADMSG, "%s%s%s must be %s", place,
                              place[0] == '\0' ? "" : ".", fields[i].name,
                              kind_names[fields[i].kind]);
    }
    return 0;
}

static int check_status(const json_t *cell, const char *place, struct reason *reason)
{
    const char *status = tree_text(cell, "status", "");
    for (size_t i = 0; i < ARRAY_LEN(cell_status); i++) {
        if (strcmp(status, cell_status[i]) == 0)
            return 0;
    }
    return reason_set(reason, -EBADMSG,
                      "%s.status is '%.40s', must be ok, wrong, failed, dnf or skipped",
                      place, status);
}

static int check_cell(const json_t *cell, const char *place, struct reason *reason)
{
    int error = check_fields(cell, place, cell_fields, ARRAY_LEN(cell_fields), reason);
    if (error == 0)
        error = check_status(cell, place, reason);
    json_t *samples = tree_array(cell, "samples");
    if (error == 0 && json_array_size(samples) > 2 * REPORT_BLOCKS_MAX)
        error = reason_set(reason, -EBADMSG, "%s.samples has more than %d entries", place,
                           2 * REPORT_BLOCKS_MAX);
    size_t index;
    json_t *sample;
    json_array_foreach(samples, index, sample)
    {
        char inner[128];
        snprintf(inner, sizeof inner, "%.80s.samples[%zu]", place, index);
        if (error == 0)
            error = check_fields(sample, inner, sample_fields, ARRAY_LEN(sample_fields),
                                 reason);
    }
    return error;
}

// No two entries may have the same id: the second would never be found. What has no id is
// refused by check_fields().
static int check_ids(const json_t *list, const char *place, struct reason *reason)
{
    for (size_t i = 0; i < json_array_size(list); i++)
        for (size_t other = 0; other < i; other++) {
            const char *id = tree_text(json_array_get(list, i), "id", NULL);
            const char *seen = tree_text(json_array_get(list, other), "id", NULL);
            if (id != NULL && seen != NULL && strcmp(id, seen) == 0)
                return reason_set(reason, -EBADMSG,
                                  "%s[%zu] and %s[%zu] have the same id, '%.80s'", place,
                                  other, place, i, id);
        }
    return 0;
}

static int check_table(const json_t *table, const char *place, struct reason *reason)
{
    int error = check_fields(table, place, table_fields, ARRAY_LEN(table_fields), reason);
    json_t *blocks = tree_array(table, "blocks");
    json_t *cells = tree_array(table, "cells");
    if (error == 0 && json_array_size(blocks) > REPORT_BLOCKS_MAX)
        error = reason_set(reason, -EBADMSG, "%s.blocks has more than %d entries", place,
                           REPORT_BLOCKS_MAX);
    if (error == 0 && json_array_size(cells) > REPORT_CELLS_MAX)
        error = reason_set(reason, -EBADMSG, "%s.cells has more than %d entries", place,
                           REPORT_CELLS_MAX);
    size_t index;
    json_t *entry;
    char inner[64];
    json_array_foreach(blocks, index, entry)
    {
        snprintf(inner, sizeof inner, "%.30s.blocks[%zu]", place, index);
        if (error == 0)
            error =
                check_fields(entry, inner, block_fields, ARRAY_LEN(block_fields), reason);
    }
    json_array_foreach(cells, index, entry)
    {
        snprintf(inner, sizeof inner, "%.30s.cells[%zu]", place, index);
        if (error == 0)
            error = check_cell(entry, inner, reason);
    }
    snprintf(inner, sizeof inner, "%.30s.cells", place);
    return error != 0 ? error : check_ids(cells, inner, reason);
}

static int check_schema(const json_t *report, struct reason *reason)
{
    const char *schema = tree_text(report, "schema", NULL);
    if (schema == NULL)
        return reason_set(reason, -EBADMSG,
                          "not a report of quartet: it has no \"schema\"");
    if (strcmp(schema, REPORT_SCHEMA) == 0)
        return 0;
    if (strncmp(schema, "quartet.report/", strlen("quartet.report/")) == 0)
        return reason_set(reason, -EBADMSG,
                          "its schema is %.60s and this version reads " REPORT_SCHEMA
                          "; use the version of quartet that wrote it, or a newer one",
                          schema);
    return reason_set(reason, -EBADMSG, "not a report of quartet: its schema is '%.60s'",
                      schema);
}

int report_check(const json_t *report, struct reason *reason)
{
    int error = check_schema(report, reason);
    if (error == 0)
        error = check_fields(report, "", report_fields, ARRAY_LEN(report_fields), reason);
    json_t *tables = tree_array(report, "tables");
    if (error == 0 && json_array_size(tables) > REPORT_TABLES_MAX)
        error = reason_set(reason, -EBADMSG, "tables has more than %d entries",
                           REPORT_TABLES_MAX);
    size_t index;
    json_t *table;
    json_array_foreach(tables, index, table)
    {
        if (error != 0)
            return error;
        char place[32];
        snprintf(place, sizeof place, "tables[%zu]", index);
        error = check_table(table, place, reason);
    }
    return error != 0 ? error : check_ids(tables, "tables", reason);
}

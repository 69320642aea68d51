// SPDX-License-Identifier: MIT
//
// check.c - see check.h. The types are in model_members.c, beside the names.
#include "driver/report/check.h"

#include "driver/report/model_members.h"
#include "driver/report/tree.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static int check_cell(const json_t *cell, const char *place, struct reason *reason)
{
    int error = members_check(cell, place, &report_cell_members, reason);
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
            error = members_check(sample, inner, &sample_members, reason);
    }
    return error;
}

// No two entries may have the same id: the second would never be found. An entry without id is
// refused by members_check().
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
    int error = members_check(table, place, &report_table_members, reason);
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
            error = members_check(entry, inner, &report_block_members, reason);
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
        error = members_check(report, "", &report_members, reason);
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

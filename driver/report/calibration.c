// SPDX-License-Identifier: MIT
//
// calibration.c - see calibration.h.
#include "driver/report/calibration.h"

#include "driver/report/members.h"
#include "driver/report/tree.h"
#include "lib/allocate.h"
#include "lib/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// ---- the members -------------------------------------------------------------------

// clang-format off

#define OF(field, rules) MEMBER(struct calibration, field, rules)
static const struct member whole_list[] = {
    OF(schema, MEMBER_PLAIN),
    OF(tool, MEMBER_OBJECT),
    OF(testbed, MEMBER_PLAIN),
    OF(started_utc, MEMBER_PLAIN),
    OF(duration_ns, MEMBER_WHOLE),
    OF(plan, MEMBER_OBJECT),
    OF(threshold, MEMBER_PLAIN),
    OF(rows, MEMBER_WHOLE | MEMBER_OPTIONAL),
    OF(environment, MEMBER_OBJECT),
};
MEMBERS_OF(whole);
#undef OF

#define OF(field, rules) MEMBER(struct calibration_cell, field, rules)
static const struct member cell_list[] = {
    OF(id, MEMBER_PLAIN),
    OF(table, MEMBER_PLAIN),
    OF(row, MEMBER_PLAIN),
    OF(model, MEMBER_PLAIN),
    OF(command, MEMBER_ARRAY),
    OF(started_utc, MEMBER_PLAIN),
    OF(reason, MEMBER_PLAIN),
};
MEMBERS_OF(cell);
#undef OF

#define OF(field, rules) MEMBER(struct calibration_metric, field, rules)
static const struct member metric_list[] = {
    OF(n, MEMBER_WHOLE),
    OF(median, MEMBER_PLAIN),
    OF(ratio, MEMBER_PLAIN),
    OF(low, MEMBER_PLAIN),
    OF(high, MEMBER_PLAIN),
    OF(floor, MEMBER_PLAIN),
    OF(sessions, MEMBER_WHOLE),
    OF(suspected, MEMBER_WHOLE),
    OF(confirmed, MEMBER_WHOLE),
};
MEMBERS_OF(metric);
#undef OF

#define OF(field, rules) MEMBER(struct calibration_layout, field, rules)
static const struct member layout_list[] = {
    OF(links, MEMBER_WHOLE),
    OF(floor, MEMBER_PLAIN),
    OF(limit, MEMBER_PLAIN),
};
MEMBERS_OF(layout);
#undef OF

#define OF(field, rules) MEMBER(struct calibration_finds, field, rules)
static const struct member finds_list[] = {
    OF(slowdown, MEMBER_PLAIN),
    OF(pairs, MEMBER_WHOLE),
    OF(duration_ns, MEMBER_WHOLE),
};
MEMBERS_OF(finds);
#undef OF
// clang-format on

// ---- reading -----------------------------------------------------------------------

// A file may hold anything: a floor below zero, or without end, is none.
static void read_metrics(struct calibration_cell *own, const json_t *metrics)
{
    own->measured = json_is_object(metrics);
    for (enum metric i = 0; i < METRIC_UNKNOWN; i++) {
        struct calibration_metric *known = &own->metrics[i];
        members_read(json_object_get(metrics, metric_name(i)), &metric_members, known);
        if (!isfinite(known->floor) || known->floor < 0)
            known->floor = (double)NAN;
    }
}

static void read_cell(struct calibration *calibration, const json_t *json)
{
    const char *id = tree_text(json, "id", NULL);
    if (id == NULL)
        return;
    struct calibration_cell *own = calibration_add(calibration, id);
    members_read(json, &cell_members, own);
    own->primary = metric_find(tree_text(json, "primary", "?"));
    read_metrics(own, tree_at(json, "metrics"));
    members_read(tree_at(json, "layout"), &layout_members, &own->layout);
    members_read(tree_at(json, "finds"), &finds_members, &own->finds);
}

struct calibration calibration_read(json_t *json)
{
    struct calibration calibration = {.json = json};
    const json_t *cells = tree_array(json, "cells");
    members_read(json, &whole_members, &calibration);
    for (size_t i = 0; i < json_array_size(cells); i++)
        read_cell(&calibration, json_array_get(cells, i));
    return calibration;
}

// ---- writing -----------------------------------------------------------------------

static json_t *write_metrics(const struct calibration_cell *own)
{
    if (!own->measured)
        return json_null();
    json_t *metrics = json_object();
    for (enum metric i = 0; i < METRIC_UNKNOWN; i++)
        if (!isnan(own->metrics[i].n))
            json_object_set_new(metrics, metric_name(i),
                                members_json(&metric_members, &own->metrics[i]));
    return metrics;
}

static json_t *write_cell(const struct calibration_cell *own)
{
    json_t *json = members_json(&cell_members, own);
    json_object_set_new(json, "metrics", write_metrics(own));
    if (own->primary != METRIC_UNKNOWN)
        json_object_set_new(json, "primary", json_string(metric_name(own->primary)));
    if (!isnan(own->layout.links))
        json_object_set_new(json, "layout", members_json(&layout_members, &own->layout));
    if (!isnan(own->finds.slowdown))
        json_object_set_new(json, "finds", members_json(&finds_members, &own->finds));
    return json;
}

json_t *calibration_write(const struct calibration *calibration)
{
    json_t *json = members_json(&whole_members, calibration);
    json_t *cells = json_array();
    for (size_t i = 0; i < calibration->count; i++)
        json_array_append_new(cells, write_cell(&calibration->cells[i]));
    json_object_set_new(json, "cells", cells);
    return json;
}

// ---- cells -------------------------------------------------------------------------

struct calibration_cell *calibration_add(struct calibration *calibration, const char *id)
{
    calibration->cells = allocate_more(calibration->cells, calibration->count,
                                       &calibration->room, sizeof *calibration->cells);
    struct calibration_cell *own = &calibration->cells[calibration->count++];
    *own = (struct calibration_cell){.id = id, .primary = METRIC_UNKNOWN};
    members_read(NULL, &layout_members, &own->layout);
    members_read(NULL, &finds_members, &own->finds);
    for (enum metric i = 0; i < METRIC_UNKNOWN; i++)
        members_read(NULL, &metric_members, &own->metrics[i]);
    return own;
}

struct calibration_cell *calibration_find(const struct calibration *calibration,
                                          const char *id)
{
    for (size_t i = 0; i < calibration->count; i++)
        if (strcmp(calibration->cells[i].id, id) == 0)
            return &calibration->cells[i];
    return NULL;
}

// ---- memory ------------------------------------------------------------------------

json_t *calibration_keep(struct calibration *calibration, json_t *value)
{
    if (calibration->kept == NULL)
        calibration->kept = json_array();
    json_array_append_new(calibration->kept, value);
    return value;
}

void calibration_free(struct calibration *calibration)
{
    json_decref(calibration->json);
    json_decref(calibration->kept);
    free(calibration->cells);
    *calibration = (struct calibration){.json = NULL};
}

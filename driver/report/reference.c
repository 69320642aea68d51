// SPDX-License-Identifier: MIT
//
// reference.c - see reference.h.
#include "driver/report/reference.h"

#include "driver/report/members.h"
#include "driver/report/tree.h"
#include "lib/allocate.h"
#include "lib/check.h"

#include <stdlib.h>

// ---- the members -------------------------------------------------------------------

// clang-format off

#define OF(field) MEMBER(struct reference_row, field, MEMBER_PLAIN)
static const struct member row_list[] = {
    OF(table), OF(row), OF(metric), OF(ratio), OF(low), OF(high),
};
MEMBERS_OF(row);
#undef OF

#define OF(field) MEMBER(struct reference_step, field, MEMBER_PLAIN)
static const struct member step_list[] = {OF(base), OF(head), OF(utc)};
MEMBERS_OF(step);
#undef OF

#define OF(field) MEMBER(struct reference_steps, field, MEMBER_PLAIN)
static const struct member steps_list[] = {OF(schema), OF(testbed)};
MEMBERS_OF(steps);
#undef OF

#define OF(field, rules) MEMBER(struct reference_sum_row, field, rules)
static const struct member sum_row_list[] = {
    OF(table, MEMBER_PLAIN), OF(row, MEMBER_PLAIN), OF(metric, MEMBER_PLAIN),
    OF(steps, MEMBER_WHOLE), OF(ratio, MEMBER_PLAIN), OF(border, MEMBER_PLAIN),
    OF(drifted, MEMBER_PLAIN),
};
MEMBERS_OF(sum_row);
#undef OF

#define OF(field, rules) MEMBER(struct reference_sum, field, rules)
static const struct member sum_list[] = {
    OF(name, MEMBER_PLAIN), OF(pinned, MEMBER_PLAIN), OF(steps, MEMBER_WHOLE),
    OF(stored, MEMBER_PLAIN), OF(gap_after, MEMBER_PLAIN),
};
MEMBERS_OF(sum);
#undef OF
// clang-format on

// ---- the changes -------------------------------------------------------------------

static struct reference_step read_step(const json_t *json)
{
    struct reference_step own = {.rows = NULL};
    const json_t *rows = tree_array(json, "rows");
    members_read(json, &step_members, &own);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        struct reference_row one;
        members_read(json_array_get(rows, i), &row_members, &one);
        if (one.table != NULL && one.row != NULL && one.metric != NULL)
            reference_step_add(&own, &one);
    }
    return own;
}

struct reference_steps reference_steps_read(const json_t *json)
{
    struct reference_steps own = {.list = NULL};
    const json_t *list = tree_array(json, "steps");
    members_read(json, &steps_members, &own);
    own.whole = list != NULL;
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct reference_step one = read_step(json_array_get(list, i));
        reference_steps_add(&own, &one);
    }
    return own;
}

json_t *reference_steps_write(const struct reference_steps *own)
{
    json_t *json = members_json(&steps_members, own);
    json_t *list = json_array();
    for (size_t i = 0; i < own->count; i++) {
        json_t *one = members_json(&step_members, &own->list[i]);
        json_t *rows = json_array();
        for (size_t j = 0; j < own->list[i].count; j++)
            json_array_append_new(rows,
                                  members_json(&row_members, &own->list[i].rows[j]));
        json_object_set_new(one, "rows", rows);
        json_array_append_new(list, one);
    }
    json_object_set_new(json, "steps", list);
    return json;
}

void reference_step_add(struct reference_step *own, const struct reference_row *one)
{
    own->rows = allocate_more(own->rows, own->count, &own->room, sizeof *own->rows);
    own->rows[own->count++] = *one;
}

void reference_steps_add(struct reference_steps *own, const struct reference_step *one)
{
    own->list = allocate_more(own->list, own->count, &own->room, sizeof *own->list);
    own->list[own->count++] = *one;
}

void reference_steps_drop(struct reference_steps *own)
{
    free(own->list[--own->count].rows);
}

void reference_steps_free(struct reference_steps *own)
{
    while (own->count > 0)
        reference_steps_drop(own);
    free(own->list);
    *own = (struct reference_steps){.list = NULL};
}

// ---- the sum -----------------------------------------------------------------------

bool reference_sum_read(struct reference_sum *own, const json_t *report)
{
    const json_t *json = tree_at(report, "gate.reference");
    const json_t *rows = tree_array(json, "rows");
    *own = (struct reference_sum){.rows = NULL};
    if (!json_is_object(json))
        return false;
    members_read(json, &sum_members, own);
    for (size_t i = 0; i < json_array_size(rows); i++) {
        struct reference_sum_row one;
        members_read(json_array_get(rows, i), &sum_row_members, &one);
        reference_sum_add(own, &one);
    }
    return true;
}

json_t *reference_sum_write(const struct reference_sum *own)
{
    json_t *json = members_json(&sum_members, own);
    json_t *rows = json_array();
    for (size_t i = 0; i < own->count; i++)
        json_array_append_new(rows, members_json(&sum_row_members, &own->rows[i]));
    json_object_set_new(json, "rows", rows);
    return json;
}

void reference_sum_add(struct reference_sum *own, const struct reference_sum_row *one)
{
    own->rows = allocate_more(own->rows, own->count, &own->room, sizeof *own->rows);
    own->rows[own->count++] = *one;
}

void reference_sum_free(struct reference_sum *own)
{
    free(own->rows);
    *own = (struct reference_sum){.rows = NULL};
}

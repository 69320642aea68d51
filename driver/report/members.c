// SPDX-License-Identifier: MIT
//
// members.c - see members.h.
#include "driver/report/members.h"

#include "driver/report/tree.h"
#include "lib/plain.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

// ---- reading -----------------------------------------------------------------------

static enum truth read_truth(const json_t *value)
{
    return json_is_true(value)    ? TRUTH_YES
           : json_is_false(value) ? TRUTH_NO
                                  : TRUTH_UNKNOWN;
}

static int read_name(const json_t *value, const struct member_names *names)
{
    const char *name = json_string_value(value);
    for (size_t i = 0; name != NULL && i < names->count; i++)
        if (strcmp(names->list[i], name) == 0)
            return (int)i;
    return names->other;
}

static json_t *read_value(json_t *value, unsigned rules)
{
    bool other_type = ((rules & MEMBER_OBJECT) != 0 && !json_is_object(value)) ||
                      ((rules & MEMBER_ARRAY) != 0 && !json_is_array(value));
    return other_type || json_is_null(value) ? NULL : value;
}

static const char *value_text(const json_t *value)
{
    const char *text = json_string_value(value);
    return text == NULL ? "" : text;
}

static uint64_t read_count(const json_t *value, uint64_t most)
{
    json_int_t number = json_integer_value(value);
    return number < 0 ? 0 : (uint64_t)number > most ? most : (uint64_t)number;
}

static void read_member(json_t *value, const struct member *member, void *field)
{
    switch (member->type) {
    case MEMBER_TEXT:
        *(const char **)field = json_string_value(value);
        break;
    case MEMBER_COPY:
        plain_copy(field, member->size, value_text(value));
        break;
    case MEMBER_STRUCT:
        members_read(value, member->inner, field);
        break;
    case MEMBER_REAL:
        *(double *)field = json_is_number(value) ? json_number_value(value) : (double)NAN;
        break;
    case MEMBER_COUNT:
        *(uint64_t *)field = read_count(value, UINT64_MAX);
        break;
    case MEMBER_SMALL:
        *(unsigned *)field = (unsigned)read_count(value, UINT_MAX);
        break;
    case MEMBER_BOOL:
        *(bool *)field = json_is_true(value);
        break;
    case MEMBER_TRUTH:
        *(enum truth *)field = read_truth(value);
        break;
    case MEMBER_NAME:
        *(int *)field = read_name(value, member->names);
        break;
    case MEMBER_VALUE:
        *(json_t **)field = read_value(value, member->rules);
        break;
    case MEMBER_LIST:
        break;
    }
}

void members_read(const json_t *object, const struct members *members, void *structure)
{
    for (size_t i = 0; i < members->count; i++) {
        const struct member *member = &members->list[i];
        read_member(tree_at(object, member->name), member,
                    (char *)structure + member->offset);
    }
}

// ---- writing -----------------------------------------------------------------------

static json_t *write_text(const char *text, unsigned rules)
{
    bool unknown = text == NULL || (text[0] == '\0' && (rules & MEMBER_FILLED) != 0);
    return unknown ? NULL : tree_string(text);
}

// NULL: not known.
static json_t *write_member(const struct member *member, const void *field)
{
    switch (member->type) {
    case MEMBER_TEXT:
        return write_text(*(const char *const *)field, member->rules);
    case MEMBER_COPY:
        return write_text(field, member->rules);
    case MEMBER_STRUCT:
        return members_json(member->inner, field);
    case MEMBER_REAL: {
        double number = *(const double *)field;
        if (!isfinite(number))
            return NULL;
        return (member->rules & MEMBER_WHOLE) != 0 ? tree_whole(number)
                                                   : tree_real(number);
    }
    case MEMBER_COUNT:
        return json_integer((json_int_t) * (const uint64_t *)field);
    case MEMBER_SMALL:
        return json_integer((json_int_t) * (const unsigned *)field);
    case MEMBER_BOOL:
        return json_boolean(*(const bool *)field);
    case MEMBER_TRUTH: {
        enum truth truth = *(const enum truth *)field;
        return truth == TRUTH_UNKNOWN ? NULL : json_boolean(truth == TRUTH_YES);
    }
    case MEMBER_NAME:
        return json_string(member->names->list[*(const int *)field]);
    case MEMBER_VALUE:
        return json_incref(*(json_t *const *)field);
    case MEMBER_LIST:
        break;
    }
    return NULL;
}

void members_write(json_t *object, const struct members *members, const void *structure)
{
    for (size_t i = 0; i < members->count; i++) {
        const struct member *member = &members->list[i];
        if (member->type == MEMBER_LIST || (member->rules & MEMBER_READ_ONLY) != 0)
            continue;
        json_t *value = write_member(member, (const char *)structure + member->offset);
        if (value != NULL)
            json_object_set_new(object, member->name, value);
        else if ((member->rules & MEMBER_OPTIONAL) == 0)
            json_object_set_new(object, member->name, json_null());
    }
}

json_t *members_json(const struct members *members, const void *structure)
{
    json_t *object = json_object();
    members_write(object, members, structure);
    return object;
}

// ---- checking ----------------------------------------------------------------------

// The type that a value ought to have; NULL: it has that.
static const char *wrong_type(const json_t *value, const struct member *member)
{
    switch (member->type) {
    case MEMBER_TEXT:
    case MEMBER_COPY:
    case MEMBER_NAME:
        return json_is_string(value) ? NULL : "a string";
    case MEMBER_REAL:
    case MEMBER_COUNT:
    case MEMBER_SMALL:
        return json_is_number(value) ? NULL : "a number";
    case MEMBER_BOOL:
    case MEMBER_TRUTH:
        return json_is_boolean(value) ? NULL : "true or false";
    case MEMBER_LIST:
        return json_is_array(value) ? NULL : "an array";
    case MEMBER_STRUCT:
        return json_is_object(value) ? NULL : "an object";
    case MEMBER_VALUE:
        if ((member->rules & MEMBER_ARRAY) != 0)
            return json_is_array(value) ? NULL : "an array";
        return json_is_object(value) ? NULL : "an object";
    }
    return NULL;
}

// A text that is none of the names.
static int check_name(const char *text, const char *place, const struct member *member,
                      struct reason *reason)
{
    const struct member_names *names = member->names;
    char list[200] = "";
    for (size_t i = 0; i < names->count; i++) {
        size_t used = strlen(list);
        const char *comma = i == 0 ? "" : i + 1 == names->count ? " or " : ", ";
        if (strcmp(names->list[i], text) == 0)
            return 0;
        snprintf(list + used, sizeof list - used, "%s%s", comma, names->list[i]);
    }
    return reason_set(reason, -EBADMSG, "%s.%s is '%.40s', must be %s", place,
                      member->name, text, list);
}

static int check_member(const json_t *value, const char *place,
                        const struct member *member, struct reason *reason)
{
    bool missing = value == NULL || json_is_null(value);
    bool required = (member->rules & MEMBER_REQUIRED) != 0;
    if ((member->rules & (MEMBER_REQUIRED | MEMBER_CHECKED)) == 0 ||
        (missing && !required))
        return 0;
    const char *wrong = wrong_type(value, member);
    if (wrong != NULL)
        return reason_set(reason, -EBADMSG, "%s%s%s must be %s", place,
                          place[0] == '\0' ? "" : ".", member->name, wrong);
    return member->type != MEMBER_NAME
               ? 0
               : check_name(json_string_value(value), place, member, reason);
}

int members_check(const json_t *object, const char *place, const struct members *members,
                  struct reason *reason)
{
    if (!json_is_object(object))
        return reason_set(reason, -EBADMSG, "%s must be an object", place);
    int error = 0;
    for (size_t i = 0; error == 0 && i < members->count; i++)
        error = check_member(tree_at(object, members->list[i].name), place,
                             &members->list[i], reason);
    return error;
}

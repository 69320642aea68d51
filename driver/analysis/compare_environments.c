// SPDX-License-Identifier: MIT
//
// compare_environments.c - in what the machines and programs behind two reports differ:
// see compare.h.
#include "driver/analysis/compare.h"

#include "driver/report/read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A value as one would write it: "6.1.0", 2, [0.1, 0.2, 0.3], or null.
static json_t *plain(const json_t *value)
{
    char *text = value == NULL || json_is_null(value)
                     ? NULL
                     : json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    json_t *result = text == NULL            ? json_null()
                     : json_is_string(value) ? json_string(json_string_value(value))
                                             : json_string(text);
    free(text);
    return result;
}

// Adds what differs between two objects; `prefix` ("build.") says where they stand.
static void add_differences(json_t *list, const char *prefix, json_t *base, json_t *head);

static void add_difference(json_t *list, const char *prefix, const char *key,
                           json_t *base, json_t *head)
{
    char name[128];
    char below[130];
    bool absent =
        (base == NULL || json_is_null(base)) && (head == NULL || json_is_null(head));
    if (absent || json_equal(base, head))
        return;
    snprintf(name, sizeof name, "%s%s", prefix, key);
    if (json_is_object(base) && json_is_object(head) && strlen(name) < 100) {
        snprintf(below, sizeof below, "%s.", name);
        add_differences(list, below, base, head);
        return;
    }
    json_array_append_new(list, json_pack("[s, o, o]", name, plain(base), plain(head)));
}

static void add_differences(json_t *list, const char *prefix, json_t *base, json_t *head)
{
    const char *key;
    json_t *value;
    json_object_foreach(base, key, value)
    {
        add_difference(list, prefix, key, value, json_object_get(head, key));
    }
    json_object_foreach(head, key, value)
    {
        if (json_object_get(base, key) == NULL)
            add_difference(list, prefix, key, NULL, value);
    }
}

static void add_text(json_t *list, const char *name, const char *base, const char *head)
{
    const char *is = head == NULL ? "" : head;
    if ((base != NULL || head != NULL) && (base == NULL || strcmp(base, is) != 0))
        json_array_append_new(list, json_pack("[s, s?, s?]", name, base, head));
}

json_t *compare_environments(const struct report *base, const struct report *head)
{
    json_t *list = json_array();
    add_text(list, "version", base->version, head->version);
    add_text(list, "commit", base->commit, head->commit);
    add_text(list, "profile", base->plan.profile, head->plan.profile);
    add_differences(list, "", base->environment, head->environment);
    return list;
}

bool compare_same_testbed(const struct report *base, const struct report *head)
{
    const char *one = environment_text(base->environment, "testbed");
    const char *other = environment_text(head->environment, "testbed");
    return one != NULL && other != NULL && strcmp(one, other) == 0;
}

// SPDX-License-Identifier: MIT
//
// tree.c - see tree.h. jansson's own accessors return NULL for a NULL or for a value
// of another type, so a path can be followed without looking at each step.
#include "driver/report/tree.h"

#include <math.h>
#include <string.h>

#define WHOLE_MAXIMUM 9e15 // a double holds every integer up to this

json_t *tree_at(const json_t *object, const char *path)
{
    char name[64];
    for (;;) {
        size_t length = strcspn(path, ".");
        if (length >= sizeof name)
            return NULL;
        memcpy(name, path, length);
        name[length] = '\0';
        json_t *member = json_object_get(object, name);
        if (member == NULL || path[length] == '\0')
            return member;
        object = member;
        path += length + 1;
    }
}

const char *tree_text(const json_t *object, const char *path, const char *fallback)
{
    const char *text = json_string_value(tree_at(object, path));
    return text != NULL ? text : fallback;
}

double tree_number(const json_t *object, const char *path)
{
    const json_t *number = tree_at(object, path);
    return json_is_number(number) ? json_number_value(number) : (double)NAN;
}

bool tree_true(const json_t *object, const char *path)
{
    return json_is_true(tree_at(object, path));
}

json_t *tree_array(const json_t *object, const char *path)
{
    json_t *array = tree_at(object, path);
    return json_is_array(array) ? array : NULL;
}

json_t *tree_find(const json_t *array, const char *key, const char *text)
{
    size_t index;
    json_t *entry;
    json_array_foreach(array, index, entry)
    {
        if (strcmp(tree_text(entry, key, ""), text) == 0)
            return entry;
    }
    return NULL;
}

json_t *tree_real(double number)
{
    return isfinite(number) ? json_real(number) : json_null();
}

json_t *tree_whole(double number)
{
    return fabs(number) < WHOLE_MAXIMUM ? json_integer((json_int_t)number)
                                        : tree_real(number);
}

json_t *tree_string(const char *text)
{
    json_t *string = json_string(text);
    if (string != NULL)
        return string;
    char plain[512];
    size_t length = 0;
    for (; length < sizeof plain - 1 && text[length] != '\0'; length++)
        plain[length] = (unsigned char)text[length] < 0x80 ? text[length] : '?';
    plain[length] = '\0';
    return json_string(plain);
}

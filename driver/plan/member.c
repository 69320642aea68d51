// SPDX-License-Identifier: MIT
//
// member.c - see member.h.
#include "driver/plan/member.h"

#include "driver/plan/runner.h"
#include "lib/options.h"
#include "lib/plain.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- places ------------------------------------------------------------------------

struct plan_place plan_place_at(const struct plan_place *place, const char *name,
                                size_t index)
{
    struct plan_place inner = *place;
    size_t used = strlen(inner.path);
    if (name == NULL)
        snprintf(inner.path + used, sizeof inner.path - used, "[%zu]", index);
    else
        snprintf(inner.path + used, sizeof inner.path - used, "%s%.60s",
                 used == 0 ? "" : ".", name);
    return inner;
}

__attribute__((format(printf, 3, 0))) static int refuse(const struct plan_place *place,
                                                        struct reason *reason,
                                                        const char *format,
                                                        va_list arguments)
{
    char text[600];
    char plain[600]; // a name in the file may hold anything, also a line feed
    int used = snprintf(text, sizeof text, "%s%s", place->path,
                        place->path[0] == '\0' ? "" : ": ");
    vsnprintf(text + used, sizeof text - (size_t)used, format, arguments);
    plain_copy(plain, sizeof plain, text);
    return reason_set(reason, -EINVAL, "%.120s: %.380s", place->file, plain);
}

int plan_refuse(const struct plan_place *place, struct reason *reason, const char *format,
                ...)
{
    va_list arguments;
    va_start(arguments, format);
    int error = refuse(place, reason, format, arguments);
    va_end(arguments);
    return error;
}

int plan_refuse_at(const struct plan_place *place, const char *name,
                   struct reason *reason, const char *format, ...)
{
    const struct plan_place inner = plan_place_at(place, name, 0);
    va_list arguments;
    va_start(arguments, format);
    int error = refuse(&inner, reason, format, arguments);
    va_end(arguments);
    return error;
}

// ---- members -----------------------------------------------------------------------

static bool is_word_of(const char *words, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = words; *at != '\0'; at += strspn(at, " ")) {
        size_t span = strcspn(at, " ");
        if (span == length && strncmp(at, word, length) == 0)
            return true;
        at += span;
    }
    return false;
}

int plan_check_members(const struct plan_place *place, const json_t *object,
                       const char *known, struct reason *reason)
{
    if (!json_is_object(object))
        return plan_refuse(place, reason, "must be an object: {...}");
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, name, value)
    {
        if (!is_word_of(known, name))
            return plan_refuse(place, reason, "no member '%.60s' is known; there are: %s",
                               name, known);
    }
    return 0;
}

int plan_number(const struct plan_place *place, const json_t *object, const char *name,
                uint64_t maximum, uint64_t *value, struct reason *reason)
{
    const json_t *member = json_object_get(object, name);
    *value = 0;
    if (member == NULL || json_is_null(member))
        return 0;
    json_int_t number = json_integer_value(member);
    if (json_is_integer(member) && number >= 1 && (uint64_t)number <= maximum) {
        *value = (uint64_t)number;
        return 0;
    }
    return plan_refuse_at(place, name, reason,
                          "must be a whole number from 1 to %" PRIu64, maximum);
}

int plan_text(const struct plan_place *place, const json_t *object, const char *name,
              const char **value, struct reason *reason)
{
    const json_t *member = json_object_get(object, name);
    *value = NULL;
    if (member == NULL || json_is_null(member))
        return 0;
    *value = json_string_value(member);
    if (*value == NULL || **value == '\0')
        return plan_refuse_at(place, name, reason, "must be a text that is not empty");
    return 0;
}

int plan_truth(const struct plan_place *place, const json_t *object, const char *name,
               bool usual, bool *value, struct reason *reason)
{
    const json_t *member = json_object_get(object, name);
    *value = json_is_boolean(member) ? json_is_true(member) : usual;
    if (member == NULL || json_is_null(member) || json_is_boolean(member))
        return 0;
    return plan_refuse_at(place, name, reason, "must be true or false");
}

// ---- options -----------------------------------------------------------------------

static void add_word(char *list, size_t size, const char *word)
{
    size_t used = strlen(list);
    snprintf(list + used, size - used, "%s%s", used == 0 ? "" : ", ", word);
}

// Describes the allowed values.
static void describe_range(const struct option_spec *option, char *text, size_t size)
{
    char low[32];
    char high[32];
    quantity_format(option->kind, option->minimum, low, sizeof low);
    quantity_format(option->kind, option->maximum, high, sizeof high);
    switch (option->kind) {
    case OPTION_CHOICE:
        snprintf(text, size, "choose one of ");
        for (const char *at = option->choices; *at != '\0'; at++) {
            size_t used = strlen(text);
            snprintf(text + used, size - used, *at == '|' ? ", " : "%c", *at);
        }
        break;
    case OPTION_FLAG:
        snprintf(text, size, "give true or false");
        break;
    case OPTION_TEXT:
    case OPTION_LIST:
        snprintf(text, size, "give a text");
        break;
    case OPTION_COUNT:
    case OPTION_SIZE:
    case OPTION_DURATION:
        snprintf(text, size, "give a %s from %s to %s%s", option_kind_name(option->kind),
                 low, high,
                 option->kind == OPTION_DURATION ? ", with its unit: \"10ms\"" : "");
        break;
    }
}

static bool in_range(const struct option_spec *option, const char *text)
{
    uint64_t value;
    return quantity_parse(option->kind, text, &value) == 0 && value >= option->minimum &&
           value <= option->maximum;
}

static bool is_choice(const char *choices, const char *text)
{
    size_t length = strlen(text);
    for (const char *at = choices; *at != '\0'; at += strspn(at, "|")) {
        size_t span = strcspn(at, "|");
        if (span == length && strncmp(at, text, length) == 0)
            return true;
        at += span;
    }
    return false;
}

static bool value_fits(const struct option_spec *option, const json_t *value,
                       const char *text)
{
    if (option->kind == OPTION_FLAG)
        return json_is_boolean(value);
    if (!json_is_string(value) && !json_is_integer(value))
        return false;
    if (option->kind == OPTION_CHOICE)
        return is_choice(option->choices, text);
    return option->kind == OPTION_TEXT ? text[0] != '\0' : in_range(option, text);
}

// One option and its value, as they stand on a command line.
static int add_option(const struct plan_place *place, const struct option_spec *option,
                      const json_t *value, json_t *words, struct reason *reason)
{
    char text[256] = "";
    char name[80];
    if (json_is_string(value))
        snprintf(text, sizeof text, "%s", json_string_value(value));
    else if (json_is_integer(value))
        snprintf(text, sizeof text, "%" JSON_INTEGER_FORMAT, json_integer_value(value));
    bool cut = json_string_length(value) >= sizeof text;
    if (cut || !value_fits(option, value, text)) {
        char allowed[240];
        describe_range(option, allowed, sizeof allowed);
        char *shown = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
        plan_refuse(place, reason, "%.60s does not fit; %s", shown, allowed);
        free(shown);
        return -EINVAL;
    }
    snprintf(name, sizeof name, "--%s", option->name);
    if (!json_is_false(value))
        json_array_append_new(words, json_string(name));
    if (!json_is_boolean(value))
        json_array_append_new(words, json_string(text));
    return 0;
}

int plan_options(const struct plan_place *place, const json_t *object,
                 const struct described_options *options, const char *owner,
                 json_t *words, struct reason *reason)
{
    if (object == NULL || json_is_null(object))
        return 0;
    if (!json_is_object(object))
        return plan_refuse(place, reason, "must be an object: {\"option\": value}");
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)object, name, value)
    {
        struct plan_place inner = plan_place_at(place, name, 0);
        const struct option_spec *option = described_option(options, name);
        if (option == NULL) {
            char known[240] = "";
            for (size_t i = 0; i < options->count; i++)
                add_word(known, sizeof known, options->list[i].name);
            return plan_refuse(&inner, reason, "%s has no such option; it has: %s", owner,
                               known[0] == '\0' ? "none" : known);
        }
        int error = add_option(&inner, option, value, words, reason);
        if (error != 0)
            return error;
    }
    return 0;
}

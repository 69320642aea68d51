// SPDX-License-Identifier: MIT
//
// Option tables: parser, help, error messages. See options.h; quantities with units
// are in quantity.c.
#include "lib/options.h"

#include "lib/check.h"
#include "lib/suggestion.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

enum { HELP_TEXT_WIDTH = 77 }; // of a screen of 100 columns, beside the name of an option

static bool kind_is_quantity(enum option_kind kind)
{
    return kind == OPTION_COUNT || kind == OPTION_SIZE || kind == OPTION_DURATION;
}

static void *value_place(const struct option_group *group, const struct option_spec *spec)
{
    return (unsigned char *)group->values + spec->offset;
}

// ---- choices -----------------------------------------------------------------------

// Copies the text of one choice; false when there is no choice of this number.
static bool choice_at(const char *choices, uint64_t index, char *text, size_t size)
{
    const char *start = choices;
    for (uint64_t i = 0; i < index; i++) {
        start = strchr(start, '|');
        if (start == NULL)
            return false;
        start++;
    }
    size_t length = strcspn(start, "|");
    snprintf(text, size, "%.*s", (int)length, start);
    return true;
}

void option_choice_text(const struct option_spec *spec, uint64_t index, char *text,
                        size_t size)
{
    CHECK(choice_at(spec->choices, index, text, size));
}

static int choice_parse(const struct option_spec *spec, const char *text, uint64_t *value)
{
    char choice[64];
    for (uint64_t i = 0; choice_at(spec->choices, i, choice, sizeof choice); i++) {
        if (strcmp(choice, text) == 0) {
            *value = i;
            return 0;
        }
    }
    return -EINVAL;
}

// ---- one value ---------------------------------------------------------------------

// Parses one value as typed. 0, or -EINVAL.
static int option_parse_value(const struct option_spec *spec, const char *text,
                              uint64_t *value)
{
    if (spec->kind == OPTION_CHOICE)
        return choice_parse(spec, text, value);
    int error = quantity_parse(spec->kind, text, value);
    if (error != 0)
        return error;
    return *value < spec->minimum || *value > spec->maximum ? -EINVAL : 0;
}

// "1 us to 24 h": the range, for help and errors.
static void range_text(const struct option_spec *spec, char *text, size_t size)
{
    char low[32];
    char high[32];
    quantity_format(spec->kind, spec->minimum, low, sizeof low);
    quantity_format(spec->kind, spec->maximum, high, sizeof high);
    snprintf(text, size, "%s to %s", low, high);
}

static int refuse_value(const struct option_spec *spec, const char *text,
                        struct reason *reason)
{
    static const char *const unit_hint[] = {
        [OPTION_COUNT] = "a whole number such as 100 or 10k",
        [OPTION_SIZE] = "a size such as 4096 or 64KiB",
        [OPTION_DURATION] = "a duration with its unit such as 500us, 10ms, 2s or 1min",
    };
    if (spec->kind == OPTION_CHOICE) {
        return reason_set(reason, -EINVAL, "--%s '%s': choose one of %s", spec->name,
                          text, spec->choices);
    }
    char range[80];
    range_text(spec, range, sizeof range);
    return reason_set(reason, -EINVAL, "--%s '%s': give %s, from %s", spec->name, text,
                      unit_hint[spec->kind], range);
}

static int store_next(const struct option_spec *spec, struct option_list *list,
                      const char *text, struct reason *reason)
{
    if (list->count == OPTION_LIST_MAXIMUM)
        return reason_set(reason, -EINVAL, "--%s: give it %d times at most", spec->name,
                          OPTION_LIST_MAXIMUM);
    list->texts[list->count++] = text;
    return 0;
}

static int store(const struct option_group *group, const struct option_spec *spec,
                 const char *text, struct reason *reason)
{
    void *place = value_place(group, spec);
    if (spec->kind == OPTION_FLAG) {
        *(bool *)place = true;
        return 0;
    }
    if (spec->kind == OPTION_TEXT) {
        *(const char **)place = text;
        return 0;
    }
    if (spec->kind == OPTION_LIST)
        return store_next(spec, place, text, reason);
    uint64_t value;
    if (option_parse_value(spec, text, &value) != 0)
        return refuse_value(spec, text, reason);
    *(uint64_t *)place = value;
    return 0;
}

void options_defaults(const struct option_group *group)
{
    for (const struct option_spec *spec = group->specs; spec->name != NULL; spec++) {
        void *place = value_place(group, spec);
        if (spec->kind == OPTION_FLAG)
            *(bool *)place = false;
        else if (spec->kind == OPTION_TEXT)
            *(const char **)place = spec->fallback;
        else if (spec->kind == OPTION_LIST)
            *(struct option_list *)place = (struct option_list){0};
        else if (spec->fallback == NULL)
            *(uint64_t *)place = 0;
        else
            CHECK(option_parse_value(spec, spec->fallback, (uint64_t *)place) == 0);
    }
}

// ---- the command line --------------------------------------------------------------

static const struct option_spec *find_option(const struct option_group *groups,
                                             const char *name, size_t length,
                                             const struct option_group **owner)
{
    for (const struct option_group *group = groups; group->specs != NULL; group++) {
        for (const struct option_spec *spec = group->specs; spec->name != NULL; spec++) {
            if (strlen(spec->name) == length && strncmp(spec->name, name, length) == 0) {
                *owner = group;
                return spec;
            }
        }
    }
    return NULL;
}

static int refuse_name(const struct option_group *groups, const char *name, size_t length,
                       struct reason *reason)
{
    struct suggestion suggestion = {.word = name, .length = length};
    for (const struct option_group *group = groups; group->specs != NULL; group++)
        for (const struct option_spec *spec = group->specs; spec->name != NULL; spec++)
            suggestion_consider(&suggestion, spec->name);
    char hint[64];
    suggestion_text(&suggestion, "--", hint, sizeof hint);
    return reason_set(reason, -EINVAL, "unknown option --%.*s%s%s", (int)length, name,
                      hint, hint[0] == '\0' ? "; see --help" : "");
}

// Takes the option at argv[*i], advancing *i over its value.
static int parse_option(const struct option_group *groups, int argc, char **argv, int *i,
                        struct reason *reason)
{
    const char *name = argv[*i] + 2;
    const char *equals = strchr(name, '=');
    size_t length = equals != NULL ? (size_t)(equals - name) : strlen(name);
    const struct option_group *owner;
    const struct option_spec *spec = find_option(groups, name, length, &owner);
    if (spec == NULL)
        return refuse_name(groups, name, length, reason);
    const char *value = equals != NULL ? equals + 1 : NULL;
    if (spec->kind == OPTION_FLAG) {
        if (value != NULL)
            return reason_set(reason, -EINVAL, "--%s takes no value", spec->name);
    } else if (value == NULL) {
        if (*i + 1 >= argc)
            return reason_set(reason, -EINVAL, "--%s needs a value; see --help",
                              spec->name);
        *i += 1;
        value = argv[*i];
    }
    return store(owner, spec, value, reason);
}

int options_parse(const struct option_group *groups, int argc, char **argv,
                  const char **operands, int room, struct reason *reason)
{
    int count = 0;
    bool options_ended = false;
    for (int i = 0; i < argc; i++) {
        const char *word = argv[i];
        if (!options_ended && strcmp(word, "--") == 0) {
            options_ended = true;
        } else if (!options_ended && strncmp(word, "--", 2) == 0) {
            int error = parse_option(groups, argc, argv, &i, reason);
            if (error != 0)
                return error;
        } else if (!options_ended && word[0] == '-' && word[1] != '\0') {
            return reason_set(reason, -EINVAL,
                              "unknown option %s; options have two dashes, see --help",
                              word);
        } else if (count == room) {
            return reason_set(reason, -EINVAL, "unexpected argument '%s'; see --help",
                              word);
        } else {
            operands[count++] = word;
        }
    }
    return count;
}

// ---- help and JSON names -----------------------------------------------------------

static const char *value_word(enum option_kind kind)
{
    static const char *const words[] = {
        [OPTION_COUNT] = " N",     [OPTION_SIZE] = " SIZE", [OPTION_DURATION] = " TIME",
        [OPTION_CHOICE] = " WORD", [OPTION_FLAG] = "",      [OPTION_TEXT] = " TEXT",
        [OPTION_LIST] = " TEXT",
    };
    return words[kind];
}

// The default in the form of the range beside it.
static void default_text(const struct option_spec *spec, char *text, size_t size)
{
    uint64_t value;
    if (kind_is_quantity(spec->kind) &&
        quantity_parse(spec->kind, spec->fallback, &value) == 0)
        quantity_format(spec->kind, value, text, size);
    else
        snprintf(text, size, "%s", spec->fallback);
}

// The text in brackets behind the help: choices, range, default.
static void limits_text(const struct option_spec *spec, char *text, size_t size)
{
    char range[80];
    char usual[64];
    size_t used = 0;
    text[0] = '\0';
    if (spec->choices != NULL)
        used += (size_t)snprintf(text, size, "%s", spec->choices);
    if (kind_is_quantity(spec->kind)) {
        range_text(spec, range, sizeof range);
        used += (size_t)snprintf(text, size, "%s", range);
    }
    if (spec->fallback != NULL && used < size) {
        default_text(spec, usual, sizeof usual);
        snprintf(text + used, size - used, "%sdefault %s", used > 0 ? "; " : "", usual);
    }
}

void option_words(const struct option_spec *spec, char *head, size_t head_size,
                  char *text, size_t text_size)
{
    char limits[200];
    snprintf(head, head_size, "--%s%s", spec->name, value_word(spec->kind));
    limits_text(spec, limits, sizeof limits);
    if (limits[0] == '\0')
        snprintf(text, text_size, "%s", spec->help);
    else
        snprintf(text, text_size, "%s (%s)", spec->help, limits);
}

// How much of a text fits a line: to behind the last blank or '|' in it.
static size_t fitting(const char *text)
{
    size_t length = strlen(text);
    if (length <= HELP_TEXT_WIDTH)
        return length;
    for (size_t end = HELP_TEXT_WIDTH; end > 0; end--)
        if (text[end - 1] == ' ' || text[end - 1] == '|')
            return end;
    return length;
}

void options_print_row(FILE *file, const struct option_spec *spec)
{
    char head[OPTION_HEAD_SIZE];
    char text[OPTION_TEXT_SIZE];
    option_words(spec, head, sizeof head, text, sizeof text);
    size_t from = fitting(text);
    fprintf(file, "  %-20s %.*s\n", head, (int)from, text);
    for (size_t end; text[from] != '\0'; from += end) {
        end = fitting(text + from);
        fprintf(file, "  %-20s %.*s\n", "", (int)end, text + from);
    }
}

void options_print(FILE *file, const struct option_group *group)
{
    if (group->specs->name == NULL)
        return;
    fprintf(file, "\n%s:\n", group->title);
    for (const struct option_spec *spec = group->specs; spec->name != NULL; spec++)
        options_print_row(file, spec);
}

void option_json_key(const struct option_spec *spec, char *key, size_t size)
{
    const char *suffix = "";
    if (spec->kind == OPTION_DURATION)
        suffix = "_ns";
    else if (spec->kind == OPTION_SIZE)
        suffix = "_bytes";
    snprintf(key, size, "%s%s", spec->name, suffix);
    for (char *c = key; *c != '\0'; c++) {
        if (*c == '-')
            *c = '_';
    }
}

// SPDX-License-Identifier: MIT
//
// sample_identity.c - see sample_identity.h. What the record must say follows from the
// command line of the cell: "--delay 5ms" and {"delay_ns": 5000000} are the same.
#include "driver/analysis/sample_identity.h"

#include "driver/report/tree.h"
#include "lib/check.h"
#include "lib/options.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define KEY_SIZE   80
#define VALUE_SIZE 128

// ---- texts and numbers -------------------------------------------------------------

static int check_text(const struct record *record, const char *key, const char *should,
                      struct reason *reason)
{
    const char *is = tree_text(record->json, key, NULL);
    if (is == NULL || should == NULL || strcmp(is, should) == 0)
        return 0;
    return reason_set(reason, -EBADMSG,
                      "its record's %s is '%.80s', that of its row '%.80s'", key, is,
                      should);
}

static int check_number(const char *what, double is, double should, struct reason *reason)
{
    if (isnan(is) || isnan(should) || is == should)
        return 0;
    return reason_set(reason, -EBADMSG, "its record's %s is %.0f, that of its row %.0f",
                      what, is, should);
}

// ---- options -----------------------------------------------------------------------

// The member that holds this option, and how its text is to be read. NULL: none does.
static const json_t *find_option(const json_t *object, const char *name,
                                 enum option_kind *kind)
{
    static const struct {
        const char *suffix;
        enum option_kind kind;
    } endings[] = {{"", OPTION_COUNT}, {"_ns", OPTION_DURATION}, {"_bytes", OPTION_SIZE}};
    char key[KEY_SIZE];
    for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
        snprintf(key, sizeof key, "%.60s%s", name, endings[i].suffix);
        for (char *letter = key; *letter != '\0'; letter++)
            if (*letter == '-')
                *letter = '_';
        const json_t *value = json_object_get(object, key);
        *kind = endings[i].kind;
        if (value != NULL)
            return value;
    }
    return NULL;
}

// An option of the workload, of the model, or of every run.
static const json_t *find_anywhere(const struct record *record, const char *name,
                                   enum option_kind *kind)
{
    const json_t *value = find_option(record->parameters, name, kind);
    if (value == NULL)
        value = find_option(tree_at(record->json, "variant"), name, kind);
    return value != NULL ? value : find_option(record->json, name, kind);
}

// A value that is no number or text (a folder of results, say) says nothing about an option.
static bool agrees(const json_t *value, enum option_kind kind, const char *word)
{
    uint64_t number;
    if (json_is_boolean(value))
        return json_is_true(value);
    if (json_is_string(value))
        return strcmp(json_string_value(value), word) == 0;
    if (!json_is_integer(value) || quantity_parse(kind, word, &number) != 0)
        return true;
    return (uint64_t)json_integer_value(value) == number;
}

static int check_option(const struct record *record, const char *name, const char *word,
                        struct reason *reason)
{
    enum option_kind kind;
    const json_t *value = find_anywhere(record, name, &kind);
    if (value == NULL || json_is_null(value) || agrees(value, kind, word))
        return 0;
    char is[VALUE_SIZE] = "";
    if (json_is_string(value))
        snprintf(is, sizeof is, "%.80s", json_string_value(value));
    else if (json_is_integer(value))
        quantity_format(kind, (uint64_t)json_integer_value(value), is, sizeof is);
    else
        snprintf(is, sizeof is, "false");
    return reason_set(reason, -EBADMSG,
                      "its record's %.60s is '%s', that of its row '%.80s'", name, is,
                      word);
}

// Each "--name value" of the command; what follows a name that begins with dashes, too, is
// a flag.
static int check_command(const json_t *command, const struct record *record,
                         struct reason *reason)
{
    int error = 0;
    for (size_t i = 2; error == 0 && i < json_array_size(command); i++) {
        const char *name = json_string_value(json_array_get(command, i));
        const char *word = json_string_value(json_array_get(command, i + 1));
        if (name == NULL || strncmp(name, "--", 2) != 0)
            continue;
        if (name[2] == '\0')
            break; // what follows are words of another program
        error = check_option(record, name + 2, word == NULL ? "" : word, reason);
    }
    return error;
}

// Does the command say it? Then that counts, and not the table.
static bool commanded(const json_t *command, const char *option)
{
    for (size_t i = 0; i < json_array_size(command); i++) {
        const char *word = json_string_value(json_array_get(command, i));
        if (word != NULL && strcmp(word, option) == 0)
            return true;
    }
    return false;
}

static int check_size(const struct report_table *table, const struct report_cell *cell,
                      const struct record *record, struct reason *reason)
{
    int error = 0;
    if (!commanded(cell->command, "--tasks"))
        error = check_number("tasks", record->tasks, table->tasks, reason);
    if (error == 0 && !commanded(cell->command, "--concurrency"))
        error =
            check_number("concurrency", record->concurrency, table->concurrency, reason);
    return error;
}

// ---- the build ---------------------------------------------------------------------

// The member `but` may differ; NULL: none.
static int differ(const json_t *is, const json_t *should, const char *but,
                  struct reason *reason)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)(uintptr_t)should, key, value)
    {
        const json_t *other = json_object_get(is, key);
        if (other != NULL && !json_equal(other, value) &&
            (but == NULL || strcmp(key, but) != 0))
            return reason_set(
                reason, -EBADMSG,
                "its record's build has another '%.60s' than that of its row", key);
    }
    return 0;
}

// Is it one of our own runners, as the whole report was measured with? The lanes and programs
// of others have builds of their own; so has the base of a gate.
static bool is_own(const struct report_cell *cell, const struct record *record)
{
    return cell->base_of == NULL && tree_text(record->build, "libev", NULL) != NULL;
}

// The first record of the cell.
static const struct record *first_of(const struct report_cell *cell)
{
    if (cell->warmup.record.build != NULL || cell->samples.count == 0)
        return &cell->warmup.record;
    return &cell->samples.list[0].record;
}

static int check_build(const struct report *report, const struct report_cell *cell,
                       const struct record *record, struct reason *reason)
{
    if (record->build == NULL)
        return 0;
    int error = differ(record->build, first_of(cell)->build, NULL, reason);
    // A workload whose library is loaded has run in the runner's other form.
    if (error == 0 && is_own(cell, record))
        error = differ(record->build, tree_at(report->environment, "build"), "linked",
                       reason);
    return error;
}

// --------------------------------------------------------------------------------------

int sample_identity(const struct report *report, const struct report_table *table,
                    const struct report_cell *cell, const struct record *record,
                    struct reason *reason)
{
    int error = check_text(record, "workload", table->workload, reason);
    if (error == 0)
        error = check_text(record, "kind", table->kind, reason);
    if (error == 0)
        error = check_text(record, "operation", table->operation, reason);
    if (error == 0)
        error = check_text(record, "model", cell->model, reason);
    if (error == 0)
        error = check_size(table, cell, record, reason);
    if (error == 0)
        error = check_command(cell->command, record, reason);
    if (error == 0)
        error = check_number("workers", record->workers, first_of(cell)->workers, reason);
    if (error == 0)
        error = check_build(report, cell, record, reason);
    return error;
}

// SPDX-License-Identifier: MIT
//
// action_data.c - see action_data.h.
#include "driver/history/action_data.h"

#include "driver/report/tree.h"
#include "lib/allocate.h"
#include "lib/json_file.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define BEGINNING "window.BENCHMARK_DATA"
#define SIZE_MOST ((size_t)64 << 20)

// ---- in --------------------------------------------------------------------------------

// The text of a file that is at most SIZE_MOST bytes; NULL with errno.
static char *read_text(const char *path, size_t *size)
{
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return NULL;
    char *text = NULL;
    size_t room = 0;
    *size = 0;
    size_t got = 1;
    while (got > 0 && *size < SIZE_MOST) {
        text = allocate_more(text, *size, &room, 1);
        got = fread(text + *size, 1, room - *size, file);
        *size += got;
    }
    int error = ferror(file) ? EIO : *size >= SIZE_MOST ? EFBIG : 0;
    fclose(file);
    if (error == 0)
        return text;
    free(text);
    errno = error;
    return NULL;
}

// The JSON behind "window.BENCHMARK_DATA =", or all of it.
static int load_json(const char *path, json_t **json, struct reason *reason)
{
    size_t size;
    char *text = read_text(path, &size);
    if (text == NULL)
        return reason_set(reason, -errno, "cannot read it: %s", strerror(errno));
    size_t skipped = 0;
    if (size > strlen(BEGINNING) && strncmp(text, BEGINNING, strlen(BEGINNING)) == 0)
        while (skipped < size && text[skipped] != '{')
            skipped++;
    while (size > skipped && strchr(" \t\r\n;", text[size - 1]) != NULL)
        size--;
    int error = json_text_load(text + skipped, size - skipped, path, json, reason);
    free(text);
    return error;
}

static const char *utc_of(const json_t *entry, char *text, size_t size)
{
    double ms = tree_number(entry, "date");
    time_t seconds = ms > 0 && ms < 1e15 ? (time_t)(ms / 1000) : 0;
    struct tm parts;
    if (seconds == 0 || gmtime_r(&seconds, &parts) == NULL ||
        strftime(text, size, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        text[0] = '\0';
    return text;
}

static void add_entry(struct history *history, const char *shown, const char *suite,
                      const json_t *entry)
{
    char utc[32];
    const json_t *commit = json_object_get(entry, "commit");
    const struct history_source source = {.file = shown,
                                          .commit = tree_text(commit, "id", ""),
                                          .testbed = suite,
                                          .utc = utc_of(entry, utc, sizeof utc)};
    history_add_entry(history, &source);
    size_t index;
    json_t *bench;
    json_array_foreach(tree_array(entry, "benches"), index, bench)
    {
        const struct history_key key = {.name = tree_text(bench, "name", "?"),
                                        .testbed = suite,
                                        .work = "",
                                        .unit = tree_text(bench, "unit", "")};
        history_add_value(history, &key, tree_number(bench, "value"));
    }
}

int action_data_load(struct history *history, const char *path, const char *shown,
                     struct reason *reason)
{
    json_t *json = NULL;
    int error = load_json(path, &json, reason);
    if (error != 0)
        return error;
    json_t *suites = json_object_get(json, "entries");
    const char *suite;
    json_t *entries;
    if (!json_is_object(suites))
        error = reason_set(reason, -EBADMSG,
                           "not the data of github-action-benchmark: it has no entries");
    json_object_foreach(suites, suite, entries)
    {
        size_t index;
        json_t *entry;
        json_array_foreach(entries, index, entry)
        {
            add_entry(history, shown, suite, entry);
        }
    }
    json_decref(json);
    return error;
}

// ---- out -------------------------------------------------------------------------------

// The values of one entry.
static json_t *make_benches(const struct history *history, size_t entry)
{
    json_t *benches = json_array();
    for (size_t i = 0; i < history->series_count; i++) {
        const struct history_series *series = &history->series[i];
        for (size_t j = 0; j < series->count; j++)
            if (series->points[j].entry == entry)
                json_array_append_new(benches,
                                      json_pack("{s:o, s:f, s:o}", "name",
                                                tree_string(series->name), "value",
                                                series->points[j].value, "unit",
                                                tree_string(series->unit)));
    }
    return benches;
}

static json_t *make_entry(const struct history *history, size_t index)
{
    const struct history_entry *entry = &history->entries[index];
    double ms = isnan(entry->time) ? 0 : 1000 * entry->time;
    return json_pack("{s:{s:o, s:s, s:o, s:s}, s:I, s:s, s:o}", "commit", "id",
                     tree_string(entry->commit), "message", "", "timestamp",
                     tree_string(entry->utc), "url", "", "date", (json_int_t)ms, "tool",
                     "customSmallerIsBetter", "benches", make_benches(history, index));
}

void action_data_print(FILE *file, const struct history *history)
{
    json_t *suites = json_object();
    double last = 0;
    for (size_t i = 0; i < history->entry_count; i++) {
        const struct history_entry *entry = &history->entries[i];
        const char *suite = entry->testbed[0] == '\0' ? "quartet" : entry->testbed;
        if (json_object_get(suites, suite) == NULL)
            json_object_set_new(suites, suite, json_array());
        json_array_append_new(json_object_get(suites, suite), make_entry(history, i));
        last = isnan(entry->time) ? last : 1000 * entry->time;
    }
    json_t *all = json_pack("{s:I, s:s, s:o}", "lastUpdate", (json_int_t)last, "repoUrl",
                            "", "entries", suites);
    fputs(BEGINNING " = ", file);
    json_dumpf(all, file, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
    fputc('\n', file);
    json_decref(all);
}

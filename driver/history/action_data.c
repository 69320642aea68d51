// SPDX-License-Identifier: MIT
//
// action_data.c - see action_data.h.
#include "driver/history/action_data.h"

#include "driver/report/members.h"
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

// A value of the other tool, and one of its entries.
struct bench {
    const char *name, *unit;
    double value;
};

#define OF(field) MEMBER(struct bench, field, MEMBER_PLAIN)
static const struct member bench_list[] = {OF(name), OF(value), OF(unit)};
MEMBERS_OF(bench);
#undef OF

struct entry {
    double ms;
    const char *commit;
    json_t *benches;
};

static const struct member entry_list[] = {
    MEMBER_AS("date", struct entry, ms, MEMBER_PLAIN),
    MEMBER_AS("commit.id", struct entry, commit, MEMBER_PLAIN),
    MEMBER(struct entry, benches, MEMBER_ARRAY),
};
MEMBERS_OF(entry);

static const char *utc_of(double ms, char *text, size_t size)
{
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
    struct entry own;
    members_read(entry, &entry_members, &own);
    const struct history_source source = {.file = shown,
                                          .commit = own.commit == NULL ? "" : own.commit,
                                          .testbed = suite,
                                          .utc = utc_of(own.ms, utc, sizeof utc)};
    history_add_entry(history, &source);
    for (size_t i = 0; i < json_array_size(own.benches); i++) {
        struct bench bench;
        members_read(json_array_get(own.benches, i), &bench_members, &bench);
        const struct history_key key = {.name = bench.name == NULL ? "?" : bench.name,
                                        .testbed = suite,
                                        .work = "",
                                        .unit = bench.unit == NULL ? "" : bench.unit};
        history_add_value(history, &key, bench.value);
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
        for (size_t j = 0; j < series->count; j++) {
            const struct bench bench = {series->name, series->unit,
                                        series->points[j].value};
            if (series->points[j].entry == entry)
                json_array_append_new(benches, members_json(&bench_members, &bench));
        }
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
        json_t *list = json_object_get(suites, suite);
        if (list == NULL)
            json_object_set_new(suites, suite, list = json_array());
        json_array_append_new(list, make_entry(history, i));
        last = isnan(entry->time) ? last : 1000 * entry->time;
    }
    json_t *all = json_pack("{s:I, s:s, s:o}", "lastUpdate", (json_int_t)last, "repoUrl",
                            "", "entries", suites);
    fputs(BEGINNING " = ", file);
    json_dumpf(all, file, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
    fputc('\n', file);
    json_decref(all);
}

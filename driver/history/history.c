// SPDX-License-Identifier: MIT
//
// history.c - see history.h. Changes are found in changes.c.
#define _GNU_SOURCE // timegm()
#include "driver/history/history.h"

#include "lib/allocate.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

// ---- life ------------------------------------------------------------------------------

static char *keep(const char *text)
{
    const char *from = text == NULL ? "" : text;
    size_t size = strlen(from) + 1;
    return memcpy(allocate(size, 1), from, size);
}

void history_init(struct history *history)
{
    *history = (struct history){.notes = json_array()};
}

static void free_entry(struct history_entry *entry)
{
    free(entry->file);
    free(entry->commit);
    free(entry->testbed);
    free(entry->utc);
    json_decref(entry->environment);
}

void history_free(struct history *history)
{
    for (size_t i = 0; i < history->entry_count; i++)
        free_entry(&history->entries[i]);
    for (size_t i = 0; i < history->series_count; i++) {
        struct history_series *series = &history->series[i];
        for (size_t j = 0; j < series->change_count; j++)
            json_decref(series->changes[j].environment);
        free(series->changes);
        free(series->name);
        free(series->testbed);
        free(series->work);
        free(series->unit);
        free(series->points);
    }
    free(history->entries);
    free(history->series);
    json_decref(history->notes);
}

// ---- filling it ------------------------------------------------------------------------

double history_seconds(const char *utc)
{
    struct tm parts = {0};
    char end = '\0';
    if (utc == NULL ||
        sscanf(utc, "%4d-%2d-%2dT%2d:%2d:%2d%c", &parts.tm_year, &parts.tm_mon,
               &parts.tm_mday, &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &end) < 6)
        return (double)NAN;
    parts.tm_year -= 1900;
    parts.tm_mon -= 1;
    return (double)timegm(&parts);
}

size_t history_add_entry(struct history *history, const struct history_source *source)
{
    history->entries = allocate_more(history->entries, history->entry_count,
                                     &history->entry_room, sizeof *history->entries);
    history->entries[history->entry_count] =
        (struct history_entry){.file = keep(source->file),
                               .commit = keep(source->commit),
                               .testbed = keep(source->testbed),
                               .utc = keep(source->utc),
                               .time = history_seconds(source->utc),
                               .environment = json_incref(source->environment)};
    return history->entry_count++;
}

static struct history_series *find_series(struct history *history,
                                          const struct history_key *key)
{
    for (size_t i = 0; i < history->series_count; i++) {
        struct history_series *series = &history->series[i];
        if (strcmp(series->name, key->name) == 0 &&
            strcmp(series->testbed, key->testbed) == 0 &&
            strcmp(series->work, key->work) == 0 && strcmp(series->unit, key->unit) == 0)
            return series;
    }
    history->series = allocate_more(history->series, history->series_count,
                                    &history->series_room, sizeof *history->series);
    struct history_series *series = &history->series[history->series_count++];
    *series = (struct history_series){.name = keep(key->name),
                                      .testbed = keep(key->testbed),
                                      .work = keep(key->work),
                                      .unit = keep(key->unit)};
    return series;
}

void history_add_value(struct history *history, const struct history_key *key,
                       double value)
{
    struct history_series *series = find_series(history, key);
    if (!isfinite(value) || value <= 0)
        return;
    series->points = allocate_more(series->points, series->count, &series->room,
                                   sizeof *series->points);
    series->points[series->count++] =
        (struct history_point){.entry = history->entry_count - 1, .value = value};
}

void history_note(struct history *history, const char *format, ...)
{
    char text[700];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    json_t *note = json_string(text);
    json_array_append_new(history->notes, note != NULL ? note : json_string("?"));
}

// ---- order -----------------------------------------------------------------------------

// An entry, and where it was before.
struct placed {
    struct history_entry entry;
    size_t before;
};

static int by_time(const void *one, const void *other)
{
    const struct placed *a = one;
    const struct placed *b = other;
    double early = isnan(a->entry.time) ? (double)-INFINITY : a->entry.time;
    double late = isnan(b->entry.time) ? (double)-INFINITY : b->entry.time;
    if (early != late)
        return early < late ? -1 : 1;
    int files = strcmp(a->entry.file, b->entry.file);
    return files != 0 ? files : a->before < b->before ? -1 : 1;
}

static int by_entry(const void *one, const void *other)
{
    const struct history_point *a = one;
    const struct history_point *b = other;
    return a->entry < b->entry ? -1 : a->entry > b->entry;
}

// Gives points the new places of their entries; those before the first `dropped` go.
static void move_points(struct history_series *series, const size_t *place,
                        size_t dropped)
{
    size_t kept = 0;
    for (size_t i = 0; i < series->count; i++)
        if (place[series->points[i].entry] >= dropped)
            series->points[kept++] =
                (struct history_point){place[series->points[i].entry] - dropped,
                                       series->points[i].value};
    series->count = kept;
    if (kept > 0)
        qsort(series->points, kept, sizeof *series->points, by_entry);
}

void history_sort(struct history *history, size_t last)
{
    size_t n = history->entry_count;
    size_t dropped = last > 0 && n > last ? n - last : 0;
    struct placed *all = allocate(n + 1, sizeof *all);
    size_t *place = allocate(n + 1, sizeof *place);
    for (size_t i = 0; i < n; i++)
        all[i] = (struct placed){history->entries[i], i};
    qsort(all, n, sizeof *all, by_time);
    for (size_t i = 0; i < n; i++) {
        place[all[i].before] = i;
        if (i < dropped)
            free_entry(&all[i].entry);
        else
            history->entries[i - dropped] = all[i].entry;
    }
    history->entry_count = n - dropped;
    for (size_t i = 0; i < history->series_count; i++)
        move_points(&history->series[i], place, dropped);
    free(all);
    free(place);
}

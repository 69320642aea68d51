// SPDX-License-Identifier: MIT
//
// text.c - a history as text and as JSON: see show.h.
#include "driver/history/show.h"

#include "driver/report/members.h"
#include "driver/show/grid.h"
#include "lib/format.h"
#include "lib/json_file.h"
#include "lib/plain.h"

#include <math.h>
#include <string.h>

// ---- words -----------------------------------------------------------------------------

void history_format_value(char *text, size_t size, const struct history_series *series,
                          double value)
{
    char unit[24];
    if (strcmp(series->unit, "ns") == 0) {
        format_duration(text, size, value);
        return;
    }
    plain_copy(unit, sizeof unit, series->unit);
    snprintf(text, size, "%.4g %s", value, unit);
}

void history_format_change(char *text, size_t size, double ratio)
{
    snprintf(text, size, "%+.1f %%", 100 * (ratio - 1));
}

void history_format_entry(char *text, size_t size, const struct history_entry *entry)
{
    char commit[48];
    plain_copy(commit, sizeof commit,
               entry->commit[0] == '\0' ? "unknown commit" : entry->commit);
    if (strlen(commit) == 40)
        commit[10] = '\0';
    snprintf(text, size, "%s, %.10s", commit,
             entry->utc[0] == '\0' ? "no date" : entry->utc);
}

void history_format_line(char *text, size_t size, const struct history *history,
                         const struct history_series *series,
                         const struct history_change *change)
{
    char by[24];
    char at[80];
    char before[40];
    char behind[40];
    history_format_change(by, sizeof by, history_change_ratio(change));
    history_format_entry(at, sizeof at,
                         &history->entries[series->points[change->point].entry]);
    history_format_value(before, sizeof before, series, change->before);
    history_format_value(behind, sizeof behind, series, change->behind);
    snprintf(text, size, "%s at %s: %s -> %s (%zu and %zu reports), p %.2g", by, at,
             before, behind, change->count_before, change->count_behind, change->p);
}

// ---- text ------------------------------------------------------------------------------

#define COLUMNS 6

struct row {
    char cells[COLUMNS][160];
};

static const struct row heading = {
    {"row", "reports", "first", "last", "changes", "in all"}};

static struct row make_row(const struct history_series *series)
{
    struct row row;
    plain_copy(row.cells[0], sizeof row.cells[0], series->name);
    snprintf(row.cells[1], sizeof row.cells[1], "%zu", series->count);
    history_format_value(row.cells[2], sizeof row.cells[2], series,
                         series->points[0].value);
    history_format_value(row.cells[3], sizeof row.cells[3], series,
                         series->points[series->count - 1].value);
    snprintf(row.cells[4], sizeof row.cells[4], "%zu", series->change_count);
    snprintf(row.cells[5], sizeof row.cells[5], "-");
    if (series->change_count > 0)
        history_format_change(row.cells[5], sizeof row.cells[5],
                              history_total_ratio(series));
    return row;
}

static void print_row(const struct grid *grid, const struct row *row)
{
    for (size_t i = 0; i < COLUMNS; i++)
        grid_cell(grid, i, row->cells[i]);
    grid_end(grid);
}

static void widen(struct grid *grid, const struct row *row)
{
    for (size_t i = 0; i < COLUMNS; i++)
        grid_widen(grid, i, row->cells[i]);
}

// The rows that were measured on one machine.
static void print_testbed(FILE *file, const struct history *history, const char *testbed)
{
    struct grid grid = {.file = file, .gap = 2};
    char plain[80];
    widen(&grid, &heading);
    for (size_t pass = 0; pass < 2; pass++) {
        if (pass == 1) {
            plain_copy(plain, sizeof plain, testbed);
            fprintf(file, "\ntestbed %s\n", testbed[0] == '\0' ? "unknown" : plain);
            print_row(&grid, &heading);
        }
        for (size_t i = 0; i < history->series_count; i++) {
            const struct history_series *series = &history->series[i];
            if (series->count == 0 || strcmp(series->testbed, testbed) != 0)
                continue;
            struct row row = make_row(series);
            if (pass == 0)
                widen(&grid, &row);
            else
                print_row(&grid, &row);
        }
    }
}

static void print_facts(FILE *file, const struct history_change *change)
{
    size_t index;
    json_t *fact;
    json_array_foreach(change->environment, index, fact)
    {
        char texts[3][120];
        for (size_t i = 0; i < 3; i++) {
            const char *text = json_string_value(json_array_get(fact, i));
            plain_copy(texts[i], sizeof texts[i], text == NULL ? "unknown" : text);
        }
        fprintf(file, "    %s: %s -> %s\n", texts[0], texts[1], texts[2]);
    }
}

static void print_changes(FILE *file, const struct history *history)
{
    size_t count = 0;
    for (size_t i = 0; i < history->series_count; i++)
        for (size_t j = 0; j < history->series[i].change_count; j++) {
            const struct history_series *series = &history->series[i];
            char name[160];
            char line[400];
            plain_copy(name, sizeof name, series->name);
            history_format_line(line, sizeof line, history, series, &series->changes[j]);
            fprintf(file, "%s%s\n  %s\n", count++ == 0 ? "\nchanges\n" : "", name, line);
            print_facts(file, &series->changes[j]);
        }
    if (count == 0)
        fputs("\nno change of level was found\n", file);
    else
        fputs("Not measured side by side: 'quartet check --base' of the commit before it "
              "gives the answer.\n",
              file);
}

// Is this the first series of its machine?
static bool is_first(const struct history *history, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (history->series[i].count > 0 &&
            strcmp(history->series[i].testbed, history->series[index].testbed) == 0)
            return false;
    return history->series[index].count > 0;
}

void history_text(FILE *file, const struct history *history)
{
    size_t index;
    json_t *note;
    size_t n = history->entry_count;
    fprintf(file, "%zu reports", n);
    if (n > 0)
        fprintf(file, ", %.10s to %.10s", history->entries[0].utc,
                history->entries[n - 1].utc);
    fputc('\n', file);
    json_array_foreach(history->notes, index, note)
    {
        char plain[700];
        plain_copy(plain, sizeof plain, json_string_value(note));
        fprintf(file, "%s\n", plain);
    }
    for (size_t i = 0; i < history->series_count; i++)
        if (is_first(history, i))
            print_testbed(file, history, history->series[i].testbed);
    print_changes(file, history);
}

// ---- JSON ------------------------------------------------------------------------------

#define OF(field) MEMBER(struct history_entry, field, MEMBER_PLAIN)
static const struct member entry_list[] = {OF(file), OF(commit), OF(testbed), OF(utc)};
MEMBERS_OF(entry);
#undef OF

static const struct member series_list[] = {
    MEMBER_AS("row", struct history_series, name, MEMBER_PLAIN),
    MEMBER(struct history_series, testbed, MEMBER_PLAIN),
    MEMBER(struct history_series, unit, MEMBER_PLAIN),
};
MEMBERS_OF(series);

static json_t *change_json(const struct history_series *series,
                           const struct history_change *change)
{
    return json_pack("{s:I, s:f, s:f, s:f, s:f, s:O}", "entry",
                     (json_int_t)series->points[change->point].entry, "before",
                     change->before, "behind", change->behind, "ratio",
                     history_change_ratio(change), "p", change->p, "environment",
                     change->environment);
}

static json_t *series_json(const struct history_series *series)
{
    json_t *points = json_array();
    json_t *changes = json_array();
    for (size_t i = 0; i < series->count; i++)
        json_array_append_new(points,
                              json_pack("[I, f]", (json_int_t)series->points[i].entry,
                                        series->points[i].value));
    for (size_t i = 0; i < series->change_count; i++)
        json_array_append_new(changes, change_json(series, &series->changes[i]));
    json_t *json = members_json(&series_members, series);
    json_object_set_new(json, "points", points);
    json_object_set_new(json, "changes", changes);
    return json;
}

void history_json(FILE *file, const struct history *history)
{
    json_t *entries = json_array();
    json_t *series = json_array();
    for (size_t i = 0; i < history->entry_count; i++)
        json_array_append_new(entries,
                              members_json(&entry_members, &history->entries[i]));
    for (size_t i = 0; i < history->series_count; i++)
        json_array_append_new(series, series_json(&history->series[i]));
    json_t *all =
        json_pack("{s:s, s:o, s:o, s:O}", "schema", "quartet.history/1", "entries",
                  entries, "series", series, "notes", history->notes);
    json_file_print(file, all);
    json_decref(all);
}

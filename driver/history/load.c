// SPDX-License-Identifier: MIT
//
// load.c - the files of a history: see load.h. commits.c asks git.
#include "driver/history/load.h"

#include "driver/analysis/report_file.h"
#include "driver/history/action_data.h"
#include "driver/report/check.h"
#include "driver/report/read.h"
#include "lib/allocate.h"
#include "lib/folder.h"
#include "lib/json_file.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DEPTH_MAX 6    // of folders
#define HEAD_SIZE 4096 // bytes in which a report says that it is one

struct walk {
    struct history *history;
    size_t start; // bytes of the paths that are not shown: the operand's
    size_t files;
    struct reason *reason;
};

// ---- one report ------------------------------------------------------------------------

// The key of values that may be compared: the same work.
static char *make_work(const struct report_table *table)
{
    json_t *work =
        json_pack("[s, f, f, s, O?]", table->workload, table->tasks, table->concurrency,
                  table->by_run ? "run" : "wall", table->arguments);
    char *text = work == NULL ? NULL : json_dumps(work, JSON_COMPACT);
    json_decref(work);
    return text;
}

static void add_table(struct history *history, const struct report_table *table,
                      const char *testbed)
{
    char *work = make_work(table);
    for (size_t i = 0; i < table->ranked; i++) {
        const struct report_cell *cell = &table->cells[table->ranking[i]];
        const struct cell_statistics *statistics = &cell->statistics;
        char name[300];
        if (cell->base_of != NULL)
            continue; // the other build of a check
        snprintf(name, sizeof name, "%.140s %.140s", table->id, cell->label);
        const struct history_key key = {.name = name,
                                        .testbed = testbed,
                                        .work = work == NULL ? "" : work,
                                        .unit = "ns"};
        history_add_value(history, &key,
                          table->by_run ? statistics->run_ns.median
                                        : statistics->wall_ns.median);
    }
    free(work);
}

static void add_report(struct history *history, const char *shown,
                       const struct report *report)
{
    const char *testbed = environment_text(report->environment, "testbed");
    const struct history_source source = {.file = shown,
                                          .commit = report->commit,
                                          .testbed = testbed,
                                          .utc = report->started_utc,
                                          .environment = report->environment};
    history_add_entry(history, &source);
    for (size_t i = 0; i < report->table_count; i++)
        add_table(history, &report->tables[i], testbed == NULL ? "" : testbed);
}

static void load_report(struct walk *walk, const char *path, const char *shown)
{
    struct report report;
    struct reason why;
    if (report_file_load(path, &report, &why) != 0) {
        history_note(walk->history, "left out: %.200s: %.400s", shown, why.text);
        return;
    }
    if (!report.complete)
        history_note(walk->history, "left out: %.200s: it is incomplete (%.300s)", shown,
                     report.incomplete_reason == NULL ? "no reason is given"
                                                      : report.incomplete_reason);
    else
        add_report(walk->history, shown, &report);
    report_free(&report);
}

// ---- which files -----------------------------------------------------------------------

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text);
    size_t of_end = strlen(end);
    return length >= of_end && strcmp(text + length - of_end, end) == 0;
}

// All files of this project begin with their schema; what describes them names its own.
static bool looks_like_report(const char *path)
{
    char head[HEAD_SIZE];
    FILE *file = fopen(path, "re");
    size_t size = file == NULL ? 0 : fread(head, 1, sizeof head - 1, file);
    if (file == NULL)
        return true; // report_file_load() says why not
    fclose(file);
    head[size] = '\0';
    return strstr(head, "quartet.report/") != NULL && strstr(head, "\"$schema\"") == NULL;
}

// An operand is tried in any case; a file of a folder, only if it looks like one.
static void load_file(struct walk *walk, const char *path, bool named)
{
    const char *shown = path + (named ? 0 : walk->start);
    struct reason why;
    if (ends_with(path, "data.js") || (named && ends_with(path, ".js"))) {
        if (action_data_load(walk->history, path, shown, &why) != 0)
            history_note(walk->history, "left out: %.200s: %.400s", shown, why.text);
    } else if (named || (ends_with(path, ".json") && looks_like_report(path))) {
        load_report(walk, path, shown);
    }
}

static int look_at(struct walk *walk, const char *path,
                   int depth); // NOLINT(misc-no-recursion)

// NOLINTNEXTLINE(misc-no-recursion)
static int look_into(struct walk *walk, const char *folder, int depth)
{
    struct dirent **entries;
    int count = scandir(folder, &entries, NULL, alphasort);
    if (count < 0)
        return reason_set(walk->reason, -errno, "cannot read the folder '%.300s': %s",
                          folder, strerror(errno));
    int error = 0;
    for (int i = 0; i < count; i++) {
        char path[4096];
        int length = snprintf(path, sizeof path, "%s/%s", folder, entries[i]->d_name);
        if (error == 0 && entries[i]->d_name[0] != '.' && length < (int)sizeof path)
            error = look_at(walk, path, depth + 1);
        free(entries[i]);
    }
    free(entries);
    return error;
}

// NOLINTNEXTLINE(misc-no-recursion)
static int look_at(struct walk *walk, const char *path, int depth)
{
    struct stat status;
    if (lstat(path, &status) != 0) {
        if (errno != ENOENT) // else it is gone meanwhile
            history_note(walk->history, "left out: %.200s: cannot look at it: %s",
                         path + walk->start, strerror(errno));
        return 0;
    }
    if (S_ISDIR(status.st_mode))
        return depth < DEPTH_MAX ? look_into(walk, path, depth) : 0;
    if (!S_ISREG(status.st_mode))
        return 0;
    if (walk->files++ >= HISTORY_REPORTS_MAX)
        return reason_set(walk->reason, -E2BIG,
                          "more than %d files: name a smaller folder",
                          HISTORY_REPORTS_MAX);
    load_file(walk, path, false);
    return 0;
}

int history_load(struct history *history, const char *path, struct reason *reason)
{
    struct stat status;
    struct walk walk = {.history = history, .start = strlen(path) + 1, .reason = reason};
    if (stat(path, &status) != 0)
        return reason_set(reason, -errno, "cannot read '%.300s': %s", path,
                          strerror(errno));
    if (S_ISDIR(status.st_mode))
        return look_into(&walk, path, 0);
    load_file(&walk, path, true);
    return 0;
}

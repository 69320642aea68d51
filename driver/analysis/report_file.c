// SPDX-License-Identifier: MIT
//
// report_file.c - see report_file.h.
#include "driver/analysis/report_file.h"

#include "driver/analysis/analysis.h"
#include "driver/report/check.h"
#include "driver/report/journal.h"
#include "driver/report/read.h"
#include "lib/json_file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

// The path of the file itself: that in the folder, if a folder was named.
static int report_path(const char *named, char *path, size_t size, struct reason *reason)
{
    struct stat status;
    if (stat(named, &status) != 0)
        return reason_set(reason, -errno, "cannot read '%.300s': %s", named,
                          strerror(errno));
    bool folder = S_ISDIR(status.st_mode);
    int length = snprintf(path, size, "%s%s", named, folder ? "/report.json" : "");
    if (length < 0 || (size_t)length >= size)
        return reason_set(reason, -ENAMETOOLONG, "the path '%.300s...' is too long",
                          named);
    if (folder && stat(path, &status) != 0)
        return reason_set(reason, -errno, "cannot read '%.300s': %s", path,
                          strerror(errno));
    return 0;
}

// Checks the report and reads it, with what has been measured since it was saved. One that
// is complete needs no more: a journal that still lies beside it has nothing to add.
static int read_whole(json_t *json, FILE *journal, struct report *report,
                      struct reason *reason)
{
    int error = report_check(json, reason);
    if (error != 0)
        return error;
    report_read(report, json);
    if (journal != NULL && !report->complete)
        error = journal_replay(journal, report, reason);
    return error != 0 ? error : report_analyse(report, reason);
}

int report_file_accept(json_t *json, struct report *report, struct reason *reason)
{
    *report = (struct report){0};
    return read_whole(json, NULL, report, reason);
}

static void keep_folder(struct report *report, char *path)
{
    char *name = strrchr(path, '/');
    if (name != NULL)
        *name = '\0';
    report->folder = report_keep_text(report, name == NULL ? "." : path);
    if (name != NULL)
        *name = '/';
}

int report_file_load(const char *named, struct report *report, struct reason *reason)
{
    char path[4096];
    struct reason detail;
    FILE *journal = NULL;
    json_t *json = NULL;
    *report = (struct report){0};
    int error = report_path(named, path, sizeof path, reason);
    if (error == 0)
        error = journal_open(path, &journal, reason);
    if (error == 0)
        error = json_file_load_schema(path, "quartet.report/", &json, reason);
    if (error == 0 && (error = read_whole(json, journal, report, &detail)) != 0)
        reason_set(reason, error, "cannot use '%.200s': %.280s", path, detail.text);
    if (error == 0)
        keep_folder(report, path);
    if (error == 0 && sha256_file(path, report->file_sha256) != 0)
        report->file_sha256[0] = '\0'; // what came through a pipe is gone
    if (error != 0)
        report_free(report);
    if (journal != NULL)
        fclose(journal);
    json_decref(json);
    return error;
}

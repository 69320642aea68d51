// SPDX-License-Identifier: MIT
//
// file.c - see file.h.
#include "driver/report/file.h"

#include "driver/report/analysis.h"
#include "driver/report/check.h"
#include "driver/report/journal.h"
#include "driver/report/json.h"
#include "driver/report/read.h"
#include "driver/report/write.h"
#include "lib/json_file.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
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

static int refuse(const char *path, json_t **report, int error,
                  const struct reason *detail, struct reason *reason)
{
    json_decref(*report);
    *report = NULL;
    return reason_set(reason, error, "cannot use '%.200s': %.280s", path, detail->text);
}

// Checks the report, with what has been measured since it was saved. One that is complete
// needs no more: what still lies beside it is in it.
static int check_whole(json_t *report, FILE *journal, struct reason *reason)
{
    int error = report_check(report, reason);
    if (error != 0 || journal == NULL || tree_true(report, "complete"))
        return error;
    error = journal_replay(journal, report, reason);
    return error != 0 ? error : report_check(report, reason);
}

int report_file_read(const char *named, json_t **report, struct reason *reason)
{
    char path[4096];
    struct reason detail;
    FILE *journal = NULL;
    *report = NULL;
    int error = report_path(named, path, sizeof path, reason);
    if (error == 0)
        error = journal_open(path, &journal, reason);
    if (error == 0)
        error = json_file_load_schema(path, "quartet.report/", report, reason);
    if (error == 0 && (error = check_whole(*report, journal, &detail)) != 0)
        refuse(path, report, error, &detail, reason);
    if (journal != NULL)
        fclose(journal);
    return error;
}

// Reads what was measured out of `json`, which was checked, and what follows from it.
static int analyse(json_t *json, struct report *report, struct reason *reason)
{
    int error = report_read(report, json);
    if (error == 0)
        error = report_analyse(report, reason);
    else
        reason_set(reason, error, "out of memory");
    if (error == 0 && (error = report_write(report)) != 0)
        reason_set(reason, error, "out of memory");
    if (error != 0)
        report_free(report);
    return error;
}

int report_file_accept(json_t *json, struct report *report, struct reason *reason)
{
    *report = (struct report){0};
    int error = report_check(json, reason);
    return error != 0 ? error : analyse(json, report, reason);
}

int report_file_load(const char *named, struct report *report, struct reason *reason)
{
    json_t *json;
    struct reason detail;
    *report = (struct report){0};
    int error = report_file_read(named, &json, reason);
    if (error != 0)
        return error;
    error = analyse(json, report, &detail);
    if (error != 0)
        return refuse(named, &json, error, &detail, reason);
    json_decref(json);
    return 0;
}

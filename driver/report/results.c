// SPDX-License-Identifier: MIT
//
// The output folder: see results.h.
#define _GNU_SOURCE // realpath() is of XSI, not of POSIX alone
#include "driver/report/results.h"

#include "driver/report/journal.h"
#include "driver/report/write.h"
#include "lib/check.h"
#include "lib/json_compact.h"
#include "lib/json_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define PATH_SIZE     4096
#define NAME_ATTEMPTS 100

// BUILD/release/bin/quartet lies three folders below the tree, which has a Makefile and
// a results/ of its own. An installed program does not, and writes where the user is.
static void find_parent(char *parent, size_t size)
{
    char tree[1024];
    ssize_t length = readlink("/proc/self/exe", tree, sizeof tree - 1);
    snprintf(parent, size, "results");
    if (length <= 0)
        return;
    tree[length] = '\0';
    for (int up = 0; up < 4; up++) {
        char *slash = strrchr(tree, '/');
        if (slash == NULL)
            return;
        *slash = '\0';
    }
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/Makefile", tree);
    if (access(path, R_OK) != 0)
        return;
    snprintf(path, sizeof path, "%s/results/schemas", tree);
    if (access(path, R_OK) == 0)
        snprintf(parent, size, "%s/results", tree);
}

void results_latest(char *path, size_t size)
{
    char parent[PATH_SIZE];
    find_parent(parent, sizeof parent);
    snprintf(path, size, "%s/latest", parent);
}

static int make_folder(const char *path, struct reason *reason)
{
    if (mkdir(path, 0777) == 0)
        return 0;
    int error = errno;
    return reason_set(reason, -error,
                      "cannot make the folder '%s': %s (choose another with "
                      "--output DIR)",
                      path, strerror(error));
}

// A commit may be described by a tag, and a tag may contain a slash.
static void plain_name(const char *commit, char *name, size_t size)
{
    snprintf(name, size, "%s", commit);
    for (char *slash = strchr(name, '/'); slash != NULL; slash = strchr(slash, '/'))
        *slash = '-';
}

// Two sessions within one second get names that differ.
static int make_dated(struct results *results, const char *commit, struct reason *reason)
{
    char plain[48];
    plain_name(commit, plain, sizeof plain);
    char date[32];
    time_t now = time(NULL);
    struct tm utc;
    strftime(date, sizeof date, "%Y%m%dT%H%M%SZ", gmtime_r(&now, &utc));
    int error = make_folder(results->parent, reason);
    if (error != 0 && error != -EEXIST)
        return error;
    for (int attempt = 1; attempt <= NAME_ATTEMPTS; attempt++) {
        char again[16] = "";
        if (attempt > 1)
            snprintf(again, sizeof again, "-%d", attempt);
        snprintf(results->name, sizeof results->name, "%s-%s%s", date, plain, again);
        snprintf(results->folder, sizeof results->folder, "%s/%s", results->parent,
                 results->name);
        error = make_folder(results->folder, reason);
        if (error != -EEXIST)
            return error;
    }
    return error;
}

static void report_path(const struct results *results, char *path, size_t size)
{
    snprintf(path, size, "%s/report.json", results->folder);
}

// Also of a link that leads nowhere: it would be written through.
static bool stands_in(const char *folder, const char *name)
{
    char path[PATH_SIZE];
    struct stat status;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return lstat(path, &status) == 0;
}

int results_refuse_older(const char *folder, const char *name, struct reason *reason)
{
    if (!stands_in(folder, name))
        return 0;
    return reason_set(reason, -EEXIST,
                      "--output: '%s' holds a report already; name another folder, or "
                      "remove that one",
                      folder);
}

// In a folder of somebody else, names may come to mean other files while we write.
static int refuse_stranger(const char *folder, struct reason *reason)
{
    struct stat status;
    if (stat(folder, &status) != 0 || status.st_uid == geteuid())
        return 0;
    return reason_set(reason, -EPERM,
                      "--output: the folder '%.300s' belongs to user %ld; name one of "
                      "your own, such as a new one in it",
                      folder, (long)status.st_uid);
}

static const char *const files[] = {"report.json", "report.md", "report.csv",
                                    "report.html"};

// A folder that is there already: nothing in it is written over.
static int check_folder(const char *folder, struct reason *reason)
{
    int error = refuse_stranger(folder, reason);
    if (error == 0)
        error = results_refuse_older(folder, files[0], reason);
    for (size_t i = 1; error == 0 && i < ARRAY_LEN(files); i++)
        if (stands_in(folder, files[i]))
            error = reason_set(reason, -EEXIST,
                               "--output: there is a file '%.300s/%s', and one of that "
                               "name would be written; name another folder",
                               folder, files[i]);
    return error;
}

// ---- what a killed session has left -------------------------------------------------

static void remove_half_written(const char *folder)
{
    char path[PATH_SIZE];
    for (size_t i = 0; i < ARRAY_LEN(files); i++) {
        snprintf(path, sizeof path, "%s/%s", folder, files[i]);
        json_file_clean(path);
    }
}

int results_open(struct results *results, const char *named, const char *commit,
                 struct reason *reason)
{
    *results = (struct results){0};
    if (named == NULL) {
        find_parent(results->parent, sizeof results->parent);
        return make_dated(results, commit, reason);
    }
    if (strlen(named) >= sizeof results->folder || named[0] == '\0')
        return reason_set(reason, -ENAMETOOLONG, "--output: the name of the folder is %s",
                          named[0] == '\0' ? "empty" : "too long");
    if (strcmp(named, JSON_FILE_STDOUT) == 0)
        return reason_set(
            reason, -EINVAL,
            "--output: '-' is no folder; a report is several files, and its "
            "tables go to stdout anyway");
    snprintf(results->folder, sizeof results->folder, "%s", named);
    int error = make_folder(results->folder, reason);
    struct stat status;
    if (error != -EEXIST || stat(named, &status) != 0 || !S_ISDIR(status.st_mode))
        return error;
    error = check_folder(results->folder, reason);
    if (error == 0)
        remove_half_written(results->folder);
    return error;
}

// ---- the folder of a session that goes on -------------------------------------------

// A session that had no folder named for it lies in the folder of all results.
static void recognise_parent(struct results *results)
{
    char folder[sizeof results->folder];
    snprintf(folder, sizeof folder, "%s", results->folder);
    char *slash = strrchr(folder, '/');
    find_parent(results->parent, sizeof results->parent);
    char *parent = realpath(results->parent, NULL);
    *slash = '\0'; // the path is absolute
    if (parent != NULL && strcmp(parent, folder) == 0 &&
        strlen(slash + 1) < sizeof results->name)
        snprintf(results->name, sizeof results->name, "%s", slash + 1);
    else
        results->parent[0] = '\0';
    free(parent);
}

int results_open_again(struct results *results, const char *folder, struct reason *reason)
{
    *results = (struct results){0};
    char *path = realpath(folder, NULL); // not a link such as `latest`, which may turn
    if (path == NULL)
        return reason_set(reason, -errno, "cannot use the folder '%.200s': %s", folder,
                          strerror(errno));
    int length = snprintf(results->folder, sizeof results->folder, "%s", path);
    free(path);
    if ((size_t)length >= sizeof results->folder)
        return reason_set(reason, -ENAMETOOLONG, "the path of '%.200s' is too long",
                          folder);
    int error = refuse_stranger(results->folder, reason);
    if (error != 0)
        return error;
    recognise_parent(results);
    remove_half_written(results->folder);
    return 0;
}

// ---- saving ------------------------------------------------------------------------

// If the output folder was deleted meanwhile, it is made again: losing hours of data is
// worse than a folder that nobody wants.
static int save(const struct results *results, const char *name,
                void (*write)(FILE *file, const void *content), const void *content,
                struct reason *reason)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s/%s", results->folder, name);
    int error = text_file_save(path, write, content, reason);
    if (error != -ENOENT || make_folder(results->folder, reason) != 0)
        return error;
    warn("the folder '%s' has vanished; made it again", results->folder);
    return text_file_save(path, write, content, reason);
}

static void print_json(FILE *file, const void *json)
{
    json_compact_print(file, json);
}

static int save_json(const struct results *results, const json_t *json,
                     struct reason *reason)
{
    char path[PATH_SIZE];
    int error = save(results, "report.json", print_json, json, reason);
    if (error != 0)
        return error;
    report_path(results, path, sizeof path);
    journal_remove(path);
    return 0;
}

int results_save_json(const struct results *results, const struct report *report,
                      struct reason *reason)
{
    json_t *json = report_write(report);
    int error = save_json(results, json, reason);
    json_decref(json);
    return error;
}

int results_add_block(const struct results *results, uint64_t *size,
                      const struct report *report, const struct report_table *table)
{
    char path[PATH_SIZE];
    report_path(results, path, sizeof path);
    // To a report that has vanished, nothing can be added.
    return access(path, F_OK) == 0 ? journal_append(path, size, report, table) : -errno;
}

// A new link takes the place of the old one in one step; there is no moment without.
static void link_latest(const struct results *results)
{
    char link[PATH_SIZE];
    char fresh[PATH_SIZE + 32];
    snprintf(link, sizeof link, "%s/latest", results->parent);
    snprintf(fresh, sizeof fresh, "%s" JSON_FILE_TEMPORARY "%ld" JSON_FILE_TEMPORARY_END,
             link, (long)getpid());
    json_file_clean(link); // what a killed session has left
    if (symlink(results->name, fresh) != 0 || rename(fresh, link) != 0) {
        warn("cannot let '%s' point to the new report: %s", link, strerror(errno));
        unlink(fresh);
    }
}

// A report, and how it is to be printed.
struct formed {
    const struct results_form *form;
    const struct report *report;
};

static void print_form(FILE *file, const void *content)
{
    const struct formed *formed = content;
    formed->form->write(file, formed->report);
}

int results_save(const struct results *results, const struct report *report,
                 const struct results_form *forms, struct reason *reason)
{
    // The measurements are kept even where their tables cannot be.
    int error = 0;
    json_t *json = report_write(report);
    struct report named = *report; // with the name of the file that it goes to
    json_compact_hash(json, named.file_sha256);
    for (const struct results_form *form = forms; error == 0 && form->name != NULL;
         form++) {
        const struct formed formed = {form, &named};
        error = save(results, form->name, print_form, &formed, reason);
    }
    struct reason detail;
    int saved = save_json(results, json, &detail);
    json_decref(json);
    if (error == 0 && saved != 0)
        error = reason_set(reason, saved, "%s", detail.text);
    if (error == 0 && results->parent[0] != '\0')
        link_latest(results);
    return error;
}

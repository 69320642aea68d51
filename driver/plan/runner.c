// SPDX-License-Identifier: MIT
//
// Finding runners and asking them what they can do. See runner.h.
#define _GNU_SOURCE // ST_NOEXEC
#include "driver/plan/runner.h"

#include "lib/allocate.h"
#include "lib/check.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define NAME_FORM "a runner's name is of the form [a-z][a-z0-9_.+-]*, at most 31 letters"
#define ORACLE    "sequential" // a folder of runners has at least this one

// The order in tables: from the plain one to the lightest. Others follow by name.
static const char *const usual_order[] = {ORACLE, "multiprocess", "multithread",
                                          "coroutine", "eventloop"};

// ---- where they are ----------------------------------------------------------------

static bool is_program(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISREG(status.st_mode) && access(path, X_OK) == 0;
}

static bool has_runners(const char *directory)
{
    char path[4096];
    int length = snprintf(path, sizeof path, "%s/" ORACLE, directory);
    return length > 0 && (size_t)length < sizeof path && is_program(path);
}

// Where the runners lie but may not be run, to build them again changes nothing. -EACCES with
// the reason, or 0.
static int refuse_forbidden(const char *directory, struct reason *reason)
{
    char path[4096];
    struct stat status;
    struct statvfs system;
    int length = snprintf(path, sizeof path, "%s/" ORACLE, directory);
    if (length < 0 || (size_t)length >= sizeof path || stat(path, &status) != 0 ||
        !S_ISREG(status.st_mode) || access(path, X_OK) == 0)
        return 0;
    if (statvfs(path, &system) == 0 && (system.f_flag & ST_NOEXEC) != 0)
        return reason_set(reason, -EACCES,
                          "the runners in '%.300s' may not be run: the file system there "
                          "is mounted noexec; build on another one, or have it mounted "
                          "with exec",
                          directory);
    return reason_set(reason, -EACCES,
                      "the runners in '%.300s' may not be run by this user: chmod +x "
                      "them, or name a folder of runners that may",
                      directory);
}

// The folder of this very program, however it was called.
bool runner_own_folder(char *directory, size_t size)
{
    ssize_t length = readlink("/proc/self/exe", directory, size - 1);
    if (length <= 0)
        return false;
    directory[length] = '\0';
    char *slash = strrchr(directory, '/');
    if (slash == NULL)
        return false;
    *slash = '\0';
    return true;
}

bool runner_find_beside(const char *name, char *path, size_t size)
{
    static const char *const places[] = {"", "../libexec/quartet/"};
    char own[2048];
    if (!runner_own_folder(own, sizeof own))
        return false;
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        int length = snprintf(path, size, "%s/%s%s", own, places[i], name);
        if (length > 0 && (size_t)length < size && is_program(path))
            return true;
    }
    return false;
}

static int find_directory(char *directory, size_t size, struct reason *reason)
{
    const char *named = getenv("QUARTET_RUNNERS");
    if (named != NULL && named[0] != '\0') {
        snprintf(directory, size, "%s", named);
        if (has_runners(directory))
            return 0;
        int refused = refuse_forbidden(directory, reason);
        return refused != 0 ? refused
                            : reason_set(reason, -ENOENT,
                                         "no runners in '%s' (from QUARTET_RUNNERS): "
                                         "there is no program called " ORACLE,
                                         named);
    }
    char own[2048];
    if (!runner_own_folder(own, sizeof own))
        return reason_set(reason, -ENOENT,
                          "cannot tell where this program lies; set "
                          "QUARTET_RUNNERS to the folder of the runners");
    snprintf(directory, size, "%s", own);
    if (has_runners(directory))
        return 0;
    int refused = refuse_forbidden(directory, reason);
    if (refused != 0)
        return refused;
    snprintf(directory, size, "%s/../libexec/quartet", own);
    if (has_runners(directory))
        return 0;
    refused = refuse_forbidden(directory, reason);
    if (refused != 0)
        return refused;
    return reason_set(reason, -ENOENT,
                      "no runners in '%s' nor in '%s': build them with 'make', or set "
                      "QUARTET_RUNNERS to their folder",
                      own, directory);
}

// ---- what they can do --------------------------------------------------------------

// A runner's name is one lower-case word, which may hold digits and _ . + - behind its
// first letter.
static bool name_is_right(const char *name)
{
    size_t length = strlen(name);
    return length < sizeof((struct runner *)NULL)->name && name[0] >= 'a' &&
           name[0] <= 'z' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_.+-") == length;
}

// `quartet`, its helpers and its tools lie in the same folder.
static int is_candidate(const struct dirent *entry)
{
    static const char *const others[] = {"backends", "bytes-per-task"};
    const char *name = entry->d_name;
    for (size_t i = 0; i < ARRAY_LEN(others); i++)
        if (strcmp(name, others[i]) == 0)
            return false;
    return name[0] != '.' && strncmp(name, "quartet", strlen("quartet")) != 0;
}

static bool is_usual(const char *name)
{
    for (size_t i = 0; i < ARRAY_LEN(usual_order); i++)
        if (strcmp(usual_order[i], name) == 0)
            return true;
    return false;
}

// The name that the program gives itself (quartet.describe/2), else that of its file.
static const char *own_name(const struct runner *runner)
{
    const char *slash = strrchr(runner->path, '/');
    if (runner->describe.name != NULL)
        return runner->describe.name;
    return slash == NULL ? runner->path : slash + 1;
}

// Gives the runner its own name, if that is one, and nobody else's. 0 or -EINVAL.
static int take_own_name(const struct runner_set *set, struct runner *runner,
                         struct reason *reason)
{
    const char *name = own_name(runner);
    if (!name_is_right(name))
        return reason_set(reason, -EINVAL, "%.200s: it calls itself '%.40s': " NAME_FORM,
                          runner->path, name);
    if (runner_find(set, name) != NULL)
        return reason_set(reason, -EINVAL,
                          "%.200s: there is a runner called '%s' already", runner->path,
                          name);
    if (set->count == RUNNERS_MAXIMUM)
        return reason_set(reason, -EINVAL, "%.200s: more than %d runners", runner->path,
                          RUNNERS_MAXIMUM);
    memcpy(runner->name, name, strlen(name) + 1); // name_is_right() knows its length
    return 0;
}

// One that is not there is no fault. One that lies there and may not be run, or that nobody can
// look at, must not be missing in all tables without a word. -errno with the reason, or 0.
static int refuse_unusable(const char *path, struct reason *reason)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return errno == ENOENT || errno == ENOTDIR
                   ? 0
                   : reason_set(reason, -errno, "cannot look at the runner '%.300s': %s",
                                path, strerror(errno));
    if (S_ISREG(status.st_mode) && access(path, X_OK) != 0)
        return reason_set(reason, -errno, "the runner '%.300s' may not be run: %s", path,
                          strerror(errno));
    return 0;
}

// A program of this name joins the set if it is a runner. The usual ones must be.
static int consider(struct runner_set *set, const char *name, struct reason *reason)
{
    struct runner runner = {0};
    snprintf(runner.name, sizeof runner.name, "%s", name);
    snprintf(runner.path, sizeof runner.path, "%s/%s", set->directory, name);
    if (!is_program(runner.path))
        return is_usual(name) ? refuse_unusable(runner.path, reason) : 0;
    struct reason why;
    int error = 0;
    if (!name_is_right(name))
        error = reason_set(&why, -EINVAL, NAME_FORM);
    else if (set->count == RUNNERS_MAXIMUM)
        error = reason_set(&why, -EINVAL, "more than %d runners", RUNNERS_MAXIMUM);
    if (error == 0)
        error = runner_ask(&runner, &why);
    if (error == 0 && runner.foreign)
        error = take_own_name(set, &runner, &why);
    if (error == 0)
        set->list[set->count++] = runner;
    else if (is_usual(name))
        return reason_set(reason, -EBADMSG, "%s", why.text);
    else
        runner_set_ignore(set, name, &why);
    return 0;
}

static int ask_all(struct runner_set *set, struct reason *reason)
{
    int error = 0;
    for (size_t i = 0; i < ARRAY_LEN(usual_order) && error == 0; i++)
        error = consider(set, usual_order[i], reason);

    struct dirent **entries = NULL;
    int count = scandir(set->directory, &entries, is_candidate, alphasort);
    for (int i = 0; i < count; i++) {
        if (error == 0 && !is_usual(entries[i]->d_name))
            error = consider(set, entries[i]->d_name, reason);
        free(entries[i]);
    }
    free(entries);
    return error;
}

static int ask(struct runner_set *set, struct reason *reason)
{
    set->count = 0;
    int error = ask_all(set, reason);
    if (error != 0)
        runner_set_free(set);
    return error;
}

static void forget(struct runner_set *set)
{
    set->count = set->ignored_count = set->ignored_room = 0;
    set->ignored = NULL;
}

int runner_set_find(struct runner_set *set, struct reason *reason)
{
    forget(set);
    int error = find_directory(set->directory, sizeof set->directory, reason);
    return error != 0 ? error : ask(set, reason);
}

int runner_set_find_in(struct runner_set *set, const char *folder, struct reason *reason)
{
    static const char *const places[] = {"", "/bin", "/release/bin",
                                         "/build/release/bin"};
    forget(set);
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        int length =
            snprintf(set->directory, sizeof set->directory, "%s%s", folder, places[i]);
        if (length < 0 || (size_t)length >= 3000)
            continue;
        if (has_runners(set->directory))
            return ask(set, reason);
        int refused = refuse_forbidden(set->directory, reason);
        if (refused != 0)
            return refused;
    }
    return reason_set(reason, -ENOENT,
                      "no runners in '%.200s', nor in bin, release/bin or "
                      "build/release/bin below it: build them there with 'make'",
                      folder);
}

static bool is_reachable(const struct runner_choice *choice, const char *path)
{
    if (json_array_size(choice->prefix) == 0)
        return is_program(path);
    const char *first = json_string_value(json_array_get(choice->prefix, 0));
    return first != NULL && (strchr(first, '/') == NULL || is_program(first));
}

static int check_wanted(const struct runner *runner, const struct runner_choice *choice,
                        struct reason *reason)
{
    if (choice->name == NULL || strcmp(choice->name, runner->name) == 0)
        return 0;
    return reason_set(reason, -EINVAL, "%.200s calls itself '%.40s', not '%.40s'",
                      choice->path, runner->name, choice->name);
}

int runner_set_add(struct runner_set *set, const struct runner_choice *choice,
                   struct reason *reason)
{
    struct runner runner = {.foreign = true};
    bool plain =
        json_array_size(choice->prefix) == 0 && strchr(choice->path, '/') == NULL;
    int length = snprintf(runner.path, sizeof runner.path, "%s%s", plain ? "./" : "",
                          choice->path);
    if (length < 0 || (size_t)length >= sizeof runner.path ||
        !is_reachable(choice, runner.path))
        return reason_set(reason, -EINVAL,
                          "%.200s: there is no such program that may be run",
                          choice->path);
    runner.prefix = json_deep_copy(choice->prefix);
    int error = runner_ask(&runner, reason);
    bool answered = error == 0;
    runner.foreign = true;
    if (error == 0)
        error = take_own_name(set, &runner, reason);
    if (error == 0)
        error = check_wanted(&runner, choice, reason);
    if (error == 0) {
        set->list[set->count++] = runner;
        return 0;
    }
    if (answered)
        description_free(&runner.describe);
    json_decref(runner.prefix);
    return error == EXIT_CANNOT ? error : -EINVAL;
}

void runner_set_free(struct runner_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        description_free(&set->list[i].describe);
        json_decref(set->list[i].words);
        json_decref(set->list[i].prefix);
    }
    free(set->ignored);
    forget(set);
}

void runner_set_ignore(struct runner_set *set, const char *name, const struct reason *why)
{
    set->ignored = allocate_more(set->ignored, set->ignored_count, &set->ignored_room,
                                 sizeof *set->ignored);
    struct ignored_program *own = &set->ignored[set->ignored_count++];
    snprintf(own->name, sizeof own->name, "%s", name);
    own->reason = *why;
}

// ---- questions about the answers ---------------------------------------------------

const struct runner *runner_find(const struct runner_set *set, const char *name)
{
    for (size_t i = 0; i < set->count; i++)
        if (strcmp(set->list[i].name, name) == 0)
            return &set->list[i];
    return NULL;
}

const struct described_workload *runner_workload(const struct runner *runner,
                                                 const char *name)
{
    return description_workload(&runner->describe, name);
}

bool workload_has_witness(const char *name)
{
    return strcmp(name, "fetch") == 0;
}

enum row_kind runner_row_kind(const struct runner *runner,
                              const struct described_workload *workload)
{
    if (runner->words != NULL)
        return ROW_COMMAND;
    if (!runner->foreign)
        return ROW_LINKED;
    bool witness = workload != NULL && workload_has_witness(workload->name);
    return witness ? ROW_WITNESSED : ROW_ANSWERED;
}

const char *row_kind_name(enum row_kind kind)
{
    static const char *const names[] = {[ROW_LINKED] = "linked",
                                        [ROW_WITNESSED] = "witnessed",
                                        [ROW_ANSWERED] = "answered",
                                        [ROW_COMMAND] = "command"};
    return names[kind];
}

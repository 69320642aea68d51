// SPDX-License-Identifier: MIT
//
// baseline.c - see baseline.h.
#include "driver/gate/baseline.h"

#include "driver/report/read.h"
#include "driver/report/write.h"
#include "driver/system/state.h"
#include "lib/json_file.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LETTERS                                                                          \
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"                               \
    "0123456789"
#define SUFFIX ".json"

int baseline_check_name(const char *name, struct reason *reason)
{
    size_t length = strlen(name);
    if (length > 0 && length <= BASELINE_NAME_MAX && strspn(name, LETTERS) > 0 &&
        strspn(name, LETTERS "._-") == length)
        return 0;
    return reason_set(reason, -EINVAL,
                      "'%.80s' is no name for a baseline: give 1 to %d letters, digits, "
                      "'.', '_' or '-', and begin with a letter or digit",
                      name, BASELINE_NAME_MAX);
}

static int make_path(const char *testbed, const char *name, char *path, size_t size,
                     struct reason *reason)
{
    char file[BASELINE_NAME_MAX + 32];
    snprintf(file, sizeof file, "baselines/%s" SUFFIX, name);
    return state_path(testbed, file, path, size, reason);
}

// ---- saving ------------------------------------------------------------------------

// Unlike rename(), link() never replaces: of two at once, one is told so.
static int save_new(const char *name, const char *path, const json_t *report,
                    struct reason *reason)
{
    char temporary[STATE_PATH_SIZE];
    const char *file = strrchr(path, '/') + 1;
    int length = snprintf(temporary, sizeof temporary, "%.*s.%s.%ld", (int)(file - path),
                          path, file, (long)getpid());
    if (length < 0 || (size_t)length >= sizeof temporary)
        return reason_set(reason, -ENAMETOOLONG, "the path '%.300s' is too long", path);
    if (access(path, F_OK) == 0)
        errno = EEXIST; // no need to write it first
    else if (json_file_save(temporary, report, reason) != 0)
        return -EIO;
    else if (link(temporary, path) == 0)
        errno = 0;
    int error = errno;
    unlink(temporary);
    if (error == EEXIST)
        return reason_set(reason, -EEXIST,
                          "there is a baseline '%s' already; say --force to replace it, "
                          "or choose another name",
                          name);
    if (error != 0)
        return reason_set(reason, -error, "cannot write '%.300s': %s", path,
                          strerror(error));
    return 0;
}

int baseline_save(const char *name, const struct report *report, bool force, char *path,
                  size_t size, struct reason *reason)
{
    const char *testbed = environment_text(report->environment, "testbed");
    if (testbed == NULL)
        return reason_set(reason, -EBADMSG,
                          "the report does not say on which machine it was measured "
                          "(environment.testbed)");
    int error = baseline_check_name(name, reason);
    if (error == 0)
        error = make_path(testbed, name, path, size, reason);
    if (error == 0)
        error = state_make_folders(path, reason);
    if (error != 0)
        return error;
    json_t *json = report_write(report);
    error =
        force ? json_file_save(path, json, reason) : save_new(name, path, json, reason);
    json_decref(json);
    return error;
}

// ---- looking up --------------------------------------------------------------------

// Not those that begin with a dot: "." and "..", and files that are being written.
static int is_visible(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

typedef void visit_baseline(void *context, const char *testbed, const char *name,
                            const char *path);

static void visit_file(const char *testbed, const char *file, visit_baseline *visit,
                       void *context)
{
    char name[BASELINE_NAME_MAX + 1];
    char path[STATE_PATH_SIZE];
    size_t length = strlen(file);
    if (length <= strlen(SUFFIX) || length - strlen(SUFFIX) > BASELINE_NAME_MAX ||
        strcmp(file + length - strlen(SUFFIX), SUFFIX) != 0)
        return;
    snprintf(name, sizeof name, "%.*s", (int)(length - strlen(SUFFIX)), file);
    if (baseline_check_name(name, NULL) == 0 &&
        make_path(testbed, name, path, sizeof path, NULL) == 0)
        visit(context, testbed, name, path);
}

static void visit_testbed(const char *testbed, visit_baseline *visit, void *context)
{
    char folder[STATE_PATH_SIZE];
    struct dirent **files;
    if (state_path(testbed, "baselines", folder, sizeof folder, NULL) != 0)
        return; // this folder is not ours
    int count = scandir(folder, &files, is_visible, alphasort);
    for (int i = 0; i < count; i++) {
        visit_file(testbed, files[i]->d_name, visit, context);
        free(files[i]);
    }
    if (count >= 0)
        free(files);
}

int baseline_each(visit_baseline *visit, void *context, struct reason *reason)
{
    char root[STATE_PATH_SIZE];
    struct dirent **testbeds;
    int error = state_root(root, sizeof root, reason);
    if (error != 0)
        return error;
    int count = scandir(root, &testbeds, is_visible, alphasort);
    if (count < 0 && errno != ENOENT)
        return reason_set(reason, -errno, "cannot read '%.300s': %s", root,
                          strerror(errno));
    for (int i = 0; i < count; i++) {
        visit_testbed(testbeds[i]->d_name, visit, context);
        free(testbeds[i]);
    }
    if (count >= 0)
        free(testbeds);
    return 0;
}

struct search {
    const char *name;
    const char *testbed;
    char *path;
    size_t size;
    bool found;
    bool foreign;
};

static void compare_name(void *context, const char *testbed, const char *name,
                         const char *path)
{
    struct search *search = context;
    bool own = strcmp(testbed, search->testbed) == 0;
    if (strcmp(name, search->name) != 0 || (search->found && !own))
        return;
    snprintf(search->path, search->size, "%s", path);
    search->found = true;
    search->foreign = !own;
}

int baseline_find(const char *name, const char *testbed, char *path, size_t size,
                  bool *foreign, struct reason *reason)
{
    struct search search = {.name = name, .testbed = testbed, .path = path, .size = size};
    int error = baseline_check_name(name, reason);
    if (error == 0)
        error = baseline_each(compare_name, &search, reason);
    *foreign = search.foreign;
    if (error == 0 && !search.found)
        error =
            reason_set(reason, -ENOENT,
                       "there is no baseline '%s'; see 'quartet baseline list'", name);
    return error;
}

// SPDX-License-Identifier: MIT
//
// lanes.c - see lanes.h.
#include "driver/plan/lanes.h"

#include "lib/check.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_SIZE 4096

static bool is_folder(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool lanes_find_near(const char *programs, char *folder, size_t size)
{
    static const char *const places[] = {"../../../lanes", "../share/quartet/lanes",
                                         "../../share/quartet/lanes"};
    for (size_t i = 0; i < ARRAY_LEN(places); i++) {
        snprintf(folder, size, "%s/%s", programs, places[i]);
        if (is_folder(folder))
            return true;
    }
    return false;
}

bool lanes_find(char *folder, size_t size)
{
    const char *named = getenv("QUARTET_LANES");
    char own[2048];
    if (named != NULL && named[0] != '\0') {
        snprintf(folder, size, "%s", named);
        return is_folder(folder);
    }
    return runner_own_folder(own, sizeof own) && lanes_find_near(own, folder, size);
}

// Modules have an ending, programs have none.
static int is_program(const struct dirent *entry)
{
    return strchr(entry->d_name, '.') == NULL;
}

// A lane in work: its folder, and how many of its programs run here.
struct lane {
    struct runner_set *set;
    char folder[PATH_SIZE - 300];
    json_t *prefix;
    unsigned added;
    struct reason last; // why the last one that does not run here does not
};

static void consider(struct lane *lane, const char *name)
{
    char path[PATH_SIZE];
    struct stat status;
    snprintf(path, sizeof path, "%s/%.250s", lane->folder, name);
    if (stat(path, &status) != 0 || !S_ISREG(status.st_mode) || access(path, X_OK) != 0)
        return;
    const struct runner_choice choice = {.path = path, .prefix = lane->prefix};
    if (runner_set_add(lane->set, &choice, &lane->last) == 0)
        lane->added++;
    else
        runner_set_ignore(lane->set, name, &lane->last);
}

static int refuse_empty(const struct lane *lane, const char *name, struct reason *reason)
{
    if (lane->last.text[0] != '\0')
        return reason_set(reason, EXIT_CANNOT, "--lanes %s: %s", name, lane->last.text);
    return reason_set(reason, EXIT_CANNOT,
                      "--lanes %s: there is no program in '%.200s': build it with "
                      "'make lane-programs' (Go needs the package golang-go)",
                      name, lane->folder);
}

static int add_lane(struct lane *lane, const char *root, const char *name,
                    struct reason *reason)
{
    snprintf(lane->folder, sizeof lane->folder, "%.3000s/%s", root, name);
    struct dirent **entries = NULL;
    int count = name[0] == '\0' || strchr(name, '/') != NULL || name[0] == '.'
                    ? -1
                    : scandir(lane->folder, &entries, is_program, alphasort);
    if (count < 0)
        return reason_set(reason, -EINVAL,
                          "--lanes: there is no lane '%s' in '%.200s'; there are python "
                          "and go",
                          name, root);
    for (int i = 0; i < count; i++) {
        consider(lane, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return lane->added > 0 ? 0 : refuse_empty(lane, name, reason);
}

int lanes_add(struct runner_set *set, const struct lanes *lanes, struct reason *reason)
{
    char found[PATH_SIZE];
    const char *root = lanes->root;
    if (root == NULL && lanes_find(found, sizeof found))
        root = found;
    if (root == NULL)
        return reason_set(
            reason, -EINVAL,
            "--lanes: there is no folder of lanes beside this program; name "
            "it in QUARTET_LANES");
    int error = 0;
    for (const char *rest = lanes->list; error == 0 && rest != NULL;) {
        char name[64];
        int length = (int)strcspn(rest, ",");
        snprintf(name, sizeof name, "%.*s", length, rest);
        rest = rest[length] == ',' ? rest + length + 1 : NULL;
        struct lane lane = {.set = set};
        if (lanes->python != NULL && strcmp(name, "python") == 0)
            lane.prefix = json_pack("[s]", lanes->python);
        error = add_lane(&lane, root, name, reason);
        json_decref(lane.prefix);
    }
    return error;
}

// Does a foreign runner stand beside the model of this name?
static bool stands_beside(const struct runner_set *set, const char *name)
{
    for (size_t i = 0; i < set->count; i++) {
        const struct runner *runner = &set->list[i];
        const char *model = runner->describe.model;
        if (runner->foreign && model != NULL && strcmp(model, name) == 0)
            return true;
    }
    return false;
}

void lanes_usual_models(const struct runner_set *set, char *list, size_t size)
{
    list[0] = '\0';
    for (size_t i = 0; i < set->count; i++) {
        const struct runner *runner = &set->list[i];
        size_t used = strlen(list);
        if (runner->foreign || stands_beside(set, runner->name))
            snprintf(list + used, size - used, "%s%s", used == 0 ? "" : ",",
                     runner->name);
    }
}

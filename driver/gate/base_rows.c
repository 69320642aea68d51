// SPDX-License-Identifier: MIT
//
// base_rows.c - see base_rows.h.
#define _DEFAULT_SOURCE // realpath() is of XSI, not of POSIX alone
#include "driver/gate/base_rows.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// ---- named by the user -------------------------------------------------------------

static const struct runner *find_foreign(const struct runner_set *set, const char *name)
{
    const struct runner *runner = runner_find(set, name);
    return runner != NULL && runner->foreign ? runner : NULL;
}

static int add_substitutes(struct base *base, const struct base_rows *rows,
                           struct reason *reason)
{
    for (size_t i = 0; i < rows->substitutes->count; i++) {
        struct reason why;
        const struct runner_choice choice = {.path = rows->substitutes->texts[i]};
        if (runner_set_add(&base->set, &choice, &why) != 0)
            return reason_set(reason, -EINVAL, "--base-runner %s", why.text);
        const char *name = base->set.list[base->set.count - 1].name;
        if (find_foreign(rows->head, name) == NULL)
            return reason_set(reason, -EINVAL,
                              "--base-runner %.200s: it calls itself '%s', and no "
                              "--runner of head does",
                              choice.path, name);
    }
    return 0;
}

// ---- in the tree of a revision -----------------------------------------------------

// The runner of head that --runner has named by this path.
static const struct runner *runner_of(const struct runner_set *head, const char *path)
{
    for (size_t i = 0; i < head->count; i++) {
        const char *own = head->list[i].path;
        if (head->list[i].foreign &&
            (strcmp(own, path) == 0 ||
             (strncmp(own, "./", 2) == 0 && strcmp(own + 2, path) == 0)))
            return &head->list[i];
    }
    return NULL;
}

// The same file in the tree of the revision. False: it lies outside of the repository.
static bool find_in_tree(const struct revision *revision, const char *path, char *found,
                         size_t size)
{
    char top[4096];
    struct reason ignored;
    char *real = realpath(path, NULL);
    bool inside = false;
    if (real != NULL && revision_top(top, sizeof top, &ignored) == 0) {
        size_t length = strlen(top);
        inside = strncmp(real, top, length) == 0 && real[length] == '/';
        if (inside)
            snprintf(found, size, "%s%s", revision->worktree, real + length);
    }
    free(real);
    return inside;
}

static int refuse_outside(const struct base *base, const char *path,
                          struct reason *reason)
{
    const char *why = base->kind == BASE_REVISION
                          ? "it lies outside of this repository"
                          : "the base is a folder of our own runners";
    return reason_set(reason, -EINVAL,
                      "--runner %.200s: %s; name the program that it is compared with by "
                      "--base-runner PATH",
                      path, why);
}

static int add_same(struct base *base, const struct base_rows *rows, const char *path,
                    struct reason *reason)
{
    char found[8300];
    struct reason why;
    const struct runner *head = runner_of(rows->head, path);
    if (head == NULL || runner_find(&base->set, head->name) != NULL)
        return 0;
    if (base->kind != BASE_REVISION ||
        !find_in_tree(&base->revision, path, found, sizeof found))
        return refuse_outside(base, path, reason);
    if (access(found, F_OK) != 0)
        return 0; // it is new
    const struct runner_choice choice = {.path = found, .name = head->name};
    if (runner_set_add(&base->set, &choice, &why) != 0)
        return reason_set(reason, -EINVAL, "--runner: of the base: %s", why.text);
    return 0;
}

// ---- lanes -------------------------------------------------------------------------

static int add_lanes(struct base *base, const struct base_rows *rows,
                     const struct janitor *janitor, struct reason *reason)
{
    char root[4200];
    struct lanes lanes = rows->lanes;
    struct reason why = {"it has no folder of lanes"};
    if (base->kind == BASE_REVISION) {
        int error = revision_build_lanes(&base->revision, janitor, reason);
        if (error != 0)
            return error;
        snprintf(root, sizeof root, "%s/lanes", base->revision.worktree);
    } else if (!lanes_find_near(base->set.directory, root, sizeof root)) {
        root[0] = '\0';
    }
    lanes.root = root;
    if (root[0] == '\0' || lanes_add(&base->set, &lanes, &why) != 0)
        warn("the base has nothing to compare the lanes with: %s", why.text);
    return 0;
}

int base_rows_add(struct base *base, const struct base_rows *rows,
                  const struct janitor *janitor, struct reason *reason)
{
    if (base->kind == BASE_REPORT)
        return rows->substitutes->count == 0
                   ? 0
                   : reason_set(reason, -EINVAL,
                                "--base-runner: the base is a report, which has its "
                                "rows");
    int error = add_substitutes(base, rows, reason);
    for (size_t i = 0; error == 0 && i < rows->runners->count; i++)
        error = add_same(base, rows, rows->runners->texts[i], reason);
    if (error == 0 && rows->lanes.list != NULL)
        error = add_lanes(base, rows, janitor, reason);
    return error;
}

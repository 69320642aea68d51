// SPDX-License-Identifier: MIT
//
// base.c - see base.h.
#include "driver/gate/base.h"

#include "driver/analysis/report_file.h"
#include "driver/analysis/sample_check.h"
#include "driver/gate/baseline.h"
#include "driver/measure/environment.h"
#include "driver/report/tree.h"
#include "driver/system/state.h"
#include "lib/check.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BASELINE_PREFIX "baseline:"

// ---- all kinds ---------------------------------------------------------------------

static bool has_report(const char *folder)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/report.json", folder);
    return access(path, F_OK) == 0;
}

// Nothing is compared with a report of which something cannot have been as it says.
static int open_report(struct base *base, const char *path, struct reason *reason)
{
    struct reason refused;
    int error = report_file_load(path, &base->report, reason);
    if (error != 0 || sample_check_refused(&base->report, &refused) == 0)
        return error;
    return reason_set(
        reason, -EBADMSG,
        "'%.200s' is no base: %.600s; measure it again, or name another one", path,
        refused.text);
}

// Reads a baseline. With `own`, only one of this machine: -ENOENT for others.
static int open_baseline(struct base *base, const char *name, bool own,
                         struct reason *reason)
{
    char testbed[32];
    char path[STATE_PATH_SIZE];
    bool foreign;
    environment_testbed(testbed, sizeof testbed);
    int error = baseline_find(name, testbed, path, sizeof path, &foreign, reason);
    if (error != 0)
        return error;
    if (foreign && own)
        return -ENOENT;
    base->kind = BASE_REPORT;
    base->foreign = foreign;
    return open_report(base, path, reason);
}

static int open_revision(struct base *base, const char *mode,
                         const struct janitor *janitor, struct reason *reason)
{
    base->kind = BASE_REVISION;
    base->revision.name = base->name;
    return revision_open(&base->revision, mode, janitor, &base->set, reason);
}

// A word that is no path: a baseline, or a revision.
static int open_word(struct base *base, const char *mode, const struct janitor *janitor,
                     struct reason *reason)
{
    struct reason unknown;
    bool possible = baseline_check_name(base->name, NULL) == 0;
    int error = possible ? open_baseline(base, base->name, true, reason) : -ENOENT;
    if (error != -ENOENT) // found, or found and damaged
        return error;
    error = open_revision(base, mode, janitor, reason);
    if (error != -ENOENT || base->revision.commit[0] != '\0' || !possible)
        return error;
    error = open_baseline(base, base->name, false, &unknown);
    if (error == 0 || error == -ENOENT) // -ENOENT: the reason is that of the revision
        return error;
    return reason_set(reason, error, "%s", unknown.text);
}

int base_open(struct base *base, const char *name, const char *mode,
              const struct janitor *janitor, struct reason *reason)
{
    struct stat status;
    *base = (struct base){.name = name, .revision = {.side = "base"}};
    if (strncmp(name, BASELINE_PREFIX, strlen(BASELINE_PREFIX)) == 0)
        return open_baseline(base, name + strlen(BASELINE_PREFIX), false, reason);
    if (strncmp(name, REVISION_PREFIX, strlen(REVISION_PREFIX)) == 0) {
        base->name += strlen(REVISION_PREFIX);
        return open_revision(base, mode, janitor, reason);
    }
    if (name[0] == '\0' || stat(name, &status) != 0)
        return open_word(base, mode, janitor, reason);
    if (S_ISDIR(status.st_mode) && !has_report(name)) {
        base->kind = BASE_BUILD;
        revision_warn(name);
        return runner_set_find_in(&base->set, name, reason);
    }
    base->kind = BASE_REPORT;
    return open_report(base, name, reason);
}

void base_close(struct base *base)
{
    runner_set_free(&base->set);
    report_free(&base->report);
}

json_t *base_describe(const struct base *base, const struct runner_set *head)
{
    static const char *const kinds[] = {"build", "revision", "report"};
    static const char *const keys[] = {"version", "compiler", "flags", "mode"};
    json_t *differences = json_array();
    const json_t *own = NULL;
    if (base->set.count > 0)
        own = base->set.list[0].describe.build;
    const json_t *heads = head->list[0].describe.build;
    for (size_t i = 0; own != NULL && i < ARRAY_LEN(keys); i++) {
        const char *one = tree_text(own, keys[i], "unknown");
        const char *other = tree_text(heads, keys[i], "unknown");
        if (strcmp(one, other) != 0)
            json_array_append_new(differences,
                                  json_pack("[s, s, s]", keys[i], one, other));
    }
    const char *commit = base->revision.commit[0] != '\0' ? base->revision.commit
                         : base->report.json != NULL      ? base->report.commit
                                                     : tree_text(own, "commit", NULL);
    return json_pack("{s:s, s:o, s:s?, s:o}", "kind", kinds[base->kind], "name",
                     tree_string(base->name), "commit", commit, "differences",
                     differences);
}

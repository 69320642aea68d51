// SPDX-License-Identifier: MIT
//
// parts.c - the parts that quartet is made of: the stop-watch, the runners, and
// a place to write to.
#include "driver/doctor/doctor.h"
#include "driver/measure/hyperfine.h"
#include "driver/plan/runner.h"
#include "lib/error.h"

#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#define HYPERFINE_MINOR_TESTED 15
#define DISK_BYTES_WANTED      (100 << 20) // a report of many rounds has a few MiB

static void check_hyperfine(struct doctor *doctor)
{
    char version[64];
    struct reason reason = {""};
    if (hyperfine_version(version, sizeof version, &reason) != 0) {
        doctor_say(doctor, FINDING_FATAL, "hyperfine",
                   "apt-get install hyperfine, or see github.com/sharkdp/hyperfine", "%s",
                   reason.text);
        return;
    }
    if (doctor_try_hyperfine(&reason) != 0) {
        doctor_say(doctor, FINDING_FATAL, "hyperfine",
                   "install another version: scripts/install-deps, or see "
                   "github.com/sharkdp/hyperfine",
                   "%s is there, and cannot time a command: %.300s", version,
                   reason.text);
        return;
    }
    int major = 0;
    int minor = 0;
    bool known = sscanf(version, "%d.%d", &major, &minor) == 2;
    if (known && major == 1 && minor < HYPERFINE_MINOR_TESTED)
        doctor_say(doctor, FINDING_NOTE, "hyperfine", "use 1.15 or newer",
                   "%s, older than what quartet is tested with", version);
    else
        doctor_say(doctor, FINDING_OK, "hyperfine", NULL, "%s", version);
}

static const char *or_else(const char *text, const char *missing)
{
    return text == NULL ? missing : text;
}

static void check_optimised(struct doctor *doctor, const struct runner_set *set)
{
    for (size_t i = 0; i < set->count; i++) {
        const struct description *describe = &set->list[i].describe;
        if (describe->optimised != TRUTH_NO)
            continue;
        doctor_say(doctor, FINDING_PROBLEM, "build",
                   "make MODE=release, and use the programs of build/release/bin",
                   "%s is a build of mode %s: its times mean nothing", set->list[i].name,
                   or_else(describe->mode, "unknown"));
        return;
    }
    doctor_say(doctor, FINDING_OK, "build", NULL, "%s, %s",
               or_else(set->list[0].describe.mode, "unknown mode"),
               or_else(set->list[0].describe.compiler, "unknown compiler"));
}

static void check_same_commit(struct doctor *doctor, const struct runner_set *set)
{
    const char *first = or_else(set->list[0].describe.commit, "unknown");
    for (size_t i = 1; i < set->count; i++) {
        const char *commit = or_else(set->list[i].describe.commit, "unknown");
        if (strcmp(first, commit) != 0)
            doctor_say(doctor, FINDING_NOTE, "commits",
                       "make, so that all runners are of the same state",
                       "%s was built from %s, %s from %s", set->list[0].name, first,
                       set->list[i].name, commit);
    }
}

static void check_runners(struct doctor *doctor)
{
    struct runner_set *set = calloc(1, sizeof *set);
    struct reason reason = {"out of memory"};
    if (set == NULL || runner_set_find(set, &reason) != 0) {
        doctor_say(doctor, FINDING_FATAL, "runners", "build them: make", "%s",
                   reason.text);
        free(set);
        return;
    }
    char names[512] = "";
    for (size_t i = 0; i < set->count; i++) {
        size_t used = strlen(names);
        snprintf(names + used, sizeof names - used, "%s%s", used == 0 ? "" : ", ",
                 set->list[i].name);
    }
    doctor_say(doctor, FINDING_OK, "runners", NULL, "%s", names);
    for (size_t i = 0; i < set->ignored_count; i++)
        doctor_say(
            doctor, FINDING_NOTE, "ignored",
            "remove it from the folder of the runners, or mend it: quartet validate",
            "%s: %s", set->ignored[i].name, set->ignored[i].reason.text);
    check_optimised(doctor, set);
    check_same_commit(doctor, set);
    runner_set_free(set);
    free(set);
}

static void check_disk(struct doctor *doctor)
{
    struct statvfs status;
    if (access(".", W_OK) != 0) {
        doctor_say(doctor, FINDING_NOTE, "folder",
                   "go to a folder of your own, or name one: quartet run --output FOLDER",
                   "results are written below this folder, which you may not write to");
        return;
    }
    if (statvfs(".", &status) != 0)
        return;
    double free_bytes = (double)status.f_bavail * (double)status.f_frsize;
    if (free_bytes < DISK_BYTES_WANTED)
        doctor_say(doctor, FINDING_PROBLEM, "disk",
                   "make room, or name a folder elsewhere: quartet run --output FOLDER",
                   "%.0f MiB free", free_bytes / 1048576);
    else
        doctor_say(doctor, FINDING_OK, "disk", NULL, "%.1f GiB free",
                   free_bytes / 1073741824);
}

void doctor_parts(struct doctor *doctor)
{
    doctor_title(doctor, "Parts");
    check_hyperfine(doctor);
    check_runners(doctor);
    check_disk(doctor);
}

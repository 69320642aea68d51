// SPDX-License-Identifier: MIT
//
// Going on where a session was stopped: see resume.h. First all reasons why it cannot,
// then the entry in the report that says that it was.
#include "driver/measure/resume.h"

#include "driver/analysis/compare.h"
#include "driver/analysis/report_file.h"
#include "driver/measure/environment.h"
#include "driver/measure/resume_plan.h"
#include "driver/report/journal.h"
#include "driver/report/read.h"
#include "driver/system/interrupt.h"
#include "driver/system/utc.h"
#include "lib/check.h"
#include "lib/clock.h"
#include "lib/cpus.h"

#include "build_info.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define FOLDER_SIZE 2048

// ---- the command line --------------------------------------------------------------

// Options that say where programs are, and not what is measured.
static bool may_stand_beside(const char *word)
{
    static const char *const names[] = {"--resume", "--runner", "--lanes",
                                        "--python", "--plan",   "--backend"};
    for (size_t i = 0; i < ARRAY_LEN(names); i++) {
        size_t length = strlen(names[i]);
        if (strncmp(word, names[i], length) == 0 && strchr("=", word[length]) != NULL)
            return true;
    }
    return false;
}

const char *resume_conflict(int argc, char **argv)
{
    for (int i = 0; i < argc; i++) {
        const char *value = strchr(argv[i], '=');
        if (strcmp(argv[i], "--wait") == 0 || strcmp(argv[i], "--wide") == 0 ||
            strcmp(argv[i], "--legend") == 0)
            continue;
        if (!may_stand_beside(argv[i]))
            return argv[i];
        i += value == NULL; // the next word is its value
    }
    return NULL;
}

// ---- which folder ------------------------------------------------------------------

static int find_folder(const char *named, char *folder, size_t size,
                       struct reason *reason)
{
    struct stat status;
    if (strlen(named) >= size)
        return reason_set(reason, -ENAMETOOLONG, "the path is too long");
    if (stat(named, &status) != 0)
        return reason_set(reason, -errno, "%s", strerror(errno));
    snprintf(folder, size, "%s", named);
    if (S_ISDIR(status.st_mode))
        return 0;
    char *slash = strrchr(folder, '/');
    if (strcmp(slash == NULL ? folder : slash + 1, "report.json") != 0)
        return reason_set(reason, -EINVAL,
                          "name the folder of a session, or the report.json in it");
    snprintf(slash == NULL ? folder : slash, 2, "%s", slash == NULL ? "." : "");
    if (folder[0] == '\0')
        snprintf(folder, size, "/");
    return 0;
}

// ---- why not -----------------------------------------------------------------------

static int refuse_others(const struct report *report, struct reason *reason)
{
    const char *command = report->plan.command;
    if (command == NULL)
        command = report_has_gate(report) ? "check" : "run";
    if (strcmp(command, "run") == 0)
        return 0;
    return reason_set(reason, -EINVAL,
                      "it is a report of 'quartet %.20s', and only 'quartet run' can "
                      "go on: begin that anew",
                      command);
}

// The first run of a list that is not to be believed, or NULL.
static const struct sample *find_refused(const struct sample_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        if (list->list[i].refused != NULL)
            return &list->list[i];
    return NULL;
}

// Runs that cannot have been as they say are no beginning. A row that was refused while it
// was measured has been told, and is not run any more.
static int refuse_lies(const struct report *report, struct reason *reason)
{
    for (size_t i = 0; i < report->table_count; i++) {
        const struct report_table *table = &report->tables[i];
        for (size_t j = 0; j < table->cell_count; j++) {
            const struct report_cell *cell = &table->cells[j];
            const struct sample *sample = find_refused(&cell->samples);
            if (sample == NULL)
                sample = find_refused(&cell->twins);
            if (sample != NULL && cell->status == CELL_OK)
                return reason_set(reason, -EBADMSG,
                                  "%.80s: block %.0f is not believed: %.200s; begin anew",
                                  cell->id, sample->block, sample->refused);
        }
    }
    return 0;
}

// Exactly the files that were measured, for all cells that are still to run.
static int refuse_other_builds(const struct session *session, const json_t *environment,
                               struct reason *reason)
{
    const json_t *was = session->report.environment;
    for (size_t i = 0; i < session->plan.count; i++) {
        const struct table *table = &session->plan.list[i];
        for (size_t j = 0; j < table->count; j++) {
            const char *model = table->cells[j].result->model;
            const char *then = environment_runner(was, model);
            const char *now = environment_runner(environment, model);
            if (!table->cells[j].live ||
                (then != NULL && now != NULL && strcmp(then, now) == 0))
                continue;
            if (table->cells[j].runner == NULL)
                return reason_set(reason, -ENOENT, "there is no runner '%.40s' any more",
                                  model);
            const char *commit = environment_text(was, "build.commit");
            return reason_set(
                reason, -EINVAL,
                "it was measured with another build of '%.40s' (sha256 "
                "%.12s, now %.12s): build commit %.40s again, or begin anew",
                model, then == NULL ? "unknown" : then, now == NULL ? "unknown" : now,
                commit == NULL ? "unknown" : commit);
        }
    }
    return 0;
}

static int refuse_other_testbeds(const struct session *session, const json_t *now,
                                 struct reason *reason)
{
    static const char *const keys[] = {"architecture", "cpu_model",      "cpus_online",
                                       "cpu_quota",    "virtualisation", "kernel"};
    const json_t *was = session->report.environment;
    if (environment_text(was, "testbed") != NULL &&
        environment_agrees(was, now, "testbed"))
        return 0;
    const char *differs = "testbed";
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        if (!environment_agrees(was, now, keys[i])) {
            differs = keys[i];
            break;
        }
    return reason_set(
        reason, -EINVAL,
        "it was measured on another testbed ('%s' differs), and runs of two "
        "cannot be mixed: go on there, or begin anew",
        differs);
}

static int pin_as_before(const struct session *session, struct reason *reason)
{
    struct reason why;
    const char *cpus = environment_text(session->report.environment, "cpus_allowed");
    if (cpus == NULL)
        cpus = "";
    if (cpus_pin(cpus, &why) == 0)
        return 0;
    return reason_set(reason, -EINVAL,
                      "it was measured on CPUs '%.60s', which cannot all be used now: "
                      "%.200s",
                      cpus, why.text);
}

// ---- what the report says of it ----------------------------------------------------

// Is it never the same twice, and explains nothing?
static bool is_momentary(const json_t *difference)
{
    static const char *const keys[] = {"load", "uptime_s", "memory_available_bytes"};
    const char *key = json_string_value(json_array_get(difference, 0));
    for (size_t i = 0; i < ARRAY_LEN(keys); i++)
        if (key != NULL && strcmp(key, keys[i]) == 0)
            return true;
    return false;
}

static json_t *find_differences(const struct report *report, json_t *environment)
{
    const struct report now = {.version = QUARTET_VERSION,
                               .commit = QUARTET_COMMIT,
                               .environment = environment,
                               .plan = {.profile = report->plan.profile}};
    json_t *list = compare_environments(report, &now);
    for (size_t i = json_array_size(list); i > 0; i--)
        if (is_momentary(json_array_get(list, i - 1)))
            json_array_remove(list, i - 1);
    return list;
}

// Adds an entry to `resumed`.
static void note_resumption(struct report *report, json_t *environment)
{
    char now_utc[UTC_SIZE];
    utc_now(now_utc);
    size_t blocks = 0;
    for (size_t i = 0; i < report->table_count; i++)
        blocks += report->tables[i].block_count;
    const char *why = report->incomplete_reason;
    json_t *entry =
        json_pack("{s:s, s:I, s:I, s:s, s:o}", "utc", now_utc, "after_ns",
                  (json_int_t)report->duration_ns, "blocks", (json_int_t)blocks,
                  "stopped_by", why == NULL ? "it is not known" : why, "differences",
                  find_differences(report, environment));
    CHECK(entry != NULL);
    if (report->resumed == NULL)
        report->resumed = report_keep_json(report, json_array());
    json_array_append_new(report->resumed, entry);
}

// ---- the whole ---------------------------------------------------------------------

// All that the file alone can tell: 0, RESUME_COMPLETE, or -errno.
static int read_report(struct session *session, const struct runner_set *set,
                       const char *folder, struct reason *reason)
{
    int error = report_file_load(folder, &session->report, reason);
    if (error == 0)
        error = refuse_others(&session->report, reason);
    if (error == 0)
        error = resume_plan(session, set, reason);
    if (error == 0)
        error = refuse_lies(&session->report, reason);
    if (error == 0 && session->report.complete)
        return RESUME_COMPLETE;
    return error != 0 ? error : session_check_order(session, reason);
}

// All that can only be seen here and now. *environment is the caller's.
static int compare_machine(const struct session *session, const struct runner_set *set,
                           const char *hyperfine, json_t **environment,
                           struct reason *reason)
{
    int error = pin_as_before(session, reason);
    if (error != 0)
        return error;
    *environment = environment_describe(set, hyperfine, session->janitor.folder);
    // After Ctrl-C the probes return nothing.
    if (interrupt_wanted(0))
        return reason_set(reason, -EINTR, "interrupted");
    error = refuse_other_testbeds(session, *environment, reason);
    return error != 0 ? error : refuse_other_builds(session, *environment, reason);
}

// If the session died just after its last save, the journal only repeats the report.
static void remove_journal(const char *folder)
{
    char path[FOLDER_SIZE + 16];
    snprintf(path, sizeof path, "%s/report.json", folder);
    journal_remove(path);
}

static int try_open(struct session *session, const struct runner_set *set,
                    const char *hyperfine, const char *named, struct reason *reason)
{
    char folder[FOLDER_SIZE];
    json_t *environment = NULL;
    int error = find_folder(named, folder, sizeof folder, reason);
    if (error == 0)
        error = read_report(session, set, folder, reason);
    if (error == RESUME_COMPLETE)
        remove_journal(folder);
    if (error == 0)
        error = compare_machine(session, set, hyperfine, &environment, reason);
    if (error == 0)
        error = results_open_again(&session->results, folder, reason);
    if (error == 0) {
        note_resumption(&session->report, environment);
        error = session_save(session, reason);
    }
    json_decref(environment);
    return error;
}

int resume_open(struct session *session, const struct runner_set *set,
                const char *hyperfine, const char *named, struct reason *reason)
{
    struct reason why;
    int error = try_open(session, set, hyperfine, named, &why);
    if (error >= 0 || error == -EINTR)
        return error == -EINTR ? reason_set(reason, error, "%s", why.text) : error;
    return reason_set(reason, error, "cannot resume '%.150s': %.340s", named, why.text);
}

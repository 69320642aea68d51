// SPDX-License-Identifier: MIT
//
// experiment.c - see experiment.h.
#include "driver/claims/experiment.h"

#include "driver/analysis/report_file.h"
#include "driver/plan/table.h"
#include "driver/system/tool.h"
#include "lib/allocate.h"
#include "lib/clock.h"
#include "lib/json_file.h"
#include "lib/plain.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SESSION_TIMEOUT_NS (600 * NS_PER_SECOND)
#define PYTHON_TIMEOUT_NS  (60 * NS_PER_SECOND)
#define ROUNDS_USUAL       6 // the fewest with an interval of 95 %
#define WORDS_MOST         (24 + 2 * CLAIM_LANES)
#define PATH_SIZE          4600

static int skip(struct experiment *experiment, const char *why)
{
    experiment->skipped = true;
    snprintf(experiment->reason.text, sizeof experiment->reason.text, "%s", why);
    return 0;
}

// ---- the session -------------------------------------------------------------------

// A command line under construction.
struct words {
    size_t count;
    const char *list[WORDS_MOST];
    char paths[CLAIM_LANES][PATH_SIZE];
    char rounds[24];
    char seed[24];
};

static void add(struct words *words, const char *word)
{
    words->list[words->count++] = word;
}

static void add_pair(struct words *words, const char *option, const char *value)
{
    add(words, option);
    add(words, value);
}

static uint64_t rounds_of(const struct claim *claim,
                          const struct experiment_setting *setting)
{
    json_int_t planned = json_integer_value(json_object_get(claim->plan, "rounds"));
    if (setting->rounds != 0)
        return setting->rounds;
    return planned > 0 ? (uint64_t)planned : ROUNDS_USUAL;
}

static void make_words(const struct claim *claim,
                       const struct experiment_setting *setting, const char *plan,
                       const char *output, struct words *words)
{
    snprintf(words->rounds, sizeof words->rounds, "%" PRIu64, rounds_of(claim, setting));
    snprintf(words->seed, sizeof words->seed, "%" PRIu64, setting->seed);
    add(words, "/proc/self/exe");
    add(words, "run");
    add_pair(words, "--plan", plan);
    add_pair(words, "--rounds", words->rounds);
    if (setting->only_check)
        add(words, "--dry-run");
    else
        add_pair(words, "--output", output);
    add(words, "--wait");
    if (setting->seed != 0)
        add_pair(words, "--seed", words->seed);
    if (setting->accept_noise)
        add(words, "--accept-noise");
    if (setting->allow_unoptimised)
        add(words, "--allow-unoptimised");
    if (claim->counters)
        add(words, "--counters");
    for (size_t i = 0; i < claim->lane_count; i++) {
        snprintf(words->paths[i], PATH_SIZE, "%s/%s", setting->lanes, claim->lanes[i]);
        add_pair(words, "--runner", words->paths[i]);
    }
    add(words, NULL);
}

// The last line of the log that says something, without the name of the program.
static void last_line(const char *path, char *text, size_t size)
{
    char line[600];
    FILE *file = fopen(path, "re");
    snprintf(text, size, "no message");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, "quartet: ", 9) == 0)
            plain_copy(text, size, line + 9);
    }
    if (file != NULL)
        fclose(file);
}

// A session that failed in some rows has a report all the same: of the others.
static int take_report(const char *output, int end, const char *message,
                       struct experiment *experiment, struct reason *reason)
{
    if (end == EXIT_CANNOT)
        return skip(experiment, message);
    if (end == EXIT_USAGE)
        return reason_set(reason, -EINVAL, "its plan: %.400s", message);
    if (end == EXIT_INTERRUPTED)
        return reason_set(reason, -EINTR, "interrupted");
    int error = report_file_load(output, &experiment->report, reason);
    experiment->measured = error == 0;
    if (error != 0 && end != EXIT_FINE)
        return reason_set(reason, error, "its session ended with %d: %.400s", end,
                          message);
    return error;
}

static int run_plan(const struct claim *claim, const struct experiment_setting *setting,
                    const char *folder, struct experiment *experiment,
                    struct reason *reason)
{
    char plan[PATH_SIZE + 16];
    char log[PATH_SIZE + 16];
    char message[480];
    struct words *words = allocate(1, sizeof *words);
    snprintf(plan, sizeof plan, "%s/plan.json", folder);
    snprintf(log, sizeof log, "%s/session.log", folder);
    make_words(claim, setting, plan, folder, words);
    int error = json_file_save(plan, claim->plan, reason);
    int end = error != 0 ? error
                         : tool_run_logged(words->list, log, SESSION_TIMEOUT_NS,
                                           setting->janitor, reason);
    free(words);
    if (end < 0)
        return end;
    last_line(log, message, sizeof message);
    if (setting->only_check && end == EXIT_FINE)
        return 0;
    return take_report(folder, end, message, experiment, reason);
}

// ---- Python ------------------------------------------------------------------------

static int take_output(const char *text, const char *program,
                       struct experiment *experiment, struct reason *reason)
{
    json_t *json = NULL;
    int error = json_text_load(text, strlen(text), program, &json, reason);
    if (error == 0 && !json_is_object(json))
        error =
            reason_set(reason, -EBADMSG, "%.300s: must print one JSON object", program);
    if (error == 0)
        json_array_append(experiment->outputs, json);
    json_decref(json);
    return error;
}

// A program that cannot do it here ends with 77 and says why on stdout.
static int run_python(const struct claim *claim, const struct experiment_setting *setting,
                      struct experiment *experiment, struct reason *reason)
{
    char program[PATH_SIZE];
    char text[4096];
    snprintf(program, sizeof program, "%s/%s", setting->claims, claim->python);
    const char *const argv[] = {"python3", program, NULL};
    if (access(program, R_OK) != 0)
        return reason_set(reason, -errno, "python: cannot read '%.300s': %s", program,
                          strerror(errno));
    experiment->outputs = json_array();
    for (unsigned i = 0; i < claim->repeat && !setting->only_check; i++) {
        int end = tool_capture(argv, PYTHON_TIMEOUT_NS, text, sizeof text, reason);
        if (end == EXIT_CANNOT) {
            text[strcspn(text, "\n")] = '\0';
            return skip(experiment, text);
        }
        if (end < 0)
            return end;
        if (end != EXIT_FINE)
            return reason_set(reason, -EIO, "'%.300s' ended with %d", program, end);
        int error = take_output(text, program, experiment, reason);
        if (error != 0)
            return error;
    }
    return 0;
}

// ---- all ---------------------------------------------------------------------------

// Does the machine lack something? Then it is skipped.
static int look_round(const struct claim *claim, const struct experiment_setting *setting,
                      struct experiment *experiment, struct reason *reason)
{
    char text[160];
    struct plan_cpus cpus;
    plan_cpus_find(&cpus);
    if (cpus.count < claim->cpus && !setting->only_check) {
        snprintf(text, sizeof text, "needs %u CPUs, and may use %u", claim->cpus,
                 cpus.count);
        return skip(experiment, text);
    }
    if (claim->lane_count == 0 && claim->python == NULL)
        return 0;
    if (claim->lane_count > 0 && setting->lanes[0] == '\0')
        return skip(experiment, "needs lanes/python, which is not beside this program");
    const char *const argv[] = {"python3", "--version", NULL};
    int end = tool_capture(argv, PYTHON_TIMEOUT_NS, text, sizeof text, reason);
    if (end == -ENOENT)
        return skip(experiment, "needs python3, which is not installed");
    if (end != 0)
        return end < 0 ? end : reason_set(reason, -EIO, "python3 does not run");
    return 0;
}

int experiment_run(const struct claim *claim, const struct experiment_setting *setting,
                   struct experiment *experiment, struct reason *reason)
{
    char folder[PATH_SIZE];
    *experiment = (struct experiment){0};
    snprintf(folder, sizeof folder, "%s/%s", setting->folder, claim->id);
    int error = look_round(claim, setting, experiment, reason);
    if (error != 0 || experiment->skipped)
        return error;
    // A report that lies there already would be of another session.
    if (mkdir(folder, 0777) != 0)
        return reason_set(reason, -errno, "cannot make '%.300s': %s", folder,
                          strerror(errno));
    if (claim->python != NULL)
        error = run_python(claim, setting, experiment, reason);
    if (error == 0 && !experiment->skipped && claim->plan != NULL)
        error = run_plan(claim, setting, folder, experiment, reason);
    return error;
}

void experiment_free(struct experiment *experiment)
{
    if (experiment->measured)
        report_free(&experiment->report);
    json_decref(experiment->outputs);
    *experiment = (struct experiment){0};
}

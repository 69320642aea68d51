// SPDX-License-Identifier: MIT
//
// prepare.c - see prepare.h.
#define _GNU_SOURCE // SIGXFSZ is of XSI, not of POSIX alone
#include "driver/command/prepare.h"

#include "driver/analysis/analysis.h"
#include "driver/measure/environment.h"
#include "driver/measure/hyperfine.h"
#include "driver/page/page.h"
#include "driver/show/tables.h"
#include "driver/system/interrupt.h"
#include "driver/system/lock.h"
#include "driver/system/tool.h"
#include "driver/system/utc.h"
#include "lib/clock.h"

#include "build_info.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define LOCK_PATIENCE_NS (3600 * NS_PER_SECOND)

// ---- before ------------------------------------------------------------------------

void prepare_process(void)
{
    interrupt_hold();
    tool_adopt_orphans();
    signal(SIGPIPE, SIG_IGN); // a reader that has gone is an error of write()
    signal(SIGXFSZ, SIG_IGN); // and so is a file that must not grow any more
}

enum exit_code prepare_exit_code(int error)
{
    return error == -EINTR || interrupt_wanted(0) ? EXIT_INTERRUPTED : EXIT_WRONG;
}

void prepare_runners(struct runner_set *set)
{
    struct reason reason;
    int error = runner_set_find(set, &reason);
    if (error != 0)
        die(prepare_exit_code(error), "%s", reason.text);
}

void prepare_hyperfine(char *version, size_t size)
{
    struct reason reason;
    int error = hyperfine_version(version, size, &reason);
    if (error != 0)
        die(error == -ENOENT || error == -ENOTSUP ? EXIT_CANNOT
                                                  : prepare_exit_code(error),
            "%s", reason.text);
}

// Times of unoptimised code compare compilers' debug habits, not models.
bool prepare_builds(const struct runner_set *set, bool allow)
{
    bool optimised = true;
    for (size_t i = 0; i < set->count; i++) {
        const struct description *describe = &set->list[i].describe;
        if (describe->optimised == TRUTH_YES)
            continue;
        if (!allow)
            die(EXIT_WRONG,
                "'%s' is a build of mode '%s' without optimisation: its times would mean "
                "nothing; build with 'make MODE=release', or say --allow-unoptimised",
                set->list[i].path, describe->mode == NULL ? "unknown" : describe->mode);
        optimised = false;
    }
    if (!optimised)
        warn("these runners are not optimised: no time of this report means anything");
    return optimised;
}

void prepare_usual_models(const struct runner_set *set, char *list, size_t size)
{
    list[0] = '\0';
    for (size_t i = 0; i < set->count; i++) {
        size_t used = strlen(list);
        if (strcmp(set->list[i].name, "sequential") != 0)
            snprintf(list + used, size - used, "%s%s", used == 0 ? "" : ",",
                     set->list[i].name);
    }
}

enum exit_code prepare_plan(const char *command, struct session *session,
                            const struct runner_set *set,
                            const struct plan_choice *choice)
{
    struct reason reason;
    const struct report_plan *plan = &session->report.plan;
    int error = plan_make(&session->plan, &session->report, set, choice, &reason);
    if (error != 0) {
        warn("%s: %s%s", command, error == -ENOENT ? "SKIP: " : "", reason.text);
        return error == -ENOENT ? EXIT_CANNOT : EXIT_USAGE;
    }
    for (size_t i = 0; i < plan->left_out_count; i++) {
        const struct left_out *absent = &plan->left_out[i];
        warn("SKIP %s: left out of this build: %s%s%s", absent->name, absent->reason,
             absent->package != NULL ? "; install " : "",
             absent->package != NULL ? absent->package : "");
    }
    return EXIT_FINE;
}

int prepare_machine(struct session *session, bool wait)
{
    struct reason reason;
    int lock = lock_take(wait ? LOCK_PATIENCE_NS : 0, &reason);
    if (lock < 0)
        die(prepare_exit_code(lock), "%s", reason.text);
    session->begin_ns = clock_now_ns(); // waiting for others costs no --time-budget
    if (janitor_start(&session->janitor, &reason) != 0)
        die(EXIT_WRONG, "%s", reason.text);
    return lock;
}

void prepare_session(struct session *session, const struct measure_options *options)
{
    session->rounds = (unsigned)options->rounds;
    session->seed = options->seed;
    session->accept_noise = options->accept_noise;
    session->run_timeout_ns = options->timeout;
}

void prepare_end(struct session *session, struct runner_set *set, int lock)
{
    janitor_stop(&session->janitor);
    close(lock);
    report_free(&session->report);
    runner_set_free(set);
}

// ---- the report --------------------------------------------------------------------

void prepare_report_plan(struct session *session, const char *command,
                         const char *profile, bool optimised, json_t *words)
{
    struct report *report = &session->report;
    struct report_plan *plan = &report->plan;
    plan->command = command;
    plan->profile = report_keep_text(report, profile);
    plan->seed = session->seed;
    plan->seed_shown = (double)session->seed;
    plan->rounds = session->rounds;
    plan->run_timeout_ns =
        session->run_timeout_ns == 0 ? (double)NAN : (double)session->run_timeout_ns;
    plan->for_decisions = optimised;
    plan->optimised = optimised ? TRUTH_YES : TRUTH_NO;
    plan->argv = report_keep_json(report, words);
}

json_t *prepare_argv(const char *command, int argc, char **argv)
{
    json_t *words = json_pack("[s, s]", "quartet", command);
    for (int i = 0; i < argc; i++) {
        json_t *word = json_string(argv[i]); // NULL when it is not UTF-8
        json_array_append_new(words, word == NULL ? json_null() : word);
    }
    return words;
}

static void begin_report(struct report *report, json_t *environment)
{
    char started[UTC_SIZE];
    utc_now(started);
    report->version = QUARTET_VERSION;
    report->commit = QUARTET_COMMIT;
    report->incomplete_reason = "nothing has been measured yet";
    report->started_utc = report_keep_text(report, started);
    report->environment = report_keep_json(report, environment);
}

int prepare_report(struct session *session, const struct runner_set *set,
                   const char *hyperfine, const char *output, struct reason *reason)
{
    begin_report(&session->report,
                 environment_describe(set, hyperfine, session->janitor.folder));
    // After Ctrl-C the probes return nothing, so do not store the environment.
    if (interrupt_wanted(0))
        return reason_set(reason, -EINTR, "interrupted");
    int error = results_open(&session->results, output, QUARTET_COMMIT, reason);
    if (error == 0)
        error = results_save_json(&session->results, &session->report, reason);
    return error;
}

// ---- after -------------------------------------------------------------------------

static const struct results_form forms[] = {{"report.md", tables_markdown},
                                            {"report.csv", tables_csv},
                                            {"report.html", page_print},
                                            {0}};

int prepare_publish(struct session *session, int error)
{
    struct reason reason;
    session->report.folder = session->results.folder;
    int failed = report_analyse(&session->report, &reason);
    if (failed == 0)
        failed = results_save(&session->results, &session->report, forms, &reason);
    if (failed == 0)
        return EXIT_FINE;
    if (error == 0 || error == -EINTR)
        warn("%s", reason.text);
    return EXIT_WRONG;
}

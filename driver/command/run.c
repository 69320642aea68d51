// SPDX-License-Identifier: MIT
//
// `quartet run`: checks everything that can be checked before anything is measured,
// measures, and writes the report. plan/plan.c decides what is measured, how long in
// measure/rounds.c, how in measure/session.c.
//
// Read next: measure/rounds.h.
#include "driver/command/commands.h"
#include "driver/command/dry_run.h"
#include "driver/command/measure_options.h"
#include "driver/command/prepare.h"
#include "driver/measure/resume.h"
#include "driver/measure/rounds.h"
#include "driver/measure/session.h"
#include "driver/report/json.h"
#include "driver/show/tables.h"
#include "lib/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- options -----------------------------------------------------------------------

struct run_options {
    struct measure_options common; // first: see measure_options.h
    const char *resume;
    struct option_list runners;
    uint64_t time_budget;
    bool dry_run;
};

#define PLACE(member) offsetof(struct run_options, member)

const struct option_spec run_specs[] = {
    MEASURE_ROWS_WORKLOADS,
    {"models", OPTION_TEXT, MEASURE_PLACE(models), NULL, 0, 0, NULL,
     "only these: multithread,coroutine; one may be named twice"},
    {"runner", OPTION_LIST, PLACE(runners), NULL, 0, 0, NULL,
     "a program of your own beside them, repeatable: see docs/own-runner.md"},
    MEASURE_ROW_PLAN,
    {"resume", OPTION_TEXT, PLACE(resume), NULL, 0, 0, NULL,
     "go on with the interrupted session in this folder"},
    MEASURE_ROW_PROFILE("default", "how much work"),
    MEASURE_ROWS_SIZE,
    {"rounds", OPTION_COUNT, MEASURE_PLACE(rounds), NULL, 1, 1000, NULL,
     "measured runs of every cell"},
    {"time-budget", OPTION_DURATION, PLACE(time_budget), NULL, 0, 86400000000000, NULL,
     "measure only the rounds that fit into this time"},
    MEASURE_ROW_COUNTERS,
    {"dry-run", OPTION_FLAG, PLACE(dry_run), NULL, 0, 0, NULL,
     "print the commands, their order and how long it takes"},
    MEASURE_ROWS_STRICT,
    MEASURE_ROWS_SESSION,
    MEASURE_ROWS_END,
    {0}};

static void parse_options(struct run_options *run, int argc, char **argv)
{
    struct measure_options *options = &run->common;
    measure_options_parse("run", run, argc, argv);
    const char *conflict = run->resume == NULL ? NULL : resume_conflict(argc, argv);
    if (conflict != NULL)
        die(EXIT_USAGE,
            "run: %s: not together with --resume, which goes on with the plan, seed and "
            "folder of the report; only --wait, and --runner as before, can be added",
            conflict);
    if (run->resume != NULL)
        return;
    measure_options_apply("run", options);
    if (options->rounds == 0)
        options->rounds = options->profile_document.rounds;
}

// ---- the plan ----------------------------------------------------------------------

// Programs of the user's own beside the models.
static void add_runners(struct runner_set *set, const struct option_list *runners)
{
    struct reason reason;
    for (size_t i = 0; i < runners->count; i++)
        if (runner_set_add(set, runners->texts[i], &reason) != 0)
            die(EXIT_USAGE, "run: %s", reason.text);
}

static void make_plan(struct session *session, const struct runner_set *set,
                      const struct measure_options *options)
{
    struct plan_choice choice = measure_options_choice(options);
    enum exit_code code = prepare_plan("run", session, set, &choice);
    if (code != EXIT_FINE)
        exit((int)code);
}

// ---- the report --------------------------------------------------------------------

static enum truth truth_of(bool value)
{
    return value ? TRUTH_YES : TRUTH_NO;
}

static void describe_plan(struct session *session, const struct measure_options *options,
                          bool optimised, json_t *words)
{
    struct report *report = &session->report;
    const struct plan_file *profile = &options->profile_document;
    const struct plan_file *own = measure_options_own(options);
    prepare_report_plan(session, NULL, profile->name, optimised, words);
    report->plan.until_decided = truth_of(profile->until_decided);
    report->plan.accept_noise = truth_of(session->accept_noise);
    report->plan.counters = truth_of(session->counters);
    report->plan.for_decisions =
        session->rounds >= PROFILE_DECISIVE_ROUNDS && optimised && profile->for_decisions;
    if (own != NULL)
        report->plan.file = report_keep_json(report, json_pack("{s:o, s:O}", "name",
                                                               tree_string(own->name),
                                                               "content", own->document));
}

// The table, and where the files are. 0 or an exit code.
static int show(const struct session *session, const struct report *report)
{
    struct tables_style style;
    tables_style_detect(&style, stdout);
    tables_text(stdout, report, &style);
    if (fflush(stdout) != 0) {
        warn("cannot print the table: %s", strerror(errno));
        return EXIT_WRONG;
    }
    fprintf(stderr, "report: %s/report.json\n", session->results.folder);
    return EXIT_FINE;
}

// ---- the command -------------------------------------------------------------------

// Saves what was measured and shows it. 0 or an exit code.
static int publish(struct session *session, int error)
{
    int code = prepare_publish(session, error);
    bool saved = code == EXIT_FINE;
    if (error == -ETIME) // no round has been measured: there is no table to show
        code = EXIT_WRONG;
    else if (saved)
        code = show(session, &session->report);
    if (error != -ETIME && (error != 0 || !saved))
        fprintf(stderr, "to go on: quartet run --resume %s\n", session->results.folder);
    return code;
}

// Everything between the start and the end of the janitor.
static int run_session(struct session *session, const struct rounds_setting *setting,
                       struct reason *reason)
{
    int error = rounds_measure(session, setting, reason);
    if (error != 0)
        warn("%s", reason->text);
    int published = publish(session, error);
    if (error == -ETIME)
        return EXIT_WRONG;
    if (error != 0)
        return (int)prepare_exit_code(error);
    int verdict = session_verdict(session);
    return published != EXIT_FINE ? published : verdict;
}

// A session that was interrupted. One that was not has the exit code that it had.
static int go_on(struct session *session, struct runner_set *set,
                 const struct run_options *run, const char *hyperfine)
{
    struct reason reason;
    int lock = prepare_machine(session, run->common.wait);
    int code;
    int error = resume_open(session, set, hyperfine, run->resume, &reason);
    if (error == 0) {
        const struct rounds_setting setting = rounds_setting_of_report(&session->report);
        code = run_session(session, &setting, &reason);
    } else if (error == RESUME_COMPLETE) {
        warn("the report in '%s' is complete: there is nothing to resume", run->resume);
        code = session_verdict(session);
    } else {
        warn("%s", reason.text);
        code = (int)prepare_exit_code(error);
    }
    prepare_end(session, set, lock);
    return code;
}

static struct rounds_setting make_setting(const struct run_options *run)
{
    return (struct rounds_setting){.budget_ns = run->time_budget,
                                   .until_decided =
                                       run->common.profile_document.until_decided};
}

// Needs no hyperfine, no lock and no folder.
static int dry_run(struct session *session, struct runner_set *set,
                   const struct run_options *run)
{
    const struct rounds_setting setting = make_setting(run);
    int error = 0;
    dry_run_print(stdout, session, &setting, set);
    if (fflush(stdout) != 0) {
        warn("cannot print: %s", strerror(errno));
        error = -EIO;
    }
    report_free(&session->report);
    runner_set_free(set);
    return error == 0 ? EXIT_FINE : EXIT_WRONG;
}

// A session from the beginning.
static int begin(struct session *session, struct runner_set *set,
                 const struct run_options *run, const char *hyperfine)
{
    struct reason reason;
    const struct rounds_setting setting = make_setting(run);
    int lock = prepare_machine(session, run->common.wait);
    int error = prepare_report(session, set, hyperfine, run->common.output, &reason);
    int code = (int)prepare_exit_code(error);
    if (error == 0)
        code = run_session(session, &setting, &reason);
    else
        warn("%s", reason.text);
    prepare_end(session, set, lock);
    return code;
}

int command_run(int argc, char **argv)
{
    static struct session session; // large, and there is one
    static struct runner_set set;
    struct run_options run;
    char hyperfine[32];
    parse_options(&run, argc, argv);
    prepare_process();
    if (!run.dry_run)
        prepare_hyperfine(hyperfine, sizeof hyperfine);
    prepare_runners(&set);
    add_runners(&set, &run.runners);
    if (run.resume != NULL)
        return go_on(&session, &set, &run, hyperfine);
    bool optimised = run.dry_run || prepare_builds(&set, run.common.allow_unoptimised);
    make_plan(&session, &set, &run.common);
    prepare_session(&session, &run.common);
    session.counters = run.common.counters;
    if (run.dry_run)
        return dry_run(&session, &set, &run);
    describe_plan(&session, &run.common, optimised, prepare_argv("run", argc, argv));
    int code = begin(&session, &set, &run, hyperfine);
    measure_options_free(&run.common);
    return code;
}

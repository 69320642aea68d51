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
#include "driver/doctor/doctor.h"
#include "driver/measure/resume.h"
#include "driver/measure/rounds.h"
#include "driver/measure/session.h"
#include "driver/report/tree.h"
#include "driver/show/tables.h"
#include "driver/trace/session.h"
#include "lib/options.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// ---- options -----------------------------------------------------------------------

struct run_options {
    struct measure_options common; // first: see measure_options.h
    const char *resume;
    const char *backend;
    uint64_t rank;
    uint64_t time_budget;
    bool dry_run;
    bool trace;
    bool wide;
    bool legend;
};

#define PLACE(member) offsetof(struct run_options, member)

const struct option_spec run_specs[] = {
    MEASURE_ROWS_WORKLOADS,
    {"models", OPTION_TEXT, MEASURE_PLACE(models), NULL, 0, 0, NULL,
     "only these: multithread,coroutine; one may be named twice"},
    MEASURE_ROWS_FOREIGN,
    MEASURE_ROW_PLAN,
    {"resume", OPTION_TEXT, PLACE(resume), NULL, 0, 0, NULL,
     "go on with the interrupted session in this folder"},
    MEASURE_ROW_PROFILE("default", "how much work"),
    MEASURE_ROWS_SIZE,
    {"rounds", OPTION_COUNT, MEASURE_PLACE(rounds), NULL, 1, 1000, NULL,
     "measured runs of every cell"},
    {"time-budget", OPTION_DURATION, PLACE(time_budget), NULL, 0, 86400000000000, NULL,
     "measure only the rounds that fit into this time"},
    MEASURE_ROW_TIMEOUT,
    {"backend", OPTION_TEXT, PLACE(backend), NULL, 0, 0, NULL,
     "fetch: command that starts quartet-backend elsewhere"},
    MEASURE_ROW_COUNTERS,
    {"trace", OPTION_FLAG, PLACE(trace), NULL, 0, 0, NULL,
     "in the page, who ran when: an untimed run of each row"},
    {"rank", OPTION_CHOICE, PLACE(rank), "auto", 0, 0, RANK_CHOICES,
     "compare by; auto: run where rows are foreign"},
    {"dry-run", OPTION_FLAG, PLACE(dry_run), NULL, 0, 0, NULL,
     "print the commands, their order and how long it takes"},
    MEASURE_ROWS_STRICT,
    MEASURE_ROWS_SESSION,
    {"wide", OPTION_FLAG, PLACE(wide), NULL, 0, 0, NULL,
     "print all columns, not the six most important ones"},
    {"legend", OPTION_FLAG, PLACE(legend), NULL, 0, 0, NULL,
     "say how to read the tables"},
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
            "folder of the report; only --wait, and --runner, --lanes, --plan or "
            "--backend as before, can be added",
            conflict);
    if (run->backend != NULL && options->counters)
        die(EXIT_USAGE, "run: --backend: not together with --counters, whose extra runs "
                        "have their back end on this machine");
    if (run->resume != NULL) {
        measure_options_load_rows("run", options);
        return;
    }
    measure_options_apply("run", options);
    if (options->rounds == 0)
        options->rounds = options->profile_document.rounds;
}

// ---- the plan ----------------------------------------------------------------------

static void make_plan(struct session *session, const struct runner_set *set,
                      const struct measure_options *options)
{
    char models[1024];
    struct plan_choice choice = measure_options_choice(options);
    measure_options_choose(options, set, &choice, models, sizeof models);
    enum exit_code code = prepare_plan("run", session, set, &choice);
    if (code != EXIT_FINE)
        exit((int)code);
}

// Of tables whose back end can be a program of its own. The report keeps the command; a session
// that goes on must be given the same one, for nothing is run because a report says so.
static void use_backend(struct session *session, const char *backend)
{
    bool any = false;
    for (size_t i = 0; i < session->plan.count; i++)
        if (workload_has_witness(session->plan.list[i].result->workload)) {
            session->plan.list[i].backend = backend;
            any = true;
        }
    if (backend != NULL && !any)
        die(EXIT_USAGE, "run: --backend: only fetch has a back end that runs elsewhere, "
                        "and no table of this plan is of it");
    session->report.plan.backend = backend;
}

static bool is_same_backend(const struct session *session, const char *backend)
{
    const char *then = session->report.plan.backend;
    if ((then == NULL) == (backend == NULL) &&
        (then == NULL || strcmp(then, backend) == 0))
        return true;
    warn("it was measured with %s%.300s, and can only go on like this",
         then == NULL ? "the back end on this machine" : "--backend ",
         then == NULL ? "" : then);
    return false;
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
static int show(const struct session *session, const struct run_options *run)
{
    struct tables_style style;
    tables_style_detect(&style, stdout);
    style.wide = run->wide || session->counters; // who counts wants to see it
    style.legend = run->legend;
    tables_text(stdout, &session->report, &style);
    if (fflush(stdout) != 0) {
        warn("cannot print the table: %s", strerror(errno));
        return EXIT_WRONG;
    }
    fprintf(stderr, "report: %s/report.json\n", session->results.folder);
    return EXIT_FINE;
}

// ---- the command -------------------------------------------------------------------

// Saves what was measured and shows it. 0 or an exit code.
static int publish(struct session *session, const struct run_options *run, int error)
{
    int code = prepare_publish(session, error);
    bool saved = code == EXIT_FINE;
    if (error == -ETIME) // no round has been measured: there is no table to show
        code = EXIT_WRONG;
    else if (saved)
        code = show(session, run);
    if (error != -ETIME && (error != 0 || !saved))
        fprintf(stderr, "to go on: quartet run --resume %s\n", session->results.folder);
    return code;
}

// Everything between the start and the end of the janitor.
static int run_session(struct session *session, const struct run_options *run,
                       const struct rounds_setting *setting, struct reason *reason)
{
    int error = rounds_measure(session, setting, reason);
    if (error != 0)
        warn("%s", reason->text);
    else if (run->trace && trace_session(session) != 0)
        warn("interrupted: not all rows were traced");
    int published = publish(session, run, error);
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
    if (error == 0 && !is_same_backend(session, run->backend)) {
        code = EXIT_WRONG;
    } else if (error == 0) {
        const struct rounds_setting setting = rounds_setting_of_report(&session->report);
        use_backend(session, run->backend);
        code = run_session(session, run, &setting, &reason);
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
        doctor_warn(run->common.accept_noise);
    if (error == 0)
        code = run_session(session, run, &setting, &reason);
    else
        warn("%s", reason.text);
    prepare_end(session, set, lock);
    return code;
}

// `argv` is what the report says of the command line; taken.
static int run_as_asked(const struct run_options *run, struct runner_set *set,
                        json_t *argv)
{
    static struct session session; // large, and there is one
    char hyperfine[32];
    if (!run->dry_run)
        prepare_hyperfine(hyperfine, sizeof hyperfine);
    if (run->resume != NULL) {
        json_decref(argv);
        return go_on(&session, set, run, hyperfine);
    }
    bool optimised = run->dry_run || prepare_builds(set, run->common.allow_unoptimised);
    make_plan(&session, set, &run->common);
    prepare_session(&session, &run->common);
    session.counters = run->common.counters;
    if (run->dry_run) {
        json_decref(argv);
        return dry_run(&session, set, run);
    }
    describe_plan(&session, &run->common, optimised, argv);
    session.report.plan.rank = command_rank(run->rank);
    use_backend(&session, run->backend);
    return begin(&session, set, run, hyperfine);
}

int command_run(int argc, char **argv)
{
    static struct runner_set set;
    struct run_options run = {0};
    parse_options(&run, argc, argv);
    prepare_process();
    prepare_runners(&set);
    measure_options_add_rows("run", &run.common, &set);
    int code = run_as_asked(&run, &set, prepare_argv("run", argc, argv));
    measure_options_free(&run.common);
    return code;
}

// SPDX-License-Identifier: MIT
//
// check.c - `quartet check`: the gate for CI. Is this build slower than that one?
// Both are measured side by side in one session, row by row.
//
// Read next: gate/gate.h for the course of it, statistics/verdict.h for what its words mean.
#include "driver/command/check_reference.h"
#include "driver/command/commands.h"
#include "driver/command/measure_options.h"
#include "driver/command/prepare.h"
#include "driver/doctor/doctor.h"
#include "driver/gate/base.h"
#include "driver/gate/base_rows.h"
#include "driver/gate/calibration.h"
#include "driver/gate/gate.h"
#include "driver/gate/project.h"
#include "driver/gate/report.h"
#include "driver/measure/session.h"
#include "driver/plan/command_rows.h"
#include "driver/plan/links.h"
#include "driver/report/read.h"
#include "driver/report/tree.h"
#include "driver/show/gate_table.h"
#include "driver/show/reference_notes.h"
#include "driver/statistics/verdict.h"
#include "lib/options.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct check_options {
    struct measure_options common; // first: see measure_options.h
    const char *base;
    const char *threshold;
    uint64_t time_budget;
    struct option_list base_runners;
    const char *head;
    const char *build;
    const char *reference;
    bool pin;
    bool fail_on_drift;
    struct option_list commands;
    bool shell;
    bool any_output;
    bool need_conclusion;
    bool need_base;
    bool no_counters;
};

#define PLACE(member) offsetof(struct check_options, member)

const struct option_spec check_specs[] = {
    {"base", OPTION_TEXT, PLACE(base), NULL, 0, 0, NULL,
     "a folder with runners, a report, a baseline, or a git revision"},
    {"build", OPTION_TEXT, PLACE(build), NULL, 0, 0, NULL,
     "of any repository: the command that builds it"},
    {"command", OPTION_LIST, PLACE(commands), NULL, 0, 0, NULL,
     "what is compared there: parse='./prog data.txt'; repeatable"},
    {"head", OPTION_TEXT, PLACE(head), NULL, 0, 0, NULL,
     "the revision that is checked there, else HEAD"},
    {"shell", OPTION_FLAG, PLACE(shell), NULL, 0, 0, NULL,
     "each --command by /bin/sh, with pipes and variables"},
    {"any-output", OPTION_FLAG, PLACE(any_output), NULL, 0, 0, NULL,
     "what a --command prints may differ"},
    MEASURE_ROWS_WORKLOADS,
    {"models", OPTION_TEXT, MEASURE_PLACE(models), NULL, 0, 0, NULL,
     "only these; else all but sequential"},
    MEASURE_ROWS_FOREIGN,
    {"base-runner", OPTION_LIST, PLACE(base_runners), NULL, 0, 0, NULL,
     "of the base, the program that stands for a --runner"},
    MEASURE_ROW_PLAN,
    MEASURE_ROW_PROFILE("gate", "how much work a run is"),
    MEASURE_ROWS_SIZE,
    {"rounds", OPTION_COUNT, MEASURE_PLACE(rounds), "60", 6, 400, NULL,
     "maximum; a table stops early once every row is decided"},
    {"time-budget", OPTION_DURATION, PLACE(time_budget), NULL, 0, 86400000000000, NULL,
     "do not measure longer; the table says what could be found"},
    MEASURE_ROW_TIMEOUT,
    MEASURE_ROW("counters", OPTION_FLAG, counters, 0, 0,
                "also count instructions (needs valgrind, slow)"),
    {"no-counters", OPTION_FLAG, PLACE(no_counters), NULL, 0, 0, NULL,
     "do not count system calls and memory"},
    {"threshold", OPTION_TEXT, PLACE(threshold), NULL, 0, 0, NULL,
     "the slow-down that must be found, else 5%"},
    {"reference", OPTION_TEXT, PLACE(reference), NULL, 0, 0, NULL,
     "sum up what passed since a pinned commit: a name, or a file"},
    {"pin", OPTION_FLAG, PLACE(pin), NULL, 0, 0, NULL,
     "begin the reference anew at this base"},
    {"fail-on-drift", OPTION_FLAG, PLACE(fail_on_drift), NULL, 0, 0, NULL,
     "exit 3 when that sum is beyond the threshold"},
    {"need-conclusion", OPTION_FLAG, PLACE(need_conclusion), NULL, 0, 0, NULL,
     "exit 4 when a row could not be decided"},
    {"need-base", OPTION_FLAG, PLACE(need_base), NULL, 0, 0, NULL,
     "exit 5 when there is no base, or it lacks a row"},
    MEASURE_ROWS_STRICT,
    MEASURE_ROWS_SESSION,
    MEASURE_ROWS_END,
    {0}};

// A repository of anybody has tables of its own.
static void read_project(struct check_options *options, struct project *project)
{
    const struct measure_options *common = &options->common;
    struct reason reason;
    const struct project_choice choice = {.base = options->base,
                                          .head = options->head,
                                          .build = options->build,
                                          .commands = &options->commands,
                                          .shell = options->shell,
                                          .any_output = options->any_output};
    if (project_read(project, &choice, &reason) != 0)
        die(EXIT_USAGE, "check: %s", reason.text);
    if (project->count == 0)
        return;
    if (common->workloads != NULL || common->models != NULL || common->plan != NULL ||
        common->tasks != 0 || common->concurrency != NULL || common->lanes != NULL ||
        common->runners.count + options->base_runners.count > 0)
        die(EXIT_USAGE,
            "check: --workloads, --models, --plan, --tasks, --concurrency, --runner, "
            "--lanes: not together with --command, or in a repository "
            "with " PROJECT_FILE);
    options->base = project->base;
    if (project->threshold != NULL && options->threshold == NULL)
        options->threshold = project->threshold;
}

static void parse_options(struct check_options *options, struct project *project,
                          double *threshold, int argc, char **argv)
{
    struct reason reason;
    measure_options_parse("check", options, argc, argv);
    read_project(options, project);
    if (options->threshold == NULL)
        options->threshold = "5%";
    if (options->base == NULL)
        die(EXIT_USAGE, "check: say with --base what to compare with: a folder with "
                        "runners, a git revision, or a report");
    if (verdict_parse_threshold(options->threshold, threshold, &reason) != 0)
        die(EXIT_USAGE, "check: %s", reason.text);
    if (options->reference == NULL && (options->pin || options->fail_on_drift))
        die(EXIT_USAGE, "check: --pin and --fail-on-drift go with --reference");
    if (options->reference != NULL &&
        reference_check_name(options->reference, &reason) != 0)
        die(EXIT_USAGE, "check: --reference: %s", reason.text);
    if (options->common.counters && options->no_counters)
        die(EXIT_USAGE, "check: --counters and --no-counters: leave one of the two out");
    measure_options_apply("check", &options->common);
    measure_options_refuse_rows("check", &options->common);
}

// ---- the plan ----------------------------------------------------------------------

static enum exit_code make_plan(struct session *session, const struct runner_set *set,
                                const struct base *base,
                                const struct check_options *options,
                                const struct project *project)
{
    char models[1024];
    prepare_usual_models(set, models, sizeof models);
    struct plan_choice choice = measure_options_choice(&options->common);
    choice.usual_models = models;
    if (project->count > 0)
        choice.document = &project->plan;
    else
        measure_options_choose(&options->common, set, &choice, models, sizeof models);
    choice.base = base->set.count > 0 ? &base->set : NULL;
    return prepare_plan("check", session, set, &choice);
}

// ---- the command -------------------------------------------------------------------

// The base that the user asked for cannot be had: wrong, unless she asked for 5.
static enum exit_code no_base(const struct check_options *options, int error)
{
    if (prepare_exit_code(error) == EXIT_INTERRUPTED)
        return EXIT_INTERRUPTED;
    return options->need_base ? EXIT_BASELINE : EXIT_WRONG;
}

static int measure(struct session *session, const struct gate *gate,
                   const struct base *base, struct reason *reason)
{
    if (base->report.json != NULL)
        return gate_report_measure(session, gate, &base->report, reason);
    return gate_measure(session, gate, reason);
}

// All that a check consists of.
struct check {
    struct session session;
    struct runner_set set;
    struct base base;
    struct check_options options;
    struct gate gate;
    struct reference reference; // its name is NULL: none
    struct project project; // of anybody; its count is 0 where Quartet itself is checked
    bool optimised;
    json_t *words; // the command line
};

// Adds what was found to the reference, if there is one. An exit code.
static enum exit_code add_to_reference(struct check *check, int error)
{
    bool project = check->project.count > 0;
    const struct report *report = &check->session.report;
    if (check->reference.name == NULL || error != 0)
        return EXIT_FINE;
    return check_reference_add(&check->reference, report,
                               project ? check->project.tree.commit : report->commit);
}

static int print(const json_t *report, int published)
{
    gate_words_text(stdout, report);
    reference_notes_text(stdout, report);
    gate_words_announce(report);
    reference_notes_announce(report);
    if (fflush(stdout) == 0)
        return published;
    warn("cannot print the table: %s", strerror(errno));
    return EXIT_WRONG;
}

static int run_gate(struct check *check)
{
    struct reason reason;
    struct session *session = &check->session;
    int error = measure(session, &check->gate, &check->base, &reason);
    if (error != 0)
        warn("%s", reason.text);
    int summed = (int)add_to_reference(check, error);
    int published = print(session->report.json, prepare_publish(session, error));
    fprintf(stderr, "report: %s/report.json\n", session->results.folder);
    if (error != 0)
        return (int)prepare_exit_code(error);
    int code = gate_exit_code(session->report.json);
    if (code == EXIT_FINE && check->options.fail_on_drift &&
        reference_notes_count(session->report.json) > 0)
        code = EXIT_REGRESSION;
    return published != EXIT_FINE ? published : code != EXIT_FINE ? code : summed;
}

// Is the base of another machine, and does the user mind?
static bool base_fits(const struct check *check)
{
    if (check->base.foreign)
        warn("baseline '%s' was measured on another machine%s", check->base.name,
             check->options.need_base ? ""
                                      : "; only relations and counters are compared");
    return !check->base.foreign || !check->options.need_base;
}

// Takes over what is known of the noise of this machine, if anything is.
static void use_calibration(struct session *session)
{
    struct calibration calibration;
    struct reason reason;
    const char *testbed = environment_text(session->report.environment, "testbed");
    int error = calibration_open(&calibration, testbed, &reason);
    size_t rows = calibration_apply(&calibration, &session->report);
    json_t *known = json_null();
    if (error == 0)
        known = json_pack("{s:s, s:I, s:n}", "started_utc", calibration.started_utc,
                          "rows", (json_int_t)rows, "ignored");
    else if (error != -ENOENT)
        known = json_pack("{s:n, s:i, s:o}", "started_utc", "rows", 0, "ignored",
                          tree_string(reason.text));
    if (error != 0 && error != -ENOENT)
        warn("%s; it is ignored", reason.text);
    json_object_set_new(json_object_get(session->report.json, "gate"), "calibration",
                        known);
    calibration_free(&calibration);
}

static int open_builds(struct check *check, struct reason *reason)
{
    const struct janitor *janitor = &check->session.janitor;
    if (check->project.count > 0)
        return project_open(&check->project, &check->base, &check->set, janitor, reason);
    const char *mode = check->set.list[0].describe.mode;
    return base_open(&check->base, check->options.base, mode == NULL ? "release" : mode,
                     janitor, reason);
}

// The programs of anybody, of which the base has others.
static int add_base_rows(struct check *check, struct reason *reason)
{
    const struct measure_options *common = &check->options.common;
    const struct base_rows rows = {.head = &check->set,
                                   .runners = &common->runners,
                                   .substitutes = &check->options.base_runners,
                                   .lanes = {.list = common->lanes,
                                             .python = common->python}};
    return base_rows_add(&check->base, &rows, &check->session.janitor, reason);
}

static int open_report(struct check *check, const char *hyperfine, struct reason *reason)
{
    struct session *session = &check->session;
    const struct check_options *options = &check->options;
    bool project = check->project.count > 0;
    prepare_report_plan(session, "check",
                        project ? COMMAND_WORKLOAD : options->common.profile,
                        check->optimised, check->words);
    int error =
        prepare_report(session, &check->set, hyperfine, options->common.output, reason);
    if (error == 0)
        doctor_warn(options->common.accept_noise);
    if (error == 0 && project)
        error =
            project_hide(session->results.folder, options->common.output != NULL, reason);
    return error;
}

// Between the start and the end of the janitor. An exit code.
static int run_session(struct check *check)
{
    char hyperfine[32];
    struct reason reason;
    struct session *session = &check->session;
    prepare_hyperfine(hyperfine, sizeof hyperfine);
    int error = open_builds(check, &reason);
    if (error != 0) {
        warn("%s", reason.text);
        return (int)no_base(&check->options, error);
    }
    if (!base_fits(check))
        return EXIT_BASELINE;
    error = add_base_rows(check, &reason);
    if (error != 0) {
        warn("check: %s", reason.text);
        return error == -EINVAL ? EXIT_USAGE : (int)prepare_exit_code(error);
    }
    unsigned links = links_find(&check->set, &check->base.set);
    enum exit_code planned =
        make_plan(session, &check->set, &check->base, &check->options, &check->project);
    if (planned != EXIT_FINE)
        return (int)planned;
    if (check->base.report.json == NULL && gate_check_rounds(session, &reason) != 0) {
        warn("check: %s", reason.text);
        return EXIT_INCONCLUSIVE;
    }
    error = open_report(check, hyperfine, &reason);
    if (error != 0) {
        warn("%s", reason.text);
        return (int)prepare_exit_code(error);
    }
    enum exit_code opened =
        check_reference_open(&check->reference, check->options.reference,
                             check->options.pin, session->report.environment);
    if (opened != EXIT_FINE)
        return (int)opened;
    json_t *gate = json_pack("{s:o}", "base", base_describe(&check->base, &check->set));
    if (check->project.count == 0)
        json_object_set_new(gate, "links", json_integer((json_int_t)links));
    json_object_set_new(session->report.json, "gate", gate);
    if (check->base.report.json == NULL)
        use_calibration(session);
    return run_gate(check);
}

int command_check(int argc, char **argv)
{
    static struct check check; // large, and there is one
    struct check_options *options = &check.options;
    struct session *session = &check.session;
    parse_options(options, &check.project, &check.gate.threshold, argc, argv);
    check.gate.budget_ns = options->time_budget;
    check.gate.need_conclusion = options->need_conclusion;
    check.gate.need_base = options->need_base;
    check.gate.counting = options->no_counters       ? GATE_COUNT_NONE
                          : options->common.counters ? GATE_COUNT_ALL
                                                     : GATE_COUNT_QUICK;
    prepare_process();
    if (check.project.count == 0) {
        prepare_runners(&check.set);
        measure_options_add_rows("check", &options->common, &check.set);
    }
    check.optimised = prepare_builds(&check.set, options->common.allow_unoptimised);
    check.words = prepare_argv("check", argc, argv);
    prepare_session(session, &options->common);

    int lock = prepare_machine(session, options->common.wait);
    int code = run_session(&check);
    base_close(&check.base);
    reference_close(&check.reference);
    prepare_end(session, &check.set, lock);
    project_close(&check.project);
    return code;
}

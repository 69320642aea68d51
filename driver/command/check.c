// SPDX-License-Identifier: MIT
//
// check.c - `quartet check`: the gate for CI. Is this build slower than that one?
// Both are measured side by side in one session, row by row.
//
// Read next: gate/gate.h for the course of it, statistics/verdict.h for what its words mean.
#include "driver/command/commands.h"
#include "driver/command/measure_options.h"
#include "driver/command/prepare.h"
#include "driver/gate/base.h"
#include "driver/gate/calibration.h"
#include "driver/gate/gate.h"
#include "driver/gate/project.h"
#include "driver/gate/report.h"
#include "driver/measure/session.h"
#include "driver/plan/command_rows.h"
#include "driver/plan/links.h"
#include "driver/report/json.h"
#include "driver/report/read.h"
#include "driver/show/gate_table.h"
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
    const char *head;
    const char *build;
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
    MEASURE_ROW_PLAN,
    MEASURE_ROW_PROFILE("gate", "how much work a run is"),
    MEASURE_ROWS_SIZE,
    {"rounds", OPTION_COUNT, MEASURE_PLACE(rounds), "60", 6, 400, NULL,
     "maximum; a table stops early once every row is decided"},
    {"time-budget", OPTION_DURATION, PLACE(time_budget), NULL, 0, 86400000000000, NULL,
     "do not measure longer; the table says what could be found"},
    MEASURE_ROW("counters", OPTION_FLAG, counters, 0, 0,
                "also count instructions (needs valgrind, slow)"),
    {"no-counters", OPTION_FLAG, PLACE(no_counters), NULL, 0, 0, NULL,
     "do not count system calls and memory"},
    {"threshold", OPTION_TEXT, PLACE(threshold), NULL, 0, 0, NULL,
     "the slow-down that must be found, else 5%"},
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
        common->tasks != 0 || common->concurrency != NULL)
        die(EXIT_USAGE,
            "check: --workloads, --models, --plan, --tasks, --concurrency: not "
            "together with --command, or in a repository with " PROJECT_FILE);
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
    if (options->common.counters && options->no_counters)
        die(EXIT_USAGE, "check: --counters and --no-counters: leave one of the two out");
    measure_options_apply("check", &options->common);
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
    if (project->count > 0)
        choice.document = &project->plan;
    choice.usual_models = models;
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

static int run_gate(struct session *session, const struct gate *gate,
                    const struct base *base)
{
    struct reason reason;
    int error = measure(session, gate, base, &reason);
    if (error != 0)
        warn("%s", reason.text);
    int published = prepare_publish(session, error);
    gate_words_text(stdout, session->report.json);
    gate_words_announce(session->report.json);
    fprintf(stderr, "report: %s/report.json\n", session->results.folder);
    if (fflush(stdout) != 0) {
        warn("cannot print the table: %s", strerror(errno));
        published = EXIT_WRONG;
    }
    if (error != 0)
        return (int)prepare_exit_code(error);
    return published != EXIT_FINE ? published : gate_exit_code(session->report.json);
}

// All that a check consists of.
struct check {
    struct session session;
    struct runner_set set;
    struct base base;
    struct check_options options;
    struct gate gate;
    struct project project; // of anybody; its count is 0 where Quartet itself is checked
    bool optimised;
    json_t *words; // the command line
};

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
        known = json_pack("{s:s, s:I, s:n}", "started_utc",
                          tree_text(calibration.json, "started_utc", ""), "rows",
                          (json_int_t)rows, "ignored");
    else if (error != -ENOENT)
        known = json_pack("{s:n, s:i, s:o}", "started_utc", "rows", 0, "ignored",
                          tree_string(reason.text));
    if (error != 0 && error != -ENOENT)
        warn("%s; it is ignored", reason.text);
    json_object_set_new(json_object_get(session->report.json, "gate"), "calibration",
                        known);
    calibration_close(&calibration);
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
    json_t *gate = json_pack("{s:o}", "base", base_describe(&check->base, &check->set));
    if (check->project.count == 0)
        json_object_set_new(gate, "links", json_integer((json_int_t)links));
    json_object_set_new(session->report.json, "gate", gate);
    if (check->base.report.json == NULL)
        use_calibration(session);
    return run_gate(session, &check->gate, &check->base);
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
    if (check.project.count == 0)
        prepare_runners(&check.set);
    check.optimised = prepare_builds(&check.set, options->common.allow_unoptimised);
    check.words = prepare_argv("check", argc, argv);
    prepare_session(session, &options->common);

    int lock = prepare_machine(session, options->common.wait);
    int code = run_session(&check);
    base_close(&check.base);
    prepare_end(session, &check.set, lock);
    project_close(&check.project);
    return code;
}

// SPDX-License-Identifier: MIT
//
// time.c - `quartet time 'A' 'B'`: commands of anybody, side by side in interleaved blocks
// like the models of `quartet run`. Each command is a row.
//
// Read next: plan/command_rows.h.
#include "driver/command/commands.h"
#include "driver/command/measure_options.h"
#include "driver/command/prepare.h"
#include "driver/gate/time_verdict.h"
#include "driver/measure/rounds.h"
#include "driver/measure/session.h"
#include "driver/plan/command_rows.h"
#include "driver/show/tables.h"
#include "driver/statistics/verdict.h"
#include "lib/options.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

// ---- options -----------------------------------------------------------------------

struct time_options {
    struct measure_options common; // first: see measure_options.h
    const char *names;
    const char *prepare;
    const char *directory;
    const char *input;
    const char *threshold;
    uint64_t exit_code;
    uint64_t limit;
    uint64_t time_budget;
    bool shell;
    bool any_output;
};

#define PLACE(member) offsetof(struct time_options, member)

const struct option_spec time_specs[] = {
    {"names", OPTION_TEXT, PLACE(names), NULL, 0, 0, NULL,
     "what the rows are called: old,new"},
    {"shell", OPTION_FLAG, PLACE(shell), NULL, 0, 0, NULL,
     "by /bin/sh, with pipes and variables; its start is timed, too"},
    {"directory", OPTION_TEXT, PLACE(directory), NULL, 0, 0, NULL, "where they run"},
    {"input", OPTION_TEXT, PLACE(input), NULL, 0, 0, NULL,
     "file that is their standard input; else that is empty"},
    {"exit-code", OPTION_COUNT, PLACE(exit_code), "0", 0, 255, NULL, "that is right"},
    {"any-output", OPTION_FLAG, PLACE(any_output), NULL, 0, 0, NULL,
     "what they print need not be the same"},
    {"prepare", OPTION_TEXT, PLACE(prepare), NULL, 0, 0, NULL,
     "command that runs before each run, untimed"},
    {"rounds", OPTION_COUNT, MEASURE_PLACE(rounds), "30", 2, 1000, NULL,
     "maximum; it stops early once every pair is decided"},
    {"limit", OPTION_DURATION, PLACE(limit), "50s", 1000000, 50000000000, NULL,
     "one run must have ended by then"},
    {"time-budget", OPTION_DURATION, PLACE(time_budget), NULL, 0, 86400000000000, NULL,
     "measure only the rounds that fit into this time"},
    {"threshold", OPTION_TEXT, PLACE(threshold), "5%", 0, 0, NULL,
     "a difference that matters"},
    MEASURE_ROW("accept-noise", OPTION_FLAG, accept_noise, 0, 0,
                "count disturbed rounds, too, and do not run them again"),
    MEASURE_ROWS_SESSION,
    MEASURE_ROWS_END,
    {0}};

// ---- rows --------------------------------------------------------------------------

// The name of row number `index`: from --names, else the command itself.
static void name_row(const struct time_options *options, const char *command,
                     size_t index, char *name, size_t size)
{
    const char *rest = options->names;
    for (size_t i = 0; i < index && rest != NULL; i++) {
        rest = strchr(rest, ',');
        rest = rest == NULL ? NULL : rest + 1;
    }
    if (options->names == NULL)
        snprintf(name, size, "%s", command);
    else if (rest == NULL || strcspn(rest, ",") == 0)
        die(EXIT_USAGE, "time: --names '%s': no name for command %zu, '%s'",
            options->names, index + 1, command);
    else
        snprintf(name, size, "%.*s", (int)strcspn(rest, ","), rest);
}

static void make_rows(const struct time_options *options, const char *const *texts,
                      int count, struct runner_set *set)
{
    for (int i = 0; i < count; i++) {
        char name[256];
        if (command_is_empty(texts[i]))
            die(EXIT_USAGE, "time: command %d is empty; say what to run: 'sleep 0.1'",
                i + 1);
        name_row(options, texts[i], (size_t)i, name, sizeof name);
        command_rows_add(set, &(struct command_row){.name = name,
                                                    .command = texts[i],
                                                    .directory = options->directory,
                                                    .input = options->input,
                                                    .exit_code = options->exit_code,
                                                    .limit_ns = options->limit,
                                                    .shell = options->shell,
                                                    .any_output = options->any_output});
    }
}

// ---- plan and report -----------------------------------------------------------------

static void make_plan(struct session *session, const struct runner_set *set,
                      struct plan_file *document)
{
    struct plan_choice choice = {.document = document};
    struct reason reason;
    json_t *tables =
        json_pack("[o]", command_rows_table("commands", set->list, set->count));
    if (plan_file_make(document, "time", tables, &reason) != 0 ||
        plan_make(&session->plan, &session->report, set, &choice, &reason) != 0)
        die(EXIT_WRONG, "time: %s", reason.text);
}

static void describe_plan(struct session *session, json_t *words)
{
    struct report_plan *plan = &session->report.plan;
    prepare_report_plan(session, NULL, "time", true, words);
    plan->until_decided = TRUTH_YES;
    plan->accept_noise = session->accept_noise ? TRUTH_YES : TRUTH_NO;
    plan->counters = TRUTH_NO;
    plan->for_decisions = true;
}

// ---- the command -------------------------------------------------------------------

// The table, what may be said, and where the files are. An exit code.
static int show(const struct session *session, double threshold)
{
    struct tables_style style;
    const struct report *report = &session->report;
    tables_style_detect(&style, stdout);
    style.wide = true; // commands of anybody have few figures
    tables_text(stdout, report, &style);
    bool decided = time_verdict_print(stdout, &report->tables[0], threshold);
    if (fflush(stdout) != 0) {
        warn("cannot print the table: %s", strerror(errno));
        return EXIT_WRONG;
    }
    fprintf(stderr, "report: %s/report.json\n", session->results.folder);
    return decided ? EXIT_FINE : EXIT_INCONCLUSIVE;
}

static int publish(struct session *session, int error, double threshold)
{
    int code = prepare_publish(session, error);
    return code == EXIT_FINE && error != -ETIME ? show(session, threshold) : code;
}

static int measure(struct session *session, const struct rounds_setting *setting,
                   double threshold)
{
    struct reason reason;
    int error = rounds_measure(session, setting, &reason);
    if (error != 0)
        warn("%s", reason.text);
    int published = publish(session, error, threshold);
    if (error != 0)
        return error == -ETIME ? EXIT_WRONG : (int)prepare_exit_code(error);
    int verdict = session_verdict(session);
    return verdict != EXIT_FINE ? verdict : published;
}

static int run(struct session *session, struct runner_set *set,
               const struct time_options *options, double threshold)
{
    struct reason reason;
    char hyperfine[32];
    const struct rounds_setting setting = {.budget_ns = options->time_budget,
                                           .until_decided = true};
    prepare_hyperfine(hyperfine, sizeof hyperfine);
    int lock = prepare_machine(session, options->common.wait);
    int error = prepare_report(session, set, hyperfine, options->common.output, &reason);
    int code = (int)prepare_exit_code(error);
    if (error == 0)
        code = measure(session, &setting, threshold);
    else
        warn("%s", reason.text);
    prepare_end(session, set, lock);
    return code;
}

int command_time(int argc, char **argv)
{
    static struct session session; // large, and there is one
    static struct runner_set set;
    struct time_options options = {0};
    struct plan_file document;
    struct reason reason;
    double threshold;
    const char *texts[RUNNERS_MAXIMUM];
    int count = measure_options_parse_line(
        "time", &options, &(struct command_line){argc, argv, texts, RUNNERS_MAXIMUM});
    if (count < 2)
        die(EXIT_USAGE,
            "time: name two commands at the least, each in quotes: quartet time "
            "'sleep 0.1' 'sleep 0.2'");
    if (verdict_parse_threshold(options.threshold, &threshold, &reason) != 0)
        die(EXIT_USAGE, "time: %s", reason.text);
    measure_options_apply("time", &options.common);
    prepare_process();
    make_rows(&options, texts, count, &set);
    make_plan(&session, &set, &document);
    prepare_session(&session, &options.common);
    session.prepare = options.prepare;
    describe_plan(&session, prepare_argv("time", argc, argv));
    int code = run(&session, &set, &options, threshold);
    plan_file_free(&document);
    measure_options_free(&options.common);
    return code;
}

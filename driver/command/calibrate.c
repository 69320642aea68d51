// SPDX-License-Identifier: MIT
//
// calibrate.c - `quartet calibrate`: how small an effect can this machine show?
// It is the gate with the same runners on both sides (an A/A session), measured to the
// last round whatever is found, and without a verdict.
//
// Read next: gate/calibration.h for what a floor is.
#include "driver/gate/calibrate.h"
#include "driver/analysis/verification.h"
#include "driver/command/commands.h"
#include "driver/command/measure_options.h"
#include "driver/command/prepare.h"
#include "driver/gate/calibrate_counters.h"
#include "driver/gate/calibration.h"
#include "driver/gate/gate.h"
#include "driver/gate/judge.h"
#include "driver/gate/primary.h"
#include "driver/measure/counters.h"
#include "driver/measure/session.h"
#include "driver/plan/links.h"
#include "driver/report/counter_verdict.h"
#include "driver/report/tree.h"
#include "driver/show/calibrate_table.h"
#include "driver/statistics/verdict.h"
#include "driver/system/state.h"
#include "lib/check.h"
#include "lib/json_file.h"
#include "lib/options.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum calibrate_format { FORMAT_TEXT, FORMAT_JSON };

struct calibrate_options {
    struct measure_options common; // first: see measure_options.h
    const char *threshold;
    uint64_t format;
    uint64_t time_budget;
    uint64_t counters;
};

#define PLACE(member) offsetof(struct calibrate_options, member)

const struct option_spec calibrate_specs[] = {
    MEASURE_ROWS_WORKLOADS,
    {"models", OPTION_TEXT, MEASURE_PLACE(models), NULL, 0, 0, NULL,
     "only these; else all but sequential"},
    MEASURE_ROW_PLAN,
    MEASURE_ROW_PROFILE("gate", "work per run"),
    MEASURE_ROWS_SIZE,
    {"rounds", OPTION_COUNT, MEASURE_PLACE(rounds), "20", 6, 100, NULL,
     "pairs of every row"},
    {"time-budget", OPTION_DURATION, PLACE(time_budget), NULL, 0, 86400000000000, NULL,
     "do not measure longer; the table says how many pairs there were"},
    MEASURE_ROW_TIMEOUT,
    {"threshold", OPTION_TEXT, PLACE(threshold), "5%", 0, 0, NULL,
     "that of the gates whose false alarms are counted"},
    {"counters", OPTION_COUNT, PLACE(counters), NULL, 2, COUNTER_REPEAT_MAXIMUM, NULL,
     "count so often, too: the floors of check --counters"},
    MEASURE_ROWS_STRICT,
    {"format", OPTION_CHOICE, PLACE(format), "text", 0, 0, "text|json", "what to print"},
    MEASURE_ROWS_SESSION,
    MEASURE_ROWS_END,
    {0}};

static void parse_options(struct calibrate_options *options, double *threshold, int argc,
                          char **argv)
{
    struct reason reason;
    measure_options_parse("calibrate", options, argc, argv);
    if (verdict_parse_threshold(options->threshold, threshold, &reason) != 0)
        die(EXIT_USAGE, "calibrate: %s", reason.text);
    measure_options_apply("calibrate", &options->common);
    measure_options_refuse_rows("calibrate", &options->common);
}

// ---- the session -------------------------------------------------------------------

// All that a calibration consists of.
struct calibrate_command {
    struct session session;
    struct runner_set set;
    struct calibrate_options options;
    double threshold;
    bool optimised;
    json_t *words; // the command line
    struct calibration calibration;
};

// A runner that fails, or answers otherwise than itself, cannot be calibrated.
static int check_answers(const struct session *session, struct reason *reason)
{
    json_t *answers = gate_judge_answers(&session->report);
    json_t *missing =
        gate_judge_missing(&session->report); // the same program, as its base
    json_array_extend(answers, missing);
    json_decref(missing);
    const json_t *first = json_array_get(answers, 0);
    int error = 0;
    if (first != NULL)
        error =
            reason_set(reason, -EPROTO, "%s %s: %.400s", tree_text(first, "table", "?"),
                       tree_text(first, "row", "?"), tree_text(first, "reason", "?"));
    json_decref(answers);
    return error;
}

// All rounds, or as many as there is time for. How long one really takes is known after
// some of them (the warm-up takes longer), so it then looks twice.
static int measure_rounds(struct session *session, uint64_t budget_ns,
                          struct reason *reason)
{
    struct batch batch = {.number = 1, .seed = session->seed};
    const unsigned goals[] = {(session->rounds + 1) / 2, session->rounds};
    for (size_t i = budget_ns == 0 ? 1 : 0; i < ARRAY_LEN(goals); i++) {
        unsigned more = gate_affordable(session, budget_ns);
        unsigned wanted = goals[i] - batch.last;
        batch.first = batch.last + 1;
        batch.last += more < wanted ? more : wanted;
        int error =
            batch.last < batch.first ? 0 : session_rounds(session, &batch, reason);
        if (error != 0 || batch.last < goals[i] || session->late > 0)
            return error;
    }
    return 0;
}

static int measure(struct calibrate_command *command, struct reason *reason)
{
    struct session *session = &command->session;
    const struct calibrate_options *options = &command->options;
    int error = session_warm_up(session, reason);
    gate_set_deadline(session, options->time_budget);
    gate_primary_choose(&session->plan);
    if (error == 0)
        error = check_answers(session, reason);
    if (error == 0)
        error = measure_rounds(session, options->time_budget, reason);
    if (error == 0 && options->counters > 0)
        error = calibrate_counters(session, (unsigned)options->counters,
                                   &command->calibration, reason);
    if (error == 0)
        error = check_answers(session, reason);
    session_close(session, error, reason);
    return error;
}

// ---- the result --------------------------------------------------------------------

static int save(struct calibrate_command *command, struct reason *reason)
{
    char path[STATE_PATH_SIZE];
    struct calibration *calibration = &command->calibration;
    bool stored = command->options.common.output == NULL;
    if (calibrate_count(calibration) == 0)
        return reason_set(reason, -ENODATA,
                          "no row has the %d pairs that a floor takes, so nothing has "
                          "been stored; give it more rounds, or more time",
                          VERDICT_ROUNDS_LEAST);
    snprintf(path, sizeof path, "%s/calibration.json", command->session.results.folder);
    int error = stored ? calibration_store(calibration, path, sizeof path, reason)
                       : calibration_save(calibration, path, reason);
    if (error == 0)
        fprintf(stderr, "calibration: %s\n", path);
    return error;
}

static int show(const struct calibration *calibration, enum calibrate_format format)
{
    if (format == FORMAT_JSON) {
        json_t *json = calibration_write(calibration);
        json_file_print(stdout, json);
        json_decref(json);
    } else {
        calibrate_print(stdout, calibration);
    }
    if (fflush(stdout) == 0 && !ferror(stdout))
        return EXIT_FINE;
    warn("cannot print the calibration: %s", strerror(errno));
    return EXIT_WRONG;
}

static int conclude(struct calibrate_command *command)
{
    struct reason reason;
    const struct calibrate calibrate = {.report = &command->session.report,
                                        .threshold = command->threshold,
                                        .set = &command->set};
    if (calibrate_add(&calibrate, &command->calibration) != 0) {
        warn("no memory for the floors");
        return EXIT_WRONG;
    }
    int shown =
        show(&command->calibration, (enum calibrate_format)command->options.format);
    if (save(command, &reason) == 0)
        return shown;
    warn("%s", reason.text);
    return EXIT_WRONG;
}

// Between the start and the end of the janitor. An exit code.
static int run_session(struct calibrate_command *command)
{
    char hyperfine[32];
    struct reason reason;
    struct session *session = &command->session;
    prepare_hyperfine(hyperfine, sizeof hyperfine);
    prepare_report_plan(session, "calibrate", command->options.common.profile,
                        command->optimised, json_incref(command->words));
    int error = prepare_report(session, &command->set, hyperfine,
                               command->options.common.output, &reason);
    if (error != 0) {
        warn("%s", reason.text);
        return (int)prepare_exit_code(error);
    }
    error = measure(command, &reason);
    if (error != 0)
        warn("%s", reason.text);
    int published = prepare_publish(session, error);
    fprintf(stderr, "report: %s/report.json\n", session->results.folder);
    if (error != 0)
        return (int)prepare_exit_code(error);
    return published != EXIT_FINE ? published : conclude(command);
}

// ---- the command -------------------------------------------------------------------

static void make_plan(struct calibrate_command *command)
{
    char models[1024];
    struct plan_choice choice = measure_options_choice(&command->options.common);
    prepare_usual_models(&command->set, models, sizeof models);
    choice.usual_models = models;
    choice.base = &command->set;
    enum exit_code code =
        prepare_plan("calibrate", &command->session, &command->set, &choice);
    if (code != EXIT_FINE)
        exit((int)code);
}

int command_calibrate(int argc, char **argv)
{
    static struct calibrate_command command; // large, and there is one
    struct session *session = &command.session;
    const struct measure_options *options = &command.options.common;
    parse_options(&command.options, &command.threshold, argc, argv);
    prepare_process();
    prepare_runners(&command.set);
    command.optimised = prepare_builds(&command.set, options->allow_unoptimised);
    command.words = prepare_argv("calibrate", argc, argv);
    prepare_session(session, options);
    links_find_own(&command.set, (unsigned)options->rounds);
    make_plan(&command);

    int lock = prepare_machine(session, options->wait);
    int code = run_session(&command);
    json_decref(command.words);
    calibration_free(&command.calibration);
    prepare_end(session, &command.set, lock);
    return code;
}

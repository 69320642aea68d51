// SPDX-License-Identifier: MIT
//
// `quartet run`: checks everything that can be checked before anything is measured,
// measures, and writes the report. What it measures is decided in plan.c, how in
// session.c.
//
// Read next: session.h.
#include "driver/commands.h"
#include "driver/measure_options.h"
#include "driver/prepare.h"
#include "driver/session.h"
#include "driver/tables.h"
#include "driver/tree.h"
#include "lib/options.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

// ---- options -----------------------------------------------------------------------

static const struct option_spec run_specs[] = {
    {"profile", OPTION_CHOICE, MEASURE_PLACE(profile), "default", 0, 0, PROFILE_CHOICES,
     "how much work"},
    MEASURE_ROWS_WORKLOADS,
    {"models", OPTION_TEXT, MEASURE_PLACE(models), NULL, 0, 0, NULL,
     "only these: multithread,coroutine; one may be named twice"},
    MEASURE_ROWS_SIZE,
    {"rounds", OPTION_COUNT, MEASURE_PLACE(rounds), NULL, 1, 1000, NULL,
     "measured runs of every cell"},
    MEASURE_ROWS_SESSION,
    MEASURE_ROWS_CONDUCT,
    {0}};

static void print_help(const struct option_group *group)
{
    printf("quartet run - run the models against each other and write a report\n\n"
           "usage: quartet run [options]\n");
    options_print(stdout, group);
    printf("\nThe table goes to stdout; report.json, report.md and report.csv to the "
           "folder.\n"
           "Exit code: 0 fine, 1 a wrong answer or a failure, 2 usage, 77 hyperfine is\n"
           "missing, 130 interrupted (the report then holds what was measured so far).\n"
           "Environment: QUARTET_RUNNERS folder of the runners, QUARTET_LOCK lock file,\n"
           "TMPDIR where temporary files go, NO_COLOR and CI plain output.\n");
}

static void parse_options(struct measure_options *options, int argc, char **argv)
{
    struct option_group group = {"Options", run_specs, options};
    measure_options_parse("run", &group, print_help, argc, argv);
    measure_options_apply("run", options);
    if (options->rounds == 0)
        options->rounds = profile_rounds((enum profile_name)options->profile);
}

// ---- the plan ----------------------------------------------------------------------

static void make_plan(struct plan *plan, const struct runner_set *set,
                      const struct measure_options *options)
{
    struct plan_choice choice = measure_options_choice(options);
    struct reason reason;
    if (choice.tasks != 0 && choice.concurrency > choice.tasks)
        die(EXIT_USAGE,
            "run: --concurrency %" PRIu64 ": more than --tasks %" PRIu64
            " cannot be in flight",
            choice.concurrency, choice.tasks);
    if (plan_make(plan, set, &choice, &reason) != 0)
        die(EXIT_USAGE, "run: %s", reason.text);
}

// ---- the report --------------------------------------------------------------------

static json_t *describe_plan(const struct session *session,
                             const struct measure_options *options, bool optimised,
                             int argc, char **argv)
{
    static const char *const profiles[PROFILE_COUNT] = {"quick", "default"};
    json_t *words = prepare_argv("run", argc, argv);
    json_t *ids = json_array();
    for (size_t i = 0; i < session->plan.count; i++)
        json_array_append(ids, json_object_get(session->plan.list[i].json, "id"));
    bool decisive = session->rounds >= PROFILE_DECISIVE_ROUNDS && optimised &&
                    options->profile != PROFILE_QUICK;
    return json_pack("{s:s, s:I, s:i, s:b, s:b, s:o, s:o}", "profile",
                     profiles[options->profile], "seed", (json_int_t)session->seed,
                     "rounds", (int)session->rounds, "for_decisions", decisive,
                     "optimised", optimised, "argv", words, "tables", ids);
}

// Analysis, files and table. 0 or an exit code.
static int publish(const struct session *session)
{
    if (prepare_publish(session) != EXIT_FINE)
        return EXIT_WRONG;
    struct tables_style style;
    tables_style_detect(&style, stdout);
    tables_text(stdout, session->report, &style);
    if (fflush(stdout) != 0) {
        warn("cannot print the table: %s", strerror(errno));
        return EXIT_WRONG;
    }
    fprintf(stderr, "report: %s/report.json\n", session->results.folder);
    return EXIT_FINE;
}

// ---- the command -------------------------------------------------------------------

// Everything between the start and the end of the janitor.
static int run_session(struct session *session, struct reason *reason)
{
    int error = session_measure(session, reason);
    if (error != 0)
        warn("%s", reason->text);
    int published = publish(session);
    if (error != 0)
        return (int)prepare_exit_code(error);
    int verdict = session_verdict(session);
    return published != EXIT_FINE ? published : verdict;
}

int command_run(int argc, char **argv)
{
    static struct session session; // large, and there is one
    static struct runner_set set;
    struct measure_options options;
    struct reason reason;
    char hyperfine[32];
    parse_options(&options, argc, argv);
    prepare_process();
    prepare_hyperfine(hyperfine, sizeof hyperfine);
    prepare_runners(&set);
    bool optimised = prepare_builds(&set, options.allow_unoptimised);
    make_plan(&session.plan, &set, &options);
    session.rounds = (unsigned)options.rounds;
    session.seed = options.seed;
    session.accept_noise = options.accept_noise;
    session.counters = options.counters;

    int lock = prepare_machine(&session, options.wait);
    json_t *plan = describe_plan(&session, &options, optimised, argc, argv);
    int code = EXIT_WRONG;
    int error = prepare_report(&session, &set, plan, hyperfine, options.output, &reason);
    if (error == 0)
        code = run_session(&session, &reason);
    else
        warn("%s", reason.text);
    janitor_stop(&session.janitor);
    close(lock);
    json_decref(session.report);
    plan_free(&session.plan);
    runner_set_free(&set);
    return code;
}

// SPDX-License-Identifier: MIT
//
// `quartet run`: checks everything that can be checked before anything is measured,
// measures, and writes the report. What it measures is decided in plan.c, how in
// session.c.
//
// Read next: session.h.
#include "driver/analysis.h"
#include "driver/commands.h"
#include "driver/environment.h"
#include "driver/hyperfine.h"
#include "driver/interrupt.h"
#include "driver/lock.h"
#include "driver/session.h"
#include "driver/tables.h"
#include "driver/tool.h"
#include "driver/tree.h"
#include "lib/check.h"
#include "lib/clock.h"
#include "lib/cpus.h"
#include "lib/mix.h"
#include "lib/options.h"

#include "build_info.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LOCK_PATIENCE_NS (3600 * NS_PER_SECOND)
#define SEED_RANGE       1000000000 // of seeds that we draw: short enough to be typed again

// ---- options -----------------------------------------------------------------------

struct run_options {
    uint64_t profile;
    const char *workloads;
    const char *models;
    uint64_t tasks;
    uint64_t concurrency;
    uint64_t rounds;
    uint64_t seed;
    const char *cpus;
    const char *output;
    bool wait;
    bool accept_noise;
    bool allow_unoptimised;
    bool help;
};

#define PLACE(member) offsetof(struct run_options, member)

static const struct option_spec run_options[] = {
    {"profile", OPTION_CHOICE, PLACE(profile), "default", 0, 0, PROFILE_CHOICES,
     "how much work"},
    {"workloads", OPTION_TEXT, PLACE(workloads), NULL, 0, 0, NULL,
     "only these: primes,fetch or fetch/unix,primes/one-cpu"},
    {"models", OPTION_TEXT, PLACE(models), NULL, 0, 0, NULL,
     "only these: multithread,coroutine; one may be named twice"},
    {"tasks", OPTION_COUNT, PLACE(tasks), NULL, 1, 10000000, NULL,
     "tasks of every table, not the profile's"},
    {"concurrency", OPTION_COUNT, PLACE(concurrency), NULL, 1, 10000000, NULL,
     "tasks in flight, not the profile's"},
    {"rounds", OPTION_COUNT, PLACE(rounds), NULL, 1, 1000, NULL,
     "measured runs of every cell"},
    {"seed", OPTION_COUNT, PLACE(seed), NULL, 1, UINT32_MAX, NULL,
     "replays the order of a session"},
    {"cpus", OPTION_TEXT, PLACE(cpus), NULL, 0, 0, NULL, "use only these: 0,2-3"},
    {"output", OPTION_TEXT, PLACE(output), NULL, 0, 0, NULL,
     "folder of the report, also -o; else results/TIME-COMMIT"},
    {"wait", OPTION_FLAG, PLACE(wait), NULL, 0, 0, NULL,
     "wait for a session that is measuring, an hour at most"},
    {"accept-noise", OPTION_FLAG, PLACE(accept_noise), NULL, 0, 0, NULL,
     "count disturbed rounds, too, and do not run them again"},
    {"allow-unoptimised", OPTION_FLAG, PLACE(allow_unoptimised), NULL, 0, 0, NULL,
     "measure a debug build; the report says so"},
    {"help", OPTION_FLAG, PLACE(help), NULL, 0, 0, NULL, "print this"},
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

// "-o DIR" is the only short option; the rest is long.
static char **lengthen(int argc, char **argv)
{
    static char output[] = "--output";
    char **copy = malloc(((size_t)argc + 1) * sizeof *copy);
    if (copy == NULL)
        die(EXIT_WRONG, "no memory");
    for (int i = 0; i < argc; i++)
        copy[i] = strcmp(argv[i], "-o") == 0 ? output : argv[i];
    return copy;
}

static uint64_t draw_seed(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return mix_into((uint64_t)now.tv_sec, (uint64_t)now.tv_nsec) % SEED_RANGE + 1;
}

static void parse_options(struct run_options *options, int argc, char **argv)
{
    struct option_group groups[] = {{"Options", run_options, options}, {0}};
    struct reason reason;
    char **words = lengthen(argc, argv);
    options_defaults(&groups[0]);
    if (options_parse(groups, argc, words, NULL, 0, &reason) < 0)
        die(EXIT_USAGE, "run: %s", reason.text);
    free(words);
    if (options->help) {
        print_help(&groups[0]);
        exit(EXIT_FINE);
    }
    if (options->cpus != NULL && cpus_pin(options->cpus, &reason) != 0)
        die(EXIT_USAGE, "run: --cpus: %s", reason.text);
    if (options->rounds == 0)
        options->rounds = profile_rounds((enum profile_name)options->profile);
    if (options->seed == 0)
        options->seed = draw_seed();
}

// ---- what must be there ------------------------------------------------------------

static enum exit_code exit_code_for(int error)
{
    return error == -EINTR || interrupt_wanted(0) ? EXIT_INTERRUPTED : EXIT_WRONG;
}

static void find_runners(struct runner_set *set)
{
    struct reason reason;
    int error = runner_set_find(set, &reason);
    if (error != 0)
        die(exit_code_for(error), "%s", reason.text);
}

static void find_hyperfine(char *version, size_t size)
{
    struct reason reason;
    int error = hyperfine_version(version, size, &reason);
    if (error != 0)
        die(error == -ENOENT ? EXIT_CANNOT : exit_code_for(error), "%s", reason.text);
}

// Times of unoptimised code compare compilers' debug habits, not models.
static bool check_builds(const struct runner_set *set, const struct run_options *options)
{
    bool optimised = true;
    for (size_t i = 0; i < set->count; i++) {
        const json_t *build = json_object_get(set->list[i].describe, "build");
        if (tree_true(build, "optimised"))
            continue;
        if (!options->allow_unoptimised)
            die(EXIT_WRONG,
                "'%s' is a build of mode '%s' without optimisation: its times would mean "
                "nothing; build with 'make MODE=release', or say --allow-unoptimised",
                set->list[i].path, tree_text(build, "mode", "unknown"));
        optimised = false;
    }
    if (!optimised)
        warn("these runners are not optimised: no time of this report means anything");
    return optimised;
}

static void make_plan(struct plan *plan, const struct runner_set *set,
                      const struct run_options *options)
{
    struct plan_choice choice = {.profile = (enum profile_name)options->profile,
                                 .workloads = options->workloads,
                                 .models = options->models,
                                 .tasks = options->tasks,
                                 .concurrency = options->concurrency};
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
                             const struct run_options *options, bool optimised, int argc,
                             char **argv)
{
    static const char *const profiles[PROFILE_COUNT] = {"quick", "default"};
    json_t *words = json_pack("[s, s]", "quartet", "run");
    for (int i = 0; i < argc; i++) {
        json_t *word = json_string(argv[i]); // NULL when it is not UTF-8
        json_array_append_new(words, word == NULL ? json_null() : word);
    }
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

// A report with nothing measured yet. Takes `environment` and `plan` over.
static json_t *new_report(const struct session *session, json_t *environment,
                          json_t *plan)
{
    char started[32];
    time_t now = time(NULL);
    struct tm utc;
    strftime(started, sizeof started, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&now, &utc));
    json_t *report =
        json_pack("{s:s, s:{s:s, s:s, s:s}, s:b, s:s, s:s, s:I, s:o, s:o, s:O}", "schema",
                  "quartet.report/1", "tool", "name", "quartet", "version",
                  QUARTET_VERSION, "commit", QUARTET_COMMIT, "complete", false,
                  "incomplete_reason", "nothing has been measured yet", "started_utc",
                  started, "duration_ns", (json_int_t)0, "environment", environment,
                  "plan", plan, "tables", session->plan.tables);
    CHECK(report != NULL);
    return report;
}

// Analysis, files and table. 0 or an exit code.
static int publish(const struct session *session)
{
    struct reason reason;
    if (analysis_add(session->report, &reason) != 0 ||
        results_save(&session->results, session->report, &reason) != 0) {
        warn("%s", reason.text);
        return EXIT_WRONG;
    }
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

// Opens the folder and saves a first report: whoever cannot write should know before an
// hour of measuring.
static int prepare_report(struct session *session, const struct runner_set *set,
                          json_t *plan, const char *hyperfine, const char *output,
                          struct reason *reason)
{
    json_t *environment = environment_describe(set, hyperfine, session->janitor.folder);
    session->report = new_report(session, environment, plan);
    int error = results_open(&session->results, output, QUARTET_COMMIT, reason);
    if (error == 0)
        error = results_save_json(&session->results, session->report, reason);
    return error;
}

// Everything between the start and the end of the janitor.
static int run_session(struct session *session, struct reason *reason)
{
    int error = session_measure(session, reason);
    if (error != 0)
        warn("%s", reason->text);
    int published = publish(session);
    if (error != 0)
        return (int)exit_code_for(error);
    int verdict = session_verdict(session);
    return published != EXIT_FINE ? published : verdict;
}

int command_run(int argc, char **argv)
{
    static struct session session; // large, and there is one
    static struct runner_set set;
    struct run_options options;
    struct reason reason;
    char hyperfine[32];
    parse_options(&options, argc, argv);
    interrupt_hold();
    tool_adopt_orphans();
    signal(SIGPIPE, SIG_IGN); // a reader that has gone is an error of write()
    find_hyperfine(hyperfine, sizeof hyperfine);
    find_runners(&set);
    bool optimised = check_builds(&set, &options);
    make_plan(&session.plan, &set, &options);
    session.rounds = (unsigned)options.rounds;
    session.seed = options.seed;
    session.accept_noise = options.accept_noise;
    session.begin_ns = clock_now_ns();

    int lock = lock_take(options.wait ? LOCK_PATIENCE_NS : 0, &reason);
    if (lock < 0)
        die(exit_code_for(lock), "%s", reason.text);
    int error = janitor_start(&session.janitor, &reason);
    if (error != 0)
        die(EXIT_WRONG, "%s", reason.text);
    json_t *plan = describe_plan(&session, &options, optimised, argc, argv);
    int code = EXIT_WRONG;
    error = prepare_report(&session, &set, plan, hyperfine, options.output, &reason);
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

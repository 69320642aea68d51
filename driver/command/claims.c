// SPDX-License-Identifier: MIT
//
// claims.c - `quartet claims`: puts statements of textbooks to the test on this machine.
// The claims are files (driver/claims/claim.h); this is the loop over them, and the report.
#include "driver/claims/claim.h"
#include "driver/claims/experiment.h"
#include "driver/claims/outcome.h"
#include "driver/claims/place.h"
#include "driver/claims/words.h"
#include "driver/command/commands.h"
#include "driver/command/prepare.h"
#include "driver/report/results.h"
#include "driver/system/interrupt.h"
#include "driver/system/utc.h"
#include "lib/allocate.h"
#include "lib/clock.h"
#include "lib/json_file.h"

#include "build_info.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHOSEN_MOST 64
#define PATH_SIZE   4400

struct claims_options {
    const char *claims;
    const char *output;
    uint64_t language;
    uint64_t rounds;
    uint64_t seed;
    bool list;
    bool check;
    bool accept_noise;
    bool allow_unoptimised;
    bool help;
};

#define ROW(name, kind, member, usual, least, most, choices, help)                       \
    {                                                                                    \
        name, kind, offsetof(struct claims_options, member), usual, least, most,         \
            choices, help                                                                \
    }

const struct option_spec claims_specs[] = {
    ROW("list", OPTION_FLAG, list, NULL, 0, 0, NULL, "print the statements, run nothing"),
    ROW("check", OPTION_FLAG, check, NULL, 0, 0, NULL,
        "only look whether each file can be run as it stands"),
    ROW("lang", OPTION_CHOICE, language, "en", 0, 0, "en|ru", "language of the texts"),
    ROW("claims", OPTION_TEXT, claims, NULL, 0, 0, NULL,
        "folder of claims, instead of those that come with the program"),
    ROW("rounds", OPTION_COUNT, rounds, NULL, 1, 1000, NULL,
        "measured runs of every cell, not those of the claim"),
    ROW("seed", OPTION_COUNT, seed, NULL, 1, UINT32_MAX, NULL, "replays the order"),
    ROW("accept-noise", OPTION_FLAG, accept_noise, NULL, 0, 0, NULL,
        "count disturbed rounds, too; then a verdict may be that of other programs"),
    ROW("allow-unoptimised", OPTION_FLAG, allow_unoptimised, NULL, 0, 0, NULL,
        "measure a debug build"),
    ROW("output", OPTION_TEXT, output, NULL, 0, 0, NULL,
        "folder of the report; else results/TIME-COMMIT"),
    ROW("help", OPTION_FLAG, help, NULL, 0, 0, NULL, "print this"),
    {0}};

// All of one call.
struct work {
    struct claims_options options;
    struct claims claims;
    size_t count;
    const struct claim *chosen[CHOSEN_MOST];
    struct experiment_setting setting;
    struct results results;
    json_t *report;
    size_t outcome_count;
    struct outcome *outcomes; // those that were judged
    size_t verdicts[CLAIM_SKIPPED + 1];
    size_t broken; // experiments that could not be run as they stand
};

// ---- the claims --------------------------------------------------------------------

static void load(struct work *work)
{
    static char folder[PATH_SIZE];
    struct reason reason;
    if (work->options.claims == NULL) {
        place_find("claims", folder, sizeof folder);
        work->options.claims = folder;
        if (folder[0] == '\0')
            die(EXIT_CANNOT,
                "claims: the folder claims/ is not beside this program; name "
                "one with --claims");
    }
    int error = claims_load(&work->claims, work->options.claims, &reason);
    if (error != 0)
        die(error == -EINVAL || error == -EBADMSG ? EXIT_USAGE : EXIT_WRONG, "claims: %s",
            reason.text);
}

static void choose(struct work *work, const char **names, int count)
{
    if (count == 0 && work->claims.count > CHOSEN_MOST)
        die(EXIT_USAGE, "claims: at most %d at once: name some of the %zu", CHOSEN_MOST,
            work->claims.count);
    for (size_t i = 0; count == 0 && i < work->claims.count; i++)
        work->chosen[work->count++] = &work->claims.list[i];
    for (int i = 0; i < count; i++) {
        const struct claim *claim = claims_find(&work->claims, names[i]);
        if (claim == NULL)
            die(EXIT_USAGE,
                "claims: there is no claim '%s': choose a number or name of 'quartet "
                "claims --list'",
                names[i]);
        work->chosen[work->count++] = claim;
    }
}

// ---- the report --------------------------------------------------------------------

static void begin_report(struct work *work)
{
    char started[UTC_SIZE];
    utc_now(started);
    work->report =
        json_pack("{s:s, s:{s:s, s:s, s:s}, s:s, s:b, s:b, s:[]}", "schema",
                  "quartet.claims/1", "tool", "name", "quartet", "version",
                  QUARTET_VERSION, "commit", QUARTET_COMMIT, "started_utc", started,
                  "complete", 0, "accept_noise", work->options.accept_noise, "claims");
}

static int save_report(const struct work *work)
{
    char path[PATH_SIZE];
    struct reason reason;
    if (work->options.check)
        return 0;
    snprintf(path, sizeof path, "%s/claims.json", work->results.folder);
    int error = json_file_save(path, work->report, &reason);
    if (error != 0)
        warn("claims: %s", reason.text);
    return error;
}

static void write_page(FILE *file, const void *content)
{
    static const char *const titles[LANGUAGE_COUNT] = {
        "What the texts say, on this machine", "Что говорят тексты, на этой машине"};
    const struct work *work = content;
    enum language language = (enum language)work->options.language;
    fprintf(file, "# %s\n\n", titles[language]);
    words_sum(file, work->verdicts, language);
    fputc('\n', file);
    for (size_t i = 0; i < work->outcome_count; i++)
        words_section(file, &work->outcomes[i], language);
}

// The page beside the report.
static int save_page(const struct work *work)
{
    char path[PATH_SIZE];
    struct reason reason;
    if (work->options.check)
        return 0;
    snprintf(path, sizeof path, "%s/claims.md", work->results.folder);
    int error = text_file_save(path, write_page, work, &reason);
    if (error != 0)
        warn("claims: %s", reason.text);
    return error;
}

// ---- one claim ---------------------------------------------------------------------

// Runs it and judges. 0 or -errno.
static int test(struct work *work, const struct claim *claim, struct outcome *outcome,
                struct reason *reason)
{
    struct experiment experiment = {0};
    uint64_t began = clock_now_ns();
    int error = 0;
    *outcome = (struct outcome){.claim = claim, .verdict = CLAIM_UNDECIDED};
    if (claim->missing.in[0] != NULL)
        return 0;
    error = experiment_run(claim, &work->setting, &experiment, reason);
    const struct evidence evidence = {experiment.measured ? &experiment.report : NULL,
                                      experiment.outputs};
    if (error == 0 && experiment.skipped) {
        outcome->verdict = CLAIM_SKIPPED;
        outcome->reason = experiment.reason;
    } else if (error == 0 && !work->options.check) {
        outcome_find(claim, &evidence, outcome);
    }
    outcome->seconds = (double)(clock_now_ns() - began) / NS_PER_SECOND;
    experiment_free(&experiment);
    return error;
}

static void tell(struct work *work, const struct outcome *outcome)
{
    enum language language = (enum language)work->options.language;
    if (work->options.check) {
        printf("%3u  %s  %s\n", outcome->claim->number, "valid", outcome->claim->id);
        return;
    }
    words_outcome(stdout, outcome, language);
    work->outcomes[work->outcome_count++] = *outcome;
    json_array_append_new(json_object_get(work->report, "claims"), outcome_json(outcome));
    work->verdicts[outcome->verdict]++;
}

// Goes through them; a broken one is named, and the others still have their turn. 0 or
// -errno.
static int test_all(struct work *work)
{
    struct reason reason;
    struct outcome *outcome = allocate(1, sizeof *outcome);
    int error = 0;
    for (size_t i = 0; error == 0 && i < work->count; i++) {
        error = test(work, work->chosen[i], outcome, &reason);
        if (error == -EINTR || interrupt_wanted(0)) {
            error = -EINTR;
            warn("claims: interrupted");
        } else if (error != 0) {
            warn("claims: %s.json: %s", work->chosen[i]->id, reason.text);
            work->broken++;
            error = 0;
        } else {
            tell(work, outcome);
            error = save_report(work);
        }
        fflush(stdout);
    }
    free(outcome);
    return error;
}

// ---- the command -------------------------------------------------------------------

static void list(const struct work *work)
{
    for (size_t i = 0; i < work->count; i++)
        words_list(stdout, work->chosen[i], (enum language)work->options.language);
}

static void prepare(struct work *work, struct janitor *janitor)
{
    static char lanes[PATH_SIZE];
    const struct claims_options *options = &work->options;
    struct reason reason;
    char hyperfine[32];
    if (options->output != NULL && !options->check &&
        results_refuse_older(options->output, "claims.json", &reason) != 0)
        die(EXIT_USAGE, "claims: %s", reason.text);
    prepare_process();
    prepare_hyperfine(hyperfine, sizeof hyperfine);
    place_find("lanes/python", lanes, sizeof lanes);
    if (janitor_start(janitor, &reason) != 0)
        die(EXIT_WRONG, "%s", reason.text);
    if (!options->check &&
        results_open(&work->results, options->output, QUARTET_COMMIT, &reason) != 0)
        die(EXIT_WRONG, "%s", reason.text);
    work->setting =
        (struct experiment_setting){.claims = options->claims,
                                    .lanes = lanes,
                                    .folder = options->check ? janitor->folder
                                                             : work->results.folder,
                                    .rounds = options->rounds,
                                    .seed = options->seed,
                                    .accept_noise = options->accept_noise,
                                    .allow_unoptimised = options->allow_unoptimised,
                                    .only_check = options->check,
                                    .janitor = janitor};
}

static int measure(struct work *work)
{
    struct janitor janitor;
    prepare(work, &janitor);
    begin_report(work);
    work->outcomes = allocate(work->count + 1, sizeof *work->outcomes);
    int error = save_report(work);
    if (error == 0)
        error = test_all(work);
    if (error == 0) {
        json_object_set_new(work->report, "complete", json_true());
        error = save_page(work);
    }
    if (error == 0)
        error = save_report(work);
    if (!work->options.check) {
        words_sum(stdout, work->verdicts, (enum language)work->options.language);
        fprintf(stderr, "report: %s/claims.json\n", work->results.folder);
    }
    janitor_stop(&janitor);
    json_decref(work->report);
    free(work->outcomes);
    if (error == -EINTR)
        return EXIT_INTERRUPTED;
    return error == 0 && work->broken == 0 ? EXIT_FINE : EXIT_WRONG;
}

int command_claims(int argc, char **argv)
{
    static struct work work; // large, and there is one
    const char *names[CHOSEN_MOST];
    int code = EXIT_FINE;
    int count = command_parse("claims", &work.options, &work.options.help,
                              &(struct command_line){argc, argv, names, CHOSEN_MOST});
    load(&work);
    choose(&work, names, count);
    if (work.options.list)
        list(&work);
    else
        code = measure(&work);
    claims_free(&work.claims);
    if (fflush(stdout) != 0 || ferror(stdout))
        die(EXIT_WRONG, "cannot write the claims: %s", strerror(errno));
    return code;
}

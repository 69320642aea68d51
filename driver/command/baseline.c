// SPDX-License-Identifier: MIT
//
// baseline.c - `quartet baseline`: keeps reports under names, each for the
// machine that it was measured on, so that `quartet check --base NAME` finds them.
//
// Read next: gate/baseline.h.
#include "driver/gate/baseline.h"
#include "driver/analysis/report_file.h"
#include "driver/analysis/sample_check.h"
#include "driver/command/commands.h"
#include "driver/measure/environment.h"
#include "driver/plan/profile.h"
#include "driver/report/read.h"
#include "driver/report/results.h"
#include "driver/show/tables.h"
#include "driver/system/state.h"
#include "lib/error.h"
#include "lib/format.h"
#include "lib/plain.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define DEFAULT_NAME  "default"
#define OPERANDS_MOST 3
#define TESTBED_SIZE  32

struct baseline_options {
    bool force;
    bool help;
};

const struct option_spec baseline_specs[] = {
    {.name = "force",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct baseline_options, force),
     .help = "save: replace a baseline of this name"},
    {.name = "help",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct baseline_options, help),
     .help = "print this"},
    {.name = NULL},
};

// ---- what a report says of itself --------------------------------------------------

struct line {
    char why[300]; // it is incomplete; ""
    char commit[48];
    char date[32];
    char rounds[16];
    const char *state;
};

static void describe(const struct report *report, struct line *line)
{
    const char *why = report->incomplete_reason;
    double rounds = report->plan.rounds;
    plain_copy(line->commit, sizeof line->commit,
               report->commit == NULL ? "unknown" : report->commit);
    plain_copy(line->date, sizeof line->date,
               report->started_utc == NULL ? "-" : report->started_utc);
    plain_copy(line->why, sizeof line->why, why == NULL ? "" : why);
    snprintf(line->rounds, sizeof line->rounds, "-");
    if (!isnan(rounds))
        format_count(line->rounds, sizeof line->rounds, rounds);
    line->state = report->complete ? "complete" : "incomplete";
}

// Does any row have counters (measure/counters.h)?
static bool has_counters(const struct report *report)
{
    for (size_t i = 0; i < report->table_count; i++)
        for (size_t j = 0; j < report->tables[i].cell_count; j++)
            if (report->tables[i].cells[j].counters != NULL)
                return true;
    return false;
}

static void warn_if_weak(const struct report *report)
{
    struct line line;
    describe(report, &line);
    if (!report->complete)
        warn("this session was not measured to its end: %s", line.why);
    if (report->plan.rounds < PROFILE_DECISIVE_ROUNDS)
        warn("%.0f rounds are too few to decide by; %d are the least",
             report->plan.rounds, PROFILE_DECISIVE_ROUNDS);
    if (!has_counters(report))
        warn("this report has no counters, by which a check decides best: measure with "
             "'quartet run --counters'");
}

// Was it measured on a machine such as this one?
static bool is_of(const struct report *report, const char *testbed)
{
    const char *own = environment_text(report->environment, "testbed");
    return own != NULL && strcmp(own, testbed) == 0;
}

// ---- save --------------------------------------------------------------------------

static int save(const char *name, const char *named, bool force)
{
    char path[STATE_PATH_SIZE];
    char latest[STATE_PATH_SIZE];
    char testbed[TESTBED_SIZE];
    struct reason reason;
    struct report report;
    if (baseline_check_name(name, &reason) != 0)
        die(EXIT_USAGE, "baseline: %s", reason.text);
    if (named == NULL) {
        results_latest(latest, sizeof latest);
        named = latest;
    }
    if (report_file_load(named, &report, &reason) != 0)
        die(EXIT_WRONG, "baseline: %s", reason.text);
    if (sample_check_refused(&report, &reason) != 0)
        die(EXIT_WRONG, "baseline: not kept: %s", reason.text);
    warn_if_weak(&report);
    int error = baseline_save(name, &report, force, path, sizeof path, &reason);
    environment_testbed(testbed, sizeof testbed);
    if (error == 0 && !is_of(&report, testbed))
        warn("it was measured on another machine, for which it is kept; checks here will "
             "say so");
    report_free(&report);
    if (error != 0)
        die(EXIT_WRONG, "baseline: %s", reason.text);
    printf("%s\n", path);
    return EXIT_FINE;
}

// ---- list --------------------------------------------------------------------------

struct listing {
    char testbed[TESTBED_SIZE]; // of this machine
    size_t count;
};

static void list_one(void *context, const char *testbed, const char *name,
                     const char *path)
{
    struct listing *listing = context;
    struct line line;
    struct reason reason;
    struct report report;
    const char *where = strcmp(testbed, listing->testbed) == 0 ? "this machine" : testbed;
    if (listing->count++ == 0)
        printf("%-20s %-24s %-20s %6s  %-10s %s\n", "name", "commit", "date", "rounds",
               "session", "machine");
    if (report_file_load(path, &report, &reason) != 0) {
        printf("%-20s %s\n", name, reason.text);
        return;
    }
    describe(&report, &line);
    printf("%-20s %-24s %-20s %6s  %-10s %s\n", name, line.commit, line.date, line.rounds,
           line.state, where);
    report_free(&report);
}

static int list(void)
{
    struct listing listing = {.count = 0};
    struct reason reason;
    environment_testbed(listing.testbed, sizeof listing.testbed);
    if (baseline_each(list_one, &listing, &reason) != 0)
        die(EXIT_WRONG, "baseline: %s", reason.text);
    if (listing.count == 0)
        fprintf(stderr, "there are no baselines; 'quartet baseline save' keeps one\n");
    return EXIT_FINE;
}

// ---- show --------------------------------------------------------------------------

static int show(const char *name)
{
    char path[STATE_PATH_SIZE];
    char testbed[TESTBED_SIZE];
    bool foreign;
    struct reason reason;
    struct line line;
    struct report report;
    if (baseline_check_name(name, &reason) != 0)
        die(EXIT_USAGE, "baseline: %s", reason.text);
    environment_testbed(testbed, sizeof testbed);
    int error = baseline_find(name, testbed, path, sizeof path, &foreign, &reason);
    if (error != 0)
        die(error == -ENOENT ? EXIT_BASELINE : EXIT_WRONG, "baseline: %s", reason.text);
    if (report_file_load(path, &report, &reason) != 0)
        die(EXIT_WRONG, "baseline: %s", reason.text);
    describe(&report, &line);
    const char *own = environment_text(report.environment, "testbed");
    plain_line(stdout, "baseline %s", name);
    plain_line(stdout, "  file     %s", path);
    plain_line(stdout, "  machine  %s%s", own == NULL ? "unknown" : own,
               foreign ? " (another one)" : " (this one)");
    plain_line(stdout, "  commit   %s", line.commit);
    plain_line(stdout, "  date     %s", line.date);
    plain_line(stdout, "  rounds   %s", line.rounds);
    plain_line(stdout, "  counters %s", has_counters(&report) ? "yes" : "no");
    plain_line(stdout, "  session  %s%s%s", line.state, line.why[0] == '\0' ? "" : ": ",
               line.why);
    putchar('\n');
    struct tables_style style;
    tables_style_detect(&style, stdout);
    style.wide = true;
    tables_text(stdout, &report, &style);
    report_free(&report);
    return EXIT_FINE;
}

// ---- the command -------------------------------------------------------------------

static int run(const char **words, int count, const struct baseline_options *options)
{
    const char *verb = count > 0 ? words[0] : "";
    if (strcmp(verb, "save") == 0)
        return save(count > 1 ? words[1] : DEFAULT_NAME, count > 2 ? words[2] : NULL,
                    options->force);
    if (options->force)
        die(EXIT_USAGE, "baseline: --force goes with save");
    if (strcmp(verb, "list") == 0 && count == 1)
        return list();
    if (strcmp(verb, "show") == 0 && count == 2)
        return show(words[1]);
    die(EXIT_USAGE, "baseline: say save [NAME] [REPORT], list, or show NAME");
}

int command_baseline(int argc, char **argv)
{
    struct baseline_options options = {0};
    const char *words[OPERANDS_MOST];
    int count = command_parse("baseline", &options, &options.help,
                              &(struct command_line){argc, argv, words, OPERANDS_MOST});
    int code = run(words, count, &options);
    if (fflush(stdout) != 0 || ferror(stdout))
        die(EXIT_WRONG, "cannot write: %s", strerror(errno));
    return code;
}

// SPDX-License-Identifier: MIT
//
// validate.c - `quartet validate PROGRAM`: does a program of somebody else keep to the
// contract of a runner, and does it do the work? A line for each question; the contract is
// in docs/own-runner.md.
//
// Read next: validate_trial.c, and driver/measure/expect.c, which holds the records.
#define _DEFAULT_SOURCE // mkdtemp(), getentropy()
#include "driver/command/validate.h"

#include "driver/command/commands.h"
#include "driver/plan/runner.h"
#include "driver/system/tool.h"
#include "lib/check.h"
#include "lib/clock.h"
#include "lib/cpus.h"
#include "lib/error.h"
#include "lib/plain.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SEEDS = 5, DESCRIBE_SIZE = 1 << 20 };
#define DESCRIBE_TIMEOUT_NS (10 * NS_PER_SECOND)

struct validate_options {
    bool help;
};

const struct option_spec validate_specs[] = {
    {.name = "help",
     .kind = OPTION_FLAG,
     .offset = offsetof(struct validate_options, help),
     .help = "print this"},
    {.name = NULL},
};

// Small, since what is looked at is what was done. One line for each workload that a
// program of somebody else may have.
static const struct trial trials[] = {
    {"sleep", "--tasks 7 --concurrency 3 --delay 20ms", 0, false},
    {"fetch", "--tasks 6 --concurrency 3 --exchanges 2 --delay 10ms --payload 49", 0,
     false},
    {"primes", "--tasks 6 --concurrency 2 --limit 7k", 0, false},
    {"mandelbrot", "--tasks 6 --concurrency 2 --width 50 --iterations 100", 0, false},
    {"spawn", "--tasks 2 --concurrency 1 --children 3", 0, false},
    {"switch", "--tasks 3 --switches 100", 0, false},
    {"gather", "--tasks 4 --delay 20ms", 0, false},
    {"schedule", "--tasks 4 --concurrency 4 --span 30ms --lead 10ms", 0, false},
    {"semaphore", "--tasks 4 --concurrency 4 --permits 2", 0, false},
    {"pipeline", "--tasks 3 --items 40 --capacity 3", 0, false},
    {"counter", "--tasks 3 --concurrency 3 --additions 50", 0, false},
    {"stall", "--tasks 4 --compute 10ms --beats 4", 0, false},
};

void validate_say(struct validation *validation, bool good, const char *what,
                  const char *reason)
{
    if (good)
        plain_line(stdout, "ok    %s%s%s", what, reason == NULL ? "" : ": ",
                   reason == NULL ? "" : reason);
    else
        plain_line(stdout, "FAIL  %s: %s", what, reason == NULL ? "no reason" : reason);
    *(good ? &validation->good : &validation->failed) += 1;
    fflush(stdout);
}

bool validate_has(const struct validation *validation, const char *workload)
{
    return description_workload(&validation->describe, workload) != NULL;
}

// ---- the description -----------------------------------------------------------------

static bool name_is_right(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789_.+-";
    return name != NULL && name[0] >= 'a' && name[0] <= 'z' &&
           name[strspn(name, letters)] == '\0' && strlen(name) < 32;
}

static const char *description_fault(const struct description *describe,
                                     struct reason *reason)
{
    size_t workloads = describe->workload_count;
    const char *hash = describe->sources_sha256;
    if (describe->schema == NULL || strcmp(describe->schema, "quartet.describe/2") != 0)
        return "it does not answer --describe with quartet.describe/2";
    if (!description_is_whole(describe))
        return "name, model, summary, language or runtime is missing";
    if (!name_is_right(describe->name))
        return "its name is not of the form [a-z][a-z0-9_.+-]*, at most 31 letters";
    if (workloads == 0 || workloads > 100)
        return "it describes no workload, or more than 100";
    if (description_check_workloads(describe, reason) != 0)
        return reason->text;
    if (hash == NULL || strlen(hash) != 64)
        return "sources_sha256 is not a SHA-256 in hex";
    return NULL;
}

static void load_description(struct description *description, const char *text,
                             struct reason *reason)
{
    json_error_t problem;
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, &problem);
    if (json == NULL)
        reason_set(reason, -EBADMSG,
                   "it does not print JSON: %.100s at line %d, column %d", problem.text,
                   problem.line, problem.column);
    else
        description_read(description, json);
}

static bool check_description(struct validation *validation)
{
    struct reason reason = {""};
    const char *const argv[] = {validation->program, "--describe", NULL};
    char *text = malloc(DESCRIBE_SIZE);
    int end = text == NULL
                  ? -ENOMEM
                  : tool_capture(argv, DESCRIBE_TIMEOUT_NS, text, DESCRIBE_SIZE, &reason);
    if (end > 0)
        reason_set(&reason, end, "--describe ends with exit code %d", end);
    else if (end == 0 && strlen(text) == DESCRIBE_SIZE - 1) // it was cut
        reason_set(
            &reason, end,
            "its description is longer than 1 MiB; a hundred workloads are the most");
    else if (end == 0)
        load_description(&validation->describe, text, &reason);
    free(text);
    const char *fault = validation->describe.json == NULL
                            ? reason.text
                            : description_fault(&validation->describe, &reason);
    validate_say(validation, fault == NULL, "description", fault);
    if (fault == NULL)
        snprintf(validation->name, sizeof validation->name, "%s",
                 validation->describe.name);
    return fault == NULL;
}

// ---- the work ------------------------------------------------------------------------

static void drop(json_t *record, json_t *expected)
{
    json_decref(record);
    json_decref(expected);
}

static void check_workload(struct validation *validation, const struct trial *trial)
{
    char what[96];
    struct reason reason = {""};
    json_t *record, *expected;
    int end = 0;
    for (unsigned seed = 1; seed <= SEEDS && end == 0; seed++) {
        struct trial seeded = *trial;
        seeded.seed = seed;
        end = validate_trial(validation, &seeded, &record, &expected, &reason);
        drop(record, expected);
    }
    snprintf(what, sizeof what, "%s, seeds 1 to %d", trial->workload, SEEDS);
    validate_say(validation, end == 0 || end == EXIT_CANNOT, what,
                 end == 0 ? NULL : reason.text);
}

// An amount that nobody can have prepared for, and that takes long enough for its time to
// say which algorithm it was.
static void check_floor(struct validation *validation)
{
    char options[96];
    unsigned draw = 0;
    struct reason reason = {""};
    json_t *record, *expected;
    if (!validate_has(validation, "primes") || getentropy(&draw, sizeof draw) != 0)
        return;
    snprintf(options, sizeof options, "--tasks 20 --concurrency 2 --limit %u",
             2000000 + draw % 100000);
    struct trial trial = {"primes", options, draw % 1000, true};
    int end = validate_trial(validation, &trial, &record, &expected, &reason);
    drop(record, expected);
    validate_say(validation, end == 0 || end == EXIT_CANNOT,
                 "primes, an amount drawn now, in a time that trial division needs",
                 end == 0 ? NULL : reason.text);
}

static void check_one_task(struct validation *validation)
{
    struct reason reason = {""};
    json_t *record, *expected;
    struct trial trial = {"sleep", "--tasks 1 --delay 30ms", 77, false};
    if (!validate_has(validation, "sleep"))
        return;
    int end = validate_trial(validation, &trial, &record, &expected, &reason);
    drop(record, expected);
    validate_say(validation, end == 0, "one task", end == 0 ? NULL : reason.text);
}

// ---- what must be refused ------------------------------------------------------------

static const char *first_workload(const struct validation *validation)
{
    return validation->describe.workloads[0].name; // it has one: see description_fault()
}

static void check_usage(struct validation *validation)
{
    static const struct {
        const char *what, *options;
    } calls[] = {{"an unknown option is a usage error", "--no-such-option 1"},
                 {"more in flight than tasks is a usage error",
                  "--tasks 2 --concurrency 3"},
                 {"no task at all is a usage error", "--tasks 0"}};
    for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
        struct observation seen;
        struct reason reason = {""};
        int code = validate_call(validation, first_workload(validation), calls[i].options,
                                 0, &seen, &reason);
        if (code != EXIT_USAGE)
            reason_set(&reason, code, "exit code %d, not 2", code);
        validate_say(validation, code == EXIT_USAGE, calls[i].what,
                     code == EXIT_USAGE ? NULL : reason.text);
    }
}

static void check_term(struct validation *validation)
{
    struct observation seen;
    struct reason reason = {""};
    if (!validate_has(validation, "sleep"))
        return;
    int code = validate_call(validation, "sleep", "--tasks 2 --concurrency 2 --delay 60s",
                             3 * NS_PER_SECOND, &seen, &reason);
    bool ended = code >= 0;
    if (!ended)
        reason_set(&reason, code, "SIGTERM does not end it");
    else if (seen.left > 0) // whoever ends with it needs a moment for that
        reason_set(&reason, code, "%u of its processes are left", seen.left);
    bool good = ended && seen.left == 0;
    validate_say(validation, good, "SIGTERM ends it and all its processes",
                 good ? NULL : reason.text);
}

// ---- records that lie ----------------------------------------------------------------

static void set_in(json_t *record, const char *group, const char *key, json_t *value)
{
    json_object_set_new(group == NULL ? record : json_object_get(record, group), key,
                        value);
}

// Ten changes, each of which must be noticed; a record without latencies has nothing for
// the last one to change.
static void falsify(json_t *record, unsigned number)
{
    switch (number) {
    case 0:
        set_in(record, NULL, "model", json_string("somebody"));
        break;
    case 1:
        set_in(record, NULL, "seed", json_integer(4711));
        break;
    case 2:
        set_in(record, NULL, "tasks", json_integer(6));
        break;
    case 3:
        set_in(record, "parameters", "delay_ns", json_integer(1));
        break;
    case 4:
        set_in(record, "ledger", "operations", json_integer(6));
        break;
    case 5:
        set_in(record, "ledger", "checksum", json_string("00000000000000aa"));
        break;
    case 6:
        set_in(record, "ledger", "peak_in_flight", json_integer(4));
        break;
    case 7:
        set_in(record, "phases_ns", "run", json_integer(1000000));
        break;
    case 8:
        set_in(record, "ledger", "errors", json_integer(1));
        break;
    case 9:
        set_in(record, "latency_ns", "min", json_integer(1));
        break;
    default:
        break;
    }
}

static void check_falsified(struct validation *validation)
{
    json_t *record, *expected;
    struct reason reason = {""};
    struct trial trial = trials[0];
    trial.seed = 1;
    if (!validate_has(validation, trial.workload))
        return;
    unsigned missed =
        validate_trial(validation, &trial, &record, &expected, &reason) != 0;
    struct expectation expectation = {.name = validation->name, .expected = expected};
    for (unsigned i = 0; missed == 0 && i < 10; i++) {
        json_t *lie = json_deep_copy(record);
        falsify(lie, i);
        if (!json_equal(lie, record) && expect_check(&expectation, lie, &reason) == 0) {
            reason_set(&reason, -EBADMSG, "change number %u of its record went unnoticed",
                       i);
            missed = 1;
        }
        json_decref(lie);
    }
    drop(record, expected);
    validate_say(validation, missed == 0, "its record, changed in ten ways, is refused",
                 missed == 0 ? NULL : reason.text);
}

// --------------------------------------------------------------------------------------

static void prepare(struct validation *validation)
{
    struct reason reason;
    struct runner_set *set = calloc(1, sizeof *set);
    if (set == NULL)
        die(EXIT_WRONG, "out of memory");
    if (runner_set_find(set, &reason) != 0)
        die(EXIT_CANNOT, "validate: %s", reason.text);
    snprintf(validation->oracle, sizeof validation->oracle, "%.4000s/sequential",
             set->directory);
    runner_set_free(set);
    free(set);
    char allowed[256];
    cpus_allowed(allowed, sizeof allowed);
    snprintf(validation->cpu, sizeof validation->cpu, "%.*s", (int)strcspn(allowed, ",-"),
             allowed);
    snprintf(validation->folder, sizeof validation->folder,
             "/tmp/quartet-validate-XXXXXX");
    if (mkdtemp(validation->folder) == NULL)
        die(EXIT_WRONG, "validate: cannot make a folder in /tmp: %s", strerror(errno));
}

static void check_all(struct validation *validation, const char *only)
{
    for (size_t i = 0; i < ARRAY_LEN(trials); i++)
        if (validate_has(validation, trials[i].workload) &&
            (only == NULL || strcmp(only, trials[i].workload) == 0))
            check_workload(validation, &trials[i]);
    if (only == NULL || strcmp(only, "primes") == 0)
        check_floor(validation);
    if (only != NULL)
        return;
    check_one_task(validation);
    check_usage(validation);
    check_term(validation);
    check_falsified(validation);
}

int command_validate(int argc, char **argv)
{
    struct validate_options options = {0};
    const char *operands[2] = {NULL, NULL};
    int count = command_parse("validate", &options, &options.help,
                              &(struct command_line){argc, argv, operands, 2});
    if (count == 0)
        die(EXIT_USAGE, "validate: name a program, such as lanes/python/asyncio");
    if (access(operands[0], X_OK) != 0)
        die(EXIT_USAGE, "validate: '%s' is no program: %s", operands[0], strerror(errno));
    struct validation validation = {.program = operands[0]};
    tool_adopt_orphans();
    prepare(&validation);
    if (check_description(&validation))
        check_all(&validation, operands[1]);
    rmdir(validation.folder);
    description_free(&validation.describe);
    if (validation.good + validation.failed == 1 && validation.failed == 0)
        validate_say(&validation, false, "workloads", "it has none that is known here");
    printf("%u ok, %u failed\n", validation.good, validation.failed);
    return validation.failed == 0 ? EXIT_FINE : EXIT_WRONG;
}

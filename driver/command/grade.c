// SPDX-License-Identifier: MIT
//
// grade.c - `quartet grade PROGRAM --exercise NAME`: judges a student's program in any
// language by what a witness sees of it. The contract is in docs/grade.md.
//
// Read next: driver/grade/trial.h.
#define _GNU_SOURCE // getentropy(), realpath()
#include "driver/command/commands.h"
#include "driver/command/prepare.h"
#include "driver/grade/report.h"
#include "driver/system/interrupt.h"
#include "lib/allocate.h"
#include "lib/check.h"
#include "lib/clock.h"
#include "lib/json_file.h"
#include "lib/process.h"
#include "lib/suggestion.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WORDS_MOST 32

struct grade_options {
    const char *exercise;
    uint64_t runs;
    uint64_t seed;
    uint64_t timeout_ns;
    uint64_t format;
    bool list;
    bool help;
};

enum { FORMAT_TEXT, FORMAT_JSON };

#define PLACE(member) offsetof(struct grade_options, member)

const struct option_spec grade_specs[] = {
    {"exercise", OPTION_TEXT, PLACE(exercise), NULL, 0, 0,
     "fetch-all|bounded-resource|time-limit|shared-account|pipeline|stay-awake",
     "what the program should do"},
    {"list", OPTION_FLAG, PLACE(list), NULL, 0, 0, NULL, "print the exercises"},
    {"runs", OPTION_COUNT, PLACE(runs), "1", 1, 1000, NULL,
     "how often, each time with another seed"},
    {"seed", OPTION_COUNT, PLACE(seed), NULL, 1, UINT32_MAX, NULL,
     "of the first run; else by chance"},
    {"timeout", OPTION_DURATION, PLACE(timeout_ns), "30s", NS_PER_SECOND,
     3600 * NS_PER_SECOND, NULL, "after which a run is ended, whatever the program does"},
    {"format", OPTION_CHOICE, PLACE(format), "text", 0, 0, "text|json",
     "of the verdicts"},
    {"help", OPTION_FLAG, PLACE(help), NULL, 0, 0, NULL, "print this"},
    {0}};

static void list(void)
{
    for (size_t i = 0; exercises[i] != NULL; i++)
        printf("%-17s %s\n", exercises[i]->name, exercises[i]->summary);
}

static const struct exercise *find_exercise(const char *name)
{
    struct suggestion suggestion = {.word = name};
    char hint[80];
    if (name == NULL)
        die(EXIT_USAGE, "grade: name one of 'quartet grade --list' with --exercise");
    for (size_t i = 0; exercises[i] != NULL; i++) {
        if (strcmp(exercises[i]->name, name) == 0)
            return exercises[i];
        suggestion_consider(&suggestion, exercises[i]->name);
    }
    suggestion_text(&suggestion, "", hint, sizeof hint);
    die(EXIT_USAGE, "grade: there is no exercise '%s'%s see 'quartet grade --list'", name,
        hint[0] == '\0' ? ";" : hint);
}

// The program's path: as it is named, or where PATH has it.
static void find_program(const char *name, char path[PATH_MAX])
{
    struct stat status;
    char candidate[PATH_MAX];
    if (realpath(name, path) != NULL) {
        if (stat(path, &status) != 0 || !S_ISREG(status.st_mode))
            die(EXIT_USAGE, "grade: '%s' is no program", name);
        if (access(path, X_OK) != 0)
            die(EXIT_USAGE,
                "grade: '%s' cannot be executed: say 'chmod +x', or 'quartet grade "
                "--exercise NAME -- python3 %s'",
                name, name);
        return;
    }
    if (strchr(name, '/') == NULL &&
        process_find(name, candidate, sizeof candidate) == 0 &&
        realpath(candidate, path) != NULL)
        return;
    die(EXIT_USAGE, "grade: there is no program '%s'", name);
}

// ---- the runs --------------------------------------------------------------------------

static size_t scenario_count(const struct exercise *exercise)
{
    size_t count = 0;
    while (exercise->scenarios[count] != NULL)
        count++;
    return count;
}

static int run_all(struct grade *grade, const struct grade_options *options)
{
    struct janitor janitor;
    struct reason reason;
    size_t scenarios = scenario_count(grade->exercise);
    size_t most = options->runs * scenarios;
    int error = 0;
    if (janitor_start(&janitor, &reason) != 0)
        die(EXIT_WRONG, "%s", reason.text);
    grade->trials = allocate(most, sizeof *grade->trials);
    while (error == 0 && grade->count < most && !interrupt_wanted(0)) {
        struct trial *trial = &grade->trials[grade->count];
        trial->exercise = grade->exercise;
        trial->scenario = (unsigned)(grade->count % scenarios);
        trial->seed = options->seed + grade->count / scenarios;
        trial->late_s = (unsigned)(options->timeout_ns / NS_PER_SECOND);
        error = trial_run(trial, grade->path, grade->argv, &janitor, &reason);
        grade->count += error == 0;
    }
    janitor_stop(&janitor);
    if (interrupt_wanted(0))
        return EXIT_INTERRUPTED;
    if (error != 0)
        die(EXIT_WRONG, "grade: %s", reason.text);
    return grade_accepted(grade) ? EXIT_FINE : EXIT_WRONG;
}

static void print(const struct grade *grade, bool json)
{
    if (!json) {
        grade_print(stdout, grade);
        return;
    }
    json_t *report = grade_json(grade);
    json_print_style(stdout, report, JSON_INDENT(2));
    json_decref(report);
}

static int grade_program(const char *path, char **argv,
                         const struct grade_options *options)
{
    struct grade grade = {.exercise = find_exercise(options->exercise),
                          .path = path,
                          .argv = argv};
    prepare_process();
    if (access("/proc/thread-self/children", R_OK) != 0)
        die(EXIT_CANNOT, "grade: this kernel does not list the children of a process "
                         "(CONFIG_PROC_CHILDREN), so the witness would be blind");
    int code = run_all(&grade, options);
    if (code == EXIT_INTERRUPTED)
        warn("grade: interrupted");
    else
        print(&grade, options->format == FORMAT_JSON);
    for (size_t i = 0; i < grade.count; i++)
        trial_free(&grade.trials[i]);
    free(grade.trials);
    return code;
}

int command_grade(int argc, char **argv)
{
    struct grade_options options = {0};
    const char *words[WORDS_MOST];
    char *program[WORDS_MOST + 1] = {NULL};
    char path[PATH_MAX];
    int code = EXIT_FINE;
    int count = command_parse("grade", &options, &options.help,
                              &(struct command_line){argc, argv, words, WORDS_MOST});
    uint32_t chance = 0;
    if (options.seed == 0 && getentropy(&chance, sizeof chance) == 0)
        options.seed = chance / 2 + 1;
    if (options.list) {
        list();
    } else if (count == 0) {
        die(EXIT_USAGE, "grade: name a program, and an exercise with --exercise");
    } else {
        find_exercise(options.exercise);
        find_program(words[0], path);
        for (int i = 0; i < count; i++)
            program[i] = (char *)(uintptr_t)words[i];
        code = grade_program(path, program, &options);
    }
    if (fflush(stdout) != 0 || ferror(stdout))
        die(EXIT_WRONG, "cannot write the verdicts: %s", strerror(errno));
    return code;
}

// SPDX-License-Identifier: MIT
//
// quartet_observe.c - runs a program of anybody once and says what was seen of it from
// outside: how it ended, its times, the most memory of all its processes, their
// context switches, processes that it has left behind, CPUs outside of those given, bytes on
// standard output.
//
// `quartet run` puts it before each foreign runner in the warm-up, which is not timed. Read
// next: driver/system/observe.h.
#include "driver/system/observe.h"
#include "lib/clock.h"
#include "lib/error.h"
#include "lib/json_file.h"
#include "lib/options.h"
#include "lib/process.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

enum { WORDS_MAX = 256, EXIT_LATE = 124 };

struct settings {
    const char *name;
    const char *cpus;
    const char *folder;
    const char *record;
    uint64_t limit_ns;
    bool help;
};

#define PLACE(member) offsetof(struct settings, member)

static const struct option_spec options[] = {
    {"name", OPTION_TEXT, PLACE(name), "program", 0, 0, NULL, "of the row"},
    {"cpus", OPTION_TEXT, PLACE(cpus), NULL, 0, 0, NULL, "its CPUs, such as 0,2-3"},
    {"folder", OPTION_TEXT, PLACE(folder), "/tmp", 0, 0, NULL,
     "where its output is kept meanwhile"},
    {"observation", OPTION_TEXT, PLACE(record), NULL, 0, 0, NULL,
     "file of what was seen, as JSON"},
    {"limit", OPTION_DURATION, PLACE(limit_ns), "65s", 1, 24 * 3600 * NS_PER_SECOND, NULL,
     "it must have ended by then"},
    {"help", OPTION_FLAG, PLACE(help), NULL, 0, 0, NULL, "print this and exit"},
    {0}};

static void save(const struct settings *settings, const struct observation *seen)
{
    struct reason reason;
    json_t *json =
        json_pack("{s:i, s:I, s:I, s:I, s:b, s:I, s:I, s:I, s:I}", "exit_code",
                  seen->exit_code, "wall_ns", (json_int_t)seen->wall_ns, "cpu_ns",
                  (json_int_t)seen->cpu_ns, "orphans", (json_int_t)seen->orphans,
                  "strayed", seen->strayed, "printed", (json_int_t)seen->printed,
                  "memory_bytes", (json_int_t)seen->memory_bytes, "voluntary",
                  (json_int_t)seen->voluntary, "involuntary",
                  (json_int_t)seen->involuntary);
    int error = json == NULL
                    ? reason_set(&reason, -ENOMEM, "no memory for an observation")
                    : json_file_save_unsynced(settings->record, json, &reason);
    json_decref(json);
    if (error != 0)
        die(EXIT_WRONG, "%s", reason.text);
}

static void parse(int argc, char **argv, struct settings *settings, const char **words)
{
    struct reason reason;
    struct option_group groups[] = {{"Options", options, settings}, {NULL, NULL, NULL}};
    options_defaults(&groups[0]);
    int count = options_parse(groups, argc, argv, words, WORDS_MAX - 1, &reason);
    if (count < 0)
        die(EXIT_USAGE, "%s", reason.text);
    if (settings->help) {
        printf("Usage: quartet-observe [options] -- PROGRAM WORD...\n\n"
               "Runs PROGRAM once and notes what was seen of it from outside.\n");
        options_print(stdout, &groups[0]);
        exit(EXIT_FINE);
    }
    if (count == 0)
        die(EXIT_USAGE, "name a program behind '--'");
    words[count] = NULL;
}

int main(int argc, char **argv)
{
    static struct settings settings;
    static const char *words[WORDS_MAX];
    struct observation seen;
    struct reason reason;
    process_begin();
    error_set_program("quartet-observe");
    parse(argc - 1, argv + 1, &settings, words);
    error_set_program(settings.name);
    prctl(PR_SET_CHILD_SUBREAPER, 1UL, 0UL, 0UL, 0UL);
    struct observed_program program = {.argv = (char *const *)(uintptr_t)words,
                                       .folder = settings.folder,
                                       .cpus = settings.cpus,
                                       .timeout_ns = settings.limit_ns,
                                       .memory = true};
    if (observe_run(&program, &seen, &reason) != 0)
        die(EXIT_WRONG, "%s", reason.text);
    if (settings.record != NULL)
        save(&settings, &seen);
    if (seen.said[0] != '\0')
        fprintf(stderr, "%s\n", seen.said);
    if (seen.exit_code == -1)
        warn("it did not end within %llu s and was killed",
             (unsigned long long)(settings.limit_ns / NS_PER_SECOND));
    return seen.exit_code == -1 ? EXIT_LATE : seen.exit_code;
}

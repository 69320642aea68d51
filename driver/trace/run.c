// SPDX-License-Identifier: MIT
//
// run.c - see run.h. A program of a lane starts no back end: it gets one that is started here.
#define _DEFAULT_SOURCE // setenv()
#include "driver/trace/run.h"

#include "driver/plan/backend.h"
#include "driver/system/tool.h"
#include "driver/system/witness.h"
#include "driver/system/words.h"
#include "lib/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define RUN_LIMIT_NS (120 * NS_PER_SECOND) // a runner gives up by itself after 60 s
#define PATH_SIZE    4096

bool trace_run_can(const struct runner *runner)
{
    const char *language = runner->describe.language;
    return !runner->foreign || (language != NULL && strcmp(language, "Python") == 0);
}

// ---- the back end ----------------------------------------------------------------------

static bool is_of_backend(const struct runner *runner, const char *workload,
                          const char *word)
{
    static const char *const common[] = {"tasks", "concurrency", "seed"};
    char name[64];
    snprintf(name, sizeof name, "%.*s", (int)strcspn(word + 2, "="), word + 2);
    for (size_t i = 0; i < sizeof common / sizeof common[0]; i++)
        if (strcmp(name, common[i]) == 0)
            return true;
    return described_option(&runner_workload(runner, workload)->options, name) != NULL;
}

// Starts it with those options of the run that it has, too.
static int start_backend(const struct trace_run *run, struct witness *witness,
                         struct reason *reason)
{
    struct words options = {.count = 0};
    bool wanted = false;
    for (size_t i = 1; run->words[i] != NULL; i++) {
        if (strncmp(run->words[i], "--", 2) == 0)
            wanted = is_of_backend(run->runner, run->words[0], run->words[i]);
        if (wanted)
            words_add(&options, run->words[i]);
    }
    return backend_start(witness, options.list, reason);
}

// ---- the run ---------------------------------------------------------------------------

static int find_program(const struct trace_run *run, char *program, size_t size,
                        struct reason *reason)
{
    const char *path = run->runner->path;
    const char *name = strrchr(path, '/') == NULL ? path : strrchr(path, '/') + 1;
    int length = run->runner->foreign ? snprintf(program, size, "%s", path)
                                      : snprintf(program, size, "%.*straced/%s",
                                                 (int)(name - path), path, name);
    if (length < (int)size && access(program, X_OK) == 0)
        return 0;
    return reason_set(reason, -ENOENT, "%s is missing: build it with make", program);
}

static int execute(const struct trace_run *run, const char *const *argv,
                   struct reason *reason)
{
    char events[32];
    snprintf(events, sizeof events, "%" PRIu64, run->events);
    setenv("QUARTET_TRACE", run->path, 1);
    setenv("QUARTET_TRACE_EVENTS", events, 1);
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    const struct tool tool = {.argv = argv,
                              .output_fd = nowhere,
                              .error_fd = STDERR_FILENO,
                              .timeout_ns = RUN_LIMIT_NS};
    int code = tool_run(&tool, reason);
    close(nowhere);
    unsetenv("QUARTET_TRACE");
    if (code > 0)
        reason_set(reason, code, "%s: the traced run ended with exit code %d",
                   run->runner->name, code);
    return code;
}

int trace_run(const struct trace_run *run, struct reason *reason)
{
    char program[PATH_SIZE];
    struct witness witness;
    struct words words = {.count = 0};
    bool witnessed = run->runner->foreign && workload_has_witness(run->words[0]);
    int error = find_program(run, program, sizeof program, reason);
    if (error == 0 && witnessed)
        error = start_backend(run, &witness, reason);
    if (error != 0)
        return error;
    for (size_t i = 0; i < json_array_size(run->runner->prefix); i++)
        words_add(&words, json_string_value(json_array_get(run->runner->prefix, i)));
    words_add(&words, program);
    for (size_t i = 0; run->words[i] != NULL; i++)
        words_add(&words, run->words[i]);
    if (witnessed) {
        words_add(&words, "--connect");
        words_add(&words, witness.connect);
        words_add(&words, "--token");
        words_add(&words, witness_token(&witness, 0));
    }
    error = execute(run, words.list, reason);
    if (witnessed)
        json_decref(witness_end(&witness, NULL));
    return error;
}

// SPDX-License-Identifier: MIT
//
// One run of the program that is validated, held against all that is known of it: see
// validate.h.
#include "driver/command/validate.h"

#include "driver/plan/backend.h"
#include "driver/report/read.h"
#include "driver/system/witness.h"
#include "lib/clock.h"
#include "lib/json_file.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TRIAL_TIMEOUT_NS (60 * NS_PER_SECOND)

// The words of a command, and where their letters are.
struct words {
    char text[2048];
    size_t used;
    char *list[VALIDATE_WORDS];
    size_t count;
};

static void add(struct words *words, const char *word)
{
    size_t size = strlen(word) + 1;
    if (words->count + 1 >= VALIDATE_WORDS || words->used + size > sizeof words->text)
        return;
    words->list[words->count++] = memcpy(words->text + words->used, word, size);
    words->used += size;
}

static void add_split(struct words *words, const char *line)
{
    char word[256];
    while (line[strspn(line, " ")] != '\0') {
        line += strspn(line, " ");
        size_t length = strcspn(line, " ");
        snprintf(word, sizeof word, "%.*s", (int)length, line);
        add(words, word);
        line += length;
    }
}

static void record_path(const struct validation *validation, char *path, size_t size)
{
    snprintf(path, size, "%s/record.json", validation->folder);
}

// WORKLOAD OPTIONS --seed S, as both the program and the oracle understand it.
static void make_arguments(struct words *words, const struct trial *trial,
                           const struct witness *witness)
{
    char seed[16];
    snprintf(seed, sizeof seed, "%u", trial->seed);
    add(words, trial->workload);
    add_split(words, trial->options);
    add(words, "--seed");
    add(words, seed);
    if (witness == NULL)
        return;
    add(words, "--connect");
    add(words, witness->connect);
    add(words, "--token");
    add(words, witness_token(witness, 0));
}

// How long the run phase of the oracle is: the least of three, since what disturbs it makes
// it longer, and no more than its CPU time, since on a busy machine it waits for the CPU.
// 0: not known.
static uint64_t oracle_run_ns(const struct validation *validation,
                              const struct trial *trial)
{
    char path[128];
    double least_ns = 0;
    record_path(validation, path, sizeof path);
    for (int i = 0; i < 3; i++) {
        struct words words = {.count = 0};
        struct observation seen;
        json_t *record = NULL;
        add(&words, validation->oracle);
        make_arguments(&words, trial, NULL);
        add_split(&words, "--record");
        add(&words, path);
        struct observed_program program = {.argv = words.list,
                                           .folder = validation->folder,
                                           .cpus = validation->cpu,
                                           .timeout_ns = TRIAL_TIMEOUT_NS};
        if (observe_run(&program, &seen, NULL) != 0 ||
            json_file_load(path, &record, NULL) != 0)
            return 0;
        double run_ns = read_run_record(record).phases_ns[PHASE_RUN];
        double own_ns = fmin(run_ns, (double)seen.cpu_ns);
        least_ns = i == 0 ? own_ns : fmin(least_ns, own_ns);
        json_decref(record);
        unlink(path);
    }
    return (uint64_t)least_ns;
}

static int judge_exit(const struct observation *seen, struct reason *reason)
{
    if (seen->exit_code == 0)
        return 0;
    if (seen->exit_code == EXIT_CANNOT)
        return reason_set(reason, seen->said[0] == '\0' ? -EBADMSG : EXIT_CANNOT, "%s",
                          seen->said[0] == '\0' ? "77 without a reason" : seen->said);
    if (seen->exit_code == -1)
        return reason_set(reason, -EBADMSG, "it did not end within %d s",
                          (int)(TRIAL_TIMEOUT_NS / NS_PER_SECOND));
    return reason_set(reason, -EBADMSG, "exit code %d: %.200s", seen->exit_code,
                      seen->said);
}

// Calls the program, the witness beside it, and reads its record.
static int run_program(const struct validation *validation, const struct trial *trial,
                       const struct witness *witness, struct observation *seen,
                       json_t **record, struct reason *reason)
{
    char path[128];
    struct words words = {.count = 0};
    record_path(validation, path, sizeof path);
    unlink(path);
    add(&words, validation->program);
    make_arguments(&words, trial, witness);
    add_split(&words, "--cpus");
    add(&words, validation->cpu);
    add_split(&words, "--record");
    add(&words, path);
    struct observed_program program = {.argv = words.list,
                                       .folder = validation->folder,
                                       .cpus = validation->cpu,
                                       .spared = witness == NULL ? 0 : witness->pid,
                                       .timeout_ns = TRIAL_TIMEOUT_NS};
    int error = observe_run(&program, seen, reason);
    if (error == 0)
        error = judge_exit(seen, reason);
    if (error == 0 && json_file_load(path, record, NULL) != 0)
        error = reason_set(reason, -EBADMSG, "it ended well and left no run record");
    unlink(path);
    return error;
}

static int start_witness(const struct trial *trial, struct witness *witness,
                         struct reason *reason)
{
    struct words words = {.count = 0};
    const char *options[VALIDATE_WORDS] = {NULL};
    char seed[16];
    snprintf(seed, sizeof seed, "%u", trial->seed);
    add_split(&words, trial->options);
    add_split(&words, "--seed");
    add(&words, seed);
    for (size_t i = 0; i < words.count; i++)
        options[i] = words.list[i];
    return backend_start(witness, options, reason);
}

// The ledger that a linked runner with these arguments would have to leave.
static json_t *ask_expectation(const struct validation *validation,
                               const struct trial *trial, const struct witness *witness,
                               struct reason *reason)
{
    struct words words = {.count = 0};
    const char *arguments[VALIDATE_WORDS] = {NULL};
    make_arguments(&words, trial, witness);
    for (size_t i = 0; i < words.count; i++)
        arguments[i] = words.list[i];
    return expect_ask(validation->oracle, arguments, reason);
}

int validate_trial(const struct validation *validation, const struct trial *trial,
                   json_t **record, json_t **expected, struct reason *reason)
{
    struct witness witness;
    struct observation seen;
    json_t *ledger = NULL;
    *record = NULL;
    *expected = NULL;
    bool peer = strcmp(trial->workload, "fetch") == 0;
    int error = peer ? start_witness(trial, &witness, reason) : 0;
    if (error != 0)
        return error;
    error = run_program(validation, trial, peer ? &witness : NULL, &seen, record, reason);
    *expected = ask_expectation(validation, trial, peer ? &witness : NULL,
                                error == 0 ? reason : NULL);
    if (peer)
        ledger = witness_end(&witness, error == 0 ? reason : NULL);
    if (error == 0 && (*expected == NULL || (peer && ledger == NULL)))
        error = -EIO;
    if (error == 0) {
        struct expectation expectation = {
            .name = validation->name,
            .expected = *expected,
            .seen = &seen,
            .witness = json_array_get(ledger, 0),
            .oracle_run_ns = trial->floor ? oracle_run_ns(validation, trial) : 0,
            .cpus = 1};
        error = expect_check(&expectation, *record, reason);
    }
    json_decref(ledger);
    return error;
}

int validate_call(const struct validation *validation, const char *workload,
                  const char *options, uint64_t term_ns, struct observation *seen,
                  struct reason *reason)
{
    struct words words = {.count = 0};
    add(&words, validation->program);
    add_split(&words, workload);
    add_split(&words, options);
    struct observed_program program = {.argv = words.list,
                                       .folder = validation->folder,
                                       .cpus = validation->cpu,
                                       .timeout_ns = 10 * NS_PER_SECOND,
                                       .term_ns = term_ns};
    int error = observe_run(&program, seen, reason);
    return error != 0 ? error : seen->exit_code;
}

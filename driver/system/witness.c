// SPDX-License-Identifier: MIT
//
// The back end as a witness: see witness.h.
#define _GNU_SOURCE // pipe2()
#include "driver/system/witness.h"

#include "lib/clock.h"
#include "lib/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WORDS_MAX = 40, LINE_SIZE = 65536 };
#define END_TIMEOUT_NS   (10 * NS_PER_SECOND)
#define READY_TIMEOUT_MS 30000

// The words of the program, ended by NULL.
struct line {
    size_t count;
    const char *words[WORDS_MAX];
};

static void add_all(struct line *line, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL && line->count < WORDS_MAX - 1; i++)
        line->words[line->count++] = words[i];
}

_Noreturn static void become(const struct line *line, int input, int output)
{
    char *argv[WORDS_MAX] = {NULL};
    for (size_t i = 0; i < line->count; i++)
        argv[i] = strdup(line->words[i]);
    if (argv[0] == NULL || dup2(input, 0) < 0 || dup2(output, 1) < 0)
        _exit(126);
    execv(argv[0], argv);
    _exit(127);
}

// A line of what it prints, as JSON. NULL: it has ended, or says something else.
static json_t *read_line(struct witness *witness)
{
    char *line = malloc(LINE_SIZE);
    json_t *answer = NULL;
    if (line != NULL && fgets(line, LINE_SIZE, witness->output) != NULL)
        answer = json_loads(line, 0, NULL);
    free(line);
    return answer;
}

static int read_ready(struct witness *witness, struct reason *reason)
{
    struct pollfd output = {.fd = fileno(witness->output), .events = POLLIN};
    json_t *ready = poll(&output, 1, READY_TIMEOUT_MS) == 1 ? read_line(witness) : NULL;
    const char *connect = json_string_value(json_object_get(ready, "connect"));
    json_t *tokens = json_object_get(ready, "tokens");
    int error = connect == NULL || json_array_size(tokens) == 0 ? -EBADMSG : 0;
    if (error == 0) {
        snprintf(witness->connect, sizeof witness->connect, "%s", connect);
        witness->tokens = json_incref(tokens);
    } else {
        reason_set(reason, error, "the back end of fetch does not start");
    }
    json_decref(ready);
    return error;
}

static int start(struct witness *witness, const struct line *line, const char *named,
                 struct reason *reason)
{
    int input[2], output[2];
    *witness = (struct witness){.input = -1};
    if (pipe2(input, O_CLOEXEC) != 0)
        return reason_set(reason, -errno, "cannot make a pipe: %s", strerror(errno));
    if (pipe2(output, O_CLOEXEC) != 0) {
        int error = -errno;
        close(input[0]);
        close(input[1]);
        return reason_set(reason, error, "cannot make a pipe: %s", strerror(-error));
    }
    fflush(NULL);
    witness->pid = process_fork_apart();
    if (witness->pid == 0)
        become(line, input[0], output[1]);
    close(input[0]);
    close(output[1]);
    witness->input = input[1];
    witness->output = fdopen(output[0], "r");
    if (witness->pid > 0 && witness->output != NULL && read_ready(witness, reason) == 0)
        return 0;
    json_decref(witness_end(witness, NULL));
    return reason_set(reason, -EIO,
                      "cannot start '%.300s': it has ended, or has not said within %d s "
                      "that it is ready",
                      named, READY_TIMEOUT_MS / 1000);
}

int witness_start(struct witness *witness, const char *program,
                  const char *const *options, struct reason *reason)
{
    struct line line = {.count = 2, .words = {program, "--until-eof"}};
    add_all(&line, options);
    return start(witness, &line, program, reason);
}

int witness_start_elsewhere(struct witness *witness, const char *command,
                            const char *const *options, struct reason *reason)
{
    char text[4096];
    struct line line = {.count = 5,
                        .words = {"/bin/sh", "-c", text, "sh", "--until-eof"}};
    snprintf(text, sizeof text, "%s \"$@\"", command);
    add_all(&line, options);
    return start(witness, &line, command, reason);
}

const char *witness_token(const struct witness *witness, size_t run)
{
    const char *token = json_string_value(json_array_get(witness->tokens, run));
    return token == NULL ? "" : token;
}

json_t *witness_end(struct witness *witness, struct reason *reason)
{
    int status;
    close(witness->input);
    json_t *ledger = witness->output == NULL ? NULL : read_line(witness);
    json_t *runs = json_incref(json_object_get(ledger, "runs"));
    json_decref(ledger);
    json_decref(witness->tokens);
    witness->tokens = NULL;
    if (witness->pid > 0)
        process_wait_or_kill(witness->pid, &status, END_TIMEOUT_NS);
    if (witness->output != NULL)
        fclose(witness->output);
    if (runs == NULL)
        reason_set(reason, -EIO, "the back end of fetch has left no ledger");
    return runs;
}

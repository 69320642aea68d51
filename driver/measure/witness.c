// SPDX-License-Identifier: MIT
//
// The back end as a witness: see witness.h.
#define _GNU_SOURCE // pipe2()
#include "driver/measure/witness.h"

#include "lib/clock.h"
#include "lib/process.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WORDS_MAX = 40, LINE_SIZE = 65536 };
#define END_TIMEOUT_NS (10 * NS_PER_SECOND)

_Noreturn static void become(const char *program, const char *const *options, int input,
                             int output)
{
    char *argv[WORDS_MAX] = {strdup(program), strdup("--until-eof")};
    for (size_t i = 2; i < WORDS_MAX - 1 && options[i - 2] != NULL; i++)
        argv[i] = strdup(options[i - 2]);
    if (dup2(input, 0) < 0 || dup2(output, 1) < 0)
        _exit(126);
    execv(program, argv);
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
    json_t *ready = read_line(witness);
    const char *connect = json_string_value(json_object_get(ready, "connect"));
    const char *token =
        json_string_value(json_array_get(json_object_get(ready, "tokens"), 0));
    int error = connect == NULL || token == NULL ? -EBADMSG : 0;
    if (error == 0) {
        snprintf(witness->connect, sizeof witness->connect, "%s", connect);
        snprintf(witness->token, sizeof witness->token, "%s", token);
    } else {
        reason_set(reason, error, "the back end of fetch does not start");
    }
    json_decref(ready);
    return error;
}

int witness_start(struct witness *witness, const char *program,
                  const char *const *options, struct reason *reason)
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
        become(program, options, input[0], output[1]);
    close(input[0]);
    close(output[1]);
    witness->input = input[1];
    witness->output = fdopen(output[0], "r");
    if (witness->pid > 0 && witness->output != NULL && read_ready(witness, reason) == 0)
        return 0;
    json_decref(witness_end(witness, NULL));
    return reason_set(reason, -EIO, "cannot start '%s'", program);
}

json_t *witness_end(struct witness *witness, struct reason *reason)
{
    int status;
    close(witness->input);
    json_t *ledger = witness->output == NULL ? NULL : read_line(witness);
    json_t *run = json_array_get(json_object_get(ledger, "runs"), 0);
    json_incref(run);
    json_decref(ledger);
    if (witness->pid > 0)
        process_wait_or_kill(witness->pid, &status, END_TIMEOUT_NS);
    if (witness->output != NULL)
        fclose(witness->output);
    if (run == NULL)
        reason_set(reason, -EIO, "the back end of fetch has left no ledger");
    return run;
}

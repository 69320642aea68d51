// SPDX-License-Identifier: MIT
//
// From exit code and record to a verdict on a cell: see judge.h.
#include "driver/measure/judge.h"

#include "driver/report/json.h"
#include "lib/error.h"

#include <stdio.h>
#include <string.h>

#define SIGNAL_BASE 128 // a shell's way to tell of signal N, and hyperfine's, is 128+N

static bool set_status(json_t *cell, const char *status, const char *reason)
{
    json_object_set_new(cell, "status", json_string(status));
    json_object_set_new(cell, "reason",
                        reason == NULL ? json_null() : json_string(reason));
    return strcmp(status, "ok") == 0;
}

// What the runner wrote about itself, else what it said, else only how it ended.
static bool set_failure(json_t *cell, const char *status, int exit_code,
                        const json_t *record, const char *said)
{
    const char *reason = tree_text(record, "reason", NULL);
    char text[600];
    if (reason != NULL)
        snprintf(text, sizeof text, "%s", reason);
    else if (said[0] != '\0')
        snprintf(text, sizeof text, "exit code %d: %s", exit_code, said);
    else
        snprintf(text, sizeof text, "exit code %d, and it gave no reason", exit_code);
    return set_status(cell, status, text);
}

static bool set_killed(json_t *cell, int signal_number)
{
    char text[128];
    snprintf(text, sizeof text, "the runner was ended by signal %d (%s)", signal_number,
             strsignal(signal_number));
    return set_status(cell, "failed", text);
}

bool judge_run(json_t *cell, int exit_code, const json_t *record, const char *said)
{
    const char *status = tree_text(record, "status", "missing");
    if (exit_code > SIGNAL_BASE)
        return set_killed(cell, exit_code - SIGNAL_BASE);
    if (exit_code == EXIT_CANNOT)
        return set_failure(cell, "dnf", exit_code, record, said);
    if (exit_code != EXIT_FINE)
        return set_failure(cell, strcmp(status, "wrong") == 0 ? "wrong" : "failed",
                           exit_code, record, said);
    if (record == NULL)
        return set_status(cell, "failed", "the runner ended well but left no run record");
    if (strcmp(status, "ok") != 0) {
        char text[160];
        snprintf(text, sizeof text,
                 "the runner ended with exit code 0, but its record says '%.40s'",
                 status);
        return set_status(cell, "failed", text);
    }
    return set_status(cell, "ok", NULL);
}

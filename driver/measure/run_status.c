// SPDX-License-Identifier: MIT
//
// From exit code and record to a verdict on a cell: see run_status.h.
#include "driver/measure/run_status.h"

#include "driver/analysis/sample_check.h"
#include "lib/error.h"

#include <stdio.h>
#include <string.h>

#define SIGNAL_BASE 128 // a shell's way to tell of signal N, and hyperfine's, is 128+N

static bool set_status(struct report *report, struct report_cell *cell,
                       enum cell_status status, const char *reason)
{
    cell->status = status;
    cell->reason = report_keep_text(report, reason);
    return status == CELL_OK;
}

// The reason that the runner wrote down, else its last words, else only how it ended.
static bool set_failure(struct report *report, struct report_cell *cell,
                        enum cell_status status, const struct sample *sample,
                        const char *said)
{
    int exit_code = (int)sample->exit_code;
    char text[600];
    if (sample->record.reason != NULL)
        snprintf(text, sizeof text, "%s", sample->record.reason);
    else if (said[0] != '\0')
        snprintf(text, sizeof text, "exit code %d: %s", exit_code, said);
    else
        snprintf(text, sizeof text, "exit code %d, and it gave no reason", exit_code);
    return set_status(report, cell, status, text);
}

static bool set_killed(struct report *report, struct report_cell *cell, int signal_number)
{
    char text[128];
    snprintf(text, sizeof text, "the runner was ended by signal %d (%s)", signal_number,
             strsignal(signal_number));
    return set_status(report, cell, CELL_FAILED, text);
}

static bool set_refused(struct report *report, struct report_cell *cell,
                        const struct reason *reason)
{
    char text[600];
    snprintf(text, sizeof text, "a run is not believed: %.500s", reason->text);
    return set_status(report, cell, CELL_WRONG, text);
}

static bool set_unreadable(struct report *report, struct report_cell *cell,
                           const char *why)
{
    char text[400];
    snprintf(text, sizeof text,
             "the runner left a run record that cannot be read: %.300s", why);
    return set_status(report, cell, CELL_FAILED, text);
}

bool run_status_set(struct report *report, const struct report_table *table,
                    struct report_cell *cell, const struct sample *sample,
                    const char *said)
{
    const struct record *record = &sample->record;
    int exit_code = (int)sample->exit_code;
    char text[160];
    if (exit_code > SIGNAL_BASE)
        return set_killed(report, cell, exit_code - SIGNAL_BASE);
    if (exit_code == EXIT_CANNOT)
        return set_failure(report, cell, CELL_DNF, sample, said);
    if (exit_code != EXIT_FINE)
        return set_failure(report, cell, record->wrong ? CELL_WRONG : CELL_FAILED, sample,
                           said);
    if (record->json == NULL && said[0] == '\0')
        return set_status(report, cell, CELL_FAILED,
                          "the runner ended well but left no run record");
    if (record->json == NULL)
        return set_unreadable(report, cell, said);
    struct reason reason;
    if (record->ok && sample_check(report, table, cell, sample, &reason) != 0)
        return set_refused(report, cell, &reason);
    if (record->ok)
        return set_status(report, cell, CELL_OK, NULL);
    snprintf(text, sizeof text,
             "the runner ended with exit code 0, but its record says '%.40s'",
             record->status == NULL ? "missing" : record->status);
    return set_status(report, cell, CELL_FAILED, text);
}

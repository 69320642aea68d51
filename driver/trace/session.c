// SPDX-License-Identifier: MIT
//
// session.c - see session.h.
#include "driver/trace/session.h"

#include "driver/report/trace_file.h"
#include "driver/trace/run.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

// The words of a timed run of the row, with fewer tasks.
struct small_run {
    const char *words[TRACE_RUN_WORDS];
    char number[16];
};

static bool is_size(const char *word)
{
    return strcmp(word, "--tasks") == 0 || strcmp(word, "--concurrency") == 0;
}

static void make_small(struct small_run *run, const json_t *command)
{
    size_t count = 0;
    double most = TRACES_TASKS;
    for (size_t i = 1; i < json_array_size(command) && count + 1 < TRACE_RUN_WORDS; i++) {
        const char *word = json_string_value(json_array_get(command, i));
        run->words[count++] = word;
        // N is that of C, so that all of them are in flight at once.
        if (count > 1 && is_size(run->words[count - 2])) {
            if (strcmp(run->words[count - 2], "--concurrency") == 0)
                most = strtod(word, NULL) < most ? strtod(word, NULL) : most;
            run->words[count - 1] = run->number;
        }
    }
    run->words[count] = NULL;
    snprintf(run->number, sizeof run->number, "%.0f", most);
}

static int trace_cell(const struct session *session, const struct table *table,
                      size_t number)
{
    const struct cell *cell = &table->cells[number];
    struct small_run small;
    struct reason reason;
    char path[TRACE_FILE_PATH];
    if (!cell->live || cell->base != NULL || !trace_run_can(cell->runner) ||
        !trace_file_path(session->results.folder, table->result->id, number, path))
        return 0;
    make_small(&small, cell->result->command);
    const struct trace_run run = {.runner = cell->runner,
                                  .words = small.words,
                                  .events = TRACES_EVENTS,
                                  .path = path};
    int error = trace_run(&run, &reason);
    if (error != 0 && error != -EINTR)
        warn("%s in %s has no strip: %s", cell->result->label, table->result->id,
             reason.text);
    return error == -EINTR ? error : 0;
}

int trace_session(const struct session *session)
{
    char folder[TRACE_FILE_PATH];
    snprintf(folder, sizeof folder, "%.4000s/" TRACE_FILE_FOLDER,
             session->results.folder);
    if (mkdir(folder, 0777) != 0 && errno != EEXIST) {
        warn("there are no strips: cannot make the folder '%s': %s", folder,
             strerror(errno));
        return 0;
    }
    int error = 0;
    for (size_t i = 0; i < session->plan.count; i++)
        for (size_t j = 0; error == 0 && j < session->plan.list[i].count; j++)
            error = trace_cell(session, &session->plan.list[i], j);
    return error;
}

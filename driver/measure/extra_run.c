// SPDX-License-Identifier: MIT
//
// extra_run.c - see extra_run.h.
#include "driver/measure/extra_run.h"

#include "driver/measure/foreign.h"
#include "driver/measure/hyperfine.h"
#include "driver/plan/command_rows.h"
#include "driver/report/read.h"
#include "driver/system/telling.h"
#include "driver/system/tool.h"
#include "lib/check.h"
#include "lib/clock.h"
#include "lib/json_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

// The runner gives up by itself, and the driver waits longer.
#define RUN_TIMEOUT_NS (100 * NS_PER_SECOND)
#define RUN_MAXIMUM_NS (120 * NS_PER_SECOND)
#define WORDS_MAXIMUM  128
#define PATH_SIZE      4096

struct command {
    size_t count;
    const char *words[WORDS_MAXIMUM];
    char tasks[24];
    char concurrency[24];
    char timeout[RUN_LIMIT_SIZE];
    char record[PATH_SIZE];
    char under[2 * PATH_SIZE]; // the words of the tool, where another program calls it
    struct foreign_observer observer;
    bool witnessed; // by a back end of this run
    struct witness witness;
};

void extra_path(const struct extra_setting *setting, const char *name, char *path,
                size_t size)
{
    snprintf(path, size, "%s/%s", setting->janitor->folder, name);
}

static void add(struct command *command, const char *word)
{
    CHECK(command->count + 1 < WORDS_MAXIMUM);
    command->words[command->count++] = word;
}

static void add_pair(struct command *command, const char *option, const char *value)
{
    add(command, option);
    add(command, value);
}

// The cell's own words with other numbers. With a back end beside it, no run starts its own.
static void add_words(const struct extra_run *run, struct command *command)
{
    const char *before = "";
    size_t index;
    json_t *word;
    json_array_foreach(run->cell->runner->prefix, index, word)
        add(command, json_string_value(word));
    json_array_foreach(run->cell->result->command, index, word)
    {
        const char *text = index == 0 ? run->cell->runner->path : json_string_value(word);
        bool peer = command->witnessed && strcmp(text, "--peer-cpus") == 0;
        if (strcmp(before, "--tasks") == 0)
            text = command->tasks;
        else if (strcmp(before, "--concurrency") == 0)
            text = command->concurrency;
        if (!peer && !(command->witnessed && strcmp(before, "--peer-cpus") == 0))
            add(command, text);
        before = text;
    }
}

// The cell's own command with other numbers, and a tool in front. Of anybody's command, the
// tool sees that alone: quartet-command puts it there.
static void make_command(const struct extra_run *run, struct command *command)
{
    bool is_command = runner_is_command(run->cell->runner);
    command->count = 0;
    for (size_t i = 0; i < command->observer.count; i++)
        add(command, command->observer.words[i]);
    snprintf(command->tasks, sizeof command->tasks, "%" PRIu64, run->tasks);
    snprintf(command->concurrency, sizeof command->concurrency, "%" PRIu64,
             run->concurrency);
    extra_path(run->setting, "extra-record.json", command->record,
               sizeof command->record);
    command->under[0] = '\0';
    for (size_t i = 0; run->tool != NULL && run->tool[i] != NULL; i++)
        if (is_command)
            hyperfine_quote(command->under, sizeof command->under, run->tool[i]);
        else
            add(command, run->tool[i]);
    add_words(run, command);
    run_limit_text(command->timeout, RUN_TIMEOUT_NS);
    add_pair(command, "--timeout", command->timeout);
    add_pair(command, "--record", command->record);
    if (run->memory && !run->cell->runner->foreign)
        add(command, "--memory");
    if (command->witnessed) {
        add_pair(command, "--connect", command->witness.connect);
        add_pair(command, "--token", witness_token(&command->witness, 0));
    }
    if (command->under[0] != '\0') {
        add(command, "--under");
        add(command, command->under);
    }
    command->words[command->count] = NULL;
}

// Judges the run. The record of one that was not good is freed, and *record NULL then.
static int judge(int end, json_t **record, const char *said, struct reason *reason)
{
    const struct record read = read_run_record(*record);
    if (end == 0 && read.ok)
        return 0;
    const char *why = read.reason == NULL ? said : read.reason;
    int error = reason_set(reason, -EIO, "the extra run ended with exit code %d%s%.300s",
                           end, why[0] == '\0' ? "" : ": ", why);
    json_decref(*record);
    *record = NULL;
    return error;
}

// ---- a foreign program ---------------------------------------------------------------

static struct foreign_amount amount_of(const struct extra_run *run)
{
    return (struct foreign_amount){.tasks = run->tasks, .concurrency = run->concurrency};
}

// Looks at it, and starts the back end that counts beside it, where there is one.
static int begin_foreign(const struct extra_run *run, struct command *command,
                         struct reason *reason)
{
    const struct table *table = run->setting->table;
    if (table == NULL)
        return reason_set(reason, -ENOTSUP, "foreign rows are not run here");
    foreign_observe(run->cell, table, run->setting->janitor, 0, RUN_TIMEOUT_NS,
                    &command->observer);
    if (!foreign_needs_witness(table))
        return 0;
    int error =
        foreign_start_witness(table, amount_of(run), 1, &command->witness, reason);
    command->witnessed = error == 0;
    return error;
}

static int end_foreign(const struct extra_run *run, const json_t *ledgers,
                       json_t **record, struct reason *reason)
{
    struct reason why;
    const struct foreign_run seen = {.janitor = run->setting->janitor,
                                     .tool = run->tool != NULL,
                                     .witness = json_array_get(ledgers, 0)};
    int error = foreign_judge_extra(run->setting->table, run->cell, amount_of(run), &seen,
                                    *record, &why);
    if (error == 0)
        return 0;
    json_decref(*record);
    *record = NULL;
    return reason_set(reason, error, "the extra run is not believed: %s", why.text);
}

// --------------------------------------------------------------------------------------

// Runs the command to its end, with all that it prints in a file, and reads the record that it
// has left. 0 once it was good.
static int run_command(const struct extra_run *run, const struct command *command,
                       json_t **record, struct reason *reason)
{
    char log_path[PATH_SIZE];
    char said[400];
    unlink(command->record); // an old record must not pass for a new one
    extra_path(run->setting, "extra.log", log_path, sizeof log_path);
    int log = open(log_path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (log < 0)
        return reason_set(reason, -errno, "cannot write '%.300s': %s", log_path,
                          strerror(errno));
    struct tool tool = {.argv = command->words,
                        .output_fd = log,
                        .error_fd = log,
                        .timeout_ns = RUN_MAXIMUM_NS,
                        .janitor = run->setting->janitor,
                        .tick = run->setting->tick,
                        .context = run->setting->context};
    int end = tool_run(&tool, reason);
    close(log);
    telling_line_of(log_path, said, sizeof said);
    if (end < 0)
        return end;
    if (json_file_load(command->record, record, NULL) != 0)
        *record = NULL;
    return judge(end, record, said, reason);
}

int extra_run(const struct extra_run *run, json_t **record, struct reason *reason)
{
    struct command command = {.count = 0};
    json_t *ledgers = NULL;
    bool foreign = run->cell->runner->foreign;
    *record = NULL;
    int error = foreign ? begin_foreign(run, &command, reason) : 0;
    if (error != 0)
        return error;
    make_command(run, &command);
    error = run_command(run, &command, record, reason);
    if (command.witnessed)
        ledgers = witness_end(&command.witness, NULL);
    if (error == 0 && foreign)
        error = end_foreign(run, ledgers, record, reason);
    json_decref(ledgers);
    return error;
}

// SPDX-License-Identifier: MIT
//
// extra_run.c - see extra_run.h.
#include "driver/measure/extra_run.h"

#include "driver/measure/hyperfine.h"
#include "driver/plan/command_rows.h"
#include "driver/report/read.h"
#include "driver/system/tool.h"
#include "lib/check.h"
#include "lib/clock.h"
#include "lib/format.h"
#include "lib/json_file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define RUN_TIMEOUT    "100s" // the runner gives up by itself; the driver waits longer
#define RUN_MAXIMUM_NS (120 * NS_PER_SECOND)
#define WORDS_MAXIMUM  128
#define PATH_SIZE      4096

struct command {
    size_t count;
    const char *words[WORDS_MAXIMUM];
    char tasks[24];
    char concurrency[24];
    char record[PATH_SIZE];
    char under[2 * PATH_SIZE]; // the words of the tool, where another program calls it
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

// The cell's own command with other numbers, and a tool in front. Of anybody's command, the
// tool sees that alone: quartet-command puts it there.
static void make_command(const struct extra_run *run, struct command *command)
{
    bool is_command = runner_is_command(run->cell->runner);
    const char *before = "";
    size_t index;
    json_t *word;
    command->count = 0;
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
    json_array_foreach(run->cell->result->command, index, word)
    {
        const char *text = index == 0 ? run->cell->runner->path : json_string_value(word);
        if (strcmp(before, "--tasks") == 0)
            text = command->tasks;
        else if (strcmp(before, "--concurrency") == 0)
            text = command->concurrency;
        add(command, text);
        before = text;
    }
    add(command, "--timeout");
    add(command, RUN_TIMEOUT);
    add(command, "--record");
    add(command, command->record);
    if (run->memory)
        add(command, "--memory");
    if (command->under[0] != '\0') {
        add(command, "--under");
        add(command, command->under);
    }
    command->words[command->count] = NULL;
}

// The last line that somebody has printed there which says something.
static void last_line(int fd, char *said, size_t size)
{
    char line[512];
    FILE *file = fdopen(fd, "r");
    said[0] = '\0';
    if (file == NULL) {
        close(fd);
        return;
    }
    rewind(file);
    while (fgets(line, sizeof line, file) != NULL) {
        line[strcspn(line, "\r\n")] = '\0';
        if (line[0] != '\0')
            format_plain(said, size, line);
    }
    fclose(file);
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

int extra_run(const struct extra_run *run, json_t **record, struct reason *reason)
{
    struct command command;
    char log_path[PATH_SIZE];
    char said[400];
    *record = NULL;
    make_command(run, &command);
    unlink(command.record); // an old record must not pass for a new one
    extra_path(run->setting, "extra.log", log_path, sizeof log_path);
    int log = open(log_path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (log < 0)
        return reason_set(reason, -errno, "cannot write '%.300s': %s", log_path,
                          strerror(errno));
    struct tool tool = {.argv = command.words,
                        .output_fd = log,
                        .error_fd = log,
                        .timeout_ns = RUN_MAXIMUM_NS,
                        .janitor = run->setting->janitor,
                        .tick = run->setting->tick,
                        .context = run->setting->context};
    int end = tool_run(&tool, reason);
    last_line(log, said, sizeof said);
    if (end < 0)
        return end;
    if (json_file_load(command.record, record, NULL) != 0)
        *record = NULL;
    return judge(end, record, said, reason);
}

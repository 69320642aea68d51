// SPDX-License-Identifier: MIT
//
// Calling hyperfine and believing it only when all is there: see hyperfine.h.
#include "driver/measure/hyperfine.h"

#include "driver/system/telling.h"
#include "driver/system/tool.h"
#include "lib/check.h"
#include "lib/clock.h"
#include "lib/json_file.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define VERSION_TIMEOUT_NS (10 * NS_PER_SECOND)
#define FIXED_WORDS        20
// The first version with -N and --output.
#define LEAST_MAJOR 1
#define LEAST_MINOR 13
#define PATH_SIZE   4096

static bool is_too_old(const char *version)
{
    char *end;
    long major = strtol(version, &end, 10);
    long minor = *end == '.' ? strtol(end + 1, NULL, 10) : 0;
    return major < LEAST_MAJOR || (major == LEAST_MAJOR && minor < LEAST_MINOR);
}

int hyperfine_version(char *version, size_t size, struct reason *reason)
{
    static const char *const argv[] = {"hyperfine", "--version", NULL};
    char text[128] = "";
    int end = tool_capture(argv, VERSION_TIMEOUT_NS, text, sizeof text, reason);
    if (end == -ENOENT)
        return reason_set(
            reason, -ENOENT,
            "hyperfine is not installed, and it is the stop-watch: install it "
            "with 'scripts/install-deps' or 'apt-get install hyperfine'");
    if (end < 0)
        return end;
    const char *number = strchr(text, ' ');
    if (end != 0 || number == NULL)
        return reason_set(
            reason, -EPROTO,
            "'hyperfine --version' ended with exit code %d and no version: is "
            "it the benchmarking tool?",
            end);
    snprintf(version, size, "%.*s", (int)strcspn(number + 1, "\n"), number + 1);
    if (is_too_old(version))
        return reason_set(
            reason, -ENOTSUP,
            "hyperfine %.20s is too old: it cannot run a command without a shell (-N); "
            "install %d.%d or later, with 'scripts/install-deps' or from "
            "https://github.com/sharkdp/hyperfine",
            version, LEAST_MAJOR, LEAST_MINOR);
    return 0;
}

// ---- the command line --------------------------------------------------------------

// hyperfine takes a command apart as a shell would; only quotes matter here, as it is
// told to use no shell.
void hyperfine_quote(char *line, size_t size, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789-_=+,./:@%";
    size_t used = strlen(line);
    const char *space = used == 0 ? "" : " ";
    if (word[0] != '\0' && word[strspn(word, plain)] == '\0') {
        snprintf(line + used, size - used, "%s%s", space, word);
        return;
    }
    snprintf(line + used, size - used, "%s'", space);
    for (; *word != '\0'; word++) {
        used = strlen(line);
        snprintf(line + used, size - used, *word == '\'' ? "'\\''" : "%c", *word);
    }
    used = strlen(line);
    snprintf(line + used, size - used, "'");
}

// The caller frees it. The strings are borrowed from the call.
static const char **make_argv(const struct hyperfine_call *call, const char *result)
{
    // No shell (-N), one run each (-r 1) without a warm-up, no drawing, and commands may
    // fail: their exit codes are results. Their output comes with what hyperfine
    // prints, for the message when something is wrong.
    const char *fixed[] = {"hyperfine", "-N",       "-r",      "1",
                           "-w",        "0",        "--style", "none",
                           "-i",        "--output", "inherit", "--export-json",
                           result};
    const char *pinned[] = {"taskset", "-c", call->cpus};
    size_t count = 0;
    const char **argv = malloc((FIXED_WORDS + 3 * call->count) * sizeof *argv);
    if (argv == NULL)
        return NULL;
    if (call->cpus != NULL) {
        memcpy(argv, pinned, sizeof pinned);
        count += sizeof pinned / sizeof pinned[0];
    }
    memcpy(argv + count, fixed, sizeof fixed);
    count += sizeof fixed / sizeof fixed[0];
    if (call->prepare != NULL) {
        argv[count++] = "--prepare";
        argv[count++] = call->prepare;
    }
    for (size_t i = 0; i < call->count; i++) {
        argv[count++] = "-n";
        argv[count++] = call->names[i];
    }
    for (size_t i = 0; i < call->count; i++)
        argv[count++] = call->commands[i];
    argv[count] = NULL;
    return argv;
}

// ---- the result --------------------------------------------------------------------

static void log_path(const struct janitor *janitor, char *path, size_t size)
{
    snprintf(path, size, "%s/block.log", janitor->folder);
}

// The last line of the output that begins with `prefix` and says something.
static void last_line(const struct janitor *janitor, const char *prefix, char *found,
                      size_t size)
{
    char line[1024];
    char path[PATH_SIZE];
    log_path(janitor, path, sizeof path);
    found[0] = '\0';
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return;
    size_t length = strlen(prefix);
    while (fgets(line, sizeof line, file) != NULL) {
        const char *text = line + strspn(line, " \t");
        if (strncmp(text, prefix, length) == 0 && strchr("\r\n", text[length]) == NULL)
            snprintf(found, size, "%.*s", (int)strcspn(text + length, "\r\n"),
                     text + length);
    }
    fclose(file);
}

void hyperfine_said(const struct janitor *janitor, const char *program, char *said,
                    size_t size)
{
    char prefix[64];
    snprintf(prefix, sizeof prefix, "%s: ", program);
    last_line(janitor, prefix, said, size);
}

// NAN, where it is not there.
static double read_seconds(const json_t *value)
{
    return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

// Seconds, of a figure that says its unit: {"value": 12.5, "unit": "millisecond"}. NAN, where
// it is not there, or in a unit that nobody knows.
static double read_figure(const json_t *figure)
{
    static const struct {
        const char *name;
        double seconds;
    } units[] = {{"second", 1},         {"s", 1},
                 {"millisecond", 1e-3}, {"ms", 1e-3},
                 {"microsecond", 1e-6}, {"us", 1e-6},
                 {"nanosecond", 1e-9},  {"ns", 1e-9}};
    const char *unit = json_string_value(json_object_get(figure, "unit"));
    for (size_t i = 0; i < ARRAY_LEN(units); i++)
        if (unit != NULL && strcmp(unit, units[i].name) == 0)
            return read_seconds(json_object_get(figure, "value")) * units[i].seconds;
    return (double)NAN;
}

// Of version 2, whose results hold each run by itself.
static bool read_measurement(const json_t *result, const char *name,
                             struct hyperfine_time *time)
{
    const char *called = json_string_value(json_object_get(result, "name"));
    const json_t *run = json_array_get(json_object_get(result, "measurements"), 0);
    const json_t *code = json_object_get(run, "exit_code");
    *time = (struct hyperfine_time){
        .wall_s = read_figure(json_object_get(run, "time_wall_clock")),
        .user_s = read_figure(json_object_get(run, "time_user")),
        .system_s = read_figure(json_object_get(run, "time_system")),
        .exit_code = json_is_integer(code) ? (int)json_integer_value(code) : -1};
    return called != NULL && strcmp(called, name) == 0 && !isnan(time->wall_s);
}

static bool read_time(const json_t *result, const char *name, struct hyperfine_time *time)
{
    const char *command = json_string_value(json_object_get(result, "command"));
    const json_t *wall = json_array_get(json_object_get(result, "times"), 0);
    const json_t *code = json_array_get(json_object_get(result, "exit_codes"), 0);
    if (command == NULL || strcmp(command, name) != 0 || !json_is_number(wall))
        return false;
    time->wall_s = json_number_value(wall);
    time->user_s = read_seconds(json_object_get(result, "user"));
    time->system_s = read_seconds(json_object_get(result, "system"));
    time->exit_code = json_is_integer(code) ? (int)json_integer_value(code) : -1;
    return true;
}

int hyperfine_times(const json_t *exported, const char *const *names, size_t count,
                    struct hyperfine_time *times, struct reason *reason)
{
    const json_t *results = json_object_get(exported, "results");
    if (json_array_size(results) != count)
        return reason_set(reason, -EPROTO, "hyperfine reported %zu of %zu commands",
                          json_array_size(results), count);
    const json_t *version = json_object_get(exported, "schema_version");
    bool second = json_integer_value(version) == 2;
    for (size_t i = 0; i < count; i++)
        if (!(second ? read_measurement : read_time)(json_array_get(results, i), names[i],
                                                     &times[i]))
            return reason_set(reason, -EPROTO,
                              "hyperfine's result for '%s' is incomplete", names[i]);
    return 0;
}

static int read_result(const struct hyperfine_call *call, const char *path,
                       struct hyperfine_time *times, struct reason *reason)
{
    json_t *root;
    struct reason why;
    int error = json_file_load(path, &root, &why);
    if (error == -ENOENT)
        return reason_set(reason, -EPROTO, "hyperfine ended well but wrote no result");
    if (error != 0)
        return reason_set(reason, -EPROTO, "hyperfine's result is broken: %.400s",
                          why.text);
    error = hyperfine_times(root, call->names, call->count, times, reason);
    json_decref(root);
    return error;
}

static int run_logged(const struct hyperfine_call *call, const char *const *argv, int log,
                      struct reason *reason)
{
    struct tool tool = {.argv = argv,
                        .output_fd = log,
                        .error_fd = log,
                        .timeout_ns = call->timeout_ns,
                        .janitor = call->janitor,
                        .tick = call->tick,
                        .context = call->context};
    int end = tool_run(&tool, reason);
    if (end <= 0)
        return end;
    char line[256];
    char path[PATH_SIZE];
    log_path(call->janitor, path, sizeof path);
    telling_line_of(path, line, sizeof line);
    return reason_set(reason, -EPROTO, "hyperfine failed with exit code %d: %s", end,
                      line);
}

int hyperfine_run(const struct hyperfine_call *call, struct hyperfine_time *times,
                  struct reason *reason)
{
    char result[PATH_SIZE];
    char output[PATH_SIZE];
    snprintf(result, sizeof result, "%s/block.json", call->janitor->folder);
    log_path(call->janitor, output, sizeof output);
    unlink(result);
    const char **argv = make_argv(call, result);
    if (argv == NULL)
        return reason_set(reason, -ENOMEM, "no memory for the command of a block");
    int log = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600);
    int error = 0;
    if (log < 0)
        error =
            reason_set(reason, -errno, "cannot write '%s': %s", output, strerror(errno));
    if (error == 0)
        error = run_logged(call, argv, log, reason);
    if (error == 0)
        error = read_result(call, result, times, reason);
    if (log >= 0)
        close(log);
    free(argv);
    return error;
}

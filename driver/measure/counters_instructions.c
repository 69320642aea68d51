// SPDX-License-Identifier: MIT
//
// counters_instructions.c - instructions of a run: see counters.h. The processor counts
// them where it lets us (perf stat); else callgrind executes the program by itself and
// counts what it executes, which gives the same number again but takes some twenty times
// as long.
//
// Only of what computes in one thread: anything else spends instructions on waiting, as
// many as it happens to wait, and a back end would be counted in. Of a command of
// anybody they are counted all the same, by callgrind those of its first process and its forks: the
// tolerance is the slow-down that is looked for.
#include "driver/measure/counters.h"

#include "driver/plan/command_rows.h"
#include "driver/report/read.h"
#include "driver/report/tree.h"
#include "driver/system/tool.h"
#include "lib/clock.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PROBE_TIMEOUT_NS (10 * NS_PER_SECOND)
#define PATH_SIZE        4096

// One of the two ways to count.
struct method {
    const char *name;
    const char *const *tool; // words before the runner's own
    const char *path;        // what it writes
    double (*read)(const char *path);
};

// ---- what the tools write ----------------------------------------------------------

// "527315727,,instructions:u,131000000,100.00,,", or "<not supported>,,instructions:u,...".
static double read_perf(const char *path)
{
    char line[512];
    double number = (double)NAN;
    FILE *file = fopen(path, "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        char *end;
        double value = strtod(line, &end);
        if (end != line && *end == ',' && strstr(end, "instructions") != NULL)
            number = value;
    }
    if (file != NULL)
        fclose(file);
    return number;
}

// "==4711== Collected : 527315727", a line for each process that the program has forked.
static double read_callgrind(const char *path)
{
    char line[512];
    double number = (double)NAN;
    FILE *file = fopen(path, "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        static const char mark[] = "== Collected : ";
        const char *found = strstr(line, mark);
        double own = found == NULL ? 0 : strtod(found + sizeof mark - 1, NULL);
        if (found != NULL)
            number = isnan(number) ? own : number + own;
    }
    if (file != NULL)
        fclose(file);
    return number;
}

// ---- counting ----------------------------------------------------------------------

// Does the processor count for us? Asked with a program that does nothing.
static bool perf_works(const char *path)
{
    char said[64];
    struct reason ignored;
    const char *const argv[] = {"perf",           "stat", "-x", ",",    "-e",
                                "instructions:u", "-o",   path, "true", NULL};
    return tool_capture(argv, PROBE_TIMEOUT_NS, said, sizeof said, &ignored) == 0 &&
           read_perf(path) > 0;
}

static int count_with(const struct extra_setting *setting, const struct table *table,
                      const struct cell *cell, const struct method *method,
                      json_t **instructions, struct reason *reason)
{
    json_t *record = NULL;
    struct extra_run run = {.setting = setting,
                            .cell = cell,
                            .tasks = (uint64_t)table->result->tasks,
                            .concurrency = (uint64_t)table->result->concurrency,
                            .tool = method->tool};
    int error = extra_run(&run, &record, reason);
    double total = error == 0 ? method->read(method->path) : (double)NAN;
    double operations = read_run_record(record).operations;
    json_decref(record);
    if (error == -ENOENT)
        return reason_set(reason, error,
                          "neither a counter of the processor (perf) nor valgrind: "
                          "install it with 'apt-get install valgrind'");
    if (error != 0)
        return error;
    if (!(total > 0) || !(operations > 0))
        return reason_set(reason, -EBADMSG, "'%s' printed no number", method->name);
    *instructions =
        json_pack("{s:o, s:o, s:o, s:s}", "per_operation", tree_real(total / operations),
                  "total", tree_real(total), "operations", tree_real(operations),
                  "method", method->name);
    return 0;
}

static bool computes_alone(const struct table *table, double workers)
{
    const char *setting = table->result->setting;
    return report_computes(table->result) && workers == 1 &&
           (setting == NULL || strcmp(setting, "one-cpu") == 0);
}

int counters_instructions(const struct extra_setting *setting, const struct table *table,
                          const struct cell *cell, double workers, json_t **instructions,
                          struct reason *reason)
{
    char path[PATH_SIZE];
    char option[PATH_SIZE + 16];
    extra_path(setting, "instructions.log", path, sizeof path);
    snprintf(option, sizeof option, "--log-file=%s", path);
    const char *const perf[] = {"perf",           "stat", "-x", ",",  "-e",
                                "instructions:u", "-o",   path, "--", NULL};
    const char *const callgrind[] = {"valgrind", "--tool=callgrind",
                                     "--callgrind-out-file=/dev/null", option, NULL};
    const struct method methods[] = {
        {"perf stat -e instructions:u", perf, path, read_perf},
        {"valgrind --tool=callgrind", callgrind, path, read_callgrind},
    };
    *instructions = json_null();
    if (!runner_is_command(cell->runner) && !computes_alone(table, workers)) {
        reason_set(reason, 0,
                   "counted only where one thread computes on one CPU: what waits "
                   "executes as much as it happens to wait");
        return 0;
    }
    const struct method *method = perf_works(path) ? &methods[0] : &methods[1];
    if (setting->quick && method == &methods[1]) {
        reason_set(reason, 0,
                   "the processor does not count them for us, and valgrind, "
                   "which would, takes long");
        return 0;
    }
    int error = count_with(setting, table, cell, method, instructions, reason);
    return error == -EINTR ? error : 0;
}

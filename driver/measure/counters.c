// SPDX-License-Identifier: MIT
//
// counters.c - see counters.h. Instructions and memory have files of their own.
#include "driver/measure/counters.h"

#include "driver/measure/counters_strace.h"
#include "driver/plan/command_rows.h"
#include "driver/report/read.h"
#include "driver/report/tree.h"
#include "lib/check.h"
#include "lib/clock.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#define NAMES_SHOWN    16 // kinds of system calls in the report, those made most often
#define PATH_SIZE      4096
#define COMMAND_COUNTS 3

// CPU-bound runs make few calls and need their size; of tasks that wait, fewer will do.
static struct counters_size size_of(const struct table *table)
{
    struct counters_size size = {.tasks = (uint64_t)table->result->tasks,
                                 .concurrency = (uint64_t)table->result->concurrency};
    if (report_computes(table->result))
        return size;
    if (size.tasks > COUNTERS_TASKS)
        size.tasks = COUNTERS_TASKS;
    if (size.concurrency > size.tasks)
        size.concurrency = size.tasks;
    return size;
}

// ---- system calls ------------------------------------------------------------------

// `spread`: how far the totals of several counts lie apart; NAN where there was but one.
static json_t *syscalls_json(const struct strace_counts *counts, double operations,
                             struct counters_size size, double spread)
{
    json_t *names = json_object();
    for (size_t i = 0; i < counts->names && i < NAMES_SHOWN; i++)
        json_object_set_new(names, counts->list[i].name,
                            json_integer((json_int_t)counts->list[i].calls));
    return json_pack("{s:o, s:I, s:I, s:o, s:I, s:I, s:o, s:o, s:s}", "per_operation",
                     tree_real((double)counts->total / operations), "total",
                     (json_int_t)counts->total, "waits", (json_int_t)counts->waits,
                     "operations", tree_real(operations), "tasks", (json_int_t)size.tasks,
                     "concurrency", (json_int_t)size.concurrency, "by_name", names,
                     "error", tree_real(spread), "method",
                     "strace -f, without the back end");
}

static int no_strace(struct reason *reason, int error)
{
    if (error != -ENOENT)
        return error;
    return reason_set(
        reason, error,
        "strace is not installed: install it with 'apt-get install strace'");
}

int counters_count_calls(const struct extra_setting *setting, const struct cell *cell,
                         struct counters_size size, struct strace_counts *counts,
                         double *operations, struct reason *reason)
{
    char path[PATH_SIZE];
    json_t *record = NULL;
    extra_path(setting, "strace.log", path, sizeof path);
    const char *const tool[] = {"strace", "-f",          "-qq", "-s", "32",
                                "-e",     "signal=none", "-o",  path, NULL};
    struct extra_run run = {.setting = setting,
                            .cell = cell,
                            .tasks = size.tasks,
                            .concurrency = size.concurrency,
                            .tool = tool};
    int error = no_strace(reason, extra_run(&run, &record, reason));
    if (error == 0)
        error = strace_count_log(path, counts, reason);
    *operations = read_run_record(record).operations;
    json_decref(record);
    if (error == 0 && !(*operations > 0))
        error = reason_set(reason, -EBADMSG, "the run did no operation");
    return error;
}

// Of a runner, calls of one operation are counted, and of them there are many. A command of
// anybody has but its run: counted several times, to tell whether the number is fixed.
int counters_syscalls(const struct extra_setting *setting, const struct cell *cell,
                      struct counters_size size, json_t **syscalls, struct reason *reason)
{
    static struct strace_counts counts; // large, and there is one run at a time
    unsigned times = runner_is_command(cell->runner) ? COMMAND_COUNTS : 1;
    double least = HUGE_VAL;
    double most = 0;
    double operations = 0;
    int error = 0;
    *syscalls = json_null();
    for (unsigned i = 0; error == 0 && i < times; i++) {
        error = counters_count_calls(setting, cell, size, &counts, &operations, reason);
        least = fmin(least, (double)(counts.total - counts.waits));
        most = fmax(most, (double)(counts.total - counts.waits));
    }
    if (error == 0)
        *syscalls = syscalls_json(&counts, operations, size,
                                  times > 1 ? most - least : (double)NAN);
    return error == -EINTR ? error : 0;
}

// ---- one cell ----------------------------------------------------------------------

// Keeps a part, or says why there is none.
static void keep(json_t *counters, const char *name, json_t *part,
                 const struct reason *why)
{
    json_object_set_new(counters, name, part);
    if (json_is_null(part))
        json_object_set_new(tree_at(counters, "missing"), name, tree_string(why->text));
}

int counters_take(const struct extra_setting *given, const struct table *table,
                  const struct cell *cell, json_t **counters, struct reason *reason)
{
    struct extra_setting setting = *given;
    json_t *syscalls = NULL;
    json_t *instructions = NULL;
    struct counters_weighed weighed = {NULL, NULL, NULL};
    struct reason why = {""};
    setting.table = table;
    *counters = json_pack("{s:{}}", "missing");
    int error = counters_syscalls(&setting, cell, size_of(table), &syscalls, &why);
    keep(*counters, "syscalls", syscalls, &why);
    if (error == 0) {
        error = counters_memory(&setting, table, cell, &weighed, &why);
        keep(*counters, "switches", weighed.switches, &why);
        keep(*counters, "memory", weighed.memory, &why);
        keep(*counters, "memory_per_task", weighed.per_task, &why);
    }
    if (error == 0) {
        error = counters_instructions(&setting, table, cell,
                                      tree_number(weighed.memory, "workers"),
                                      &instructions, &why);
        keep(*counters, "instructions", instructions, &why);
    }
    if (error == 0)
        return 0;
    json_decref(*counters);
    *counters = NULL;
    return reason_set(reason, error, "%s", why.text);
}

// ---- a session ---------------------------------------------------------------------

static int add_table(struct session *session, const struct table *table, bool quick,
                     struct reason *reason)
{
    const struct extra_setting setting = {.janitor = &session->janitor,
                                          .quick = quick,
                                          .tick = progress_tick,
                                          .context = &session->progress};
    for (size_t i = 0; i < table->count; i++) {
        const struct cell *cell = &table->cells[i];
        json_t *counters;
        if (!cell->live)
            continue;
        int error = counters_take(&setting, table, cell, &counters, reason);
        if (error != 0)
            return error;
        cell->result->counters = report_keep_json(table->report, counters);
    }
    return 0;
}

int counters_add(struct session *session, bool quick, uint64_t deadline_ns,
                 unsigned *left_out, struct reason *reason)
{
    *left_out = 0;
    session->progress.blocks += (unsigned)session->plan.count;
    for (size_t i = 0; i < session->plan.count; i++) {
        const struct table *table = &session->plan.list[i];
        char what[160];
        if (deadline_ns != 0 && clock_now_ns() >= deadline_ns) {
            ++*left_out;
            session->progress.blocks--;
            continue;
        }
        snprintf(what, sizeof what, "counting %s", table->result->id);
        progress_begin(&session->progress, what, 0, 0);
        int error = add_table(session, table, quick, reason);
        if (error != 0)
            return error;
        progress_end(&session->progress);
    }
    return 0;
}

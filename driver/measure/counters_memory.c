// SPDX-License-Identifier: MIT
//
// counters_memory.c - memory of a run and of one task, and context switches: see counters.h. A
// linked runner observes itself (runners/common/memory.h), and quartet-observe a foreign one. The same with fewer tasks gives points of a line; its
// slope is what one more task weighs, and the program itself is in its offset.
#include "driver/measure/counters.h"

#include "driver/report/read.h"
#include "driver/report/tree.h"
#include "driver/statistics/line.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#define POINTS      4   // quarters of the table's concurrency
#define TASKS_LEAST 200 // fewer weigh too little beside the program
#define TASKS_MOST  1000

// How many tasks wait at the same time at the last point; 0: not all of them wait at once,
// and there is nothing to lay a line through.
static uint64_t tasks_together(const struct table *table)
{
    uint64_t tasks = (uint64_t)table->result->tasks;
    uint64_t concurrency = (uint64_t)table->result->concurrency;
    if (report_computes(table->result) || tasks != concurrency || tasks < TASKS_LEAST)
        return 0;
    return tasks < TASKS_MOST ? tasks : TASKS_MOST;
}

// Replaces what an earlier run has shown.
static void keep(struct counters_weighed *weighed, const struct record *read,
                 struct counters_size size)
{
    json_decref(weighed->memory);
    json_decref(weighed->switches);
    weighed->memory = json_pack(
        "{s:o, s:I, s:I, s:o, s:o}", "bytes", tree_real(read->memory_bytes), "tasks",
        (json_int_t)size.tasks, "concurrency", (json_int_t)size.concurrency, "workers",
        tree_real(read->workers), "method",
        tree_string(read->memory_method == NULL ? "unknown" : read->memory_method));
    weighed->switches =
        json_pack("{s:o, s:o, s:o, s:I, s:I, s:s}", "voluntary",
                  tree_real(read->voluntary), "involuntary", tree_real(read->involuntary),
                  "operations", tree_real(read->operations), "tasks",
                  (json_int_t)size.tasks, "concurrency", (json_int_t)size.concurrency,
                  "method", "getrusage, while memory was looked at");
}

static int weigh(const struct extra_setting *setting, const struct cell *cell,
                 struct counters_size size, double *bytes,
                 struct counters_weighed *weighed, struct reason *reason)
{
    json_t *record = NULL;
    struct extra_run run = {.setting = setting,
                            .cell = cell,
                            .tasks = size.tasks,
                            .concurrency = size.concurrency,
                            .memory = true};
    int error = extra_run(&run, &record, reason);
    const struct record read = read_run_record(record);
    *bytes = read.memory_bytes;
    if (error == 0 && isnan(*bytes))
        error = reason_set(reason, -ENODATA, "the runner could not observe its memory");
    if (error == 0)
        keep(weighed, &read, size);
    json_decref(record);
    return error;
}

static int weigh_tasks(const struct extra_setting *setting, const struct cell *cell,
                       uint64_t most, struct counters_weighed *weighed,
                       struct reason *reason)
{
    double tasks[POINTS];
    double bytes[POINTS];
    json_t *sizes = json_array();
    int error = 0;
    for (uint64_t i = 0; i < POINTS && error == 0; i++) {
        uint64_t count = most * (i + 1) / POINTS;
        struct counters_size size = {count, count};
        error = weigh(setting, cell, size, &bytes[i], weighed, reason);
        tasks[i] = (double)count;
        json_array_append_new(sizes, json_integer((json_int_t)count));
    }
    if (error != 0) {
        json_decref(sizes);
        json_decref(weighed->memory);
        json_decref(weighed->switches);
        weighed->memory = json_null();
        weighed->switches = json_null();
        return error;
    }
    struct line line = line_through(tasks, bytes, POINTS);
    weighed->per_task =
        json_pack("{s:o, s:o, s:o, s:s}", "bytes", tree_real(line.slope), "error",
                  tree_real(line.error), "tasks", sizes, "method",
                  "least squares over runs with these numbers of tasks");
    return 0;
}

int counters_memory(const struct extra_setting *setting, const struct table *table,
                    const struct cell *cell, struct counters_weighed *weighed,
                    struct reason *reason)
{
    uint64_t together = tasks_together(table);
    struct counters_size size = {.tasks = (uint64_t)table->result->tasks,
                                 .concurrency = (uint64_t)table->result->concurrency};
    double bytes;
    int error;
    weighed->memory = json_null();
    weighed->per_task = json_null();
    weighed->switches = json_null();
    if (together != 0) {
        error = weigh_tasks(setting, cell, together, weighed, reason);
    } else {
        error = weigh(setting, cell, size, &bytes, weighed, reason);
        if (error == 0)
            reason_set(reason, 0, "fewer than %d tasks, or not all of them wait at once",
                       TASKS_LEAST);
    }
    return error == -EINTR ? error : 0;
}

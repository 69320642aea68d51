// SPDX-License-Identifier: MIT
//
// counters_memory.c - memory of a run and of one task, and context switches: see counters.h. A
// linked runner observes itself (runners/common/memory.h), and quartet-observe a foreign one. The same with fewer tasks gives points of a line; its
// slope is what one more task weighs, and the program itself is in its offset.
#include "driver/measure/counters.h"

#include "driver/report/members.h"
#include "driver/report/read.h"
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

// Figures of one run.
struct weighed_run {
    double tasks, concurrency; // of it
    struct record read;
    const char *method;
};

#define OF(name, field, rules) MEMBER_AS(name, struct weighed_run, field, rules)
static const struct member memory_list[] = {
    OF("bytes", read.memory_bytes, MEMBER_PLAIN),
    OF("tasks", tasks, MEMBER_WHOLE),
    OF("concurrency", concurrency, MEMBER_WHOLE),
    OF("workers", read.workers, MEMBER_PLAIN),
    OF("method", read.memory_method, MEMBER_PLAIN),
};
MEMBERS_OF(memory);

static const struct member switches_list[] = {
    OF("voluntary", read.voluntary, MEMBER_PLAIN),
    OF("involuntary", read.involuntary, MEMBER_PLAIN),
    OF("operations", read.operations, MEMBER_PLAIN),
    OF("tasks", tasks, MEMBER_WHOLE),
    OF("concurrency", concurrency, MEMBER_WHOLE),
    OF("method", method, MEMBER_PLAIN),
};
MEMBERS_OF(switches);
#undef OF

// Replaces what an earlier run has shown.
static void keep(struct counters_weighed *weighed, const struct record *read,
                 struct counters_size size)
{
    struct weighed_run own = {(double)size.tasks, (double)size.concurrency, *read,
                              "getrusage, while memory was looked at"};
    if (read->memory_method == NULL)
        own.read.memory_method = "unknown";
    json_decref(weighed->memory);
    json_decref(weighed->switches);
    weighed->memory = members_json(&memory_members, &own);
    weighed->switches = members_json(&switches_members, &own);
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

static const struct member line_list[] = {
    MEMBER_AS("bytes", struct line, slope, MEMBER_PLAIN),
    MEMBER(struct line, error, MEMBER_PLAIN),
};
MEMBERS_OF(line);

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
    weighed->per_task = members_json(&line_members, &line);
    json_object_set_new(weighed->per_task, "tasks", sizes);
    json_object_set_new(weighed->per_task, "method",
                        json_string(
                            "least squares over runs with these numbers of tasks"));
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

// SPDX-License-Identifier: MIT
//
// The file of a traced runner, quartet.trace/1: JSON, one event a line.
//
//   [at, cpu_ns, type, task, why, due, cpu]
//
// `at` and `due` are nanoseconds since the gate was opened (due: null where nobody knows);
// cpu_ns is the CPU time of the thread so far; type and why are words; cpu is a number.
#include "runners/trace/trace.h"

#include "lib/json_file.h"

#include <inttypes.h>

static const char *const types[] = {
    [TRACE_BEGIN] = "begin", [TRACE_RUN] = "run", [TRACE_WAIT] = "wait",
    [TRACE_END] = "end",     [TRACE_JOB] = "job", [TRACE_DONE] = "done",
};

static const char *const whys[TRACE_WHYS] = {
    [TRACE_NOTHING] = "",
    [TRACE_TIMER] = "timer",
    [TRACE_SOCKET] = "socket",
    [TRACE_LOCK] = "lock",
    [TRACE_SEMAPHORE] = "semaphore",
    [TRACE_EVENT] = "event",
    [TRACE_QUEUE] = "queue",
    [TRACE_CHILD] = "child",
    [TRACE_POOL] = "pool",
    [TRACE_TURN] = "turn",
    [TRACE_GLOBAL_LOCK] = "global lock",
};

static void write_event(FILE *file, const struct trace_event *event, uint64_t opened_ns)
{
    fprintf(file, "[%" PRId64 ",%" PRIu64 ",\"%s\",%" PRIu32 ",\"%s\",",
            (int64_t)(event->at_ns - opened_ns), event->cpu_ns, types[event->type],
            event->task, whys[event->why]);
    if (event->due_ns == 0)
        fputs("null", file);
    else
        fprintf(file, "%" PRId64, (int64_t)(event->due_ns - opened_ns));
    fprintf(file, ",%u]", event->cpu);
}

static void write_lane(FILE *file, uint32_t index, uint64_t opened_ns)
{
    const struct trace_lane *lane = trace_lane_at(index);
    const struct trace_event *events = trace_events_of(index);
    fprintf(file,
            "%s{\"role\":\"%s\",\"pid\":%d,\"tid\":%d,\"lost\":%" PRIu64 ",\"events\":[",
            index == 0 ? "\n" : ",\n", lane->role == TRACE_WORKER ? "worker" : "pool",
            lane->pid, lane->tid, lane->lost);
    for (uint32_t i = 0; i < lane->count; i++) {
        fputs(i == 0 ? "\n" : ",\n", file);
        write_event(file, &events[i], opened_ns);
    }
    fputs("]}", file);
}

static void write_all(FILE *file, const void *content)
{
    const struct run *run = content;
    uint64_t opened_ns = atomic_load(&run->board->opened_ns);
    fprintf(file,
            "{\"schema\":\"quartet.trace/1\",\"model\":\"%s\",\"workload\":\"%s\","
            "\"tasks\":%" PRIu32 ",\"concurrency\":%" PRIu32 ",\"workers\":%" PRIu32
            ",\"finished_ns\":%" PRIu64 ",\"event_cost_ns\":%" PRIu64 ",\"lost\":%" PRIu64
            ",\"lanes\":[",
            run->model, run->work.workload->name, run->work.tasks, run->work.concurrency,
            run->workers,
            run->milestones.finished_ns > opened_ns
                ? run->milestones.finished_ns - opened_ns
                : 0,
            trace_event_cost_ns(), trace_unclaimed());
    for (uint32_t i = 0; i < trace_lane_count(); i++)
        write_lane(file, i, opened_ns);
    fputs("]}\n", file);
}

void trace_write(const struct run *run, const char *path)
{
    struct reason reason;
    if (text_file_save(path, write_all, run, &reason) != 0)
        die(EXIT_WRONG, "%s", reason.text);
}

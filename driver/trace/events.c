// SPDX-License-Identifier: MIT
//
// Strips as trace events: see events.h. Times are microseconds, as the format wants.
//
//   M  names and the order of processes and threads
//   X  a task runs on a worker, from ts for dur; the same on a CPU's thread
//   b  e  a task, and inside it each of its waits, as async events of one id
//   C  how many tasks run and wait
#include "driver/trace/events.h"

#include "lib/allocate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct writer {
    FILE *file;
    bool any;
};

#define US(ns) ((ns) / 1e3)

// Begins an event; the caller ends it.
static void begin(struct writer *writer, const char *phase, int pid, unsigned tid)
{
    fprintf(writer->file, "%s\n{\"ph\":\"%s\",\"pid\":%d,\"tid\":%u",
            writer->any ? "," : "", phase, pid, tid);
    writer->any = true;
}

static void name(struct writer *writer, const char *what, int pid, unsigned tid,
                 const char *text)
{
    begin(writer, "M", pid, tid);
    fprintf(writer->file, ",\"name\":\"%s\",\"args\":{\"name\":\"%s\"}}", what, text);
}

static void order(struct writer *writer, const char *what, int pid, unsigned tid,
                  unsigned index)
{
    begin(writer, "M", pid, tid);
    fprintf(writer->file, ",\"name\":\"%s\",\"args\":{\"sort_index\":%u}}", what, index);
}

// ---- names -----------------------------------------------------------------------------

// Two processes for each strip: its workers, and its CPUs. Threads begin with 1.
static int workers_pid(size_t strip)
{
    return (int)(2 * strip) + 1;
}

static int cpus_pid(size_t strip)
{
    return (int)(2 * strip) + 2;
}

static void write_names(struct writer *writer, const struct strip *strip, size_t index)
{
    char text[64];
    int pid = workers_pid(index);
    snprintf(text, sizeof text, "%zu %s", index + 1, strip->model);
    name(writer, "process_name", pid, 0, text);
    order(writer, "process_sort_index", pid, 0, (unsigned)pid);
    for (size_t i = 0; i < strip->lane_count; i++) {
        name(writer, "thread_name", pid, (unsigned)i + 1, strip->lanes[i].name);
        order(writer, "thread_sort_index", pid, (unsigned)i + 1, (unsigned)i + 1);
    }
    snprintf(text, sizeof text, "%zu %s, CPUs", index + 1, strip->model);
    name(writer, "process_name", cpus_pid(index), 0, text);
    order(writer, "process_sort_index", cpus_pid(index), 0, (unsigned)cpus_pid(index));
    bool named[1024] = {false};
    for (size_t i = 0; i < strip->span_count; i++) {
        const struct strip_span *span = &strip->spans[i];
        if (span->state != STRIP_RUNS || span->cpu >= 1024 || named[span->cpu])
            continue;
        named[span->cpu] = true;
        snprintf(text, sizeof text, "CPU %03u", span->cpu);
        name(writer, "thread_name", cpus_pid(index), span->cpu + 1, text);
        order(writer, "thread_sort_index", cpus_pid(index), span->cpu + 1, span->cpu);
    }
}

// ---- spans -----------------------------------------------------------------------------

static void write_run(struct writer *writer, const struct strip_span *span, int pid,
                      unsigned tid)
{
    begin(writer, "X", pid, tid);
    fprintf(writer->file,
            ",\"name\":\"task %u\",\"cat\":\"run\",\"ts\":%.3f,\"dur\":%.3f,"
            "\"args\":{\"task\":%u,\"cpu\":%u,\"cpu_us\":%.3f}}",
            span->task, US(span->begin_ns), US(span->end_ns - span->begin_ns), span->task,
            span->cpu, US(span->cpu_ns));
}

static void write_async(struct writer *writer, const char *phase, size_t strip,
                        uint32_t task, double at_ns, const char *text)
{
    begin(writer, phase, workers_pid(strip), 0);
    fprintf(writer->file,
            ",\"name\":\"%s\",\"cat\":\"task\",\"id2\":{\"local\":\"0x%x\"},\"ts\":%.3f}",
            text, task + 1, US(at_ns));
}

static void write_wait(struct writer *writer, const struct strip_span *span, size_t strip)
{
    char text[48];
    snprintf(text, sizeof text, "%s for %s",
             span->state == STRIP_READY ? "ready, waits" : "waits",
             span->state == STRIP_READY && span->why == WHY_TURN
                 ? "its turn"
                 : strip_why_name(span->why));
    write_async(writer, "b", strip, span->task, span->begin_ns, text);
    write_async(writer, "e", strip, span->task, span->end_ns, text);
}

// The life of each task lies round its waits, so it is written first.
static void write_lives(struct writer *writer, const struct strip *strip, size_t index)
{
    double *begin_ns = allocate(strip->tasks, sizeof *begin_ns);
    double *end_ns = allocate(strip->tasks, sizeof *end_ns);
    char text[32];
    for (uint32_t task = 0; task < strip->tasks; task++)
        begin_ns[task] = end_ns[task] = (double)NAN;
    for (size_t i = 0; i < strip->span_count; i++) {
        const struct strip_span *span = &strip->spans[i];
        begin_ns[span->task] =
            fmin(begin_ns[span->task], span->begin_ns); // NAN gives way
        end_ns[span->task] = fmax(end_ns[span->task], span->end_ns);
    }
    for (uint32_t task = 0; task < strip->tasks; task++) {
        if (isnan(begin_ns[task]))
            continue;
        snprintf(text, sizeof text, "task %u", task);
        write_async(writer, "b", index, task, begin_ns[task], text);
        write_async(writer, "e", index, task, end_ns[task], text);
    }
    free(begin_ns);
    free(end_ns);
}

static void write_spans(struct writer *writer, const struct strip *strip, size_t index)
{
    write_lives(writer, strip, index);
    for (size_t i = 0; i < strip->span_count; i++) {
        const struct strip_span *span = &strip->spans[i];
        if (span->state == STRIP_RUNS) {
            write_run(writer, span, workers_pid(index), span->lane + 1);
            write_run(writer, span, cpus_pid(index), span->cpu + 1);
        } else {
            write_wait(writer, span, index);
        }
    }
}

void strip_events(FILE *file, const struct strips *strips)
{
    struct writer writer = {.file = file};
    fprintf(file,
            "{\"displayTimeUnit\":\"ms\",\"otherData\":{\"schema\":\"quartet.trace-"
            "events/1\","
            "\"workload\":\"%s\",\"tasks\":%u,\"concurrency\":%u",
            strips->list[0].workload, strips->list[0].tasks, strips->list[0].concurrency);
    for (size_t i = 0; i < strips->count; i++)
        fprintf(file, ",\"lost, %s\":%.0f", strips->list[i].model, strips->list[i].lost);
    fputs("},\"traceEvents\":[", file);
    for (size_t i = 0; i < strips->count; i++) {
        write_names(&writer, &strips->list[i], i);
        write_spans(&writer, &strips->list[i], i);
    }
    fputs("\n]}\n", file);
}

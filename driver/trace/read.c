// SPDX-License-Identifier: MIT
//
// From events to spans: see strip.h. A task has one open span at a time; the next event of
// the task closes it.
#include "driver/trace/strip.h"

#include "driver/report/members.h"
#include "driver/report/tree.h"
#include "lib/allocate.h"
#include "lib/check.h"
#include "lib/json_file.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A task that runs is looked at from time to time. Where less than a quarter of the time
// between two looks was CPU time of its thread, and this at least was not, the thread had no
// CPU: it was its turn again after a slice of somebody else's.
#define OFF_CPU_NS 50000.

#define COUNT_MOST 10e6 // tasks of a run: a file may come from anywhere

static const struct {
    const char *name;
    char sign;
} whys[WHY_COUNT] = {
    [WHY_NOTHING] = {"", ' '},
    [WHY_TIMER] = {"timer", '.'},
    [WHY_SOCKET] = {"socket", '-'},
    [WHY_LOCK] = {"lock", '='},
    [WHY_SEMAPHORE] = {"semaphore", ':'},
    [WHY_EVENT] = {"event", '^'},
    [WHY_QUEUE] = {"queue", '~'},
    [WHY_CHILD] = {"child", '<'},
    [WHY_POOL] = {"pool", '+'},
    [WHY_GLOBAL_LOCK] = {"global lock", '*'},
    [WHY_TURN] = {"turn", '!'},
    [WHY_CPU] = {"CPU", '_'},
};

const char *strip_why_name(enum strip_why why)
{
    return whys[why].name;
}

char strip_why_sign(enum strip_why why)
{
    return whys[why].sign;
}

// ---- one event -------------------------------------------------------------------------

enum event_type { EVENT_BEGIN, EVENT_RUN, EVENT_WAIT, EVENT_END, EVENT_JOB, EVENT_DONE };

struct event {
    double at_ns, cpu_ns, due_ns; // due_ns: NAN when nobody knows
    enum event_type type;
    enum strip_why why;
    uint32_t task, cpu;
};

static bool find_type(const char *name, enum event_type *type)
{
    static const char *const names[] = {"begin", "run", "wait", "end", "job", "done"};
    for (size_t i = 0; name != NULL && i < ARRAY_LEN(names); i++) {
        *type = (enum event_type)i;
        if (strcmp(names[i], name) == 0)
            return true;
    }
    return false;
}

static bool find_why(const char *name, enum strip_why *why)
{
    for (size_t i = 0; name != NULL && i < WHY_COUNT; i++) {
        *why = (enum strip_why)i;
        if (strcmp(whys[i].name, name) == 0)
            return true;
    }
    return false;
}

// [at, cpu_ns, type, task, why, due, cpu]. False: it is none.
static bool read_event(const json_t *json, const struct strip *strip, struct event *event)
{
    const json_t *due = json_array_get(json, 5);
    json_int_t task = json_integer_value(json_array_get(json, 3));
    *event = (struct event){.at_ns = json_number_value(json_array_get(json, 0)),
                            .cpu_ns = json_number_value(json_array_get(json, 1)),
                            .due_ns = json_is_number(due) ? json_number_value(due)
                                                          : (double)NAN,
                            .task = (uint32_t)task,
                            .cpu = (uint32_t)json_integer_value(json_array_get(json, 6))};
    return json_array_size(json) == 7 && task >= 0 && task < (json_int_t)strip->tasks &&
           find_type(json_string_value(json_array_get(json, 2)), &event->type) &&
           find_why(json_string_value(json_array_get(json, 4)), &event->why);
}

// ---- spans -----------------------------------------------------------------------------

struct reading {
    struct strip *strip;
    struct event *open; // by task
    bool *is_open;      // by task
    size_t room;        // of the spans
    uint32_t lane;
};

// A span that only goes on where the last one ended is part of it.
static void add_span(struct reading *reading, const struct strip_span *span)
{
    struct strip *strip = reading->strip;
    struct strip_span *last =
        strip->span_count > 0 ? &strip->spans[strip->span_count - 1] : NULL;
    if (span->end_ns <= span->begin_ns)
        return;
    if (last != NULL && last->lane == span->lane && last->task == span->task &&
        last->state == span->state && last->why == span->why && last->cpu == span->cpu &&
        last->end_ns >= span->begin_ns) {
        last->end_ns = span->end_ns;
        last->cpu_ns += span->cpu_ns;
        return;
    }
    strip->spans = allocate_more(strip->spans, strip->span_count + 1, &reading->room,
                                 sizeof *strip->spans);
    strip->spans[strip->span_count++] = *span;
}

// A timer that has gone off makes its task ready.
static void close_wait(struct reading *reading, struct strip_span *span, double due_ns)
{
    span->state = span->why == WHY_TURN ? STRIP_READY : STRIP_WAITS;
    if (!(due_ns > span->begin_ns && due_ns < span->end_ns)) {
        add_span(reading, span);
        return;
    }
    struct strip_span ready = *span;
    span->end_ns = ready.begin_ns = due_ns;
    ready.state = STRIP_READY;
    ready.why = WHY_TURN;
    add_span(reading, span);
    add_span(reading, &ready);
}

static void close_span(struct reading *reading, const struct event *next)
{
    const struct event *event = &reading->open[next->task];
    struct strip_span span = {.begin_ns = event->at_ns,
                              .end_ns = next->at_ns,
                              .cpu_ns = next->cpu_ns - event->cpu_ns,
                              .lane = reading->lane,
                              .task = next->task,
                              .cpu = event->cpu,
                              .why = event->why};
    double wall_ns = span.end_ns - span.begin_ns;
    if (event->why != WHY_NOTHING) {
        close_wait(reading, &span, event->due_ns);
        return;
    }
    if (span.cpu_ns < wall_ns / 4 && wall_ns - span.cpu_ns > OFF_CPU_NS) {
        span.state = STRIP_READY;
        span.why = WHY_CPU;
    }
    add_span(reading, &span);
}

static void take_event(struct reading *reading, const struct event *event)
{
    if (reading->is_open[event->task])
        close_span(reading, event);
    reading->open[event->task] = *event;
    reading->is_open[event->task] = event->type != EVENT_END && event->type != EVENT_DONE;
}

// ---- lanes -----------------------------------------------------------------------------

static int digits_of(size_t count)
{
    return count < 10 ? 1 : count < 100 ? 2 : count < 1000 ? 3 : 4;
}

// Names are numbered with leading zeros, so that programs which sort them as text keep them
// in order.
static void name_lane(const struct strip *strip, struct strip_lane *lane, size_t workers,
                      size_t pools)
{
    const char *what = lane->pool ? "pool" : lane->loop ? "loop" : "worker";
    snprintf(lane->name, sizeof lane->name, "%s %0*zu", what,
             digits_of(strip->lane_count), lane->pool ? pools : workers);
}

// A lane, as the file has it.
struct lane_members {
    const char *role;
    double pid, tid, lost;
    json_t *events;
};

#define OF(field) MEMBER(struct lane_members, field, MEMBER_PLAIN)
static const struct member lane_list[] = {
    OF(role),
    OF(pid),
    OF(tid),
    OF(lost),
    MEMBER(struct lane_members, events, MEMBER_ARRAY),
};
MEMBERS_OF(lane);
#undef OF

static int read_lane(struct reading *reading, const json_t *json, struct reason *reason)
{
    struct strip *strip = reading->strip;
    struct strip_lane *lane = &strip->lanes[reading->lane];
    struct lane_members own;
    size_t index;
    const json_t *one;
    struct event event = {0};
    members_read(json, &lane_members, &own);
    const char *role = own.role == NULL ? "" : own.role;
    lane->pid = (int)own.pid;
    lane->tid = (int)own.tid;
    lane->pool = strcmp(role, "pool") == 0;
    lane->loop = strcmp(role, "loop") == 0 || strcmp(strip->model, "coroutine") == 0 ||
                 strcmp(strip->model, "eventloop") == 0;
    lane->lost = own.lost;
    memset(reading->is_open, 0, strip->tasks * sizeof *reading->is_open);
    json_array_foreach(own.events, index, one)
    {
        if (!read_event(one, strip, &event))
            return reason_set(reason, -EBADMSG, "event %zu of lane %u cannot be read",
                              index, reading->lane);
        take_event(reading, &event);
    }
    strip->events += (double)json_array_size(own.events);
    strip->lost += lane->lost;
    lane->cut_ns = lane->lost > 0 ? event.at_ns : 0;
    return 0;
}

static int read_lanes(struct strip *strip, const json_t *lanes, struct reason *reason)
{
    struct reading reading = {.strip = strip,
                              .open = allocate(strip->tasks, sizeof *reading.open),
                              .is_open = allocate(strip->tasks, sizeof *reading.is_open)};
    size_t counts[2] = {0, 0};
    size_t index;
    const json_t *one;
    int error = 0;
    strip->lane_count = json_array_size(lanes);
    strip->lanes = allocate(strip->lane_count + 1, sizeof *strip->lanes);
    json_array_foreach(lanes, index, one)
    {
        reading.lane = (uint32_t)index;
        if (error == 0)
            error = read_lane(&reading, one, reason);
        counts[strip->lanes[index].pool]++;
        name_lane(strip, &strip->lanes[index], counts[0], counts[1]);
    }
    free(reading.open);
    free(reading.is_open);
    return error;
}

#define COUNT(name, field) MEMBER_UNSIGNED(name, struct strip, field, MEMBER_PLAIN)
#define OF(name, field)    MEMBER_AS(name, struct strip, field, MEMBER_PLAIN)
static const struct member strip_list[] = {
    OF("model", model),
    OF("workload", workload),
    COUNT("tasks", tasks),
    COUNT("concurrency", concurrency),
    COUNT("workers", workers),
    OF("finished_ns", end_ns),
    OF("event_cost_ns", event_cost_ns),
    OF("lost", lost),
};
MEMBERS_OF(strip);
#undef OF
#undef COUNT

int strip_read(const char *path, struct strip *strip, struct reason *reason)
{
    json_t *json;
    struct reason why;
    *strip = (struct strip){0};
    int error = json_file_load_schema(path, "quartet.trace/1", &json, reason);
    if (error != 0)
        return error;
    members_read(json, &strip_members, strip);
    if (strip->tasks == 0 || strip->tasks > COUNT_MOST || !(strip->end_ns >= 0))
        error = reason_set(&why, -EBADMSG, "it has no tasks or no end");
    if (error == 0)
        error = read_lanes(strip, tree_array(json, "lanes"), &why);
    json_decref(json);
    if (error == 0)
        return 0;
    strip_free(strip);
    return reason_set(reason, error, "%.200s: %.200s", path, why.text);
}

void strip_free(struct strip *strip)
{
    free(strip->lanes);
    free(strip->spans);
    *strip = (struct strip){0};
}

int strips_add(struct strips *strips, const char *path, struct reason *reason)
{
    if (strips->count == ARRAY_LEN(strips->list))
        return reason_set(reason, -ENOSPC, "more than %zu strips", strips->count);
    int error = strip_read(path, &strips->list[strips->count], reason);
    if (error != 0)
        return error;
    strips->end_ns = fmax(strips->end_ns, strips->list[strips->count].end_ns);
    strips->count++;
    return 0;
}

void strips_free(struct strips *strips)
{
    for (size_t i = 0; i < strips->count; i++)
        strip_free(&strips->list[i]);
    strips->count = 0;
}

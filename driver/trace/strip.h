// SPDX-License-Identifier: MIT
//
// strip.h - who ran when, of one traced run: its workers as lanes, and what each task did in
// them as spans of time. Made of the events of a traced runner (quartet.trace/1, written by
// runners/trace/file.c); drawn by text.c and svg.c, handed on by events.c.
//
// Read next: read.c.
#ifndef QUARTET_DRIVER_TRACE_STRIP_H
#define QUARTET_DRIVER_TRACE_STRIP_H

#include "lib/error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum strip_state {
    STRIP_RUNS,
    STRIP_READY, // it could run, and has no turn or no CPU
    STRIP_WAITS,
};

// Reasons for which tasks wait; the order is that of the legend.
enum strip_why {
    WHY_NOTHING,
    WHY_TIMER,
    WHY_SOCKET,
    WHY_LOCK,
    WHY_SEMAPHORE,
    WHY_EVENT,
    WHY_QUEUE,
    WHY_CHILD,
    WHY_POOL,
    WHY_GLOBAL_LOCK,
    WHY_TURN,
    WHY_CPU,
    WHY_COUNT
};

struct strip_span {
    double begin_ns, end_ns; // since the gate was opened
    double cpu_ns;           // CPU time of the thread meanwhile
    uint32_t lane;
    uint32_t task;
    uint32_t cpu; // where the thread was at the beginning
    enum strip_state state;
    enum strip_why why;
};

struct strip_lane {
    char name[32]; // "worker 03"; the order of names is that of the lanes
    bool pool;     // of a pool beside a loop (--offload)
    bool loop;     // its tasks take turns in it
    int pid, tid;
    double lost;   // events that did not fit
    double cut_ns; // from when on they did not, 0: all did
};

struct strip {
    char model[32];
    char workload[32];
    uint32_t tasks, concurrency, workers;
    double end_ns;        // the last task was finished
    double event_cost_ns; // what writing down an event took
    double events;        // that are kept
    double lost;          // that are not
    size_t lane_count;
    struct strip_lane *lanes; // owned
    size_t span_count;
    struct strip_span *spans; // owned; in the order of lanes, then of their ends
};

// The strips of one figure: same workload, same scale.
struct strips {
    size_t count;
    struct strip list[16];
    double end_ns;
};

// Reads a file of events. 0, or -errno with the reason.
int strip_read(const char *path, struct strip *strip, struct reason *reason);
void strip_free(struct strip *strip);

// Adds the strip of a file to the figure. As strip_read(), or -ENOSPC.
int strips_add(struct strips *strips, const char *path, struct reason *reason);
void strips_free(struct strips *strips);

// "timer", "global lock"
const char *strip_why_name(enum strip_why why);

// The sign of a wait in a picture of text, no letter: letters are tasks.
char strip_why_sign(enum strip_why why);

// ---- what a strip says in numbers ------------------------------------------------------

struct strip_sum {
    double ran_ns;      // CPU time in tasks, all lanes together
    double alone_ns;    // one task ran, and no more
    double together_ns; // two tasks or more ran at the same time
    double idle_ns;     // none did
    unsigned most_wait; // tasks that waited at the same time, at most
    double longest_ns;  // the longest time for which one task ran without a break
    unsigned cpus;      // that were used
    double waited_ns[WHY_COUNT]; // by what for, all tasks together
};

void strip_summarise(const struct strip *strip, struct strip_sum *sum);

// The sentence under a strip, made of the sum: "2 workers ran 8.1 ms of 23.6 ms; ...".
void strip_sentence(const struct strip *strip, char *text, size_t size);

#endif

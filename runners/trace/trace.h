// SPDX-License-Identifier: MIT
//
// trace.h - who ran when: the events of a traced runner. A traced runner consists of the
// object files of the timed one and of this folder; the linker puts the functions of the
// files wrap_*.c round the verbs (ld --wrap), so that a timed runner has no trace of it.
//
// Each worker writes into a lane of its own, a bounded buffer in memory that processes
// share. When a lane is full, later events are counted, not kept: what is kept is complete
// up to that instant. Nothing is traced unless $QUARTET_TRACE names the file to be written.
//
// Read next: wrap_direct.c, then file.c for what is written.
#ifndef QUARTET_RUNNERS_TRACE_TRACE_H
#define QUARTET_RUNNERS_TRACE_TRACE_H

#include "runners/common/run.h"

#include <stdbool.h>
#include <stdint.h>

// WRAP(int, verb, (int argument)) { ... REAL(verb)(argument) ... } defines what callers of
// verb() get in a traced runner. scripts/trace.mk reads the names off these lines.
#define WRAP(result, name, parameters)                                                   \
    result __real_##name parameters;                                                     \
    result __wrap_##name parameters;                                                     \
    result __wrap_##name parameters
#define REAL(name) __real_##name

// Reasons for which a task waits.
enum trace_why {
    TRACE_NOTHING,
    TRACE_TIMER,
    TRACE_SOCKET,
    TRACE_LOCK,
    TRACE_SEMAPHORE,
    TRACE_EVENT,
    TRACE_QUEUE,
    TRACE_CHILD,
    TRACE_POOL,
    TRACE_TURN,        // it could run, and lets others
    TRACE_GLOBAL_LOCK, // multithread --global-lock
    TRACE_WHYS
};

enum trace_type {
    TRACE_BEGIN, // a worker has taken the task, and runs it unless it says why not
    TRACE_RUN,   // the task goes on
    TRACE_WAIT,  // the task waits
    TRACE_END,   // the task is done
    TRACE_JOB,   // a worker of a pool computes for the task
    TRACE_DONE,  // and has the result
};

struct trace_event {
    uint64_t at_ns;  // CLOCK_MONOTONIC
    uint64_t cpu_ns; // CPU time of the thread so far
    uint64_t due_ns; // TRACE_WAIT for a timer: when it goes off; 0: nobody knows
    uint32_t task;
    uint16_t cpu; // where the thread was
    uint8_t type; // an enum trace_type
    uint8_t why;  // an enum trace_why
};

enum trace_role { TRACE_WORKER, TRACE_POOL_WORKER };

struct trace_lane {
    uint32_t role;
    int32_t pid, tid;
    uint32_t count;    // events that are kept
    uint64_t lost;     // events that did not fit
    uint64_t sequence; // events that there were: those who wait see whether somebody ran
};

#define TRACE_NO_TASK UINT32_MAX

// The task that the calling thread runs now, or TRACE_NO_TASK. A task in a coroutine keeps
// its number on its own stack while it waits.
extern _Thread_local uint32_t trace_task;

// A wait that has begun.
struct trace_pause {
    uint32_t task;
    bool kept; // it had room in the lane
    struct trace_event event;
    uint64_t sequence;
};

// Maps the lanes, before there are workers. Ends the program if there is no memory.
void trace_open(const struct run *run);

// Is this run traced?
bool trace_on(void);

// Writes the file; the run is over.
void trace_close(const struct run *run);

// In a forked child: the lane is the parent's.
void trace_forked(void);

// The calling thread has taken this task.
void trace_begin(uint32_t task);

// Its task is done; nothing if it has none.
void trace_end(void);

// Its task waits, and the thread has none until somebody says so.
struct trace_pause trace_wait(enum trace_why why, uint64_t due_ns);

// The task of the pause goes on in the calling thread. A verb that did not wait leaves no
// event: nobody else ran meanwhile, and the thread was on its CPU all the time, as far as
// two clocks can tell.
void trace_resume(const struct trace_pause *pause);

// The same, but the wait stays, however short.
void trace_continue(uint32_t task);

// There is a global lock: a task runs while its thread holds it.
void trace_under_global_lock(void);

// The calling thread lets others have that lock.
void trace_gave_lock(void);

// The task that waits in a verb of the calling thread now waits for that lock.
void trace_wait_for_lock(void);

// A worker of a pool begins to compute for a task, and ends.
void trace_job(uint32_t task);
void trace_done(uint32_t task);

// The task of the calling thread has been given to a pool. One definition per style.
void trace_submitted(void);

// For file.c: the lanes in the order of their first events, and what an event costs.
uint32_t trace_lane_count(void);
const struct trace_lane *trace_lane_at(uint32_t index);
const struct trace_event *trace_events_of(uint32_t index);
uint64_t trace_unclaimed(void); // events of workers that found no lane
uint64_t trace_event_cost_ns(void);
void trace_write(const struct run *run, const char *path);

#endif

// SPDX-License-Identifier: MIT
//
// eventloop.h - the runner's side of an event loop: a slot per task in flight, and what the
// options say. What a task does between its start and its end is the workload's events.c.
//
// Read next: carrier.c.
#ifndef QUARTET_RUNNERS_EVENTLOOP_H
#define QUARTET_RUNNERS_EVENTLOOP_H

#include "lib/options.h"
#include "runners/common/run.h"
#include "runners/eventloop/ready.h"
#include "runners/events.h"
#include "runners/loop/executor.h"

struct eventloop_settings {
    uint64_t loops;   // --loops
    uint64_t backend; // --backend, index into the choices
    uint64_t offload; // --offload: 0 none, else 1 + an enum executor_kind
    uint64_t pool;    // --pool
};

extern struct eventloop_settings eventloop_settings;
extern const struct option_spec eventloop_options[];

// A new loop with the back end that was asked for. NULL: libev cannot.
struct ev_loop *eventloop_new(void);

// Says in `reason` why the back end cannot be used here; 0 if it can.
int eventloop_check_backend(struct reason *reason);

// One loop with `slots` tasks in flight; everything here belongs to one thread.
struct carrier {
    struct run *run;
    const struct events_code *code;
    struct ev_loop *loop;
    struct ready ready;       // callbacks that are due on this loop
    struct executor executor; // with --offload
    unsigned char *memory;    // `slots` times a struct slot and the workload's state
    size_t slot_size;
    uint32_t slots;
    uint32_t busy; // slots that have a task; the loop ends with the last one
};

// Maps memory for its slots and makes its loop. 0 or -errno with the reason.
int carrier_init(struct carrier *carrier, struct run *run, const struct events_code *code,
                 uint32_t slots, struct reason *reason);
void carrier_destroy(struct carrier *carrier);

// Starts a task in every slot and runs the loop until all tasks are done.
void carrier_run(struct carrier *carrier);

#endif

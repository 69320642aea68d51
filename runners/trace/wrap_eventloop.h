// SPDX-License-Identifier: MIT
//
// wrap_eventloop.h - what the two files share that trace tasks made of callbacks.
#ifndef QUARTET_RUNNERS_TRACE_WRAP_EVENTLOOP_H
#define QUARTET_RUNNERS_TRACE_WRAP_EVENTLOOP_H

#include "runners/trace/table.h"
#include "runners/trace/trace.h"

#include <ev.h>
#include <stdbool.h>

// The task that runs has asked for this, and will wait for it when its callback ends.
void trace_ask(enum trace_why why, uint64_t due_ns);

// The callback has ended: if its task still lives, it waits.
void trace_suspend(void);

// Watchers that are started now are the runner's own.
extern _Thread_local bool trace_inside_runner;

#endif

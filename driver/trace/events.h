// SPDX-License-Identifier: MIT
//
// events.h - strips as trace events, which ui.perfetto.dev and chrome://tracing open. The
// format is that of "Trace Event Format" (Google, 2016): one process per model, a thread per
// worker, an async track per task, and a process with a thread per CPU.
#ifndef QUARTET_DRIVER_TRACE_EVENTS_H
#define QUARTET_DRIVER_TRACE_EVENTS_H

#include "driver/trace/strip.h"

#include <stdio.h>

void strip_events(FILE *file, const struct strips *strips);

#endif

// SPDX-License-Identifier: MIT
//
// session.h - `quartet run --trace`: after the last round, and untimed, a small run of each row
// by its traced runner. The files of events lie in trace/ beside report.json, where the page
// finds them.
//
// Read next: run.h, and driver/page/plot_strips.c.
#ifndef QUARTET_DRIVER_TRACE_SESSION_H
#define QUARTET_DRIVER_TRACE_SESSION_H

#include "driver/measure/session.h"

#define TRACES_TASKS  4     // few enough to be told apart in a page
#define TRACES_EVENTS 20000 // of each run

// Traces what can be traced. A row whose run fails is named, and has no strip. 0, or -EINTR.
int trace_session(const struct session *session);

#endif

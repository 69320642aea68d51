// SPDX-License-Identifier: MIT
//
// session.h - one session of measuring: warm up every table, then measure round after
// round, and keep the report on disk complete at every moment.
//
// A round is one block of every table. So the blocks of one table are spread over the
// whole session, and a slow minute of the machine falls upon all tables alike.
//
// Read next: block.h for one block, order.h for the order within it.
#ifndef QUARTET_DRIVER_SESSION_H
#define QUARTET_DRIVER_SESSION_H

#include "driver/janitor.h"
#include "driver/plan.h"
#include "driver/progress.h"
#include "driver/results.h"
#include "lib/error.h"

#include <jansson.h>
#include <stdint.h>

struct session {
    struct plan plan;
    struct results results;
    struct janitor janitor;
    struct progress progress;
    json_t *report; // owned
    unsigned rounds;
    uint64_t seed;
    uint64_t begin_ns;
};

// Measures all of the plan. 0; -EINTR: the user wants to stop; another -errno: tools or
// disk failed. In every case session->report says how far it came and why it stopped.
int session_measure(struct session *session, struct reason *reason);

// The exit code that the report's cells ask for: EXIT_WRONG when one of them failed,
// gave a wrong answer, or did other work than the rest; each is named on stderr.
int session_verdict(const struct session *session);

#endif

// SPDX-License-Identifier: MIT
//
// session.h - one session of measuring: warm up every table, then measure round after
// round, and keep the report on disk complete at every moment.
//
// A round is one block of every table. So the blocks of one table are spread over the
// whole session, and a slow minute of the machine falls upon all tables alike. A block
// that was disturbed from outside is run again at once, while there are re-runs left.
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
#include <stdbool.h>
#include <stdint.h>

struct session {
    struct plan plan;
    struct results results;
    struct janitor janitor;
    struct progress progress;
    json_t *report;  // owned
    unsigned rounds; // of each table, if nothing ends it earlier
    uint64_t seed;
    bool accept_noise; // count disturbed rounds, too
    bool counters;     // count what cells ask for, after the rounds (counters.h)
    uint64_t begin_ns;
};

// Some rounds of all tables that are not settled.
struct batch {
    unsigned number; // 1; 2: to confirm what the first one said
    uint64_t seed;
    unsigned first; // round, from 1
    unsigned last;
};

// A disturbed block is run again, but at most this part of a table's rounds are. What is
// disturbed after that counts, and the table is called noisy.
#define SESSION_RERUNS_PART 4

// Measures all of the plan. 0; -EINTR: the user wants to stop; another -errno: tools or
// disk failed. In every case session->report says how far it came and why it stopped.
int session_measure(struct session *session, struct reason *reason);

// The two halves of it, for those who decide in between. session_close() is to be called
// afterwards, with the error if there was one.
int session_warm_up(struct session *session, struct reason *reason);
int session_rounds(struct session *session, const struct batch *batch,
                   struct reason *reason);
void session_close(struct session *session, int error, const struct reason *reason);

// The exit code that the report's cells ask for: EXIT_WRONG when one of them failed,
// gave a wrong answer, or did other work than the rest; each is named on stderr.
int session_verdict(const struct session *session);

#endif

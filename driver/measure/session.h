// SPDX-License-Identifier: MIT
//
// session.h - one session of measuring: warm up every table, then measure round after
// round, and keep on disk at every moment all that has been measured.
//
// Rows of a table are ordered by a Williams square; where they have bases, row and base are
// neighbours (statistics/order.h).
//
// A round is one block of every table. So the blocks of one table are spread over the
// whole session, and a slow minute of the machine falls upon all tables alike. A block
// that was disturbed from outside is run again at once, while there are re-runs left.
//
// The report is saved after each warm-up and before each batch of rounds. A block is added
// to its journal instead: the report grows, and to save it after each block would make the
// blocks of a long session dearer and dearer.
//
// Read next: block.h for one block, statistics/order.h for the order within it, report/journal.h.
#ifndef QUARTET_DRIVER_MEASURE_SESSION_H
#define QUARTET_DRIVER_MEASURE_SESSION_H

#include "driver/measure/progress.h"
#include "driver/measure/schedule.h"
#include "driver/plan/plan.h"
#include "driver/report/results.h"
#include "driver/system/janitor.h"
#include "lib/error.h"

#include <stdbool.h>
#include <stdint.h>

struct session {
    struct plan plan;
    struct results results;
    struct janitor janitor;
    struct progress progress;
    struct report report;
    unsigned rounds; // of each table, if nothing ends it earlier
    uint64_t seed;
    bool accept_noise;       // count disturbed rounds, too
    uint64_t run_timeout_ns; // of each run; 0: the usual (run_limit.h)
    const char *prepare;     // command before each run, untimed, or NULL; borrowed
    bool counters;           // count what cells ask for, after the rounds (counters.h)
    uint64_t begin_ns;
    uint64_t deadline_ns;  // no block begins that would not end by then; 0: there is none
    uint64_t overhead_ns;  // what a block takes beside its runs
    unsigned late;         // blocks that were left out for the deadline
    uint64_t journal_size; // bytes; 0: all blocks are in the report that was saved
};

// A disturbed block is run again, but at most this part of a table's rounds are. What is
// disturbed after that counts, and the table is called noisy.
#define SESSION_RERUNS_PART 4

// The two halves of a session; rounds.h and gate/gate.h decide in between. 0; -EINTR: the user
// wants to stop; -ETIME: the deadline came before the end of the warm-up; another -errno:
// tools or disk failed. session_close() is to be called afterwards, with the error if
// there was one: then session->report says how far it came and why it stopped.
int session_warm_up(struct session *session, struct reason *reason);
int session_rounds(struct session *session, const struct batch *batch,
                   struct reason *reason);
void session_close(struct session *session, int error, const struct reason *reason);

// The order in which this session will measure a table, if no cell fails: the `count`
// runs of round r begin at order[(r - 1) * count] and are numbers of cells, with BLOCK_TWIN
// (block.h) added to a second run. free() it.
uint8_t *session_order(const struct session *session, const struct table *table,
                       size_t *count);

// How long one block of this table takes, with all that belongs to it.
uint64_t session_block_ns(const struct session *session, const struct table *table);

// Saves report.json as it is in the middle of a session: incomplete, but whole.
int session_save(struct session *session, struct reason *reason);

// Of a session that goes on: are its blocks in the order that the seed gives? Their
// rounds must be those of the plan. -EBADMSG if not.
int session_check_order(const struct session *session, struct reason *reason);

// The exit code that the report's cells ask for: EXIT_WRONG when one of them failed,
// gave a wrong answer, or did other work than the rest; each is named on stderr.
int session_verdict(const struct session *session);

#endif

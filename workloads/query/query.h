// SPDX-License-Identifier: MIT
//
// query.h - sessions with a real PostgreSQL by libpq: connect, prepare, do the transactions
// of workloads/common/bank.h, close. libpq never blocks here: it is told to send, to flush and
// to take in what has come, and says when it has to wait and for what. Who waits is the model:
// direct.c by its verbs, events.c by a watcher.
//
// A look-up is one statement. A transfer is five: BEGIN, two UPDATEs in the order of their
// ids (so that no two transfers wait for each other in a circle), INSERT, COMMIT. Each is
// sent when the one before has been answered, or with --pipeline all of them at once.
//
// Both styles are driven by the same machine: query_next() gives the next step to libpq,
// query_take() takes its results in. All that is left to direct.c and events.c is waiting.
//
// Read next: kernel.c, direct.c, events.c, then server.c for the other end.
#ifndef QUARTET_WORKLOADS_QUERY_H
#define QUARTET_WORKLOADS_QUERY_H

#include "lib/keeper/keeper.h"
#include "workloads/common/bank.h"
#include "workloads/common/complaint.h"
#include "workloads/workload.h"

#include <stdbool.h>
#include <stdint.h>

struct pg_conn;
struct pg_result;

#define QUERY_DATABASE "dbname=postgres user=quartet"

struct query_evidence {
    int64_t *balances;
    uint64_t transfers;
};

struct query_parameters {
    uint64_t transactions; // of each session
    uint64_t accounts;
    uint64_t write_percent;
    bool pipeline;
    const char *dir;
    struct keeper_plan plan;
    struct keeper keeper;
    struct complaint *complaint;      // shared by the sessions
    char connection[KEEPER_PATH * 2]; // for libpq; set by setup()
    struct query_evidence evidence;
};

// One session, in the storage of its task.
struct query_session {
    struct task *task;
    struct pg_conn *connection;
    struct bank_transaction wanted; // the current transaction
    uint32_t number;                // of it
    uint32_t sent;                  // its statements that libpq has been given
    uint32_t answered;              // and that have been answered
    uint32_t expected;              // how many it has
    uint32_t prepared;              // statements that the server knows
    uint64_t began_ns;              // when its first statement was given to libpq
    uint64_t digest;
};

struct bank query_bank(const struct work *work);

void query_session_init(struct query_session *session, struct task *task);

// Begins to connect. 0, or -errno.
int query_connect(struct query_session *session);

// The connection is there: sets it up. 0, or -errno.
int query_connected(struct query_session *session);

// Gives libpq what is to be sent next: one statement, or with --pipeline all of a
// transaction. Returns 1; 0: nothing is left, the session is over; or -errno. Then flush,
// and take in what comes until query_take() says true.
int query_next(struct query_session *session);

// Looks at all results that are there. 1: what query_next() gave is answered, go on with
// it; 0: more is to come; or -errno. Never blocks.
int query_take(struct query_session *session);

// Says what libpq says.
int query_complain(const struct query_session *session, int error);

// ---- the other end: server.c -----------------------------------------------------------

// A prepare() and a conclude() of keeper.h. -ENOENT: PostgreSQL is not installed.
int query_prepare(struct keeper_site *site, struct reason *reason);
void query_conclude(struct keeper_site *site);

// Reads what the sessions have left. 0, or -EIO with the reason.
int query_read(const struct work *work, struct query_evidence *evidence,
               struct reason *reason);

#endif

// SPDX-License-Identifier: MIT
//
// lite.h - sessions with an SQLite data base, which is no server but a library: each call
// blocks the thread that makes it, for a disk or for a lock that another session holds.
// There is no descriptor to wait for and no call that does not block. So a loop has two
// choices: to stand still as long as the call takes, or to leave it to a pool.
//
// A session opens the data base, does its transactions (workloads/common/bank.h), waits before
// each of them for --think, and closes. A handle belongs to one session, is opened by the
// worker that runs it, and so is never carried over a fork(): SQLite forbids that.
//
// Blocking work is cut into errands. An errand goes through offload(): on the spot, or into
// the pool of a loop. With --hold a transfer waits inside of its transaction, as one does
// that asks somebody else while it holds the lock; then it is two errands.
//
// Read next: kernel.c, direct.c, events.c.
#ifndef QUARTET_WORKLOADS_LITE_H
#define QUARTET_WORKLOADS_LITE_H

#include "lib/keeper/keeper.h"
#include "workloads/common/bank.h"
#include "workloads/common/complaint.h"
#include "workloads/workload.h"

#include <stdint.h>
#include <sys/types.h>

struct sqlite3;
struct sqlite3_stmt;

#define LITE_FILE "lite.db" // in the keeper's folder

enum lite_journal { LITE_WAL, LITE_ROLLBACK };

// State that the sessions share.
struct lite_shared {
    struct complaint complaint;
    _Atomic uint64_t latest_ns; // how late a session came back from --think, at worst
};

// Answers of the data base after the run, for verify().
struct lite_evidence {
    int64_t *balances;
    uint64_t transfers;
};

struct lite_parameters {
    uint64_t transactions; // of each session
    uint64_t accounts;
    uint64_t write_percent;
    uint64_t think_ns; // before each transaction
    uint64_t hold_ns;  // inside of a transfer
    uint64_t busy_ns;  // how long SQLite tries to get a lock
    uint64_t journal;  // enum lite_journal
    uint64_t sync;     // PRAGMA synchronous: off, normal, full
    const char *dir;
    bool keep;
    struct keeper_plan plan;
    struct keeper keeper;
    struct lite_shared *shared;
    struct lite_evidence evidence;
};

enum lite_statement { LITE_LOOK, LITE_PAY, LITE_NOTE, LITE_STATEMENTS };

// One session, in the storage of its task.
struct lite_session {
    struct task *task;
    struct sqlite3 *handle;
    struct sqlite3_stmt *statements[LITE_STATEMENTS];
    uint64_t digest;
};

enum lite_step {
    LITE_OPEN,
    LITE_LOOK_UP,  // a transaction that only reads
    LITE_TRANSFER, // a whole one that writes
    LITE_BEGIN,    // its first half: gets the lock
    LITE_COMMIT,   // its second half
    LITE_CLOSE,
};

// The argument of an off-load; a pool gets a copy.
struct lite_errand {
    struct lite_session *session; // means something in its own process only
    pid_t owner;                  // which is this one
    enum lite_step step;
    uint32_t number; // of the transaction
};

struct bank lite_bank(const struct work *work);

void lite_session_init(struct lite_session *session, struct task *task);

struct lite_errand lite_errand(struct lite_session *session, enum lite_step step,
                               uint32_t number);

// An executor_code: blocks until the errand is done. 0, or an errno: EBUSY (the lock could
// not be had within --busy-timeout), EOPNOTSUPP (a pool of processes cannot use a handle),
// EIO (all else that SQLite says).
uint64_t lite_run(const void *errand);

// The step with which a transaction begins.
enum lite_step lite_first_step(const struct task *task, uint32_t number);

// A session that was to go on at `due_ns` does so now.
void lite_woke(const struct task *task, uint64_t due_ns);

// The transaction that was due then is done.
void lite_book(struct lite_session *session, uint64_t due_ns);

// ---- the data base as a whole: store.c -------------------------------------------------

// Fills the keeper's folder; a prepare() of keeper.h, as lite_conclude() is a conclude().
// The keeper has the data base open all the time: SQLite tidies up when the last handle is
// closed, and no session shall be the one that pays for it.
int lite_prepare(struct keeper_site *site, struct reason *reason);
void lite_conclude(struct keeper_site *site);

// Reads what the sessions have left. 0, or -EIO with the reason.
int lite_read(const struct work *work, struct lite_evidence *evidence,
              struct reason *reason);

#endif

// SPDX-License-Identifier: MIT
//
// kernel.c - a session's errands: calls into SQLite, each of which may block. See lite.h.
//
// Read next: direct.c.
#include "workloads/lite/lite.h"

#include "lib/clock.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *const texts[LITE_STATEMENTS] = {
    [LITE_LOOK] = "SELECT id FROM account WHERE label = ?1",
    [LITE_PAY] = "UPDATE account SET balance = balance + ?2 WHERE id = ?1",
    [LITE_NOTE] = "INSERT INTO transfer VALUES (?1, ?2, ?3)",
};

static const struct lite_parameters *parameters_of(const struct task *task)
{
    return task->work->parameters;
}

struct bank lite_bank(const struct work *work)
{
    const struct lite_parameters *parameters = work->parameters;
    return (struct bank){.seed = work->seed,
                         .accounts = (uint32_t)parameters->accounts,
                         .write_percent = (uint32_t)parameters->write_percent};
}

void lite_session_init(struct lite_session *session, struct task *task)
{
    *session = (struct lite_session){.task = task};
}

struct lite_errand lite_errand(struct lite_session *session, enum lite_step step,
                               uint32_t number)
{
    return (struct lite_errand){
        .session = session, .owner = getpid(), .step = step, .number = number};
}

// ---- calls into SQLite -----------------------------------------------------------------

// Says what SQLite says, and what can be done about a lock that could not be had.
static int complain(struct lite_session *session, int code)
{
    const struct lite_parameters *parameters = parameters_of(session->task);
    struct complaint *complaint = &parameters->shared->complaint;
    const char *what =
        session->handle != NULL ? sqlite3_errmsg(session->handle) : sqlite3_errstr(code);
    if ((code & 0xff) != SQLITE_BUSY) {
        complaint_make(complaint, "task %u: SQLite says: %s", session->task->index, what);
        return (code & 0xff) == SQLITE_FULL ? ENOSPC : EIO;
    }
    complaint_make(complaint,
                   "task %u: %s for all of --busy-timeout %.0f ms; whoever held it "
                   "could not go on: see --hold and --offload",
                   session->task->index, what, (double)parameters->busy_ns / 1e6);
    return EBUSY;
}

static int execute(struct lite_session *session, const char *text)
{
    int code = sqlite3_exec(session->handle, text, NULL, NULL, NULL);
    return code == SQLITE_OK ? 0 : complain(session, code);
}

//DOC: lite-open
static int session_open(struct lite_session *session)
{
    static const char *const synchronous[] = {"PRAGMA synchronous = OFF",
                                              "PRAGMA synchronous = NORMAL",
                                              "PRAGMA synchronous = FULL"};
    const struct lite_parameters *parameters = parameters_of(session->task);
    char path[KEEPER_PATH + sizeof LITE_FILE];
    snprintf(path, sizeof path, "%s/" LITE_FILE, parameters->keeper.folder);
    // No mutex of SQLite's own: a handle is never used by two at the same time.
    int code = sqlite3_open_v2(path, &session->handle,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (code == SQLITE_OK)
        code =
            sqlite3_busy_timeout(session->handle, (int)(parameters->busy_ns / 1000000));
    if (code != SQLITE_OK)
        return complain(session, code);
    int error = execute(session, synchronous[parameters->sync]);
    for (int i = 0; i < LITE_STATEMENTS && error == 0; i++) {
        code = sqlite3_prepare_v2(session->handle, texts[i], -1, &session->statements[i],
                                  NULL);
        error = code == SQLITE_OK ? 0 : complain(session, code);
    }
    return error;
}

static int session_close(struct lite_session *session)
{
    for (int i = 0; i < LITE_STATEMENTS; i++)
        sqlite3_finalize(session->statements[i]); // NULL is nothing to do
    int code = sqlite3_close(session->handle);
    session->handle = NULL;
    return code == SQLITE_OK ? 0 : complain(session, code);
}

// Runs a statement with at most three numbers that gives no row.
static int change(struct lite_session *session, enum lite_statement which, int64_t first,
                  int64_t second, int64_t third)
{
    sqlite3_stmt *statement = session->statements[which];
    sqlite3_bind_int64(statement, 1, first);
    sqlite3_bind_int64(statement, 2, second);
    if (which == LITE_NOTE)
        sqlite3_bind_int64(statement, 3, third);
    int code = sqlite3_step(statement);
    sqlite3_reset(statement);
    if (code != SQLITE_DONE)
        return complain(session, code);
    if (sqlite3_changes(session->handle) == 1)
        return 0;
    complaint_make(&parameters_of(session->task)->shared->complaint,
                   "task %u: account %jd is missing", session->task->index,
                   (intmax_t)first);
    return EIO;
}

static int look_up(struct lite_session *session, const struct bank_transaction *wanted)
{
    sqlite3_stmt *statement = session->statements[LITE_LOOK];
    sqlite3_bind_int64(statement, 1, wanted->label);
    int code = sqlite3_step(statement);
    int64_t id = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;
    sqlite3_reset(statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE)
        return complain(session, code);
    session->digest = bank_fold(session->digest, wanted, id); // -1: verify() will see it
    return 0;
}

// IMMEDIATE: gets the lock that writing needs now. A transaction that begins by reading
// and wants to write later cannot wait for it: SQLite refuses, whatever --busy-timeout.
static int transfer_begin(struct lite_session *session)
{
    return execute(session, "BEGIN IMMEDIATE");
}

//DOC: lite-transfer
static int transfer_commit(struct lite_session *session, uint32_t number,
                           const struct bank_transaction *wanted)
{
    int error = change(session, LITE_PAY, wanted->low, wanted->amount, 0);
    if (error == 0)
        error = change(session, LITE_PAY, wanted->high, -wanted->amount, 0);
    if (error == 0)
        error = change(session, LITE_NOTE, session->task->index, number, wanted->amount);
    if (error == 0)
        error = execute(session, "COMMIT");
    if (error == 0)
        session->digest = bank_fold(session->digest, wanted, wanted->amount);
    return error;
}

static int transact(struct lite_session *session, enum lite_step step, uint32_t number)
{
    struct bank bank = lite_bank(session->task->work);
    struct bank_transaction wanted =
        bank_transaction(&bank, session->task->index, number);
    int error = 0;
    if (step == LITE_LOOK_UP)
        return look_up(session, &wanted);
    if (step == LITE_BEGIN || step == LITE_TRANSFER)
        error = transfer_begin(session);
    if (error == 0 && step != LITE_BEGIN)
        error = transfer_commit(session, number, &wanted);
    return error;
}

//DOC: lite-errand
uint64_t lite_run(const void *argument)
{
    const struct lite_errand *errand = argument;
    if (errand->owner != getpid())
        return EOPNOTSUPP; // the session is in another process, and its handle as well
    int error;
    if (errand->step == LITE_OPEN)
        error = session_open(errand->session);
    else if (errand->step == LITE_CLOSE)
        error = session_close(errand->session);
    else
        error = transact(errand->session, errand->step, errand->number);
    return (uint64_t)error;
}

// ---- between two errands ---------------------------------------------------------------

enum lite_step lite_first_step(const struct task *task, uint32_t number)
{
    struct bank bank = lite_bank(task->work);
    if (!bank_transaction(&bank, task->index, number).transfer)
        return LITE_LOOK_UP;
    return parameters_of(task)->hold_ns == 0 ? LITE_TRANSFER : LITE_BEGIN;
}

void lite_woke(const struct task *task, uint64_t due_ns)
{
    _Atomic uint64_t *latest_ns = &parameters_of(task)->shared->latest_ns;
    uint64_t now_ns = clock_now_ns();
    uint64_t late_ns = now_ns > due_ns ? now_ns - due_ns : 0;
    uint64_t known_ns = atomic_load(latest_ns);
    while (late_ns > known_ns &&
           !atomic_compare_exchange_weak(latest_ns, &known_ns, late_ns)) {
    }
}

void lite_book(struct lite_session *session, uint64_t due_ns)
{
    struct outcome *outcome = session->task->outcome;
    outcome_sample(outcome, clock_now_ns() - due_ns);
    outcome->operations++;
    outcome->digest = session->digest;
}

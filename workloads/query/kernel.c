// SPDX-License-Identifier: MIT
//
// kernel.c - what a session sends and what its answers must be, without ever waiting: see
// query.h.
//
// Read next: direct.c.
#include "workloads/query/query.h"

#include "lib/clock.h"

#include <errno.h>
#include <inttypes.h>
#include <libpq-fe.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The three that have parameters are prepared, once per connection.
enum statement { LOOK, PAY, NOTE, PREPARED };

static const char *const names[PREPARED] = {"look", "pay", "note"};
static const char *const texts[PREPARED] = {
    "SELECT id FROM account WHERE label = $1",
    "UPDATE account SET balance = balance + $2 WHERE id = $1",
    "INSERT INTO transfer VALUES ($1, $2, $3)",
};

// The statements of a transfer.
enum { BEGIN_IT, PAY_LOW, PAY_HIGH, NOTE_IT, COMMIT_IT, TRANSFER_STATEMENTS };

static const struct query_parameters *parameters_of(const struct query_session *session)
{
    return session->task->work->parameters;
}

struct bank query_bank(const struct work *work)
{
    const struct query_parameters *parameters = work->parameters;
    return (struct bank){.seed = work->seed,
                         .accounts = (uint32_t)parameters->accounts,
                         .write_percent = (uint32_t)parameters->write_percent};
}

void query_session_init(struct query_session *session, struct task *task)
{
    *session = (struct query_session){.task = task};
}

// ---- connecting ------------------------------------------------------------------------

// A server's unasked notices would go to stderr. Of these, only a farewell
// matters: it explains the errors that follow.
static void on_notice(void *argument, const char *text)
{
    const struct query_session *session = argument;
    if (strncmp(text, "FATAL", strlen("FATAL")) == 0)
        complaint_make(parameters_of(session)->complaint,
                       "task %" PRIu32 ", at transaction %" PRIu32 ": PostgreSQL: %.*s",
                       session->task->index, session->number, (int)strcspn(text, "\n"),
                       text);
}

int query_connect(struct query_session *session)
{
    session->connection = PQconnectStart(parameters_of(session)->connection);
    if (session->connection == NULL)
        return -ENOMEM;
    PQsetNoticeProcessor(session->connection, on_notice, session);
    if (PQstatus(session->connection) == CONNECTION_BAD)
        return query_complain(session, -ECONNREFUSED);
    return 0;
}

int query_connected(struct query_session *session)
{
    if (PQsetnonblocking(session->connection, 1) != 0)
        return query_complain(session, -EIO);
    if (parameters_of(session)->pipeline && PQenterPipelineMode(session->connection) != 1)
        return query_complain(session, -EIO);
    return 0;
}

int query_complain(const struct query_session *session, int error)
{
    char text[160];
    const char *said = PQerrorMessage(session->connection);
    snprintf(text, sizeof text, "%.*s", (int)strcspn(said, "\n"), said);
    complaint_make(parameters_of(session)->complaint,
                   "task %" PRIu32 ", at transaction %" PRIu32 ": PostgreSQL: %s",
                   session->task->index, session->number, text);
    return error;
}

// ---- sending ---------------------------------------------------------------------------

static int send_prepared(struct query_session *session, enum statement which,
                         int64_t first, int64_t second, int64_t third)
{
    char texts_of[3][24];
    const char *values[3] = {texts_of[0], texts_of[1], texts_of[2]};
    static const int counts[PREPARED] = {1, 2, 3};
    snprintf(texts_of[0], sizeof texts_of[0], "%" PRId64, first);
    snprintf(texts_of[1], sizeof texts_of[1], "%" PRId64, second);
    snprintf(texts_of[2], sizeof texts_of[2], "%" PRId64, third);
    return PQsendQueryPrepared(session->connection, names[which], counts[which], values,
                               NULL, NULL, 0);
}

static int send_plain(struct query_session *session, const char *text)
{
    return PQsendQueryParams(session->connection, text, 0, NULL, NULL, NULL, NULL, 0);
}

static uint32_t statements_of(const struct query_session *session)
{
    if (session->prepared < PREPARED)
        return PREPARED;
    return session->wanted.transfer ? TRANSFER_STATEMENTS : 1;
}

// Statement `index` of what the session does now.
static int send_one(struct query_session *session, uint32_t index)
{
    const struct bank_transaction *wanted = &session->wanted;
    if (session->prepared < PREPARED)
        return PQsendPrepare(session->connection, names[index], texts[index], 0, NULL);
    if (!wanted->transfer)
        return send_prepared(session, LOOK, wanted->label, 0, 0);
    switch (index) {
    case BEGIN_IT:
        return send_plain(session, "BEGIN");
    case PAY_LOW:
        return send_prepared(session, PAY, wanted->low, wanted->amount, 0);
    case PAY_HIGH:
        return send_prepared(session, PAY, wanted->high, -wanted->amount, 0);
    case NOTE_IT:
        return send_prepared(session, NOTE, session->task->index, session->number,
                             wanted->amount);
    default:
        return send_plain(session, "COMMIT");
    }
}

// A transaction that is wholly answered makes room for the next.
static void advance(struct query_session *session)
{
    if (session->sent == 0 || session->answered < session->expected)
        return;
    session->prepared = PREPARED;
    session->sent = 0;
    session->answered = 0;
}

//DOC: query-next
int query_next(struct query_session *session)
{
    const struct query_parameters *parameters = parameters_of(session);
    advance(session);
    if (session->number == parameters->transactions)
        return 0;
    if (session->sent == 0) {
        struct bank bank = query_bank(session->task->work);
        session->wanted = bank_transaction(&bank, session->task->index, session->number);
        session->began_ns = clock_now_ns();
        session->expected = statements_of(session);
    }
    uint32_t until = parameters->pipeline ? session->expected : session->sent + 1;
    while (session->sent < until) {
        if (send_one(session, session->sent) != 1)
            return query_complain(session, -EIO);
        session->sent++;
    }
    if (parameters->pipeline && PQpipelineSync(session->connection) != 1)
        return query_complain(session, -EIO);
    return 1;
}

// ---- taking in -------------------------------------------------------------------------

static void book_transaction(struct query_session *session, int64_t found)
{
    struct outcome *outcome = session->task->outcome;
    session->digest = bank_fold(session->digest, &session->wanted, found);
    outcome->digest = session->digest;
    outcome->operations++;
    outcome_sample(outcome, clock_now_ns() - session->began_ns);
    session->number++;
}

// Has a statement brought what it should? *found is what the digest gets.
static bool is_right(const struct query_session *session, PGresult *result,
                     int64_t *found)
{
    const struct bank_transaction *wanted = &session->wanted;
    *found = wanted->amount;
    if (!wanted->transfer) {
        if (PQntuples(result) == 1)
            *found = strtoll(PQgetvalue(result, 0, 0), NULL, 10);
        return PQntuples(result) == 1;
    }
    bool changes = session->answered != BEGIN_IT && session->answered != COMMIT_IT;
    if (changes)
        return strcmp(PQcmdTuples(result), "1") == 0;    // rows
    return strcmp(PQcmdStatus(result), "ROLLBACK") != 0; // COMMIT of a failed transaction
}

static int answer(struct query_session *session, PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        return query_complain(session, -EPROTO);
    if (session->prepared == PREPARED) {
        int64_t found;
        if (!is_right(session, result, &found))
            return -EBADMSG;
        if (session->answered + 1 == session->expected)
            book_transaction(session, found);
    }
    session->answered++;
    return 0;
}

//DOC: query-take
int query_take(struct query_session *session)
{
    if (PQconsumeInput(session->connection) != 1)
        return query_complain(session, -ECONNRESET);
    bool pipeline = parameters_of(session)->pipeline;
    while (!PQisBusy(session->connection)) {
        PGresult *result = PQgetResult(session->connection);
        if (result == NULL) { // the end of one statement's results
            if (!pipeline)
                return 1;
            continue;
        }
        bool synced = PQresultStatus(result) == PGRES_PIPELINE_SYNC;
        int error = synced ? 0 : answer(session, result);
        PQclear(result);
        if (error != 0 || synced)
            return error != 0 ? error : 1;
    }
    return 0;
}

// SPDX-License-Identifier: MIT
//
// direct.c - a session with PostgreSQL in straight-line code. libpq says what it waits for;
// direct_wait() waits, as the model does it.
//
// Read next: events.c.
#include "runners/direct.h"
#include "runners/borrowed.h"
#include "workloads/query/query.h"

#include <errno.h>
#include <libpq-fe.h>
#include <poll.h>

direct_code query_direct;

// The socket is another one whenever libpq tries another way to connect, so it is asked for
// it before each wait.
//DOC: query-direct-connect
static int connect_all(struct query_session *session)
{
    int error = query_connect(session);
    PostgresPollingStatusType next = PGRES_POLLING_WRITING;
    while (error == 0 && next != PGRES_POLLING_OK) {
        error = direct_wait(PQsocket(session->connection),
                            next == PGRES_POLLING_READING ? POLLIN : POLLOUT);
        if (error == 0)
            next = PQconnectPoll(session->connection);
        if (error == 0 && next == PGRES_POLLING_FAILED)
            error = query_complain(session, -ECONNREFUSED);
    }
    return error != 0 ? error : query_connected(session);
}

// Until all is sent. A server that cannot send its answers does not read, so what has come
// must be taken in meanwhile.
//DOC: query-direct-flush
static int flush_all(struct query_session *session)
{
    int left;
    int error = 0;
    while (error == 0 && (left = PQflush(session->connection)) != 0) {
        if (left < 0)
            return query_complain(session, -ECONNRESET);
        error = direct_wait(PQsocket(session->connection), POLLIN | POLLOUT);
        if (error == 0 && PQconsumeInput(session->connection) != 1)
            error = query_complain(session, -ECONNRESET);
    }
    return error;
}

static int await_answers(struct query_session *session)
{
    int done = 0;
    int error = flush_all(session);
    while (error == 0 && done == 0) {
        error = direct_wait(PQsocket(session->connection), POLLIN);
        if (error == 0)
            done = query_take(session);
    }
    return error != 0 ? error : done < 0 ? done : 0;
}

int query_direct(struct task *task)
{
    struct query_session session;
    query_session_init(&session, task);
    int more = connect_all(&session);
    if (more == 0)
        more = query_next(&session);
    while (more > 0) {
        int error = await_answers(&session);
        more = error != 0 ? error : query_next(&session);
    }
    PQfinish(session.connection);
    return more;
}

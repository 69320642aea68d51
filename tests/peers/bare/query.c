// SPDX-License-Identifier: MIT
//
// PostgreSQL by libpq's blocking calls: see bare.c.
#include "runners/direct.h"

#include "lib/clock.h"
#include "workloads/query/query.h"

#include <errno.h>
#include <inttypes.h>
#include <libpq-fe.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

direct_code query_direct;

// Is it what a statement without an error gives? Clears it.
static int take(PGresult *result, int64_t *found)
{
    ExecStatusType status = PQresultStatus(result);
    int error = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK ? 0 : -EPROTO;
    if (found != NULL && error == 0)
        *found =
            PQntuples(result) == 1 ? strtoll(PQgetvalue(result, 0, 0), NULL, 10) : -1;
    PQclear(result);
    return error;
}

// Runs a prepared statement with `count` numbers.
static int execute(PGconn *connection, const char *name, int64_t *found, int count, ...)
{
    char texts[3][24];
    const char *values[3] = {texts[0], texts[1], texts[2]};
    va_list numbers;
    va_start(numbers, count);
    for (int i = 0; i < count; i++)
        snprintf(texts[i], sizeof texts[i], "%" PRId64, va_arg(numbers, int64_t));
    va_end(numbers);
    return take(PQexecPrepared(connection, name, count, values, NULL, NULL, 0), found);
}

static int prepare(PGconn *connection)
{
    static const char *const statements[][2] = {
        {"look", "SELECT id FROM account WHERE label = $1"},
        {"pay", "UPDATE account SET balance = balance + $2 WHERE id = $1"},
        {"note", "INSERT INTO transfer VALUES ($1, $2, $3)"},
    };
    int error = PQstatus(connection) == CONNECTION_OK ? 0 : -ECONNREFUSED;
    for (size_t i = 0; i < 3 && error == 0; i++)
        error = take(PQprepare(connection, statements[i][0], statements[i][1], 0, NULL),
                     NULL);
    return error;
}

static int transfer(PGconn *connection, const struct bank_transaction *wanted,
                    int64_t task, int64_t number)
{
    int64_t low = wanted->low;
    int64_t high = wanted->high;
    int error = take(PQexec(connection, "BEGIN"), NULL);
    if (error == 0)
        error = execute(connection, "pay", NULL, 2, low, wanted->amount);
    if (error == 0)
        error = execute(connection, "pay", NULL, 2, high, -wanted->amount);
    if (error == 0)
        error = execute(connection, "note", NULL, 3, task, number, wanted->amount);
    return error != 0 ? error : take(PQexec(connection, "COMMIT"), NULL);
}

static int transact(PGconn *connection, struct task *task, uint32_t number)
{
    struct bank bank = query_bank(task->work);
    struct bank_transaction wanted = bank_transaction(&bank, task->index, number);
    uint64_t began_ns = clock_now_ns();
    int64_t found = wanted.amount;
    int error = wanted.transfer ? transfer(connection, &wanted, task->index, number)
                                : execute(connection, "look", &found, 1, wanted.label);
    if (error != 0)
        return error;
    task->outcome->digest = bank_fold(task->outcome->digest, &wanted, found);
    task->outcome->operations++;
    outcome_sample(task->outcome, clock_now_ns() - began_ns);
    return 0;
}

int query_direct(struct task *task)
{
    const struct query_parameters *parameters = task->work->parameters;
    if (parameters->pipeline)
        return -EOPNOTSUPP;
    PGconn *connection = PQconnectdb(parameters->connection);
    int error = prepare(connection);
    for (uint32_t i = 0; i < parameters->transactions && error == 0; i++)
        error = transact(connection, task, i);
    PQfinish(connection);
    return error;
}

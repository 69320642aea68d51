// SPDX-License-Identifier: MIT
//
// server.c - a private PostgreSQL cluster in a temporary folder, reached by a Unix socket
// only. It is made by initdb, so that nothing of the machine's own clusters is touched, and
// loses its data with the folder, so it need not wait for the disk (fsync off): what is
// measured is who waits for the server, not its disk. See query.h.
#define _GNU_SOURCE // System V shared memory is of XSI, not of POSIX alone
#include "workloads/query/query.h"

#include "lib/clock.h"

#include <errno.h>
#include <inttypes.h>
#include <libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/shm.h>
#include <unistd.h>

#define PROGRAMS      "/usr/lib/postgresql"
#define START_SECONDS 30

static int find(const char *program, char *path, size_t size, struct reason *reason)
{
    if (keeper_find(program, PROGRAMS, path, size) == 0)
        return 0;
    return reason_set(reason, -ENOENT,
                      "PostgreSQL's %s is not installed (package postgresql)", program);
}

// ---- start -----------------------------------------------------------------------------

static int cluster_make(const struct keeper_site *site, struct reason *reason)
{
    char program[KEEPER_PATH];
    int error = find("initdb", program, sizeof program, reason);
    const char *argv[] = {program,       "-D", "data",  "-U",
                          "quartet",     "-A", "trust", "--no-sync",
                          "--no-locale", "-E", "UTF8",  "--no-instructions",
                          NULL};
    return error != 0 ? error : keeper_run(site, argv, 60 * NS_PER_SECOND, reason);
}

static int cluster_serve(struct keeper_site *site, uint32_t connections,
                         struct reason *reason)
{
    char program[KEEPER_PATH];
    char number[16];
    int error = find("postgres", program, sizeof program, reason);
    if (error != 0)
        return error;
    snprintf(number, sizeof number, "%" PRIu32, connections + 8);
    const char *argv[] = {program,
                          "-D",
                          "data",
                          "-k",
                          site->folder,
                          "-N",
                          number,
                          "-c",
                          "listen_addresses=",
                          "-c",
                          "fsync=off",
                          "-c",
                          "synchronous_commit=off",
                          "-c",
                          "full_page_writes=off",
                          "-c",
                          "autovacuum=off",
                          "-c",
                          "dynamic_shared_memory_type=mmap",
                          NULL};
    // SIGQUIT: at once, without writing what nobody will read.
    return keeper_serve(site, argv, SIGQUIT, reason);
}

static int cluster_await(const struct keeper_site *site, const char *connection,
                         struct reason *reason)
{
    static const struct timespec pause = {.tv_nsec = 10000000};
    uint64_t deadline_ns = clock_now_ns() + START_SECONDS * NS_PER_SECOND;
    int error = 0;
    while (error == 0 && PQping(connection) != PQPING_OK) {
        if (clock_now_ns() > deadline_ns)
            return reason_set(reason, -ETIMEDOUT,
                              "PostgreSQL does not answer within %d s", START_SECONDS);
        error = keeper_check(site, reason);
        nanosleep(&pause, NULL);
    }
    return error;
}

// ---- what is asked of it ---------------------------------------------------------------

static int failure(const PGconn *connection, const char *what, struct reason *reason)
{
    const char *said = PQerrorMessage(connection);
    return reason_set(reason, -EIO, "cannot %s the data base: %.*s", what,
                      (int)strcspn(said, "\n"), said);
}

static bool execute(PGconn *connection, const char *text)
{
    PGresult *result = PQexec(connection, text);
    bool done = PQresultStatus(result) == PGRES_COMMAND_OK;
    PQclear(result);
    return done;
}

static bool fill(PGconn *connection, const struct bank *bank)
{
    char line[96];
    PGresult *result = PQexec(connection, "COPY account FROM STDIN");
    bool well = PQresultStatus(result) == PGRES_COPY_IN;
    PQclear(result);
    for (uint32_t id = 0; id < bank->accounts && well; id++) {
        int length =
            snprintf(line, sizeof line, "%" PRIu32 "\t%" PRId64 "\t%" PRId64 "\n", id,
                     bank_label(bank, id), BANK_OPENING);
        well = PQputCopyData(connection, line, length) == 1;
    }
    well = well && PQputCopyEnd(connection, NULL) == 1;
    result = PQgetResult(connection);
    well = well && PQresultStatus(result) == PGRES_COMMAND_OK;
    PQclear(result);
    PQclear(PQgetResult(connection)); // the NULL that ends it
    return well;
}

static int tables_make(const char *where, const struct bank *bank, struct reason *reason)
{
    static const char tables[] =
        "CREATE TABLE account (id int PRIMARY KEY, label bigint NOT NULL UNIQUE,"
        " balance bigint NOT NULL);"
        "CREATE TABLE transfer (task int, number int, amount bigint NOT NULL,"
        " PRIMARY KEY (task, number))";
    PGconn *connection = PQconnectdb(where);
    int error = 0;
    if (PQstatus(connection) != CONNECTION_OK || !execute(connection, tables) ||
        !fill(connection, bank) || !execute(connection, "VACUUM ANALYZE"))
        error = failure(connection, "make", reason);
    PQfinish(connection);
    return error;
}

int query_prepare(struct keeper_site *site, struct reason *reason)
{
    const struct work *work = site->plan->context;
    struct bank bank = query_bank(work);
    char where[KEEPER_PATH * 2];
    snprintf(where, sizeof where, QUERY_DATABASE " host=%s", site->folder);
    if (strlen(site->folder) + strlen("/.s.PGSQL.5432") > 106)
        return reason_set(reason, -ENAMETOOLONG,
                          "'%s' is too long for the name of a socket; give a shorter "
                          "--dir or TMPDIR",
                          site->folder);
    int error = cluster_make(site, reason);
    if (error == 0)
        error = cluster_serve(site, work->concurrency, reason);
    if (error == 0)
        error = cluster_await(site, where, reason);
    if (error == 0)
        error = tables_make(where, &bank, reason);
    return error;
}

// A postmaster that was killed leaves a small segment of System V shared memory behind. Its
// number is the last of line 7 of postmaster.pid; if it has ended well, the file is gone.
void query_conclude(struct keeper_site *site)
{
    char path[KEEPER_PATH + 32];
    char line[256];
    int segment = -1;
    snprintf(path, sizeof path, "%s/data/postmaster.pid", site->folder);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return;
    for (int number = 1; fgets(line, sizeof line, file) != NULL; number++) {
        if (number == 7 && sscanf(line, "%*u %d", &segment) == 1)
            shmctl(segment, IPC_RMID, NULL);
    }
    fclose(file);
}

// ---- after the last session ------------------------------------------------------------

static bool read_balances(PGconn *connection, const struct bank *bank, int64_t *balances)
{
    PGresult *rows = PQexec(connection, "SELECT balance FROM account ORDER BY id");
    bool all = PQresultStatus(rows) == PGRES_TUPLES_OK &&
               (uint32_t)PQntuples(rows) == bank->accounts;
    for (int row = 0; all && row < PQntuples(rows); row++)
        balances[row] = strtoll(PQgetvalue(rows, row, 0), NULL, 10);
    PQclear(rows);
    return all;
}

static bool count_transfers(PGconn *connection, uint64_t *transfers)
{
    PGresult *count = PQexec(connection, "SELECT count(*) FROM transfer");
    bool known = PQresultStatus(count) == PGRES_TUPLES_OK && PQntuples(count) == 1;
    if (known)
        *transfers = strtoull(PQgetvalue(count, 0, 0), NULL, 10);
    PQclear(count);
    return known;
}

int query_read(const struct work *work, struct query_evidence *evidence,
               struct reason *reason)
{
    const struct query_parameters *parameters = work->parameters;
    struct bank bank = query_bank(work);
    evidence->balances = calloc(bank.accounts, sizeof *evidence->balances);
    if (evidence->balances == NULL)
        return reason_set(reason, -ENOMEM, "no memory for the balances");
    PGconn *connection = PQconnectdb(parameters->connection);
    int error = 0;
    if (PQstatus(connection) != CONNECTION_OK ||
        !read_balances(connection, &bank, evidence->balances) ||
        !count_transfers(connection, &evidence->transfers))
        error = failure(connection, "read", reason);
    PQfinish(connection);
    return error;
}

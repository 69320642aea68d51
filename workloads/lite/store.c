// SPDX-License-Identifier: MIT
//
// store.c - the data base before the first session, and after the last: see lite.h.
#include "workloads/lite/lite.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

static const char *const journals[] = {
    [LITE_WAL] = "PRAGMA journal_mode = WAL",
    [LITE_ROLLBACK] = "PRAGMA journal_mode = DELETE",
};

// Of this handle alone: whatever it writes, nobody waits for the disk.
static const char tables[] =
    "PRAGMA synchronous = OFF;"
    "BEGIN;"
    "CREATE TABLE account (id INTEGER PRIMARY KEY, label INTEGER NOT NULL,"
    " balance INTEGER NOT NULL);"
    "CREATE UNIQUE INDEX account_label ON account (label);"
    "CREATE TABLE transfer (task INTEGER, number INTEGER, amount INTEGER NOT NULL,"
    " PRIMARY KEY (task, number)) WITHOUT ROWID;";

static int open_store(const char *folder, sqlite3 **handle)
{
    char path[KEEPER_PATH + sizeof LITE_FILE];
    snprintf(path, sizeof path, "%s/" LITE_FILE, folder);
    int code = sqlite3_open(path, handle);
    return code == SQLITE_OK ? sqlite3_busy_timeout(*handle, 1000) : code;
}

static int failure(sqlite3 *handle, const char *what, struct reason *reason)
{
    return reason_set(reason, -EIO, "cannot %s the data base: SQLite says: %s", what,
                      handle != NULL ? sqlite3_errmsg(handle) : "out of memory");
}

// ---- before ----------------------------------------------------------------------------

static int fill(sqlite3 *handle, const struct bank *bank)
{
    sqlite3_stmt *insert;
    int code = sqlite3_prepare_v2(handle, "INSERT INTO account VALUES (?1, ?2, ?3)", -1,
                                  &insert, NULL);
    for (uint32_t id = 0; id < bank->accounts && code == SQLITE_OK; id++) {
        sqlite3_bind_int64(insert, 1, id);
        sqlite3_bind_int64(insert, 2, bank_label(bank, id));
        sqlite3_bind_int64(insert, 3, BANK_OPENING);
        if (sqlite3_step(insert) != SQLITE_DONE)
            code = sqlite3_errcode(handle);
        sqlite3_reset(insert);
    }
    sqlite3_finalize(insert);
    return code;
}

int lite_prepare(struct keeper_site *site, struct reason *reason)
{
    const struct work *work = site->plan->context;
    const struct lite_parameters *parameters = work->parameters;
    struct bank bank = lite_bank(work);
    sqlite3 *handle = NULL;
    int code = open_store(site->folder, &handle);
    if (code == SQLITE_OK)
        code = sqlite3_exec(handle, journals[parameters->journal], NULL, NULL, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(handle, tables, NULL, NULL, NULL);
    if (code == SQLITE_OK)
        code = fill(handle, &bank);
    if (code == SQLITE_OK)
        code = sqlite3_exec(handle, "COMMIT", NULL, NULL, NULL);
    if (code != SQLITE_OK) {
        failure(handle, "make", reason);
        sqlite3_close(handle);
        return -EIO;
    }
    site->held = handle; // stays open: see lite.h
    return 0;
}

// The last handle: SQLite moves the log into the data base, and removes it.
void lite_conclude(struct keeper_site *site)
{
    sqlite3_close(site->held);
}

// ---- after -----------------------------------------------------------------------------

static int read_rows(sqlite3 *handle, const struct bank *bank,
                     struct lite_evidence *evidence)
{
    sqlite3_stmt *rows;
    uint32_t count = 0;
    int code = sqlite3_prepare_v2(handle, "SELECT balance FROM account ORDER BY id", -1,
                                  &rows, NULL);
    while (code == SQLITE_OK && sqlite3_step(rows) == SQLITE_ROW) {
        if (count < bank->accounts)
            evidence->balances[count] = sqlite3_column_int64(rows, 0);
        count++;
    }
    sqlite3_finalize(rows);
    if (code != SQLITE_OK || count != bank->accounts)
        return SQLITE_ERROR;
    code = sqlite3_prepare_v2(handle, "SELECT count(*) FROM transfer", -1, &rows, NULL);
    if (code == SQLITE_OK && sqlite3_step(rows) == SQLITE_ROW)
        evidence->transfers = (uint64_t)sqlite3_column_int64(rows, 0);
    sqlite3_finalize(rows);
    return code;
}

int lite_read(const struct work *work, struct lite_evidence *evidence,
              struct reason *reason)
{
    const struct lite_parameters *parameters = work->parameters;
    struct bank bank = lite_bank(work);
    sqlite3 *handle = NULL;
    evidence->balances = calloc(bank.accounts, sizeof *evidence->balances);
    if (evidence->balances == NULL)
        return reason_set(reason, -ENOMEM, "no memory for the balances");
    int error = 0;
    if (open_store(parameters->keeper.folder, &handle) != SQLITE_OK ||
        read_rows(handle, &bank, evidence) != SQLITE_OK)
        error = failure(handle, "read", reason);
    sqlite3_close(handle);
    return error;
}

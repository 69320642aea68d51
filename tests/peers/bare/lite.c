// SPDX-License-Identifier: MIT
//
// SQLite by its own calls, one handle after the other: see bare.c.
#include "runners/direct.h"

#include "lib/clock.h"
#include "workloads/lite/lite.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <time.h>

direct_code lite_direct;

enum { LOOK, PAY, NOTE, STATEMENTS };

struct store {
    sqlite3 *handle;
    sqlite3_stmt *statements[STATEMENTS];
};

static int store_open(struct store *store, const struct lite_parameters *parameters)
{
    static const char *const synchronous[] = {"PRAGMA synchronous = OFF",
                                              "PRAGMA synchronous = NORMAL",
                                              "PRAGMA synchronous = FULL"};
    static const char *const texts[STATEMENTS] = {
        "SELECT id FROM account WHERE label = ?1",
        "UPDATE account SET balance = balance + ?2 WHERE id = ?1",
        "INSERT INTO transfer VALUES (?1, ?2, ?3)",
    };
    char path[KEEPER_PATH + sizeof LITE_FILE];
    snprintf(path, sizeof path, "%s/" LITE_FILE, parameters->keeper.folder);
    int code = sqlite3_open_v2(path, &store->handle,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    if (code == SQLITE_OK)
        code = sqlite3_exec(store->handle, synchronous[parameters->sync], 0, 0, 0);
    for (int i = 0; i < STATEMENTS && code == SQLITE_OK; i++)
        code = sqlite3_prepare_v2(store->handle, texts[i], -1, &store->statements[i], 0);
    return code == SQLITE_OK ? 0 : -EIO;
}

static void store_close(struct store *store)
{
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(store->statements[i]);
    sqlite3_close(store->handle);
}

static int change(sqlite3_stmt *statement, int64_t first, int64_t second)
{
    sqlite3_bind_int64(statement, 1, first);
    sqlite3_bind_int64(statement, 2, second);
    int code = sqlite3_step(statement);
    sqlite3_reset(statement);
    return code == SQLITE_DONE ? 0 : -EIO;
}

static int look_up(sqlite3_stmt *statement, int64_t label, int64_t *found)
{
    sqlite3_bind_int64(statement, 1, label);
    int code = sqlite3_step(statement);
    *found = code == SQLITE_ROW ? sqlite3_column_int64(statement, 0) : -1;
    sqlite3_reset(statement);
    return code == SQLITE_ROW ? 0 : -EIO;
}

static void pause_for(uint64_t duration_ns)
{
    struct timespec duration = clock_timespec(duration_ns);
    if (duration_ns > 0)
        nanosleep(&duration, NULL);
}

static int transfer(const struct store *store, const struct bank_transaction *wanted,
                    const struct task *task, uint32_t number)
{
    const struct lite_parameters *parameters = task->work->parameters;
    if (sqlite3_exec(store->handle, "BEGIN IMMEDIATE", 0, 0, 0) != SQLITE_OK)
        return -EIO;
    pause_for(parameters->hold_ns);
    int error = change(store->statements[PAY], wanted->low, wanted->amount);
    if (error == 0)
        error = change(store->statements[PAY], wanted->high, -wanted->amount);
    sqlite3_bind_int64(store->statements[NOTE], 3, wanted->amount);
    if (error == 0)
        error = change(store->statements[NOTE], task->index, number);
    if (error == 0 && sqlite3_exec(store->handle, "COMMIT", 0, 0, 0) != SQLITE_OK)
        error = -EIO;
    return error;
}

static int transact(const struct store *store, struct task *task, uint32_t number)
{
    struct bank bank = lite_bank(task->work);
    struct bank_transaction wanted = bank_transaction(&bank, task->index, number);
    const struct lite_parameters *parameters = task->work->parameters;
    uint64_t due_ns = clock_now_ns() + parameters->think_ns;
    int64_t found = wanted.amount;
    pause_for(parameters->think_ns);
    lite_woke(task, due_ns);
    int error = wanted.transfer ? transfer(store, &wanted, task, number)
                                : look_up(store->statements[LOOK], wanted.label, &found);
    if (error != 0)
        return error;
    task->outcome->digest = bank_fold(task->outcome->digest, &wanted, found);
    task->outcome->operations++;
    outcome_sample(task->outcome, clock_now_ns() - due_ns);
    return 0;
}

int lite_direct(struct task *task)
{
    const struct lite_parameters *parameters = task->work->parameters;
    struct store store = {0};
    int error = store_open(&store, parameters);
    for (uint32_t i = 0; i < parameters->transactions && error == 0; i++)
        error = transact(&store, task, i);
    store_close(&store);
    return error;
}

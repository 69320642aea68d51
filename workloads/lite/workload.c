// SPDX-License-Identifier: MIT
//
// workload.c - `lite` as the runners see it.
//
// Read next: lite.h.
#include "workloads/lite/lite.h"

#include "lib/clock.h"
#include "lib/folder.h"
#include "runners/sync_objects.h"

#include <errno.h>
#include <inttypes.h>

extern const struct workload lite_workload;

static const struct option_spec lite_options[] = {
    {
        .name = "transactions",
        .kind = OPTION_COUNT,
        .offset = offsetof(struct lite_parameters, transactions),
        .fallback = "10",
        .minimum = 1,
        .maximum = 100000,
        .help = "of each session",
    },
    {
        .name = "accounts",
        .kind = OPTION_COUNT,
        .offset = offsetof(struct lite_parameters, accounts),
        .fallback = "1000",
        .minimum = 2,
        .maximum = BANK_ACCOUNT_MAX,
        .help = "rows of the table that is looked into and written to",
    },
    {
        .name = "writes",
        .kind = OPTION_COUNT,
        .offset = offsetof(struct lite_parameters, write_percent),
        .fallback = "20",
        .maximum = 100,
        .help = "percent of transactions that transfer; others look up",
    },
    {
        .name = "think",
        .kind = OPTION_DURATION,
        .offset = offsetof(struct lite_parameters, think_ns),
        .fallback = "10ms",
        .maximum = 60 * NS_PER_SECOND,
        .help = "a session waits this long before each transaction",
    },
    {
        .name = "hold",
        .kind = OPTION_DURATION,
        .offset = offsetof(struct lite_parameters, hold_ns),
        .fallback = "0",
        .maximum = 60 * NS_PER_SECOND,
        .help = "a transfer waits this long while it holds the lock",
    },
    {
        .name = "busy-timeout",
        .kind = OPTION_DURATION,
        .offset = offsetof(struct lite_parameters, busy_ns),
        .fallback = "30s",
        .maximum = 600 * NS_PER_SECOND,
        .help = "SQLite tries this long to get a lock",
    },
    {
        .name = "journal",
        .kind = OPTION_CHOICE,
        .offset = offsetof(struct lite_parameters, journal),
        .fallback = "wal",
        .choices = "wal|delete",
        .help = "who reads need not wait for who writes, or has to",
    },
    {
        .name = "synchronous",
        .kind = OPTION_CHOICE,
        .offset = offsetof(struct lite_parameters, sync),
        .fallback = "normal",
        .choices = "off|normal|full",
        .help = "when SQLite waits for the disk",
    },
    {
        .name = "dir",
        .kind = OPTION_TEXT,
        .offset = offsetof(struct lite_parameters, dir),
        .help = "folder for the data base's own one; TMPDIR or /tmp if not given",
    },
    {
        .name = "keep",
        .kind = OPTION_FLAG,
        .offset = offsetof(struct lite_parameters, keep),
        .help = "leave the data base there after the run",
    },
    {0},
};

static uint32_t one_per_transaction(const struct work *work)
{
    const struct lite_parameters *parameters = work->parameters;
    return (uint32_t)parameters->transactions;
}

static int lite_setup(struct work *work, struct reason *reason)
{
    struct lite_parameters *parameters = work->parameters;
    if (parameters->dir != NULL && folder_check(parameters->dir, reason) != 0)
        return -EINVAL;
    parameters->shared = sync_alloc(sizeof *parameters->shared);
    if (parameters->shared == NULL)
        return reason_set(reason, -ENOMEM, "no memory for the sessions");
    parameters->plan = (struct keeper_plan){.name = "lite",
                                            .parent = parameters->dir,
                                            .keep = parameters->keep,
                                            .prepare = lite_prepare,
                                            .conclude = lite_conclude,
                                            .context = work};
    int error = keeper_start(&parameters->keeper, &parameters->plan, reason);
    work->peer = parameters->keeper.pid;
    return error;
}

static void lite_expect(const struct work *work, struct ledger *expected)
{
    const struct lite_parameters *parameters = work->parameters;
    *expected = (struct ledger){.tasks = work->tasks,
                                .operations = work->tasks * parameters->transactions};
}

// The data base is read before it goes; verify() comes later. What a session has complained
// about explains why its task has failed.
static int lite_teardown(struct work *work, struct reason *reason)
{
    struct lite_parameters *parameters = work->parameters;
    struct reason ignored;
    int limit = work_disk_limit(work);
    int error = 0;
    work->peer = 0;
    if (complaint_made(&parameters->shared->complaint))
        error = reason_set(reason, limit != 0 ? limit : -EIO, "%s",
                           parameters->shared->complaint.text);
    if (error == 0)
        error = lite_read(work, &parameters->evidence, reason);
    int stop_error = keeper_stop(&parameters->keeper, error == 0 ? reason : &ignored);
    return error != 0 ? error : stop_error;
}

static uint64_t lite_digest(const struct work *work, uint32_t task)
{
    const struct lite_parameters *parameters = work->parameters;
    struct bank bank = lite_bank(work);
    return bank_digest(&bank, task, parameters->transactions);
}

static uint64_t lite_least_run_ns(const struct work *work)
{
    const struct lite_parameters *parameters = work->parameters;
    return work_turns(work) * parameters->transactions * parameters->think_ns;
}

static int lite_verify(const struct work *work, struct reason *reason)
{
    const struct lite_parameters *parameters = work->parameters;
    struct bank bank = lite_bank(work);
    struct bank_claim claim = {.tasks = work->tasks,
                               .transactions = parameters->transactions,
                               .balances = parameters->evidence.balances,
                               .transfers = parameters->evidence.transfers};
    uint32_t wrong = work_first_wrong(work);
    if (wrong < work->tasks)
        return reason_set(reason, -EBADMSG,
                          "task %" PRIu32 " has found other rows than there are", wrong);
    return bank_check(&bank, &claim, reason);
}

static int lite_results(const struct work *work, struct named_number *out, int room)
{
    const struct lite_parameters *parameters = work->parameters;
    if (room < 2)
        return 0;
    out[0] = (struct named_number){"latest_wakeup_ns",
                                   atomic_load(&parameters->shared->latest_ns)};
    out[1] = (struct named_number){"transfers", parameters->evidence.transfers};
    return 2;
}

const struct workload lite_workload = {
    .name = "lite",
    .kind = WORKLOAD_IO,
    .summary = "transactions with SQLite, a library that blocks whoever calls it",
    .operation = "transactions",
    .default_tasks = 160,
    .default_concurrency = 16,
    .descriptors = 4, // the data base, its log, the log's index, a journal
    .options = lite_options,
    .parameters_size = sizeof(struct lite_parameters),
    .latency = "response",
    .samples = one_per_transaction,
    .setup = lite_setup,
    .expect = lite_expect,
    .digest = lite_digest,
    .least_run_ns = lite_least_run_ns,
    .verify = lite_verify,
    .results = lite_results,
    .teardown = lite_teardown,
};

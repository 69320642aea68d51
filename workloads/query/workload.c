// SPDX-License-Identifier: MIT
//
// workload.c - `query` as the runners see it.
//
// Read next: query.h.
#include "workloads/query/query.h"

#include "lib/folder.h"
#include "runners/sync_objects.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

extern const struct workload query_workload;

static const struct option_spec query_options[] = {
    {
        .name = "transactions",
        .kind = OPTION_COUNT,
        .offset = offsetof(struct query_parameters, transactions),
        .fallback = "50",
        .minimum = 1,
        .maximum = 100000,
        .help = "of each session",
    },
    {
        .name = "accounts",
        .kind = OPTION_COUNT,
        .offset = offsetof(struct query_parameters, accounts),
        .fallback = "1000",
        .minimum = 2,
        .maximum = BANK_ACCOUNT_MAX,
        .help = "rows of the table that is looked into and written to",
    },
    {
        .name = "writes",
        .kind = OPTION_COUNT,
        .offset = offsetof(struct query_parameters, write_percent),
        .fallback = "20",
        .maximum = 100,
        .help = "percent of transfers; others look up",
    },
    {
        .name = "pipeline",
        .kind = OPTION_FLAG,
        .offset = offsetof(struct query_parameters, pipeline),
        .help = "send all statements of a transaction at once",
    },
    {
        .name = "dir",
        .kind = OPTION_TEXT,
        .offset = offsetof(struct query_parameters, dir),
        .help = "folder for the server's own one; TMPDIR or /tmp if not given",
    },
    {0},
};

static uint32_t one_per_transaction(const struct work *work)
{
    const struct query_parameters *parameters = work->parameters;
    return (uint32_t)parameters->transactions;
}

static int query_setup(struct work *work, struct reason *reason)
{
    struct query_parameters *parameters = work->parameters;
    if (parameters->dir != NULL && folder_check(parameters->dir, reason) != 0)
        return -EINVAL;
    parameters->complaint = sync_alloc(sizeof *parameters->complaint);
    if (parameters->complaint == NULL)
        return reason_set(reason, -ENOMEM, "no memory for the sessions");
    parameters->plan = (struct keeper_plan){.name = "query",
                                            .parent = parameters->dir,
                                            .cpus = work->peer_cpus,
                                            .users = "postgres nobody",
                                            .prepare = query_prepare,
                                            .conclude = query_conclude,
                                            .context = work};
    int error = keeper_start(&parameters->keeper, &parameters->plan, reason);
    snprintf(parameters->connection, sizeof parameters->connection,
             QUERY_DATABASE " host=%s", parameters->keeper.folder);
    work->peer = parameters->keeper.pid;
    return error;
}

static void query_expect(const struct work *work, struct ledger *expected)
{
    const struct query_parameters *parameters = work->parameters;
    *expected = (struct ledger){.tasks = work->tasks,
                                .operations = work->tasks * parameters->transactions};
}

static uint64_t query_digest(const struct work *work, uint32_t task)
{
    const struct query_parameters *parameters = work->parameters;
    struct bank bank = query_bank(work);
    return bank_digest(&bank, task, parameters->transactions);
}

// The data base is read before it goes. The server's own end explains what a session has
// complained about, and that explains why its task has failed.
static int query_teardown(struct work *work, struct reason *reason)
{
    struct query_parameters *parameters = work->parameters;
    struct reason end;
    int error = 0;
    work->peer = 0;
    if (complaint_made(parameters->complaint))
        error = reason_set(reason, -EIO, "%s", parameters->complaint->text);
    else if (work_went_well(work))
        error = query_read(work, &parameters->evidence, reason);
    int stop_error = keeper_stop(&parameters->keeper, &end);
    if (stop_error == 0)
        return error;
    return reason_set(reason, stop_error, "%s", end.text);
}

static int query_verify(const struct work *work, struct reason *reason)
{
    const struct query_parameters *parameters = work->parameters;
    struct bank bank = query_bank(work);
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

static int query_results(const struct work *work, struct named_number *out, int room)
{
    const struct query_parameters *parameters = work->parameters;
    if (room < 1)
        return 0;
    out[0] = (struct named_number){"transfers", parameters->evidence.transfers};
    return 1;
}

const struct workload query_workload = {
    .name = "query",
    .kind = WORKLOAD_IO,
    .summary = "transactions with a real PostgreSQL: look-ups and transfers",
    .operation = "transactions",
    .default_tasks = 100,
    .default_concurrency = 20,
    .peer = true,
    .descriptors = 2,
    .options = query_options,
    .parameters_size = sizeof(struct query_parameters),
    .latency = "service",
    .samples = one_per_transaction,
    .setup = query_setup,
    .expect = query_expect,
    .digest = query_digest,
    .verify = query_verify,
    .results = query_results,
    .teardown = query_teardown,
};

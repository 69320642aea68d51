// SPDX-License-Identifier: MIT
//
// workload.c - `cache` as the runners see it.
//
// Read next: cache.h.
#include "workloads/cache/cache.h"

#include "lib/folder.h"
#include "runners/sync_objects.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>

extern const struct workload cache_workload;

static const struct option_spec cache_options[] = {
    {
        .name = "commands",
        .kind = OPTION_COUNT,
        .offset = offsetof(struct cache_parameters, commands),
        .fallback = "100",
        .minimum = 1,
        .maximum = 1000000,
        .help = "of each session",
    },
    {
        .name = "pipeline",
        .kind = OPTION_COUNT,
        .offset = offsetof(struct cache_parameters, pipeline),
        .fallback = "1",
        .minimum = 1,
        .maximum = 1000,
        .help = "commands that are sent before the first reply is awaited",
    },
    {
        .name = "keys",
        .kind = OPTION_COUNT,
        .offset = offsetof(struct cache_parameters, keys),
        .fallback = "1000",
        .minimum = 1,
        .maximum = 100000,
        .help = "values that are in the server from the beginning",
    },
    {
        .name = "value",
        .kind = OPTION_SIZE,
        .offset = offsetof(struct cache_parameters, value_size),
        .fallback = "64",
        .minimum = 1,
        .maximum = CACHE_VALUE_MAX,
        .help = "bytes of a value",
    },
    {
        .name = "writes",
        .kind = OPTION_COUNT,
        .offset = offsetof(struct cache_parameters, write_percent),
        .fallback = "20",
        .maximum = 100,
        .help = "percent of commands that SET or INCR; others GET",
    },
    {
        .name = "dir",
        .kind = OPTION_TEXT,
        .offset = offsetof(struct cache_parameters, dir),
        .help = "folder for the server's own one; TMPDIR or /tmp if not given",
    },
    {
        .name = "keep",
        .kind = OPTION_FLAG,
        .offset = offsetof(struct cache_parameters, keep),
        .help = "save the server's data there after the run",
    },
    {0},
};

static uint32_t one_per_batch(const struct work *work)
{
    return cache_batches(work->parameters);
}

static int cache_setup(struct work *work, struct reason *reason)
{
    struct cache_parameters *parameters = work->parameters;
    if (parameters->dir != NULL && folder_check(parameters->dir, reason) != 0)
        return -EINVAL;
    // hiredis writes by write(2): a server that has gone must be an error, not a signal.
    signal(SIGPIPE, SIG_IGN);
    parameters->complaint = sync_alloc(sizeof *parameters->complaint);
    if (parameters->complaint == NULL)
        return reason_set(reason, -ENOMEM, "no memory for the sessions");
    parameters->plan = (struct keeper_plan){.name = "cache",
                                            .parent = parameters->dir,
                                            .keep = parameters->keep,
                                            .cpus = work->peer_cpus,
                                            .prepare = cache_prepare,
                                            .context = work};
    cache_add_up(work, &parameters->sums);
    int error = keeper_start(&parameters->keeper, &parameters->plan, reason);
    if (error == 0)
        error = cache_find(parameters->keeper.folder, &parameters->address, reason);
    work->peer = parameters->keeper.pid;
    return error;
}

// The complaint of a session explains why its task has failed; the server's own
// end explains that.
static int cache_teardown(struct work *work, struct reason *reason)
{
    struct cache_parameters *parameters = work->parameters;
    const struct complaint *complaint = parameters->complaint;
    struct reason end;
    int error = 0;
    work->peer = 0;
    if (complaint_made(complaint))
        error = reason_set(reason, -EIO, "%s", complaint->text);
    else if (work_went_well(work))
        error = cache_inspect(work, reason);
    int stop_error = keeper_stop(&parameters->keeper, &end);
    if (stop_error == 0)
        return error;
    return reason_set(reason, stop_error, "%s", end.text);
}

static void cache_expect(const struct work *work, struct ledger *expected)
{
    const struct cache_parameters *parameters = work->parameters;
    *expected = (struct ledger){.tasks = work->tasks,
                                .operations = work->tasks * parameters->commands};
    cache_expect_bytes(work, expected);
}

// Which session gets which number of a counter is open, and so is how many digits it has.
static void cache_expect_task(const struct work *work, uint32_t index,
                              struct ledger *share)
{
    share->bytes_out = cache_bytes_out(work, index);
    share->bytes_in = NUMBER_UNKNOWN;
}

static int cache_verify(const struct work *work, struct reason *reason)
{
    uint32_t wrong = work_first_wrong(work);
    if (wrong == work->tasks)
        return 0;
    return reason_set(reason, -EBADMSG,
                      "task %" PRIu32 " has had replies to other commands", wrong);
}

const struct workload cache_workload = {
    .name = "cache",
    .kind = WORKLOAD_IO,
    .summary = "commands to a real Redis, one by one or in batches",
    .operation = "commands",
    .default_tasks = 500,
    .default_concurrency = 50,
    .peer = true,
    .descriptors = 1,
    .options = cache_options,
    .parameters_size = sizeof(struct cache_parameters),
    .latency = "service",
    .samples = one_per_batch,
    .setup = cache_setup,
    .expect = cache_expect,
    .expect_task = cache_expect_task,
    .digest = cache_digest,
    .verify = cache_verify,
    .teardown = cache_teardown,
};

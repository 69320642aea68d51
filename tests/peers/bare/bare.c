// SPDX-License-Identifier: MIT
//
// bare.c - the bare I/O of a workload as a runner: one task after the other, in one thread,
// with nothing between the task and the kernel or the library. What a row of a model takes
// beyond it, per operation, is the model's; what it takes less, it has by waiting for many
// things at the same time.
//
// The task of each workload is written here once more, as one would write it without this
// project: files.c, cache.c, query.c, lite.c. Contents, answers and what is checked are the
// workload's own objects, so a bare run is refused like any other if it does not do the work.
//
//   bare WORKLOAD [options], as any runner
//   quartet run --plan docs/plans/bare-io.json --runner tests/peers/bare/bare
//
// Read next: ../io_bench.
#include "runners/direct/worker.h"
#include "runners/model.h"

static int bare_prepare(struct run *run, struct reason *reason)
{
    (void)reason;
    run->workers = 1;
    return 0;
}

static int bare_run(struct run *run, struct reason *reason)
{
    (void)reason;
    run_open_gate(run);
    worker_loop(run, worker_code(run));
    run_leave(run);
    return 0;
}

static const struct option_spec no_options[] = {{0}};

const struct model model = {
    .name = "bare",
    .summary = "what the I/O itself takes, without any model: a control",
    .options = no_options,
    .prepare = bare_prepare,
    .run = bare_run,
};

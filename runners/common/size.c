// SPDX-License-Identifier: MIT
//
// How many tasks, and how many at once: see size.h.
#include "runners/common/size.h"

#include "lib/error.h"

#include <inttypes.h>

// N and C: what was asked, else the workload's defaults; a default gives way to what
// was asked, but two wishes that contradict each other are refused.
void size_choose(struct work *work, uint64_t tasks, uint64_t concurrency)
{
    const struct workload *workload = work->workload;
    if (tasks == 0) {
        tasks = workload->default_tasks;
        if (concurrency > tasks || (concurrency > 0 && workload->together))
            tasks = concurrency;
    }
    if (concurrency == 0) {
        concurrency = workload->default_concurrency;
        if (concurrency > tasks || workload->together)
            concurrency = tasks;
    }
    if (workload->together && concurrency != tasks) {
        die(EXIT_USAGE,
            "--concurrency %" PRIu64
            ": the tasks of %s wait for one another, so all %" PRIu64
            " must be in flight; leave it out",
            concurrency, workload->name, tasks);
    }
    if (concurrency > tasks) {
        die(EXIT_USAGE,
            "--concurrency %" PRIu64 ": more than --tasks %" PRIu64
            " cannot be in flight; give 1 to %" PRIu64,
            concurrency, tasks, tasks);
    }
    work->tasks = (uint32_t)tasks;
    work->concurrency = (uint32_t)concurrency;
}

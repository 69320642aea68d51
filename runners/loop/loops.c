// SPDX-License-Identifier: MIT
//
// The number of loops of a run and their shares: see loops.h.
//
// Read next: eventloop/model.c, which starts them.
#include "runners/loop/loops.h"

#include <errno.h>
#include <inttypes.h>

int loops_choose(struct run *run, uint64_t *loops, struct reason *reason)
{
    if (run->workers_asked != 0) {
        if (*loops != 1 && *loops != run->workers_asked)
            return reason_set(reason, -EINVAL,
                              "--workers and --loops mean the same; give one");
        *loops = run->workers_asked;
    }
    if (*loops > run->work.concurrency) {
        return reason_set(reason, -EINVAL,
                          "--loops %" PRIu64
                          ": more loops than tasks in flight; give 1 to %u",
                          *loops, run->work.concurrency);
    }
    run->workers = (uint32_t)*loops;
    return 0;
}

uint32_t loops_share(const struct run *run, uint32_t index)
{
    uint32_t concurrency = run->work.concurrency;
    return concurrency / run->workers + (index < concurrency % run->workers);
}

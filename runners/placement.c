// SPDX-License-Identifier: MIT
//
// Workers and CPUs: see placement.h. A worker settles before it says that it is ready, so
// that moving it to its CPU is part of the phase `spawn`.
//
// Read next: run_wait_at_gate() in run.c, where workers do so.
#include "runners/placement.h"

#include "lib/cpus.h"

#include <string.h>

void placement_choose(struct run *run, enum placement wish)
{
    bool one_each = run->workers > 1 && run->workers == cpus_count();
    bool computes = run->work.workload->kind == WORKLOAD_CPU;
    run->pin =
        wish == PLACEMENT_ALWAYS || (wish == PLACEMENT_AUTO && one_each && computes);
}

void placement_settle(const struct run *run)
{
    if (!run->pin)
        return;
    uint32_t index =
        atomic_fetch_add_explicit(&run->board->settled, 1, memory_order_relaxed);
    int error = cpus_keep(index);
    if (error != 0)
        warn("worker %u cannot keep a CPU for itself, and times may scatter: %s",
             index + 1, strerror(-error));
}

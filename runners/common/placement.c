// SPDX-License-Identifier: MIT
//
// Workers and CPUs: see placement.h. A worker is pinned before it says that it is ready,
// so that moving it to its CPU is part of the phase `spawn`.
//
// Read next: thread_main() in ../multithread/multithread.c, which is pinned so.
#include "runners/common/placement.h"

#include "lib/cpus.h"

#include <string.h>

void placement_choose(struct run *run, enum placement wish)
{
    bool one_each = run->workers > 1 && run->workers == cpus_count();
    bool computes = run->work.workload->kind == WORKLOAD_CPU;
    run->pin =
        wish == PLACEMENT_ALWAYS || (wish == PLACEMENT_AUTO && one_each && computes);
}

void placement_pin(const struct run *run)
{
    if (!run->pin)
        return;
    struct board *board = run->board;
    uint32_t index = atomic_fetch_add_explicit(&board->pinned, 1, memory_order_relaxed);
    int error = cpus_keep(index);
    // One line is enough: what keeps one worker from it most often keeps all.
    if (error != 0 &&
        atomic_fetch_add_explicit(&board->refused, 1, memory_order_relaxed) == 0)
        warn("worker %u cannot keep a CPU for itself, and times may scatter: %s",
             index + 1, strerror(-error));
}

void placement_note(struct run *run, enum placement wish)
{
    uint32_t refused = atomic_load(&run->board->refused);
    if (refused > 0)
        run_note(run, "times may scatter: no CPU of its own for %u of %u workers",
                 refused, run->workers);
    if (wish == PLACEMENT_ALWAYS && atomic_load(&run->board->opened_ns) != 0 &&
        atomic_load(&run->board->pinned) == 0)
        run_note(run, "--pin always pins nobody here: each task has a worker of its own, "
                      "which the kernel places");
}

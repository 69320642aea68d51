// SPDX-License-Identifier: MIT
//
// The loop of a worker in direct style: see worker.h.
#include "runners/direct/worker.h"

#include "lib/check.h"

#include <string.h>

direct_code *worker_code(const struct run *run)
{
    const struct direct_entry *entry = direct_list;
    while (entry->name != NULL && strcmp(entry->name, run->work.workload->name) != 0)
        entry++;
    CHECK(entry->name != NULL);
    return entry->code;
}

//DOC: worker-loop
void worker_loop(struct run *run, direct_code *code)
{
    struct task task;
    while (run_take(run, &task))
        run_finish(run, &task, code(&task));
}

bool worker_once(struct run *run, direct_code *code)
{
    struct task task;
    if (!run_take(run, &task))
        return false;
    run_finish(run, &task, code(&task));
    // The first to end make room for those that have no place yet. To go by the number of the
    // task would keep the places of early ends, for which a task without a place waits.
    uint32_t before = atomic_fetch_add(&run->board->ended, 1);
    return before >= run->work.tasks - run->workers;
}

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
    return run->work.tasks - task.index <= run->workers;
}

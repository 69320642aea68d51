// SPDX-License-Identifier: MIT
//
// direct.c - a member and the gatherer, in straight-line code.
//
// Read next: events.c.
#include "runners/direct.h"
#include "runners/sync.h"
#include "workloads/gather/gather.h"

#include <errno.h>

direct_code gather_direct;

//DOC: gather-member
// A sleep that can be cancelled: to wait for the cancelling, but not longer than that.
static int member(struct task *task, struct gather_table *table)
{
    int error = sync_wait(&table->stop, gather_delay(task));
    if (error != 0 && error != -ETIMEDOUT)
        return error;
    gather_member_end(task, error == 0);
    return 0;
}

static int gatherer(struct task *task, struct gather_table *table)
{
    uint64_t members = task->work->tasks - 1;
    uint64_t heard = 0;
    while (heard < members) {
        int error = sync_acquire(&table->ended, gather_patience(task));
        if (error == 0)
            gather_heard(task, ++heard);
        else if (error == -ETIMEDOUT)
            gather_too_late(task);
        else
            return error;
    }
    gather_end(task);
    return 0;
}

int gather_direct(struct task *task)
{
    const struct gather_parameters *parameters = task->work->parameters;
    gather_begin(task);
    return gather_gathers(task) ? gatherer(task, parameters->table)
                                : member(task, parameters->table);
}

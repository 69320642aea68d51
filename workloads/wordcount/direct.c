// SPDX-License-Identifier: MIT
//
// direct.c - both kinds of task of `wordcount` in straight-line code.
//
// Read next: events.c.
#include "runners/direct.h"
#include "runners/sync.h"
#include "workloads/wordcount/wordcount.h"

direct_code wordcount_direct; // the generated list looks for this name

static int map(struct task *task, struct wordcount_part *part)
{
    const struct wordcount_parameters *parameters = task->work->parameters;
    int more = 1;
    while ((more = wordcount_count(task, part)) > 0)
        direct_yield();
    int error = more < 0 ? more : wordcount_deliver(task, part);
    // Also after an error: the other side counts on it.
    int put = sync_put(parameters->finished, task->index, SYNC_FOREVER);
    return error != 0 ? error : put;
}

static int reduce(struct task *task, struct wordcount_part *part)
{
    const struct wordcount_parameters *parameters = task->work->parameters;
    int error = 0;
    for (uint32_t i = 0; i < wordcount_parts(task->work) && error == 0; i++) {
        uint64_t from = 0;
        error = sync_get(parameters->finished, &from, SYNC_FOREVER);
        if (error == 0)
            error = wordcount_add(task, part, from);
    }
    return error;
}

int wordcount_direct(struct task *task)
{
    struct wordcount_part part;
    int error = wordcount_begin(task, &part);
    if (error != 0)
        return error;
    error = wordcount_reduces(task) ? reduce(task, &part) : map(task, &part);
    wordcount_end(task, &part);
    return error;
}

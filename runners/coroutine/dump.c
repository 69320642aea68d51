// SPDX-License-Identifier: MIT
//
// A list of waits: see dump.h. There is no book of tasks: every stack that has ever
// been carved is looked at, and its control block says whether somebody lives on it.
//
// Read next: docs/lessons/task.c, which prints a dump.
#include "runners/coroutine/dump.h"

#include "runners/coroutine/wait.h"

#include <inttypes.h>

static void dump_name(FILE *file, const struct coroutine *coroutine)
{
    char name[64];
    if (coroutine->task == COROUTINE_IDLE)
        snprintf(name, sizeof name, "%s", coroutine->name);
    else
        snprintf(name, sizeof name, "%s, task %" PRIu64, coroutine->name,
                 coroutine->task);
    fprintf(file, "  %-20s ", name);
}

static void dump_wait(FILE *file, const struct wait *wait)
{
    fprintf(file, "waits for %s", wait->what);
    if (wait->name != NULL)
        fprintf(file, " %s", wait->name);
    if (wait->object != NULL)
        fprintf(file, " (%p)", wait->object);
}

static void dump_one(FILE *file, const struct coroutine *coroutine)
{
    static const char *const cancel[] = {[CANCEL_NEVER] = "",
                                         [CANCEL_ASKED] = ", to be cancelled",
                                         [CANCEL_SEEN] = ", cancelled"};
    dump_name(file, coroutine);
    if (coroutine->waiting != NULL)
        dump_wait(file, coroutine->waiting);
    else
        fputs(coroutine == scheduler_here->running ? "runs" : "ready", file);
    fprintf(file, "%s\n", cancel[coroutine->cancel]);
}

void dump_coroutines(FILE *file, unsigned limit)
{
    const struct scheduler *scheduler = scheduler_here;
    const struct coroutine *each = NULL;
    unsigned alive = 0;
    while ((each = scheduler_next_alive(scheduler, each)) != NULL)
        alive++;
    fprintf(file, "%u coroutines alive\n", alive);
    for (unsigned i = 0; i < limit; i++) {
        each = scheduler_next_alive(scheduler, each);
        if (each == NULL)
            return;
        dump_one(file, each);
    }
    if (alive > limit)
        fprintf(file, "  and %u more\n", alive - limit);
}

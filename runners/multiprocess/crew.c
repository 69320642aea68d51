// SPDX-License-Identifier: MIT
//
// Worker processes and their ends: see crew.h.
#include "runners/multiprocess/crew.h"

#include "lib/clock.h"
#include "lib/limits.h"
#include "lib/process.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

int crew_init(struct crew *crew, struct run *run, struct reason *reason)
{
    *crew = (struct crew){.run = run, .reason = reason};
    crew->pids = calloc(run->workers, sizeof *crew->pids);
    if (crew->pids == NULL)
        return reason_set(reason, -ENOMEM, "no memory for %" PRIu32 " workers",
                          run->workers);
    return 0;
}

void crew_destroy(struct crew *crew)
{
    free(crew->pids);
}

// Every worker still alive is killed: a run that has lost one cannot be right, and
// must not hang.
static void crew_kill(struct crew *crew)
{
    for (uint32_t place = 0; place < crew->places; place++) {
        if (crew->pids[place] != 0)
            kill(crew->pids[place], SIGKILL);
    }
}

pid_t crew_fork(struct crew *crew, uint32_t place)
{
    pid_t pid = process_fork();
    if (pid > 0) {
        crew->pids[place] = pid;
        crew->alive++;
        if (place >= crew->places)
            crew->places = place + 1;
    } else if (pid < 0) {
        crew->error = limits_refuse((int)pid, crew->reason,
                                    "cannot fork worker %" PRIu32 " of %" PRIu32,
                                    place + 1, crew->run->workers);
        crew_kill(crew);
    }
    return pid;
}

// Books the end of one worker. The first that ended badly is named, and ends the run,
// unless it is the result to see what becomes of the others.
static void crew_book(struct crew *crew, uint32_t place, int status)
{
    pid_t pid = crew->pids[place];
    crew->pids[place] = 0;
    crew->alive--;
    if (crew->error != 0 || (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_FINE))
        return;
    run_notice(crew->run, clock_now_ns());
    char end[80];
    process_describe_status(status, end, sizeof end);
    if (crew->run->work.workload->deaths != NULL) {
        run_lose(crew->run);
        run_note(crew->run, "worker %" PRIu32 " of %" PRIu32 " %s; the others went on",
                 place + 1, crew->run->workers, end);
        return;
    }
    crew->error = reason_set(crew->reason, -ECHILD,
                             "worker %" PRIu32 " of %" PRIu32 " (process %jd) %s",
                             place + 1, crew->run->workers, (intmax_t)pid, end);
    crew_kill(crew);
}

// Each worker is asked for by its number: to find any of 10,000 children that has ended,
// the kernel walks along all of them, and to do that once for each costs as much as many
// exchanges.
static void crew_ask(struct crew *crew, uint32_t place, int options)
{
    int status;
    if (crew->pids[place] != 0 && process_wait(crew->pids[place], &status, options) > 0)
        crew_book(crew, place, status);
}

void crew_await(struct crew *crew, uint32_t place)
{
    crew_ask(crew, place, 0);
}

void crew_reap(struct crew *crew, int options)
{
    for (uint32_t place = 0; place < crew->places; place++)
        crew_ask(crew, place, options);
}

bool crew_await_any(struct crew *crew, uint32_t *place)
{
    int status;
    pid_t pid;
    while ((pid = process_wait(0, &status, 0)) > 0) {
        for (*place = 0; *place < crew->places; ++*place) {
            if (crew->pids[*place] == pid) {
                crew_book(crew, *place, status);
                return true;
            }
        }
    }
    return false;
}

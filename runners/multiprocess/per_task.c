// SPDX-License-Identifier: MIT
//
// One process per task: see per_task.h. As with threads, the phase `spawn` is empty, and
// what it costs to fork and to wait is part of `run`; see ../multithread/per_task.c.
//
// A worker tells the parent when it leaves its place. One that was killed does not, so
// from time to time the parent looks. Where deaths are the result it waits for them alone:
// then a death costs one task and no place, since the next worker gets it.
#include "runners/multiprocess/per_task.h"

#include "lib/clock.h"
#include "runners/blocking/vacancy.h"
#include "runners/direct/worker.h"
#include "runners/multiprocess/crew.h"

#include <errno.h>
#include <inttypes.h>
#include <sys/wait.h>
#include <unistd.h>

struct turnover {
    struct crew crew;
    direct_code *code;
    struct vacancies vacancies; // not used where deaths are the result
    bool fatal;
};

_Noreturn static void worker_main(const struct turnover *turnover, uint32_t place)
{
    if (worker_once(turnover->crew.run, turnover->code))
        run_leave(turnover->crew.run);
    if (!turnover->fatal)
        vacancies_leave(&turnover->vacancies, place);
    _exit(EXIT_FINE);
}

// Waits until a worker has ended. Whose place it was; false when the run has failed.
static bool await_place(struct turnover *turnover, uint32_t *place)
{
    struct crew *crew = &turnover->crew;
    if (turnover->fatal)
        return crew_await_any(crew, place);
    while (crew->error == 0) {
        if (vacancies_take(&turnover->vacancies, place, LOOK_EVERY_NS)) {
            crew_await(crew, *place);
            return crew->error == 0;
        }
        crew_reap(crew, WNOHANG);
    }
    return false;
}

//DOC: multiprocess-per-task
static void dispatch(struct turnover *turnover)
{
    struct crew *crew = &turnover->crew;
    struct run *run = crew->run;
    uint32_t place;
    run_open_gate(run);
    for (uint32_t created = 0; created < run->work.tasks; created++) {
        place = created;
        if (created >= run->workers && !await_place(turnover, &place))
            break;
        pid_t pid = crew_fork(crew, place);
        if (pid == 0)
            worker_main(turnover, place);
        if (pid < 0)
            break;
    }
    while (crew_goes_on(crew) && await_place(turnover, &place)) {
    }
    crew_reap(crew, 0);
}

int multiprocess_run_per_task(struct run *run, struct reason *reason)
{
    struct turnover turnover = {.code = worker_code(run),
                                .fatal = run->work.workload->deaths != NULL};
    if (vacancies_init(&turnover.vacancies, run->workers) != 0)
        return reason_set(reason, -ENOMEM, "no memory for %" PRIu32 " workers",
                          run->workers);
    int error = crew_init(&turnover.crew, run, reason);
    if (error != 0)
        return error;
    dispatch(&turnover);
    crew_destroy(&turnover.crew);
    return turnover.crew.error;
}

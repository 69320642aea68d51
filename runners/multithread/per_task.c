// SPDX-License-Identifier: MIT
//
// One thread per task: see per_task.h. Each worker has one of C places, and tells the main
// thread when it leaves it, because POSIX cannot join "any" thread.
//
// The phase `spawn` is empty here, since nobody is created before the gate opens: creating
// and joining goes on while tasks run, so it is part of `run`. What is left for `join` is
// the joining of the last ones.
//
// Read next: ../blocking/vacancy.h; ../multiprocess/per_task.c for the same with
// processes.
#include "runners/multithread/per_task.h"

#include "lib/clock.h"
#include "lib/limits.h"
#include "runners/blocking/vacancy.h"
#include "runners/direct/worker.h"
#include "runners/multithread/global_lock.h"
#include "runners/multithread/stack.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct turnover;

// Where one worker after the other sits.
struct place {
    struct turnover *turnover;
    uint32_t number;
    pthread_t thread; // of the one who sits here
};

struct turnover {
    struct run *run;
    direct_code *code;
    struct vacancies vacancies;
    uint32_t alive; // threads created and not joined
    struct place places[];
};

static void *thread_main(void *argument)
{
    struct place *place = argument;
    struct turnover *turnover = place->turnover;
    if (worker_once(turnover->run, turnover->code))
        run_leave(turnover->run);
    vacancies_leave(&turnover->vacancies, place->number);
    return NULL;
}

// Joins one of those that have ended, as soon as there is one. Which place it has left.
static uint32_t join_any(struct turnover *turnover)
{
    uint32_t place;
    while (!vacancies_take(&turnover->vacancies, &place, NS_PER_SECOND)) {
    }
    pthread_join(turnover->places[place].thread, NULL);
    turnover->alive--;
    return place;
}

static int create(struct turnover *turnover, uint32_t number,
                  const pthread_attr_t *attributes)
{
    struct place *place = &turnover->places[number];
    *place = (struct place){.turnover = turnover, .number = number};
    int error = pthread_create(&place->thread, attributes, thread_main, place);
    if (error == 0)
        turnover->alive++;
    return error;
}

//DOC: multithread-per-task
static int dispatch(struct turnover *turnover, struct reason *reason)
{
    struct run *run = turnover->run;
    pthread_attr_t attributes;
    int error = stack_attributes(&attributes);
    uint32_t created = 0;
    run_open_gate(run);
    while (error == 0 && created < run->work.tasks) {
        uint32_t place =
            turnover->alive < run->workers ? turnover->alive : join_any(turnover);
        error = create(turnover, place, &attributes);
        created += error == 0;
    }
    pthread_attr_destroy(&attributes);
    if (error != 0) // those who wait to be seen shall not wait for more
        run_abandon(run);
    while (turnover->alive > 0)
        join_any(turnover);
    if (error == 0)
        return 0;
    return limits_refuse(-error, reason,
                         "cannot create the thread of task %" PRIu32 " of %" PRIu32,
                         created + 1, run->work.tasks);
}

int multithread_run_per_task(struct run *run, struct reason *reason)
{
    struct turnover *turnover =
        calloc(1, sizeof *turnover + run->workers * sizeof turnover->places[0]);
    if (turnover == NULL || vacancies_init(&turnover->vacancies, run->workers) != 0) {
        free(turnover);
        return reason_set(reason, -ENOMEM, "no memory for %" PRIu32 " threads",
                          run->workers);
    }
    turnover->run = run;
    turnover->code = global_lock_around(worker_code(run));
    int error = dispatch(turnover, reason);
    free(turnover);
    return error;
}

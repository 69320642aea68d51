// SPDX-License-Identifier: MIT
//
// The scheduler: see scheduler.h for order and fairness, and for the hot path,
// scheduler_suspend(): take the next one from the queue and switch to it. Here is what
// happens once per round or per coroutine.
//
// Read next: descriptor.c.
#include "runners/coroutine/scheduler.h"

#include "lib/check.h"
#include "lib/clock.h"
#include "lib/limits.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Thread_local struct scheduler *scheduler_here;

// ---- turns ----------------------------------------------------------------------------

void scheduler_yield(struct scheduler *scheduler)
{
    scheduler_call_soon(scheduler, scheduler->running);
    scheduler_suspend(scheduler);
}

void scheduler_wake_all(struct scheduler *scheduler, struct coroutine_queue *queue)
{
    struct coroutine *coroutine;
    while ((coroutine = queue_pop(queue)) != NULL)
        scheduler_call_soon(scheduler, coroutine);
}

// ---- rounds ---------------------------------------------------------------------------

// How many turns the next round has at least: twice as many as the last if that took
// less than half of the time allowed, half as many if it took longer than allowed.
static uint32_t turns_adapted(uint32_t turns, uint64_t took_ns)
{
    if (took_ns > SCHEDULER_ROUND_NS)
        return turns > 1 ? turns / 2 : 1;
    if (took_ns < SCHEDULER_ROUND_NS / 2 && turns < SCHEDULER_TURNS_MAX)
        return turns * 2;
    return turns;
}

// Nobody will ever make one of them ready.
static _Noreturn void end_deadlock(const struct scheduler *scheduler)
{
    char message[96];
    snprintf(message, sizeof message,
             "deadlock: %u coroutines wait for one another, and for nothing else",
             scheduler->alive);
    if (scheduler->on_deadlock != NULL)
        scheduler->on_deadlock(message);
    die(EXIT_WRONG, "%s", message);
}

//DOC: coroutine-poll
// Asks the world, unless nobody waits for anything from there: a loop of callbacks that
// only call each other does not ask either. Waits for it if there is nothing else to do.
static void poll_world(struct scheduler *scheduler)
{
    bool expects = scheduler->outside > 0 || scheduler->shared;
    bool busy = scheduler->ready_count > 0;
    if (!busy && !expects)
        end_deadlock(scheduler);
    if (expects)
        ev_run(scheduler->loop, busy ? EVRUN_NOWAIT : EVRUN_ONCE);
    else
        ev_now_update(scheduler->loop);
    // Not the loop's own clock: that is the time of day, which may be set.
    uint64_t now_ns = clock_now_ns();
    if (busy)
        scheduler->turns = turns_adapted(scheduler->turns, now_ns - scheduler->round_ns);
    scheduler->round_ns = now_ns;
}

void scheduler_run_until_complete(struct scheduler *scheduler)
{
    while (scheduler->alive > 0) {
        poll_world(scheduler);
        scheduler->turns_left = scheduler->turns > scheduler->ready_count
                                    ? scheduler->turns
                                    : scheduler->ready_count;
        if (scheduler->ready_count > 0)
            scheduler_suspend(scheduler);
    }
}

// ---- coroutines -----------------------------------------------------------------------

static struct coroutine *life(struct coroutine *self)
{
    struct scheduler *scheduler = scheduler_here;
    self->function(self->argument);
    scheduler_wake_all(scheduler, &self->joiners);
    self->name = NULL;
    scheduler->alive--;
    scheduler->running = scheduler_next_turn(scheduler);
    return scheduler->running;
}

struct coroutine *scheduler_create(struct scheduler *scheduler,
                                   void (*function)(void *argument), void *argument)
{
    struct coroutine *coroutine = coroutine_new(&scheduler->stacks, life);
    if (coroutine == NULL)
        return NULL;
    coroutine->function = function;
    coroutine->argument = argument;
    coroutine->joiners.head = NULL;
    coroutine->name = "worker";
    coroutine->task = COROUTINE_IDLE;
    coroutine->cancel = CANCEL_NEVER;
    scheduler->alive++;
    scheduler_call_soon(scheduler, coroutine);
    return coroutine;
}

struct coroutine *scheduler_next_alive(const struct scheduler *scheduler,
                                       const struct coroutine *last)
{
    uint32_t number = last == NULL ? 0 : last->stack.number + 1;
    for (; number < scheduler->stacks.carved; number++) {
        struct stack *stack = stack_numbered(&scheduler->stacks, number);
        struct coroutine *coroutine = (struct coroutine *)stack;
        if (coroutine->name != NULL)
            return coroutine;
    }
    return NULL;
}

// ---- other threads --------------------------------------------------------------------

// A list that many push to and one takes as a whole: the taker never sees a part of it,
// so a plain compare-and-swap does.
//DOC: coroutine-inbox
void scheduler_call_soon_threadsafe(struct scheduler *scheduler,
                                    struct coroutine *coroutine)
{
    struct coroutine *before =
        atomic_load_explicit(&scheduler->inbox, memory_order_relaxed);
    do {
        coroutine->next = before;
    } while (!atomic_compare_exchange_weak_explicit(&scheduler->inbox, &before, coroutine,
                                                    memory_order_release,
                                                    memory_order_relaxed));
    if (before == NULL) // else somebody has knocked, and the door is not open yet
        ev_async_send(scheduler->loop, &scheduler->knock);
}

static void on_knock(struct ev_loop *loop, ev_async *knock, int events)
{
    (void)knock;
    (void)events;
    struct scheduler *scheduler = ev_userdata(loop);
    struct coroutine *last =
        atomic_exchange_explicit(&scheduler->inbox, NULL, memory_order_acquire);
    struct coroutine *first = NULL;
    while (last != NULL) { // turn the list round: first come, first served
        struct coroutine *before = last->next;
        last->next = first;
        first = last;
        last = before;
    }
    while (first != NULL) {
        struct coroutine *next = first->next;
        scheduler_call_soon(scheduler, first);
        first = next;
    }
}

void scheduler_share(struct scheduler *scheduler)
{
    scheduler->shared = true;
    ev_async_init(&scheduler->knock, on_knock);
    ev_async_start(scheduler->loop, &scheduler->knock);
}

// ---- life -----------------------------------------------------------------------------

int scheduler_open(struct scheduler *scheduler, unsigned backend,
                   const struct stack_plan *plan, struct reason *reason)
{
    *scheduler = (struct scheduler){.turns = SCHEDULER_TURNS_MAX};
    int error = stack_arena_open(&scheduler->stacks, plan, reason);
    if (error != 0)
        return error;
    scheduler->naps = calloc(plan->capacity, sizeof *scheduler->naps);
    if (scheduler->naps == NULL) {
        error = reason_set(reason, -ENOMEM, "no memory for the timers of %u coroutines",
                           plan->capacity);
        goto close_stacks;
    }
    error = descriptors_open(&scheduler->descriptors, reason);
    if (error != 0)
        goto free_naps;
    errno = 0;
    scheduler->loop = ev_loop_new(backend | EVFLAG_NOENV);
    if (scheduler->loop == NULL) {
        error = limits_refuse(errno == 0 ? -ENOSYS : -errno, reason,
                              "libev cannot open its backend");
        goto close_descriptors;
    }
    ev_set_userdata(scheduler->loop, scheduler);
    scheduler->round_ns = clock_now_ns();
    coroutine_adopt_thread(&scheduler->poller);
    scheduler->running = &scheduler->poller;
    scheduler_here = scheduler;
    return 0;

close_descriptors:
    descriptors_close(&scheduler->descriptors);
free_naps:
    free(scheduler->naps);
close_stacks:
    stack_arena_close(&scheduler->stacks);
    return error;
}

void scheduler_close(struct scheduler *scheduler)
{
    scheduler_here = NULL;
    coroutine_arena_clear(&scheduler->stacks);
    ev_loop_destroy(scheduler->loop);
    descriptors_close(&scheduler->descriptors);
    free(scheduler->naps);
    stack_arena_close(&scheduler->stacks);
}

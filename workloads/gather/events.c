// SPDX-License-Identifier: MIT
//
// events.c - a member and the gatherer, as callbacks. Both wait for one of two things:
// something that another task gives, or a timer. Whichever comes first has to call the
// other one off; direct.c leaves that to the verb's time limit.
//
// Read next: workload.c.
#include "runners/events.h"
#include "lib/clock.h"
#include "runners/sync_events.h"
#include "workloads/gather/gather.h"

struct person {
    ev_timer timer; // must be first: libev hands its address to the callback
    struct sync_waiter waiter;
    struct task *task;
    struct gather_table *table;
    uint64_t heard; // members that have ended, by the gatherer
};

static void arm(struct ev_loop *loop, struct person *person, uint64_t duration_ns,
                void (*callback)(struct ev_loop *loop, ev_timer *timer, int events))
{
    ev_now_update(loop); // a timer counts from the loop's own clock
    ev_timer_init(&person->timer, callback, (double)duration_ns / (double)NS_PER_SECOND,
                  0.);
    ev_timer_start(loop, &person->timer);
}

// ---- a member ----------------------------------------------------------------------------

static void on_cancelled(struct ev_loop *loop, struct sync_waiter *waiter)
{
    struct person *member = waiter->data;
    ev_timer_stop(loop, &member->timer);
    gather_member_end(member->task, true);
    events_done(loop, member->task, 0);
}

//DOC: gather-forget
// Too late to leave the line: it has been cancelled in this very moment, and
// on_cancelled() will be called.
static void on_slept(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)events;
    struct person *member = (struct person *)timer;
    if (!sync_forget(&member->waiter))
        return;
    gather_member_end(member->task, false);
    events_done(loop, member->task, 0);
}

static void member_start(struct ev_loop *loop, struct person *member)
{
    arm(loop, member, gather_delay(member->task), on_slept);
    if (sync_wait_then(loop, &member->table->stop, &member->waiter, on_cancelled))
        on_cancelled(loop, &member->waiter);
}

// ---- the gatherer ------------------------------------------------------------------------

// One more has ended, and perhaps others have meanwhile.
static void on_ended(struct ev_loop *loop, struct sync_waiter *waiter)
{
    struct person *gatherer = waiter->data;
    do {
        gather_heard(gatherer->task, ++gatherer->heard);
        if (gatherer->heard == gatherer->task->work->tasks - 1) {
            ev_timer_stop(loop, &gatherer->timer);
            gather_end(gatherer->task);
            events_done(loop, gatherer->task, 0);
            return;
        }
    } while (sync_acquire_then(loop, &gatherer->table->ended, waiter, on_ended));
}

// It goes on waiting for the members to go. If it has its answer, the timer means nothing.
static void on_too_late(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)loop;
    (void)events;
    struct person *gatherer = (struct person *)timer;
    if (gather_patience(gatherer->task) != UINT64_MAX)
        gather_too_late(gatherer->task);
}

static void gatherer_start(struct ev_loop *loop, struct person *gatherer)
{
    uint64_t patience_ns = gather_patience(gatherer->task);
    if (patience_ns != UINT64_MAX)
        arm(loop, gatherer, patience_ns, on_too_late);
    if (sync_acquire_then(loop, &gatherer->table->ended, &gatherer->waiter, on_ended))
        on_ended(loop, &gatherer->waiter);
}

static void person_start(struct ev_loop *loop, void *state, struct task *task)
{
    const struct gather_parameters *parameters = task->work->parameters;
    struct person *person = state;
    *person = (struct person){.task = task, .table = parameters->table};
    ev_init(&person->timer, NULL);
    person->waiter.data = person;
    gather_begin(task);
    if (gather_gathers(task))
        gatherer_start(loop, person);
    else
        member_start(loop, person);
}

const struct events_code gather_events = {.state_size = sizeof(struct person),
                                          .start = person_start};

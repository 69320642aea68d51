// SPDX-License-Identifier: MIT
//
// events.c - a task that adds, as callbacks: adder_begin reads, adder_finish writes. Where
// direct.c yields between the two, the value that was read is kept in the state, and the
// second half is a callback of its own (an ev_idle, which lets all others come first).
//
// Read next: workload.c.
#include "runners/events.h"
#include "runners/sync_events.h"
#include "workloads/counter/counter.h"

struct adder {
    ev_idle turn; // must be first: libev hands its address to the callback
    struct sync_waiter waiter;
    struct task *task;
    const struct counter_parameters *parameters;
    uint64_t value; // what was read
    uint64_t left;  // additions
    uint64_t mail;  // messages that task 0 still gets
};

static void adder_continue(struct ev_loop *loop, struct adder *adder);

// ---- read, then write --------------------------------------------------------------------

// The second half.
static void adder_finish(struct adder *adder)
{
    if (adder->parameters->guard == GUARD_ATOMIC)
        counter_add(adder->task, 1);
    else
        counter_write(adder->task, adder->value + 1);
    if (adder->parameters->guard == GUARD_MUTEX)
        sync_unlock(&adder->parameters->board->mutex);
    counter_book(adder->task);
    adder->left--;
}

static void on_turn(struct ev_loop *loop, ev_idle *watcher, int events)
{
    (void)events;
    struct adder *adder = (struct adder *)watcher;
    ev_idle_stop(loop, watcher);
    adder_finish(adder);
    adder_continue(loop, adder);
}

// The first half, and the second one if nothing is to come between them (true).
static bool adder_begin(struct ev_loop *loop, struct adder *adder)
{
    adder->value = counter_read(adder->task);
    if (adder->parameters->await) {
        ev_idle_start(loop, &adder->turn);
        return false;
    }
    adder_finish(adder);
    return true;
}

static void on_locked(struct ev_loop *loop, struct sync_waiter *waiter)
{
    struct adder *adder = waiter->data;
    if (adder_begin(loop, adder))
        adder_continue(loop, adder);
}

// ---- messages ----------------------------------------------------------------------------

static void on_put(struct ev_loop *loop, struct sync_waiter *waiter)
{
    struct adder *adder = waiter->data;
    counter_book(adder->task);
    adder->left--;
    adder_continue(loop, adder);
}

static void on_mail(struct ev_loop *loop, struct sync_waiter *waiter)
{
    struct adder *adder = waiter->data;
    struct sync_queue *inbox = &adder->parameters->board->inbox;
    do {
        counter_write(adder->task, counter_read(adder->task) + waiter->item);
        if (--adder->mail == 0) {
            events_done(loop, adder->task, 0);
            return;
        }
    } while (sync_get_then(loop, inbox, waiter, on_mail));
}

// Task 0 adds on its own account; true when it was done at once.
static bool send(struct ev_loop *loop, struct adder *adder)
{
    struct sync_queue *inbox = &adder->parameters->board->inbox;
    if (adder->task->index == 0)
        counter_write(adder->task, counter_read(adder->task) + 1);
    else if (!sync_put_then(loop, inbox, 1, &adder->waiter, on_put))
        return false;
    counter_book(adder->task);
    adder->left--;
    return true;
}

// ---- the task ----------------------------------------------------------------------------

// One addition; false when a callback will go on.
static bool adder_add(struct ev_loop *loop, struct adder *adder)
{
    struct counter_board *board = adder->parameters->board;
    if (adder->parameters->guard == GUARD_MESSAGE)
        return send(loop, adder);
    if (adder->parameters->guard == GUARD_MUTEX &&
        !sync_lock_then(loop, &board->mutex, &adder->waiter, on_locked))
        return false;
    return adder_begin(loop, adder);
}

static void adder_continue(struct ev_loop *loop, struct adder *adder)
{
    while (adder->left > 0) {
        if (!adder_add(loop, adder))
            return;
    }
    if (adder->mail == 0)
        events_done(loop, adder->task, 0);
    else if (sync_get_then(loop, &adder->parameters->board->inbox, &adder->waiter,
                           on_mail))
        on_mail(loop, &adder->waiter);
}

static void adder_start(struct ev_loop *loop, void *state, struct task *task)
{
    const struct counter_parameters *parameters = task->work->parameters;
    struct adder *adder = state;
    bool owner = parameters->guard == GUARD_MESSAGE && task->index == 0;
    *adder = (struct adder){.task = task,
                            .parameters = parameters,
                            .left = parameters->additions,
                            .mail = owner ? counter_messages(task->work) : 0};
    adder->waiter.data = adder;
    ev_idle_init(&adder->turn, on_turn);
    adder_continue(loop, adder);
}

const struct events_code counter_events = {.state_size = sizeof(struct adder),
                                           .start = adder_start};

// SPDX-License-Identifier: MIT
//
// Callbacks that are due: see ready.h.
#include "runners/eventloop/ready.h"

_Thread_local struct ready *ready_here;

static void append(struct ready *ready, struct sync_waiter *waiter)
{
    waiter->next = NULL;
    if (ready->first != NULL)
        ready->last->next = waiter;
    else
        ready->first = waiter;
    ready->last = waiter;
    if (!ev_is_active(&ready->dispatch)) {
        ev_prepare_start(ready->loop, &ready->dispatch);
        ev_idle_start(ready->loop, &ready->restless);
    }
}

//DOC: eventloop-dispatch
static void on_prepare(struct ev_loop *loop, ev_prepare *dispatch, int events)
{
    (void)events;
    struct ready *ready = dispatch->data;
    for (unsigned turn = 0; turn < READY_TURNS && ready->first != NULL; turn++) {
        struct sync_waiter *waiter = ready->first;
        ready->first = waiter->next;
        waiter->callback(loop, waiter);
    }
    if (ready->first == NULL) {
        ev_prepare_stop(loop, &ready->dispatch);
        ev_idle_stop(loop, &ready->restless);
    }
}

static void on_idle(struct ev_loop *loop, ev_idle *restless, int events)
{
    (void)loop;
    (void)restless;
    (void)events;
}

static void on_knock(struct ev_loop *loop, ev_async *knock, int events)
{
    (void)loop;
    (void)events;
    struct ready *ready = knock->data;
    struct sync_waiter *last =
        atomic_exchange_explicit(&ready->inbox, NULL, memory_order_acquire);
    struct sync_waiter *first = NULL;
    while (last != NULL) { // turn the list round: first come, first served
        struct sync_waiter *before = last->next;
        last->next = first;
        first = last;
        last = before;
    }
    while (first != NULL) {
        struct sync_waiter *next = first->next;
        append(ready, first);
        first = next;
    }
}

// A list that many push to and one takes as a whole, like that of coroutine/scheduler.c.
static void push_from_outside(struct ready *ready, struct sync_waiter *waiter)
{
    struct sync_waiter *before =
        atomic_load_explicit(&ready->inbox, memory_order_relaxed);
    do {
        waiter->next = before;
    } while (!atomic_compare_exchange_weak_explicit(
        &ready->inbox, &before, waiter, memory_order_release, memory_order_relaxed));
    if (before == NULL) // else somebody has knocked, and the door is not open yet
        ev_async_send(ready->loop, &ready->knock);
}

void ready_push(struct ready *ready, struct sync_waiter *waiter)
{
    if (ready == ready_here)
        append(ready, waiter);
    else
        push_from_outside(ready, waiter);
}

void ready_init(struct ready *ready, struct ev_loop *loop, bool many)
{
    *ready = (struct ready){.loop = loop};
    ev_prepare_init(&ready->dispatch, on_prepare);
    ready->dispatch.data = ready;
    ev_idle_init(&ready->restless, on_idle);
    ev_async_init(&ready->knock, on_knock);
    ready->knock.data = ready;
    if (many)
        ev_async_start(loop, &ready->knock);
}

// SPDX-License-Identifier: MIT
//
// Waiting for descriptors with libev: see descriptor.h for the bargain.
#include "runners/coroutine/descriptor.h"

#include "lib/check.h"
#include "runners/coroutine/wait.h"

static int wanted_events(const struct descriptor *descriptor)
{
    return (descriptor->readers.head != NULL ? EV_READ : 0) |
           (descriptor->writers.head != NULL ? EV_WRITE : 0);
}

static bool wake(struct scheduler *scheduler, struct coroutine_queue *queue)
{
    struct coroutine *coroutine;
    bool any = false;
    while ((coroutine = queue_pop(queue)) != NULL) {
        scheduler->outside--;
        scheduler_call_soon(scheduler, coroutine);
        any = true;
    }
    return any;
}

static void on_ready(struct ev_loop *loop, ev_io *watcher, int events);

// Registers for these events, or for none.
static void watch(struct ev_loop *loop, struct descriptor *descriptor, int fd, int events)
{
    ev_io *watcher = &descriptor->watcher;
    ev_io_stop(loop, watcher);
    if (events == 0)
        return;
    ev_io_init(watcher, on_ready, fd, events);
    ev_io_start(loop, watcher);
}

static void on_ready(struct ev_loop *loop, ev_io *watcher, int events)
{
    struct scheduler *scheduler = ev_userdata(loop);
    struct descriptor *descriptor = (struct descriptor *)watcher;
    bool any = false;
    if (events & EV_READ)
        any |= wake(scheduler, &descriptor->readers);
    if (events & EV_WRITE)
        any |= wake(scheduler, &descriptor->writers);
    if (!any) // nobody cares any more: do not report this again
        watch(loop, descriptor, watcher->fd, wanted_events(descriptor));
}

void descriptor_forget(struct scheduler *scheduler, int fd)
{
    struct descriptor *descriptor = descriptor_at(&scheduler->descriptors, fd);
    if (descriptor == NULL)
        return;
    CHECK(wanted_events(descriptor) == 0);
    watch(scheduler->loop, descriptor, fd, 0);
    ev_timer_stop(scheduler->loop, &descriptor->timer);
    descriptor->limit_ns = 0;
    descriptor->asked = false;
}

// One of the two queues of a descriptor, as something to wait for.
struct attention {
    struct wait wait; // first: a pointer to it is one to this
    struct scheduler *scheduler;
    struct coroutine_queue *queue;
};

static bool abandon_attention(struct wait *wait)
{
    struct attention *attention = (struct attention *)wait;
    if (!queue_remove(attention->queue, wait->coroutine))
        return false;
    attention->scheduler->outside--;
    return true;
}

// ---- time limits ----------------------------------------------------------------------

static void interrupt_all(struct coroutine_queue *queue)
{
    while (queue->head != NULL)
        wait_interrupt(queue->head->waiting, -ETIMEDOUT);
}

// The lazy timer of the libev manual, "Be smart about timeouts".
static void on_limit(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)events;
    struct descriptor *descriptor = timer->data;
    ev_tstamp left = descriptor->deadline - ev_now(loop);
    if (wanted_events(descriptor) == 0)
        return; // the next wait starts it again
    if (left > 0) {
        ev_timer_set(timer, left, 0.);
        ev_timer_start(loop, timer);
        return;
    }
    interrupt_all(&descriptor->readers);
    interrupt_all(&descriptor->writers);
}

void descriptor_limit(struct scheduler *scheduler, struct descriptor *descriptor,
                      uint64_t timeout_ns)
{
    ev_timer_stop(scheduler->loop,
                  &descriptor->timer); // a shorter one would come too late
    descriptor->limit_ns = timeout_ns == WAIT_FOREVER ? 0 : timeout_ns + 1;
}

static void limit_begin(struct scheduler *scheduler, struct descriptor *descriptor)
{
    ev_tstamp limit = (double)descriptor->limit_ns / 1e9;
    descriptor->deadline = ev_now(scheduler->loop) + limit;
    if (ev_is_active(&descriptor->timer))
        return;
    ev_timer_init(&descriptor->timer, on_limit, limit, 0.);
    descriptor->timer.data = descriptor;
    ev_timer_start(scheduler->loop, &descriptor->timer);
}

// ---- waiting --------------------------------------------------------------------------

//DOC: coroutine-wait
int descriptor_wait(struct scheduler *scheduler, struct descriptor *descriptor, int fd,
                    int event)
{
    int error = wait_begin();
    if (error != 0)
        return error;
    struct attention attention = {
        .wait = {.what = event == EV_READ ? "reading" : "writing",
                 .object = descriptor,
                 .abandon = abandon_attention},
        .scheduler = scheduler,
        .queue = event == EV_READ ? &descriptor->readers : &descriptor->writers};
    queue_push(attention.queue, scheduler->running);
    scheduler->outside++;
    int wanted = wanted_events(descriptor);
    if (!ev_is_active(&descriptor->watcher) ||
        (wanted & ~descriptor->watcher.events) != 0)
        watch(scheduler->loop, descriptor, fd, wanted);
    if (descriptor->limit_ns != 0)
        limit_begin(scheduler, descriptor);
    return wait_suspend(&attention.wait);
}

//DOC: coroutine-accept-turn
int descriptor_await_turn(struct scheduler *scheduler, struct descriptor *descriptor)
{
    int error = wait_begin();
    if (error != 0)
        return error;
    if (!descriptor->accepting) {
        descriptor->accepting = true;
        return 0;
    }
    struct attention attention = {.wait = {.what = "a turn to accept",
                                           .object = descriptor,
                                           .abandon = abandon_attention},
                                  .scheduler = scheduler,
                                  .queue = &descriptor->line};
    queue_push(attention.queue, scheduler->running);
    scheduler->outside++;
    return wait_suspend(&attention.wait);
}

void descriptor_next_turn(struct scheduler *scheduler, struct descriptor *descriptor)
{
    struct coroutine *next = queue_pop(&descriptor->line);
    descriptor->accepting = next != NULL;
    if (next == NULL)
        return;
    scheduler->outside--;
    scheduler_call_soon(scheduler, next);
}

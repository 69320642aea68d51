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
    return wait_suspend(&attention.wait);
}

// SPDX-License-Identifier: MIT
//
// Waiting for descriptors with libev: see descriptor.h for the bargain.
#define _GNU_SOURCE // MAP_ANONYMOUS and MAP_NORESERVE are not POSIX
#include "runners/coroutine/descriptor.h"

#include "lib/check.h"
#include "runners/coroutine/wait.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>

int descriptors_open(struct scheduler *scheduler, struct reason *reason)
{
    struct rlimit limit;
    CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0);
    // No kernel gives numbers beyond an int, whatever the limit says.
    size_t count = limit.rlim_cur < INT32_MAX ? (size_t)limit.rlim_cur : INT32_MAX;
    size_t bytes = count * sizeof(struct descriptor);
    void *table = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (table == MAP_FAILED) {
        return reason_set(
            reason, -ENOMEM,
            "cannot reserve addresses for a table of %zu descriptors: %s; lower "
            "RLIMIT_NOFILE (ulimit -n)",
            count, strerror(errno));
    }
    scheduler->descriptors = table;
    scheduler->descriptors_bytes = bytes;
    return 0;
}

void descriptors_close(struct scheduler *scheduler)
{
    munmap(scheduler->descriptors, scheduler->descriptors_bytes);
}

struct descriptor *descriptor_at(struct scheduler *scheduler, int fd)
{
    size_t count = scheduler->descriptors_bytes / sizeof(struct descriptor);
    return fd >= 0 && (size_t)fd < count ? &scheduler->descriptors[fd] : NULL;
}

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
    struct descriptor *descriptor = descriptor_at(scheduler, fd);
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

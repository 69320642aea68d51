// SPDX-License-Identifier: MIT
//
// descriptor.h - waiting until a descriptor is readable or writable.
//
// Each descriptor is registered with the kernel once. A wait that is over leaves the
// registration as it is, because the same coroutine will most likely wait again soon,
// and telling the kernel twice per wait would cost as much as the I/O. The other side of
// this: readiness that nobody waits for is reported as well, poll after poll (epoll is
// level-triggered). The first such report withdraws the registration.
//
// A time limit (direct_limit) costs next to nothing per wait: each wait only notes until
// when it may last. One timer per descriptor goes off at the earliest such instant, looks
// whether there have been later ones, and goes to sleep again.
#ifndef QUARTET_RUNNERS_COROUTINE_DESCRIPTOR_H
#define QUARTET_RUNNERS_COROUTINE_DESCRIPTOR_H

#include "runners/coroutine/scheduler.h"
#include "runners/coroutine/wait.h"

// The number now means a new file, or is about to: forgets what was known about the old
// one. Nobody may wait for it.
void descriptor_forget(struct scheduler *scheduler, int fd);

// Limits each wait for this descriptor from now on, to whole milliseconds, rounded up;
// WAIT_FOREVER: no more.
void descriptor_limit(struct scheduler *scheduler, struct descriptor *descriptor,
                      uint64_t timeout_ns);

// One who waits for a descriptor, on its own stack.
struct attention {
    struct wait wait; // first: a pointer to it is one to this. Its object: the descriptor
    int event;        // EV_READ or EV_WRITE; 0: a turn to accept
};

// For descriptor_wait() alone: gets out of it, registers for more, starts the time limit.
bool descriptor_abandon(struct wait *wait);
void descriptor_watch(struct scheduler *scheduler, struct descriptor *descriptor, int fd);
void descriptor_begin_limit(struct scheduler *scheduler, struct descriptor *descriptor);

// Behind all others who wait for the same.
static inline void descriptor_line_up(struct coroutine **list, struct coroutine *last)
{
    while (__builtin_expect(*list != NULL, 0))
        list = &(*list)->next;
    last->next = NULL;
    *list = last;
}

// Suspends the calling coroutine until the descriptor is readable (EV_READ) or writable
// (EV_WRITE), or has failed: the next system call says which. 0, -ECANCELED, or -ETIMEDOUT
// when the descriptor has a limit.
//
// It is a part of its caller, as all that suspends (wait.h): the frames of a waiting task
// are what has to be fetched when it goes on, and this is one less.
//DOC: coroutine-wait
COROUTINE_SUSPENDS int descriptor_wait(struct scheduler *scheduler,
                                       struct descriptor *descriptor, int fd, int event)
{
    int error = wait_begin();
    if (error != 0)
        return error;
    struct attention attention = {.wait = {.what =
                                               event == EV_READ ? "reading" : "writing",
                                           .object = descriptor,
                                           .abandon = descriptor_abandon},
                                  .event = event};
    descriptor_line_up(&descriptor->waiting, scheduler->running);
    descriptor->wanted |= (uint8_t)event;
    scheduler->outside++;
    if (!ev_is_active(&descriptor->watcher) ||
        (descriptor->wanted & ~descriptor->watcher.events) != 0)
        descriptor_watch(scheduler, descriptor, fd);
    if (descriptor->limit_ms != 0)
        descriptor_begin_limit(scheduler, descriptor);
    return wait_suspend(&attention.wait);
}

// Suspends the calling coroutine until it is its turn to accept from this listener: one
// accepts, the others stand in line, or all of them would be woken for each connection. 0,
// or -ECANCELED. Then descriptor_next_turn() lets the next one.
int descriptor_await_turn(struct scheduler *scheduler, struct descriptor *descriptor);
void descriptor_next_turn(struct scheduler *scheduler, struct descriptor *descriptor);

#endif

// SPDX-License-Identifier: MIT
//
// events.c - a task of `spawn` in the event-loop style. An event loop has no workers to
// create; what a program creates there, once per connection or request, is a state
// machine: a piece of the heap with a watcher in it. So that is what a child is here:
//
//   parent_continue    allocates a child and queues its first callback
//   on_child           the child's only callback: computes, leaves the result with its
//                      parent, queues the parent's callback, and frees itself
//   on_result          the parent's callback: books the result and continues
//
// ev_feed_event() is what asyncio calls call_soon(): it queues a callback of the same
// loop without any system call. asyncio, too, takes two of them to create a task and
// await it. libev calls whatever is queued before it looks at the sockets again, so a
// program that also has input to serve would make a pause (an ev_idle) now and then.
//
// Read next: the workload's README.md, then workloads/fetch/.
#include "runners/events.h"
#include "workloads/spawn/kernel.h"

#include <errno.h>
#include <stdlib.h>

struct parent {
    ev_watcher joined; // must be first: libev hands its address to the callback
    struct task *task;
    uint64_t number; // of the child that is running, or comes next
    uint64_t result; // of the child that has ended
};

struct child {
    ev_watcher begun; // must be first
    struct parent *parent;
    struct spawn_argument argument;
};

static void on_child(struct ev_loop *loop, ev_watcher *watcher, int events)
{
    (void)events;
    struct child *child = (struct child *)watcher;
    child->parent->result = spawn_child(&child->argument);
    ev_feed_event(loop, &child->parent->joined, EV_CUSTOM);
    free(child);
}

// Creates the next child, or ends the task when there have been enough.
static void parent_continue(struct ev_loop *loop, struct parent *parent)
{
    const struct spawn_parameters *parameters = parent->task->work->parameters;
    if (parent->number == parameters->children) {
        events_done(loop, parent->task, 0);
        return;
    }
    struct child *child = malloc(sizeof(*child));
    if (child == NULL) {
        events_done(loop, parent->task, -ENOMEM);
        return;
    }
    child->parent = parent;
    child->argument = spawn_argument(parent->task, parent->number);
    ev_init(&child->begun, on_child);
    ev_feed_event(loop, &child->begun, EV_CUSTOM);
}

static void on_result(struct ev_loop *loop, ev_watcher *watcher, int events)
{
    (void)events;
    struct parent *parent = (struct parent *)watcher;
    spawn_book(parent->task->outcome, parent->result);
    parent->number++;
    parent_continue(loop, parent);
}

static void spawn_start(struct ev_loop *loop, void *memory, struct task *task)
{
    struct parent *parent = memory;
    parent->task = task;
    parent->number = 0;
    ev_init(&parent->joined, on_result);
    parent_continue(loop, parent);
}

const struct events_code spawn_events = {
    .state_size = sizeof(struct parent),
    .start = spawn_start,
};

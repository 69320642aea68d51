// SPDX-License-Identifier: MIT
//
// The verbs of sync.h for coroutines: try, else stand in line and let others run. The
// waiter lies on the stack of the coroutine that waits. What several schedulers
// (--loops N) do differently is all in on_given(): whoever belongs to another thread is
// made ready through that scheduler's inbox.
//
// Compare with ../blocking/sync.c, where the kernel does the waiting.
#include "runners/sync.h"

#include "runners/coroutine/wait.h"
#include "runners/loop/sync_waiter.h"

#include <errno.h>

// A coroutine that stands in line.
struct pause {
    struct wait wait; // first: a pointer to it is one to this
    struct sync_waiter waiter;
};

static void on_given(struct sync_waiter *waiter)
{
    struct scheduler *home = waiter->home;
    struct coroutine *coroutine = waiter->data;
    if (home == scheduler_here)
        scheduler_call_soon(home, coroutine);
    else
        scheduler_call_soon_threadsafe(home, coroutine);
}

static bool abandon_pause(struct wait *wait)
{
    struct pause *pause = (struct pause *)wait;
    return line_leave(&pause->waiter);
}

static struct sync_waiter waiter_here(void)
{
    struct scheduler *scheduler = scheduler_here;
    return (struct sync_waiter){.wake = on_given,
                                .home = scheduler,
                                .data = scheduler->running};
}

// The end of each verb: `got` says whether it went without waiting.
static int finish(bool got, struct pause *pause, uint64_t timeout_ns)
{
    if (got)
        return 0;
    if (timeout_ns == 0 && line_leave(&pause->waiter))
        return -ETIMEDOUT;
    return wait_suspend_for(&pause->wait, timeout_ns);
}

#define PAUSE(text, thing)                                                               \
    {                                                                                    \
        .wait = {.what = (text), .object = (thing), .abandon = abandon_pause},           \
        .waiter = waiter_here(),                                                         \
    }

int sync_lock(struct sync_mutex *mutex, uint64_t timeout_ns)
{
    int error = wait_begin();
    if (error != 0)
        return error;
    struct pause pause = PAUSE("mutex", mutex);
    return finish(line_lock(mutex, &pause.waiter), &pause, timeout_ns);
}

//DOC: coroutine-acquire
int sync_acquire(struct sync_semaphore *semaphore, uint64_t timeout_ns)
{
    int error = wait_begin();
    if (error != 0)
        return error;
    struct pause pause = PAUSE("semaphore", semaphore);
    return finish(line_acquire(semaphore, &pause.waiter), &pause, timeout_ns);
}

int sync_wait(struct sync_event *event, uint64_t timeout_ns)
{
    int error = wait_begin();
    if (error != 0)
        return error;
    struct pause pause = PAUSE("event", event);
    return finish(line_wait(event, &pause.waiter), &pause, timeout_ns);
}

int sync_put(struct sync_queue *queue, uint64_t item, uint64_t timeout_ns)
{
    int error = wait_begin();
    if (error != 0)
        return error;
    struct pause pause = PAUSE("room in queue", queue);
    pause.waiter.item = item;
    return finish(line_put(queue, &pause.waiter), &pause, timeout_ns);
}

int sync_get(struct sync_queue *queue, uint64_t *item, uint64_t timeout_ns)
{
    int error = wait_begin();
    if (error != 0)
        return error;
    struct pause pause = PAUSE("item in queue", queue);
    error = finish(line_get(queue, &pause.waiter), &pause, timeout_ns);
    *item = pause.waiter.item;
    return error;
}

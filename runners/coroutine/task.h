// SPDX-License-Identifier: MIT
//
// task.h - a coroutine with a name, a result that can be awaited, and an end that can be
// asked for: what asyncio calls a task. (The word is taken in this project, for a unit of
// a workload; so the struct is called async_task.) async_run() is asyncio.run().
//
//     static int greet(void *argument, uint64_t *value);
//     ...
//     struct async_task task;
//     task_create(&task, "greeter", greet, argument);
//     error = task_await(&task, &value);
//
// A task lies in the caller's storage, most often on the stack of the one who creates it,
// and must stay there until it is done. So whoever creates tasks waits for them, too:
// when its own wait ends with -ECANCELED, it cancels them and awaits them, which it can,
// because it is not told twice.
//
// Cancelling: see wait.h. A task that is cancelled before its first turn never begins.
// Unlike in Python, to cancel one who awaits a task does not cancel the task.
//
// Order: tasks run for the first time in the order in which they were created.
//
// Read next: gather.h.
#ifndef QUARTET_RUNNERS_COROUTINE_TASK_H
#define QUARTET_RUNNERS_COROUTINE_TASK_H

#include "runners/coroutine/future.h"

// The code of a task. Returns 0 with *value, which is 0 until then, or -errno.
typedef int async_code(void *argument, uint64_t *value);

struct async_task {
    struct future future;        // first: done when the task has ended
    struct coroutine *coroutine; // NULL: it has ended
    async_code *code;
    void *argument;
};

// ---- the whole program ------------------------------------------------------------------

struct async_options {
    uint32_t tasks;     // alive at once, generators included; 0: 1000
    size_t stack_bytes; // of each; 0: 64 KiB
    unsigned backend;   // of libev; 0: EVBACKEND_EPOLL
};

// Opens a scheduler in the calling thread, runs code(argument) as a task called "main"
// until it has ended, cancels all others that are still alive, runs them to their ends,
// and closes the scheduler. `options` may be NULL. Returns what the code did, with its
// value; or -errno with the reason when the scheduler could not be opened.
int async_run(const struct async_options *options, async_code *code, void *argument,
              uint64_t *value, struct reason *reason);

// ---- tasks: from a coroutine --------------------------------------------------------------

// Creates a task; it begins when the caller suspends. `name` is borrowed. 0; -EAGAIN or
// -ENOMEM: there is no stack left.
int task_create(struct async_task *task, const char *name, async_code *code,
                void *argument);

// Waits until it has ended, and returns what it did. Several may wait. -ECANCELED: it was
// cancelled, or the caller was (task_done() tells which). May suspend.
int task_await(struct async_task *task, uint64_t *value);

// Awaits the task for at most this long; then cancels it, and waits until it has really
// ended, which may take as long as its cleaning up does. Returns what it did; -ETIMEDOUT:
// the time was over, and it ended by that; -ECANCELED: the caller was cancelled, and so
// was the task, which has ended. May suspend.
int wait_for(struct async_task *task, uint64_t timeout_ns, uint64_t *value);

static inline bool task_done(const struct async_task *task)
{
    return task->coroutine == NULL;
}

// Asks it to stop, and does not wait for that. Nothing happens if it has ended or has been
// asked before.
void task_cancel(struct async_task *task);

// Lets everybody else who is ready run first. 0 or -ECANCELED.
int task_yield(void);

#endif

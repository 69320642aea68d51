// SPDX-License-Identifier: MIT
//
// future.h - a result that is not there yet. Somebody promises it, others wait for it:
// several coroutines, or callbacks of code that is no coroutine. It is set once, to a
// value or to a failure, and stays so.
//
// It lies in the caller's storage and needs no end; it must stay valid as long as
// somebody may set it or wait for it. It belongs to the thread of one scheduler.
//
// When it is set, the callbacks are called at once, in the order in which they were
// added; then the coroutines that wait become ready, in the order in which they came.
//
// Read next: task.h, a coroutine with a future for its result.
#ifndef QUARTET_RUNNERS_COROUTINE_FUTURE_H
#define QUARTET_RUNNERS_COROUTINE_FUTURE_H

#include "runners/coroutine/wait.h"

struct future;

// A callback in the caller's storage.
struct future_callback {
    struct future_callback *next;
    struct future_callback *previous;
    // Must not suspend. The callback's storage is free again from here on.
    void (*function)(struct future *future, struct future_callback *callback);
    void *data; // the user's own
};

struct future {
    const char *name; // borrowed; for people
    bool done;
    int error;      // once it is done: 0 or -errno
    uint64_t value; // once it is done without an error
    struct coroutine_queue waiters;
    struct future_callback *first; // callbacks, the first one first
    struct future_callback *last;
};

void future_init(struct future *future, const char *name);

// ---- by who has promised it -------------------------------------------------------------

// 0, or -EALREADY: it has been set before, and stays as it was.
int future_set_result(struct future *future, uint64_t value);

// The same with a failure, -errno. -ECANCELED means that there will be no result.
int future_set_failure(struct future *future, int error);

// ---- by who waits for it ----------------------------------------------------------------

// Waits until it is done, at most `timeout_ns` (WAIT_FOREVER). Returns its error, or 0
// with its value (`value` may be NULL); -ETIMEDOUT, -ECANCELED: the wait came to
// nothing. May suspend.
int future_await(struct future *future, uint64_t timeout_ns, uint64_t *value);

// Has `callback->function` called when the future is done. 0, or -EALREADY: it is.
int future_on_done(struct future *future, struct future_callback *callback);

// Takes back a callback that has not been called.
void future_forget(struct future *future, struct future_callback *callback);

#endif

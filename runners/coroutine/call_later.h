// SPDX-License-Identifier: MIT
//
// call_later.h - calls at a later time. A call is no coroutine: it runs on the thread's
// own stack, between the turns of the coroutines, and must not suspend. What is due is
// called in the order of the instants. A pending call alone keeps nobody alive: when all
// coroutines have ended, it is forgotten.
//
// In the event loop the same thing is called ev_timer.
#ifndef QUARTET_RUNNERS_COROUTINE_CALL_LATER_H
#define QUARTET_RUNNERS_COROUTINE_CALL_LATER_H

#include "runners/coroutine/scheduler.h"

// A call in the caller's storage, which must stay valid until it has been made or
// cancelled.
struct later_call {
    ev_timer timer; // first: a pointer to it is one to the call
    void (*function)(struct later_call *call);
    void *data; // the user's own
};

// Calls function(call) after at least this time. A call that is pending must not be used
// again.
void call_later(struct later_call *call, uint64_t delay_ns,
                void (*function)(struct later_call *call));

// Calls it at this instant of clock_now_ns(), or as soon as possible if that has passed.
void call_at(struct later_call *call, uint64_t instant_ns,
             void (*function)(struct later_call *call));

// It will not be made. false: it has been made already.
bool call_cancel(struct later_call *call);

#endif

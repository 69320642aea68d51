// SPDX-License-Identifier: MIT
//
// session.h - a client session in the event-loop style: what events.c keeps between two
// callbacks, and the functions of it that `mixed` calls, too.
//
// Read next: events.c.
#ifndef QUARTET_WORKLOADS_FETCH_SESSION_H
#define QUARTET_WORKLOADS_FETCH_SESSION_H

#include "workloads/fetch/fetch.h"
#include "workloads/fetch/kernel.h"

#include <ev.h>

struct fetch_session;

// After reply number sequence - 1: goes on, now or later, by fetch_session_next().
typedef void fetch_session_callback(struct ev_loop *loop, struct fetch_session *session,
                                    uint32_t sequence);

struct fetch_session {
    ev_io io; // first, so that a pointer to it is a pointer to the session
    struct task *task;
    fetch_session_callback *on_reply;
    struct fetch_exchange exchange; // the current one
    uint32_t size; // of the request, with a hello where it opens the session
    unsigned char message[FETCH_CLIENT_MAX];
};

// Begins a session and returns at once; on_reply() is called after each reply that has been
// booked. `session` is the task's state, or its first member.
void fetch_session_start(struct ev_loop *loop, struct fetch_session *session,
                         struct task *task, fetch_session_callback *on_reply);

// Begins the exchange with this number, or ends the session after the last.
void fetch_session_next(struct ev_loop *loop, struct fetch_session *session,
                        uint32_t sequence);

// Ends the session with 0 or -errno. It must not be touched afterwards.
void fetch_session_end(struct ev_loop *loop, struct fetch_session *session, int error);

#endif

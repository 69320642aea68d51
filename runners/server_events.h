// SPDX-License-Identifier: MIT
//
// server_events.h - taking connections with callbacks: the twin of direct_accept(), by the
// same rules. Receiving and time limits need no more than libev itself has: an ev_io, and
// an ev_timer, see "Be smart about timeouts" in its manual.
//
// Each loop watches the listener once, whoever waits: an ev_io per waiting task would be
// called for each connection, all but one of them in vain.
#ifndef QUARTET_RUNNERS_SERVER_EVENTS_H
#define QUARTET_RUNNERS_SERVER_EVENTS_H

#include <ev.h>

struct accept_waiter;

// `fd` is a non-blocking connection, the callee's from now on, or -errno: -EINVAL when the
// listener has been shut down.
typedef void accept_callback(struct ev_loop *loop, struct accept_waiter *waiter, int fd);

// In the caller's storage until its callback is called.
struct accept_waiter {
    struct accept_waiter *next; // who came after this one
    accept_callback *callback;
};

// The callback gets the next connection that comes, after those who have asked before;
// never from inside this. A loop has one listener at a time, or one door
// (common/accept_from.h).
void accept_then(struct ev_loop *loop, int listener, struct accept_waiter *waiter,
                 accept_callback *callback);

#endif

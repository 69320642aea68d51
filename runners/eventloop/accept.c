// SPDX-License-Identifier: MIT
//
// One acceptor per loop, and those who wait for its connections in a line: see
// ../server_events.h.
//
// Compare with ../coroutine/server.c, where the line consists of suspended stacks.
#define _GNU_SOURCE // SOCK_NONBLOCK, SOCK_CLOEXEC
#include "runners/server_events.h"

#include "lib/check.h"
#include "runners/common/accept_error.h"
#include "runners/common/accept_from.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/socket.h>

// Connections taken in a row before others of this loop get their turn.
#define ACCEPTS_MAX 64

struct acceptor {
    ev_io
        io; // first: a pointer to it is one to the acceptor; active while somebody waits
    ev_timer pause; // active while there is no descriptor to be had
    struct ev_loop *loop;
    struct accept_waiter *first;
    struct accept_waiter *last;
};

static _Thread_local struct acceptor acceptor_here;

static void serve_first(struct acceptor *acceptor, int fd)
{
    struct accept_waiter *waiter = acceptor->first;
    acceptor->first = waiter->next;
    waiter->callback(acceptor->loop, waiter, fd);
}

static void listen_again(struct ev_loop *loop, ev_timer *pause, int events)
{
    (void)events;
    struct acceptor *acceptor = pause->data;
    if (acceptor->first != NULL)
        ev_io_start(loop, &acceptor->io);
}

//DOC: eventloop-accept
static void on_connection(struct ev_loop *loop, ev_io *io, int events)
{
    (void)events;
    struct acceptor *acceptor = (struct acceptor *)io;
    for (int i = 0; i < ACCEPTS_MAX && acceptor->first != NULL; i++) {
        int fd = accept_from(io->fd, SOCK_NONBLOCK | SOCK_CLOEXEC);
        enum accept_error about = fd < 0 ? accept_error(-fd) : ACCEPT_NONE;
        if (fd >= 0 || about == ACCEPT_OVER) {
            serve_first(acceptor, fd);
        } else if (about == ACCEPT_SHORT) {
            ev_io_stop(loop, io);
            ev_timer_set(&acceptor->pause, (double)ACCEPT_PAUSE_NS / 1e9, 0.);
            ev_timer_start(loop, &acceptor->pause);
            return;
        } else if (about == ACCEPT_NONE) {
            return;
        }
    }
    if (acceptor->first == NULL)
        ev_io_stop(loop, io);
}

// The listener was made by somebody who does not know how this model waits.
static void acceptor_open(struct acceptor *acceptor, struct ev_loop *loop, int listener)
{
    int flags = fcntl(listener, F_GETFL);
    CHECK(flags >= 0 && fcntl(listener, F_SETFL, flags | O_NONBLOCK) == 0);
    *acceptor = (struct acceptor){.loop = loop};
    ev_io_init(&acceptor->io, on_connection, listener, EV_READ);
    ev_timer_init(&acceptor->pause, listen_again, 0., 0.);
    acceptor->pause.data = acceptor;
}

void accept_then(struct ev_loop *loop, int listener, struct accept_waiter *waiter,
                 accept_callback *callback)
{
    struct acceptor *acceptor = &acceptor_here;
    if (acceptor->loop != loop)
        acceptor_open(acceptor, loop, listener);
    CHECK(acceptor->io.fd == listener);
    waiter->next = NULL;
    waiter->callback = callback;
    if (acceptor->first == NULL)
        acceptor->first = waiter;
    else
        acceptor->last->next = waiter;
    acceptor->last = waiter;
    if (!ev_is_active(&acceptor->pause))
        ev_io_start(loop, &acceptor->io); // nothing if it is active already
}

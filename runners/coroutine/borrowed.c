// SPDX-License-Identifier: MIT
//
// Waiting for a library's descriptor in a coroutine: see ../borrowed.h. The watcher lives
// on the coroutine's stack, for one wait: descriptor.c keeps its own from wait to wait, and
// would have to be told whenever the library closes the file.
#include "runners/borrowed.h"

#include "runners/coroutine/scheduler.h"
#include "runners/coroutine/wait.h"

#include <errno.h>
#include <poll.h>

struct loan {
    struct wait wait; // first: a pointer to it is one to this
    ev_io watcher;
    struct scheduler *scheduler;
};

static void loan_end(struct loan *loan)
{
    ev_io_stop(loan->scheduler->loop, &loan->watcher);
    loan->scheduler->outside--;
}

static void on_ready(struct ev_loop *loop, ev_io *watcher, int events)
{
    (void)loop;
    (void)events;
    struct loan *loan = watcher->data;
    loan_end(loan);
    scheduler_call_soon(loan->scheduler, loan->wait.coroutine);
}

static bool abandon_loan(struct wait *wait)
{
    loan_end((struct loan *)wait);
    return true;
}

int direct_wait(int fd, int events)
{
    struct scheduler *scheduler = scheduler_here;
    int error = wait_begin();
    if (error != 0)
        return error;
    if (fd < 0)
        return -EBADF;
    struct loan loan = {.wait = {.what = "a library's descriptor",
                                 .abandon = abandon_loan},
                        .scheduler = scheduler};
    ev_io_init(&loan.watcher, on_ready, fd,
               (events & POLLIN ? EV_READ : 0) | (events & POLLOUT ? EV_WRITE : 0));
    loan.watcher.data = &loan;
    ev_io_start(scheduler->loop, &loan.watcher);
    scheduler->outside++;
    return wait_suspend(&loan.wait);
}

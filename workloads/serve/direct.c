// SPDX-License-Identifier: MIT
//
// A connection served in straight-line code. Each verb may suspend; what is known of the
// connection meanwhile lies on this stack. Compare with events.c, where the same steps are
// taken by callbacks.
#include "runners/direct.h"

#include "lib/clock.h"
#include "runners/offload.h"
#include "runners/server.h"
#include "workloads/serve/session.h"

#include <errno.h>

int serve_direct(struct task *task);

// Throws away what the client has sent too much, until it ends or has had its time.
static void linger(int fd, char *buffer, size_t size)
{
    uint64_t now_ns = clock_now_ns();
    uint64_t deadline_ns = now_ns + SESSION_LINGER_NS;
    shutdown(fd, SHUT_WR);
    while (now_ns < deadline_ns && direct_limit(fd, deadline_ns - now_ns) == 0 &&
           direct_receive(fd, buffer, size) > 0)
        now_ns = clock_now_ns();
}

// The limit is the kernel's or the scheduler's to keep, and seldom another one.
static ssize_t receive(struct session *session, int fd, uint64_t *limit_ns)
{
    if (*limit_ns != session->limit_ns) {
        *limit_ns = session->limit_ns;
        int error = direct_limit(fd, *limit_ns);
        if (error != 0)
            return error;
    }
    return direct_receive(fd, session->input, sizeof session->input);
}

//DOC: serve-direct-session
static int serve(struct task *task, int fd)
{
    struct session session;
    uint64_t result;
    uint64_t limit_ns = 0;
    int error = 0;
    session_init(&session, task);
    while (error == 0) {
        switch (session_next(&session)) {
        case SESSION_RECEIVE:
            error = session_received(&session, receive(&session, fd, &limit_ns));
            break;
        case SESSION_COMPUTE:
            error = offload(site_compute, &session.answer.work,
                            sizeof session.answer.work, &result);
            if (error == 0)
                session_computed(&session, result);
            break;
        case SESSION_SEND:
            error =
                session_sent(&session, direct_write(fd, session.output, session.written));
            break;
        case SESSION_LINGER:
            linger(fd, session.input, sizeof session.input);
            return 0;
        case SESSION_END:
            return 0;
        }
    }
    return error;
}

//DOC: serve-direct-accept
int serve_direct(struct task *task)
{
    const struct serve_parameters *parameters = serve_parameters(task);
    struct server *server = parameters->server;
    int error;
    do {
        int fd = direct_accept(server_door(server, task->index, task->worker));
        if (fd < 0)
            return server_stopping(server) ? 0 : fd;
        server_occupy(server, task->index, fd);
        error = serve(task, fd);
        server_occupy(server, task->index, -1);
        direct_close(fd);
    } while (error == 0 && serve_by_hand(parameters));
    return error;
}

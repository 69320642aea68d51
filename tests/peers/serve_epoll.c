// SPDX-License-Identifier: MIT
//
// All connections in one thread on epoll, written plainly: no library, no timers, a table of
// connections. As few system calls as the protocol allows: a connection is registered once,
// and answers are so small that the socket always has room.
#define _GNU_SOURCE // accept4()
#include "tests/peers/serve_peer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { EVENTS_MAX = 512 };

struct connection {
    int fd;
    bool lingers;
    uint32_t index;
    struct session session;
};

static void connection_close(const struct work *work, struct connection *connection,
                             uint32_t *open)
{
    const struct serve_parameters *parameters = work->parameters;
    server_occupy(parameters->server, connection->index, -1);
    close(connection->fd);
    (*open)--;
}

static void connection_go(const struct work *work, struct connection *connection,
                          uint32_t *open)
{
    struct session *session = &connection->session;
    for (;;) {
        enum session_step step = session_next(session);
        if (step == SESSION_SEND) {
            ssize_t count =
                send(connection->fd, session->output, session->written, MSG_NOSIGNAL);
            session_sent(session, count < 0 ? -errno : count);
        } else if (step == SESSION_LINGER) {
            connection->lingers = true;
            shutdown(connection->fd, SHUT_WR);
            return;
        } else if (step == SESSION_END) {
            connection_close(work, connection, open);
            return;
        } else if (!peer_compute(session, step)) {
            return;
        }
    }
}

static void on_readable(const struct work *work, struct connection *connection,
                        uint32_t *open)
{
    struct session *session = &connection->session;
    ssize_t count = recv(connection->fd, session->input, sizeof session->input, 0);
    if (count < 0 && errno == EAGAIN)
        return;
    if (connection->lingers && count <= 0) {
        connection_close(work, connection, open);
    } else if (!connection->lingers) {
        session_received(session, count < 0 ? -errno : count);
        connection_go(work, connection, open);
    }
}

static void on_connection(const struct work *work, struct connection *connection,
                          uint32_t index, int epoll)
{
    const struct serve_parameters *parameters = work->parameters;
    struct task task = peer_task(work, index);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    connection->fd =
        accept4(parameters->server->listeners[0].fd, NULL, NULL, SOCK_NONBLOCK);
    connection->index = index;
    if (connection->fd < 0 ||
        epoll_ctl(epoll, EPOLL_CTL_ADD, connection->fd, &event) != 0)
        die(EXIT_WRONG, "cannot accept connection %u: %s", index, strerror(errno));
    server_occupy(parameters->server, index, connection->fd);
    session_init(&connection->session, &task);
}

void peer_run(const struct work *work)
{
    const struct serve_parameters *parameters = work->parameters;
    struct connection *connections = calloc(work->tasks, sizeof *connections);
    int epoll = epoll_create1(0);
    uint32_t accepted = 0;
    uint32_t open = work->tasks;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    if (connections == NULL || epoll < 0 ||
        epoll_ctl(epoll, EPOLL_CTL_ADD, parameters->server->listeners[0].fd, &event) != 0)
        die(EXIT_CANNOT, "no room for the connections");
    server_door(parameters->server, 0, 0);
    while (open > 0) {
        struct epoll_event events[EVENTS_MAX];
        int ready = epoll_wait(epoll, events, EVENTS_MAX, -1);
        for (int i = 0; i < ready; i++) {
            if (events[i].data.ptr != NULL) {
                on_readable(work, events[i].data.ptr, &open);
            } else {
                on_connection(work, &connections[accepted], accepted, epoll);
                accepted++;
            }
        }
        if (accepted == work->tasks)
            epoll_ctl(epoll, EPOLL_CTL_DEL, parameters->server->listeners[0].fd, NULL);
    }
    close(epoll);
    free(connections);
}

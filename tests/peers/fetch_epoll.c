// SPDX-License-Identifier: MIT
//
// All sessions in one thread on epoll, written plainly: no library, a table of
// sessions, a switch over their state. As few system calls as the protocol allows: a
// descriptor is registered once, for its connection, and changed once, for reading.
#define _GNU_SOURCE // SOCK_NONBLOCK in older C libraries
#include "lib/clock.h"
#include "lib/error.h"
#include "tests/peers/fetch_peer.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { EVENTS_MAX = 512 };

enum state { CONNECTING, RECEIVING };

struct session {
    int fd;
    enum state state;
    struct task task;
    struct fetch_exchange exchange;
    unsigned char message[FETCH_MESSAGE_MAX];
};

struct client {
    const struct work *work;
    const struct fetch_parameters *parameters;
    struct session *sessions;
    int epoll;
    uint32_t open;
};

static void session_close(struct client *client, struct session *session)
{
    close(session->fd);
    client->open--;
}

static void session_watch(struct client *client, struct session *session, int how,
                          uint32_t events)
{
    struct epoll_event event = {.events = events, .data.ptr = session};
    if (epoll_ctl(client->epoll, how, session->fd, &event) != 0)
        die(EXIT_WRONG, "epoll_ctl: %s", strerror(errno));
}

// Messages are far smaller than the socket's buffer, which is empty here: a send that
// takes less is a failure, not a state.
static void request_send(struct client *client, struct session *session,
                         uint32_t sequence)
{
    size_t size = client->parameters->payload;
    fetch_request(&session->task, sequence, session->message);
    session->exchange =
        (struct fetch_exchange){.sent_ns = clock_now_ns(), .sequence = sequence};
    ssize_t count = send(session->fd, session->message, size, MSG_NOSIGNAL);
    if (count != (ssize_t)size)
        session_close(client, session);
    session->exchange.bytes_out = (uint32_t)size;
}

static void session_open(struct client *client, uint32_t task)
{
    struct session *session = &client->sessions[task];
    session->task = peer_task(client->work, task);
    const struct fetch_endpoint *endpoint = fetch_task_endpoint(&session->task);
    session->state = CONNECTING;
    session->fd = socket(endpoint->address.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (session->fd < 0 || fetch_endpoint_tune(endpoint, session->fd) != 0)
        die(EXIT_CANNOT, "cannot make socket %u: %s", task, strerror(errno));
    client->open++;
    if (connect(session->fd, &endpoint->address.any, endpoint->length) == 0) {
        session->state = RECEIVING;
        session_watch(client, session, EPOLL_CTL_ADD, EPOLLIN);
        request_send(client, session, 0);
    } else if (errno == EINPROGRESS) {
        session_watch(client, session, EPOLL_CTL_ADD, EPOLLOUT);
    } else {
        die(EXIT_WRONG, "cannot connect session %u: %s", task, strerror(errno));
    }
}

static void session_connected(struct client *client, struct session *session)
{
    int error = 0;
    socklen_t length = sizeof error;
    getsockopt(session->fd, SOL_SOCKET, SO_ERROR, &error, &length);
    if (error != 0) {
        session_close(client, session);
        return;
    }
    session->state = RECEIVING;
    session_watch(client, session, EPOLL_CTL_MOD, EPOLLIN);
    request_send(client, session, 0);
}

static void session_receive(struct client *client, struct session *session)
{
    size_t size = client->parameters->payload;
    struct fetch_exchange *exchange = &session->exchange;
    ssize_t count = recv(session->fd, session->message + exchange->bytes_in,
                         size - exchange->bytes_in, 0);
    if (count <= 0) {
        session_close(client, session);
        return;
    }
    exchange->bytes_in += (uint32_t)count;
    if (exchange->bytes_in < size)
        return;
    int error = fetch_book(&session->task, exchange, session->message);
    uint32_t next = exchange->sequence + 1;
    if (error == 0 && next < client->parameters->exchanges)
        request_send(client, session, next);
    else
        session_close(client, session);
}

void peer_run(const struct work *work)
{
    struct client client = {.work = work,
                            .parameters = work->parameters,
                            .epoll = epoll_create1(0)};
    client.sessions = calloc(work->tasks, sizeof *client.sessions);
    if (client.epoll < 0 || client.sessions == NULL)
        die(EXIT_CANNOT, "no room for the sessions");
    for (uint32_t task = 0; task < work->tasks; task++)
        session_open(&client, task);
    while (client.open > 0) {
        struct epoll_event events[EVENTS_MAX];
        int ready = epoll_wait(client.epoll, events, EVENTS_MAX, -1);
        for (int i = 0; i < ready; i++) {
            struct session *session = events[i].data.ptr;
            if (session->state == CONNECTING)
                session_connected(&client, session);
            else
                session_receive(&client, session);
        }
    }
    close(client.epoll);
    free(client.sessions);
}

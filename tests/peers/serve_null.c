// SPDX-License-Identifier: MIT
//
// The null server: it counts bytes and sends answers that were made beforehand, without
// looking at a request. One thread on epoll, like serve_epoll.c. No server can be faster by
// much, so it shows how fast the load and the kernel's network are: rows that come near it
// say little about themselves. It can only answer the requests of our own load, whose
// lengths it knows.
#define _GNU_SOURCE // accept4()
#include "tests/peers/serve_peer.h"
#include "workloads/serve/message.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

enum { EVENTS_MAX = 512 };

struct connection {
    int fd;
    uint32_t index;
    uint64_t answered;
    size_t held; // bytes of requests without an answer
};

struct null_server {
    const struct work *work;
    const struct serve_parameters *parameters;
    struct messages messages;
    struct connection *connections;
    uint32_t accepted;
    uint32_t ended;
    int epoll;
};

static void on_connection(struct null_server *null)
{
    struct connection *connection = &null->connections[null->accepted];
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    connection->fd =
        accept4(null->parameters->server->listeners[0].fd, NULL, NULL, SOCK_NONBLOCK);
    connection->index = null->accepted++;
    if (connection->fd < 0 ||
        epoll_ctl(null->epoll, EPOLL_CTL_ADD, connection->fd, &event) != 0)
        die(EXIT_WRONG, "cannot accept connection %u: %s", connection->index,
            strerror(errno));
    server_occupy(null->parameters->server, connection->index, connection->fd);
}

static void connection_end(struct null_server *null, struct connection *connection)
{
    struct outcome *outcome = outcome_at(null->work, connection->index);
    outcome->digest = session_digest(connection->answered, 0);
    server_occupy(null->parameters->server, connection->index, -1);
    close(connection->fd);
    null->ended++;
}

// Sends an answer for each request whose bytes are there.
static void on_readable(struct null_server *null, struct connection *connection)
{
    char bytes[16384];
    ssize_t count = recv(connection->fd, bytes, sizeof bytes, 0);
    if (count <= 0) {
        connection_end(null, connection);
        return;
    }
    connection->held += (size_t)count;
    while (connection->answered < null->parameters->requests) {
        bool last = connection->answered + 1 == null->parameters->requests;
        const struct message *request = &null->messages.request[last];
        const struct message *answer = &null->messages.answer[last];
        if (connection->held < request->length)
            return;
        if (send(connection->fd, answer->text, answer->length, MSG_NOSIGNAL) !=
            (ssize_t)answer->length)
            die(EXIT_WRONG, "cannot answer: %s", strerror(errno));
        connection->held -= request->length;
        connection->answered++;
    }
    shutdown(connection->fd, SHUT_WR);
}

static void null_open(struct null_server *null)
{
    const struct load_plan plan = {.target = "/", .answer = site_front()};
    const struct server *server = null->parameters->server;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    messages_build(&null->messages, &plan, &server->address);
    null->connections = calloc(null->work->tasks, sizeof *null->connections);
    null->epoll = epoll_create1(0);
    if (null->connections == NULL || null->epoll < 0 ||
        epoll_ctl(null->epoll, EPOLL_CTL_ADD, server->listeners[0].fd, &event) != 0)
        die(EXIT_CANNOT, "no room for the connections");
}

void peer_run(const struct work *work)
{
    struct null_server null = {.work = work, .parameters = work->parameters};
    struct epoll_event events[EVENTS_MAX];
    null_open(&null);
    server_door(null.parameters->server, 0, 0);
    while (null.ended < work->tasks) {
        int ready = epoll_wait(null.epoll, events, EVENTS_MAX, -1);
        for (int i = 0; i < ready; i++) {
            if (events[i].data.ptr != NULL)
                on_readable(&null, events[i].data.ptr);
            else
                on_connection(&null);
        }
        if (null.accepted == work->tasks)
            epoll_ctl(null.epoll, EPOLL_CTL_DEL, null.parameters->server->listeners[0].fd,
                      NULL);
    }
    close(null.epoll);
    free(null.connections);
}

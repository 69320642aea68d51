// SPDX-License-Identifier: MIT
//
// A thread per connection, written plainly: accept, create, and in the end join them all.
#include "tests/peers/serve_peer.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STACK_SIZE = 64 * 1024 }; // that of the multithread runner

struct connection {
    const struct work *work;
    pthread_t thread;
    uint32_t index;
    int fd;
};

static void serve(struct session *session, int fd)
{
    for (;;) {
        enum session_step step = session_next(session);
        if (step == SESSION_SEND) {
            ssize_t count = send(fd, session->output, session->written, MSG_NOSIGNAL);
            session_sent(session, count < 0 ? -errno : count);
        } else if (step == SESSION_RECEIVE) {
            ssize_t count = recv(fd, session->input, sizeof session->input, 0);
            session_received(session, count < 0 ? -errno : count);
        } else if (!peer_compute(session, step)) {
            if (step == SESSION_LINGER && shutdown(fd, SHUT_WR) == 0)
                while (recv(fd, session->input, sizeof session->input, 0) > 0)
                    continue;
            return;
        }
    }
}

static void *connection_main(void *argument)
{
    struct connection *connection = argument;
    const struct serve_parameters *parameters = connection->work->parameters;
    struct task task = peer_task(connection->work, connection->index);
    struct session session;
    session_init(&session, &task);
    server_occupy(parameters->server, connection->index, connection->fd);
    serve(&session, connection->fd);
    server_occupy(parameters->server, connection->index, -1);
    close(connection->fd);
    return NULL;
}

void peer_run(const struct work *work)
{
    const struct serve_parameters *parameters = work->parameters;
    struct connection *connections = calloc(work->tasks, sizeof *connections);
    pthread_attr_t attributes;
    if (connections == NULL || pthread_attr_init(&attributes) != 0 ||
        pthread_attr_setstacksize(&attributes, STACK_SIZE) != 0)
        die(EXIT_CANNOT, "no memory for the connections");
    server_door(parameters->server, 0, 0);
    for (uint32_t i = 0; i < work->tasks; i++) {
        struct connection *connection = &connections[i];
        *connection = (struct connection){.work = work, .index = i};
        connection->fd = accept(parameters->server->listeners[0].fd, NULL, NULL);
        if (connection->fd < 0 || pthread_create(&connection->thread, &attributes,
                                                 connection_main, connection) != 0)
            die(EXIT_CANNOT, "cannot serve connection %u: %s", i, strerror(errno));
    }
    for (uint32_t i = 0; i < work->tasks; i++)
        pthread_join(connections[i].thread, NULL);
    pthread_attr_destroy(&attributes);
    free(connections);
}

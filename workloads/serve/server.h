// SPDX-License-Identifier: MIT
//
// server.h - what all workers of a server share: the listening socket, a place per task
// that says which connection it serves, and the order to stop. It lies in shared memory, so
// that processes see it as threads do.
//
// Stopping works in every model and every process by the same means. The listener is shut
// down: whoever waits in accept() is told that nobody will come any more. Each connection is
// shut down for reading by the process that holds it: a worker that waits for a request sees
// the end of the stream, one that is busy answers first. Bytes that have come already can
// still be read. shutdown(2) has no bad moment: a worker that has not begun to wait will not.
//
// Read next: session.h, a connection.
#ifndef QUARTET_WORKLOADS_SERVE_SERVER_H
#define QUARTET_WORKLOADS_SERVE_SERVER_H

#include "lib/error.h"

#include <netinet/in.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

// Where a task serves. Written by the worker that carries the task, read by server_stop().
struct server_place {
    _Atomic int32_t fd;     // the connection; -1: none
    _Atomic int32_t holder; // the process whose descriptor that is
    uint32_t connections;   // that this task has served
};

struct server {
    int listener;
    struct sockaddr_in address;
    pid_t parent; // who hands the order to stop on to the other processes
    uint32_t place_count;
    _Atomic uint32_t begun;    // 1: a task is ready to accept; a futex
    _Atomic uint32_t stopping; // 1: answer what was asked, and end
    _Atomic uint64_t accepted; // connections
    struct server_place places[];
};

// Listens on "ADDRESS:PORT" (NULL: a port of the loopback interface that the kernel
// chooses), with places for this many tasks. The memory stays until the process ends. 0, or
// -errno with the reason; -EINVAL: that is no address.
int server_open(struct server **server, const char *listen_on, uint32_t places,
                struct reason *reason);

// This process's part of the listener. Once in each process.
void server_close(const struct server *server);

// A task is ready to accept.
void server_begin(struct server *server);

// Task `index` serves this connection, or, with -1, none any more: before it is closed.
void server_occupy(struct server *server, uint32_t index, int fd);

static inline bool server_stopping(const struct server *server)
{
    return atomic_load_explicit(&server->stopping, memory_order_relaxed) != 0;
}

// Orders everybody to stop, or does this process's part of it. Callable from a handler; its
// argument is the struct server.
void server_stop(void *server);

#endif

// SPDX-License-Identifier: MIT
//
// server.h - what all workers of a server share: the listening sockets, a place per task
// that says which connection it serves, and the order to stop. It lies in shared memory, so
// that processes see it as threads do.
//
// There is one listener, which all workers share, or there are several with the same address
// (SO_REUSEPORT), among which the kernel distributes connections by a hash of their
// addresses. Worker i then takes connections from listener i modulo their number. A hash is
// not fair to the last connection, and a listener may have more of them than its workers have
// places. So each worker waits for a door (runners/common/accept_from.h) with two things
// behind it: its own listener, and `spare`, behind which are those listeners for which no
// task waits at the moment.
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
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

// Where a task serves. Written by the worker that carries the task, read by server_stop().
struct server_place {
    _Atomic int32_t fd;     // the connection; -1: none
    _Atomic int32_t holder; // the process whose descriptor that is
    uint32_t worker;        // who carries the task
    uint32_t connections;   // that this task has served
};

#define SERVER_LISTENERS_MAX 64

struct listener {
    int fd;
    int door; // where its workers wait: -1 with one listener, which is its own door
    uint32_t waiting; // tasks of its workers that wait for a connection; by server->lock
};

struct server {
    struct listener listeners[SERVER_LISTENERS_MAX];
    uint32_t listener_count;
    int spare;            // an epoll descriptor: listeners for which nobody waits
    pthread_mutex_t lock; // of `waiting` and `spare`; shared by processes
    struct sockaddr_in address;
    pid_t parent; // who hands the order to stop on to the other processes
    uint32_t place_count;
    _Atomic uint32_t begun;    // 1: a task is ready to accept; a futex
    _Atomic uint32_t stopping; // 1: answer what was asked, and end
    _Atomic uint64_t accepted; // connections
    struct server_place places[];
};

// The options of a server.
struct server_plan {
    const char *listen_on; // "ADDRESS:PORT"; NULL: a port of the loopback interface that
                           // the kernel chooses
    uint32_t places;       // tasks
    uint32_t listeners;    // 1 to SERVER_LISTENERS_MAX
};

// Listens. The memory stays until the process ends. 0, or -errno with the reason; -EINVAL:
// that is no address.
int server_open(struct server **server, const struct server_plan *plan,
                struct reason *reason);

// "127.0.0.1:8080", or the port alone. 0, or -EINVAL with the reason, which names `option`.
int server_address(const char *text, const char *option, struct sockaddr_in *address,
                   struct reason *reason);

// This process's part of the listeners. Once in each process.
void server_close(const struct server *server);

// Task `index` of this worker is ready to accept: from the descriptor that is returned.
int server_door(struct server *server, uint32_t index, uint32_t worker);

// Task `index` serves this connection, or, with -1, none any more: before it is closed.
void server_occupy(struct server *server, uint32_t index, int fd);

static inline bool server_stopping(const struct server *server)
{
    return atomic_load_explicit(&server->stopping, memory_order_relaxed) != 0;
}

// How connections were shared out among the workers that had a task.
struct server_shares {
    uint32_t workers;
    uint64_t least; // connections of one worker
    uint64_t most;
};

// After the run. 0, or -ENOMEM.
int server_shares(const struct server *server, struct server_shares *shares);

// Orders everybody to stop, or does this process's part of it. Callable from a handler; its
// argument is the struct server.
void server_stop(void *server);

#endif

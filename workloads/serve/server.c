// SPDX-License-Identifier: MIT
//
// The listening sockets, the places, and the order to stop: see server.h.
//
// Read next: session.c.
#define _GNU_SOURCE // SOCK_CLOEXEC, SIGIO
#include "workloads/serve/server.h"

#include "lib/check.h"
#include "lib/futex.h"
#include "runners/sync_objects.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 4096 }; // the kernel cuts it to net.core.somaxconn

// "127.0.0.1:8080"; without an address ":8080" or "8080", all interfaces are not meant.
int server_address(const char *text, const char *option, struct sockaddr_in *address,
                   struct reason *reason)
{
    char host[64] = "127.0.0.1";
    const char *colon = strrchr(text, ':');
    const char *port = colon != NULL ? colon + 1 : text;
    size_t length = colon != NULL ? (size_t)(colon - text) : 0;
    if (length > 0 && length < sizeof host) {
        memcpy(host, text, length);
        host[length] = '\0';
    }
    char *end;
    unsigned long number = strtoul(port, &end, 10);
    if (length >= sizeof host || *port < '0' || *port > '9' || *end != '\0' ||
        number > UINT16_MAX || inet_pton(AF_INET, host, &address->sin_addr) != 1) {
        return reason_set(reason, -EINVAL,
                          "--%s '%.80s' is no address; give one such as "
                          "127.0.0.1:8080, with a port from 0 (any) to 65535",
                          option, text);
    }
    address->sin_port = htons((uint16_t)number);
    return 0;
}

// ---- listeners -----------------------------------------------------------------------

// Connections inherit the options of their listener: no delay for small answers. The first
// one is bound without SO_REUSEPORT, so that a stranger's server is not joined by mistake,
// and gets that option afterwards; its port is known then.
static int listener_open(struct server *server, struct listener *listener)
{
    int on = 1;
    bool first = listener == server->listeners;
    bool many = server->listener_count > 1;
    struct sockaddr *address = (struct sockaddr *)(void *)&server->address;
    socklen_t length = sizeof server->address;
    int kind = SOCK_STREAM | SOCK_CLOEXEC | (many ? SOCK_NONBLOCK : 0);
    int fd = listener->fd = socket(AF_INET, kind, 0);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0 ||
        (!first && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0) ||
        bind(fd, address, length) != 0 ||
        (many && setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on) != 0) ||
        listen(fd, BACKLOG) != 0 || getsockname(fd, address, &length) != 0)
        return -errno;
    return 0;
}

static int door_add(int door, int fd)
{
    struct epoll_event event = {.events = EPOLLIN, .data.fd = fd};
    return epoll_ctl(door, EPOLL_CTL_ADD, fd, &event) == 0 ? 0 : -errno;
}

// Nobody waits for any listener yet, so all are spare.
static int doors_open(struct server *server)
{
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_mutex_init(&server->lock, &attributes);
    pthread_mutexattr_destroy(&attributes);
    server->spare = epoll_create1(EPOLL_CLOEXEC);
    int error = server->spare < 0 ? -errno : 0;
    for (uint32_t i = 0; i < server->listener_count && error == 0; i++) {
        struct listener *listener = &server->listeners[i];
        listener->door = epoll_create1(EPOLL_CLOEXEC);
        error = listener->door < 0 ? -errno : door_add(listener->door, listener->fd);
        if (error == 0)
            error = door_add(listener->door, server->spare);
        if (error == 0)
            error = door_add(server->spare, listener->fd);
    }
    return error;
}

static int listeners_open(struct server *server)
{
    int error = 0;
    for (uint32_t i = 0; i < server->listener_count && error == 0; i++)
        error = listener_open(server, &server->listeners[i]);
    if (error == 0 && server->listener_count > 1)
        error = doors_open(server);
    if (error != 0)
        server_close(server);
    return error;
}

// ---- life ----------------------------------------------------------------------------

static size_t memory_size(uint32_t places)
{
    return sizeof(struct server) + places * sizeof(struct server_place);
}

static struct server *memory_map(const struct server_plan *plan)
{
    struct server *server = sync_alloc(memory_size(plan->places));
    if (server == NULL)
        return NULL;
    server->parent = getpid();
    server->place_count = plan->places;
    server->listener_count = plan->listeners;
    server->spare = -1;
    for (uint32_t i = 0; i < plan->listeners; i++)
        server->listeners[i] = (struct listener){.fd = -1, .door = -1};
    for (uint32_t i = 0; i < plan->places; i++)
        server->places[i].fd = -1;
    return server;
}

int server_open(struct server **server, const struct server_plan *plan,
                struct reason *reason)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    const char *listen_on = plan->listen_on;
    int error =
        listen_on != NULL ? server_address(listen_on, "listen", &address, reason) : 0;
    if (error != 0)
        return error;
    *server = memory_map(plan);
    if (*server == NULL)
        return reason_set(reason, -ENOMEM, "no memory for %u places", plan->places);
    (*server)->address = address;
    error = listeners_open(*server);
    if (error == 0)
        return 0;
    *server = NULL;
    return reason_set(reason, error == -EMFILE ? error : -EAGAIN,
                      "cannot listen on %s: %s",
                      listen_on != NULL ? listen_on : "127.0.0.1", strerror(-error));
}

static void close_if_open(int fd)
{
    if (fd >= 0)
        close(fd);
}

void server_close(const struct server *server)
{
    for (uint32_t i = 0; i < server->listener_count; i++) {
        close_if_open(server->listeners[i].fd);
        close_if_open(server->listeners[i].door);
    }
    close_if_open(server->spare);
}

// ---- who waits for whom --------------------------------------------------------------

// Books that a task has begun (change 1) or ceased (-1) to wait for this worker's listener,
// which is spare while there is none.
static void waiting_book(struct server *server, uint32_t worker, int change)
{
    struct listener *listener = &server->listeners[worker % server->listener_count];
    pthread_mutex_lock(&server->lock);
    bool was_spare = listener->waiting == 0;
    listener->waiting = (uint32_t)((int)listener->waiting + change);
    bool is_spare = listener->waiting == 0;
    if (is_spare && !was_spare)
        CHECK(door_add(server->spare, listener->fd) == 0);
    else if (was_spare && !is_spare)
        CHECK(epoll_ctl(server->spare, EPOLL_CTL_DEL, listener->fd, NULL) == 0);
    pthread_mutex_unlock(&server->lock);
}

int server_door(struct server *server, uint32_t index, uint32_t worker)
{
    server->places[index].worker = worker;
    if (atomic_load_explicit(&server->begun, memory_order_relaxed) == 0) {
        atomic_store(&server->begun, 1);
        futex_wake(&server->begun, INT_MAX, FUTEX_PROCESSES);
    }
    if (server->listener_count == 1)
        return server->listeners[0].fd;
    waiting_book(server, worker, 1);
    return server->listeners[worker % server->listener_count].door;
}

// ---- stopping ------------------------------------------------------------------------

//DOC: serve-occupy
// Either server_stop() finds the connection here, or the order to stop is found here: both
// write first and then read (sequentially consistent).
void server_occupy(struct server *server, uint32_t index, int fd)
{
    struct server_place *place = &server->places[index];
    if (fd >= 0) {
        place->connections++;
        atomic_fetch_add_explicit(&server->accepted, 1, memory_order_relaxed);
        atomic_store_explicit(&place->holder, getpid(), memory_order_relaxed);
        if (server->listener_count > 1)
            waiting_book(server, place->worker, -1);
    }
    atomic_store(&place->fd, fd);
    if (fd >= 0 && atomic_load(&server->stopping) != 0)
        shutdown(fd, SHUT_RD);
}

//DOC: serve-stop
// In the process that is told first, this shuts the listeners down, and tells the others; in
// each process, it shuts down what that holds. Workers are forked after load_start() has
// installed the handler of SIGIO.
void server_stop(void *argument)
{
    struct server *server = argument;
    pid_t self = getpid();
    atomic_store(&server->stopping, 1);
    for (uint32_t i = 0; i < server->listener_count; i++)
        shutdown(server->listeners[i].fd, SHUT_RD);
    for (uint32_t i = 0; i < server->place_count; i++) {
        int fd = atomic_load(&server->places[i].fd);
        pid_t holder =
            atomic_load_explicit(&server->places[i].holder, memory_order_relaxed);
        if (fd >= 0 && holder == self)
            shutdown(fd, SHUT_RD);
        else if (fd >= 0 && self == server->parent)
            kill(holder, SIGIO);
    }
}

// ---- afterwards ----------------------------------------------------------------------

struct share {
    uint32_t worker;
    uint64_t connections;
};

static int by_worker(const void *one, const void *other)
{
    uint32_t a = ((const struct share *)one)->worker;
    uint32_t b = ((const struct share *)other)->worker;
    return (a > b) - (a < b);
}

// A worker carries many tasks, one after the other or side by side: equal ones are added up.
int server_shares(const struct server *server, struct server_shares *shares)
{
    uint32_t count = server->place_count;
    struct share *list = calloc(count, sizeof *list);
    *shares = (struct server_shares){.least = UINT64_MAX};
    if (list == NULL)
        return -ENOMEM;
    for (uint32_t i = 0; i < count; i++)
        list[i] = (struct share){server->places[i].worker, server->places[i].connections};
    qsort(list, count, sizeof *list, by_worker);
    for (uint32_t i = 0; i < count;) {
        uint64_t sum = 0;
        for (uint32_t worker = list[i].worker; i < count && list[i].worker == worker; i++)
            sum += list[i].connections;
        shares->workers++;
        shares->least = sum < shares->least ? sum : shares->least;
        shares->most = sum > shares->most ? sum : shares->most;
    }
    free(list);
    return 0;
}

// SPDX-License-Identifier: MIT
//
// The listening socket, the places, and the order to stop: see server.h.
//
// Read next: session.c.
#define _GNU_SOURCE // MAP_ANONYMOUS, SOCK_CLOEXEC, SIGIO
#include "workloads/serve/server.h"

#include "lib/futex.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

enum { BACKLOG = 4096 }; // the kernel cuts it to net.core.somaxconn

// "127.0.0.1:8080"; without an address ":8080" or "8080", all interfaces are not meant.
static int address_parse(const char *text, struct sockaddr_in *address,
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
                          "--listen '%.80s' is no address; give one such as "
                          "127.0.0.1:8080, with a port from 0 (any) to 65535",
                          text);
    }
    address->sin_port = htons((uint16_t)number);
    return 0;
}

// Connections inherit the options of their listener: no delay for small answers.
static int listener_open(struct server *server)
{
    int on = 1;
    struct sockaddr *address = (struct sockaddr *)(void *)&server->address;
    socklen_t length = sizeof server->address;
    server->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (server->listener < 0)
        return -errno;
    if (setsockopt(server->listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        setsockopt(server->listener, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0 ||
        bind(server->listener, address, length) != 0 ||
        listen(server->listener, BACKLOG) != 0 ||
        getsockname(server->listener, address, &length) != 0) {
        int error = -errno;
        close(server->listener);
        return error;
    }
    return 0;
}

static int memory_map(struct server **server, uint32_t places)
{
    size_t size = sizeof **server + places * sizeof(struct server_place);
    void *memory =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return -ENOMEM;
    *server = memory;
    (*server)->parent = getpid();
    (*server)->place_count = places;
    for (uint32_t i = 0; i < places; i++)
        (*server)->places[i].fd = -1;
    return 0;
}

int server_open(struct server **server, const char *listen_on, uint32_t places,
                struct reason *reason)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int error = listen_on != NULL ? address_parse(listen_on, &address, reason) : 0;
    if (error != 0)
        return error;
    error = memory_map(server, places);
    if (error != 0)
        return reason_set(reason, error, "no memory for %u places", places);
    (*server)->address = address;
    error = listener_open(*server);
    if (error == 0)
        return 0;
    munmap(*server, sizeof **server + places * sizeof(struct server_place));
    *server = NULL;
    return reason_set(reason, error == -EMFILE ? error : -EAGAIN,
                      "cannot listen on %s: %s",
                      listen_on != NULL ? listen_on : "127.0.0.1", strerror(-error));
}

void server_close(const struct server *server)
{
    close(server->listener);
}

void server_begin(struct server *server)
{
    if (atomic_load_explicit(&server->begun, memory_order_relaxed) != 0)
        return;
    atomic_store(&server->begun, 1);
    futex_wake(&server->begun, INT_MAX, FUTEX_PROCESSES);
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
    }
    atomic_store(&place->fd, fd);
    if (fd >= 0 && atomic_load(&server->stopping) != 0)
        shutdown(fd, SHUT_RD);
}

//DOC: serve-stop
// In the process that is told first, this shuts the listener down, and tells the others; in
// each process, it shuts down what that holds. Workers are forked after load_start() has
// installed the handler of SIGIO.
void server_stop(void *argument)
{
    struct server *server = argument;
    pid_t self = getpid();
    atomic_store(&server->stopping, 1);
    shutdown(server->listener, SHUT_RD);
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

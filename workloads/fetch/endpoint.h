// SPDX-License-Identifier: MIT
//
// endpoint.h - where the back end listens, and how both ends set up a socket.
//
// Thousands of clients connect in the same instant. Each listener holds at most
// min(backlog, net.core.somaxconn) connections that were not accepted yet; what comes
// on top is lost to a retransmission after a second (TCP) or refused with EAGAIN (a
// non-blocking AF_UNIX socket). So there are as many listeners as it takes to hold all
// clients at once, and a task's number says which one it uses.
//
// TCP addresses have a port that the kernel chose, AF_UNIX ones a name in the abstract
// namespace that the kernel chose: nothing can collide, and nothing is left behind
// however the processes end.
#ifndef QUARTET_WORKLOADS_FETCH_ENDPOINT_H
#define QUARTET_WORKLOADS_FETCH_ENDPOINT_H

#include "lib/error.h"

#include <netinet/in.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

// In the order of the choices of --transport.
enum fetch_transport { FETCH_TCP, FETCH_UNIX };

struct fetch_endpoint {
    union {
        struct sockaddr any;
        struct sockaddr_in tcp;
        struct sockaddr_un local;
    } address;
    socklen_t length; // of the address
    int listener;     // the listening socket; -1 in a process that does not listen
};

// How many endpoints hold `concurrency` connections that were not accepted yet, with
// room to spare because tasks do not spread perfectly.
uint32_t fetch_endpoint_count(uint32_t concurrency);

// Reads an address as users write it: "127.0.0.1:4000", or "unix:@name" for a name in the
// abstract namespace. 0, or -EINVAL with the reason.
int fetch_endpoint_parse(struct fetch_endpoint *endpoint, const char *text,
                         struct reason *reason);

// Writes the address in the same form.
void fetch_endpoint_text(const struct fetch_endpoint *endpoint, char *text, size_t size);

// The address that bind() takes to mean "any": the kernel chooses a port or a name.
void fetch_endpoint_any(struct fetch_endpoint *endpoint, enum fetch_transport transport);

// Binds and listens, non-blocking, on the endpoint's address, and reads back which it has
// become. 0, or -errno with the reason.
int fetch_endpoint_open(struct fetch_endpoint *endpoint, struct reason *reason);

// Closes the listening socket of this process; the address stays.
void fetch_endpoint_close(struct fetch_endpoint *endpoint);

// Prepares a client's socket before it connects. TCP: no delay for small messages, and
// a close that resets the connection, which leaves no TIME_WAIT and so never uses up
// the ephemeral ports. It loses nothing: a session closes when all replies are in.
// AF_UNIX needs neither. Never waits. 0, or -errno.
int fetch_endpoint_tune(const struct fetch_endpoint *endpoint, int fd);

#endif

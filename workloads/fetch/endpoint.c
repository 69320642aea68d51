// SPDX-License-Identifier: MIT
//
// Addresses, listeners and socket options: see endpoint.h.
#define _GNU_SOURCE // SOCK_CLOEXEC and SOCK_NONBLOCK in older C libraries
#include "workloads/fetch/endpoint.h"

#include "lib/limits.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <unistd.h>

enum { BACKLOG = 4096 }; // the kernel cuts it to net.core.somaxconn

uint32_t fetch_endpoint_count(uint32_t concurrency)
{
    uint64_t backlog = limits_read_number("/proc/sys/net/core/somaxconn");
    if (backlog == 0 || backlog > BACKLOG) // unknown is LIMIT_UNKNOWN: the largest number
        backlog = BACKLOG;
    return (uint32_t)((2 * (uint64_t)concurrency + backlog - 1) / backlog);
}

static int option_set(int fd, int level, int name, const void *value, socklen_t size)
{
    return setsockopt(fd, level, name, value, size) == 0 ? 0 : -errno;
}

static int set_no_delay(int fd)
{
    int on = 1;
    return option_set(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

// What bind() takes to mean "any": port 0 of the loopback interface, or, for AF_UNIX,
// nothing but the family, which asks for a fresh abstract name (see unix(7), autobind).
static void address_any(struct fetch_endpoint *endpoint, enum fetch_transport transport)
{
    memset(endpoint, 0, sizeof *endpoint);
    endpoint->listener = -1;
    if (transport == FETCH_UNIX) {
        endpoint->address.local.sun_family = AF_UNIX;
        endpoint->length = sizeof(sa_family_t);
    } else {
        endpoint->address.tcp.sin_family = AF_INET;
        endpoint->address.tcp.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        endpoint->length = sizeof endpoint->address.tcp;
    }
}

// TCP_NODELAY of a listener is inherited by all that it accepts.
static int listener_open(struct fetch_endpoint *endpoint)
{
    int family = endpoint->address.any.sa_family;
    int fd = socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return -errno;
    endpoint->listener = fd;
    if (bind(fd, &endpoint->address.any, endpoint->length) != 0)
        return -errno;
    endpoint->length = sizeof endpoint->address;
    if (getsockname(fd, &endpoint->address.any, &endpoint->length) != 0)
        return -errno;
    if (listen(fd, BACKLOG) != 0)
        return -errno;
    return family == AF_INET ? set_no_delay(fd) : 0;
}

int fetch_endpoint_open(struct fetch_endpoint *endpoint, enum fetch_transport transport,
                        struct reason *reason)
{
    address_any(endpoint, transport);
    int error = listener_open(endpoint);
    if (error == 0)
        return 0;
    fetch_endpoint_close(endpoint);
    return reason_set(reason, error, "the back end cannot listen on %s: %s%s",
                      transport == FETCH_UNIX ? "an abstract AF_UNIX name" : "127.0.0.1",
                      strerror(-error),
                      error == -EMFILE ? "; raise the limit of open files (ulimit -n)"
                                       : "");
}

void fetch_endpoint_close(struct fetch_endpoint *endpoint)
{
    if (endpoint->listener >= 0)
        close(endpoint->listener);
    endpoint->listener = -1;
}

int fetch_endpoint_tune(const struct fetch_endpoint *endpoint, int fd)
{
    if (endpoint->address.any.sa_family != AF_INET)
        return 0;
    int error = set_no_delay(fd);
    if (error != 0)
        return error;
    const struct linger reset = {.l_onoff = 1, .l_linger = 0};
    return option_set(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
}

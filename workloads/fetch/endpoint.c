// SPDX-License-Identifier: MIT
//
// Addresses, listeners and socket options: see endpoint.h.
#define _GNU_SOURCE // SOCK_CLOEXEC and SOCK_NONBLOCK in older C libraries
#include "workloads/fetch/endpoint.h"

#include "lib/limits.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
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

// Port 0 of the loopback interface, or, for AF_UNIX, nothing but the family, which asks for
// a fresh abstract name (see unix(7), autobind).
void fetch_endpoint_any(struct fetch_endpoint *endpoint, enum fetch_transport transport)
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

// ---- addresses as text ---------------------------------------------------------------

static int parse_unix(struct fetch_endpoint *endpoint, const char *name)
{
    size_t length = strlen(name);
    if (name[0] != '@' || length < 2 || length > sizeof endpoint->address.local.sun_path)
        return -EINVAL;
    fetch_endpoint_any(endpoint, FETCH_UNIX);
    memcpy(endpoint->address.local.sun_path + 1, name + 1,
           length - 1); // after a zero byte
    endpoint->length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length);
    return 0;
}

static int parse_tcp(struct fetch_endpoint *endpoint, const char *text)
{
    char host[INET_ADDRSTRLEN] = "";
    const char *colon = strrchr(text, ':');
    if (colon == NULL || (size_t)(colon - text) >= sizeof host)
        return -EINVAL;
    memcpy(host, text, (size_t)(colon - text));
    char *end;
    unsigned long port = strtoul(colon + 1, &end, 10);
    if (colon[1] < '0' || colon[1] > '9' || *end != '\0' || port > UINT16_MAX)
        return -EINVAL;
    fetch_endpoint_any(endpoint, FETCH_TCP);
    endpoint->address.tcp.sin_port = htons((uint16_t)port);
    return inet_pton(AF_INET, host, &endpoint->address.tcp.sin_addr) == 1 ? 0 : -EINVAL;
}

int fetch_endpoint_parse(struct fetch_endpoint *endpoint, const char *text,
                         struct reason *reason)
{
    int error = strncmp(text, "unix:", 5) == 0 ? parse_unix(endpoint, text + 5)
                                               : parse_tcp(endpoint, text);
    if (error == 0)
        return 0;
    return reason_set(reason, error,
                      "'%.100s' is no address: give one such as 127.0.0.1:4000, in "
                      "numbers, or unix:@name",
                      text);
}

void fetch_endpoint_text(const struct fetch_endpoint *endpoint, char *text, size_t size)
{
    char host[INET_ADDRSTRLEN] = "";
    if (endpoint->address.any.sa_family == AF_UNIX) {
        size_t length = endpoint->length - offsetof(struct sockaddr_un, sun_path);
        snprintf(text, size, "unix:@%.*s", (int)length - 1,
                 endpoint->address.local.sun_path + 1);
        return;
    }
    inet_ntop(AF_INET, &endpoint->address.tcp.sin_addr, host, sizeof host);
    snprintf(text, size, "%s:%u", host, ntohs(endpoint->address.tcp.sin_port));
}

// ---- listeners -----------------------------------------------------------------------

int fetch_endpoint_open(struct fetch_endpoint *endpoint, struct reason *reason)
{
    char wanted[160] = "an abstract AF_UNIX name";
    if (endpoint->length > sizeof(sa_family_t))
        fetch_endpoint_text(endpoint, wanted, sizeof wanted);
    int error = listener_open(endpoint);
    if (error == 0)
        return 0;
    fetch_endpoint_close(endpoint);
    return limits_refuse(error, reason, "the back end cannot listen on %s", wanted);
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

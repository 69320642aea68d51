// SPDX-License-Identifier: MIT
//
// probe_sockets.c - bytes through sockets and pipes: see probe.h. LINES connections take
// turns, as those of a program with many tasks do, and each call finds what it needs: nobody
// waits.
#define _GNU_SOURCE // pipe2(), accept4()
#include "driver/prices/probe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { LINES = 64, TURNS = 8, SMALL = 64, LARGE = 16384 };

enum transport { TRANSPORT_UNIX, TRANSPORT_TCP, TRANSPORT_PIPE };

// Connections: what is written to `in` comes out of `out`.
struct lines {
    int count;
    int in[LINES];
    int out[LINES];
};

static void lines_close(struct lines *lines)
{
    for (int i = 0; i < lines->count; i++) {
        close(lines->in[i]);
        close(lines->out[i]);
    }
    lines->count = 0;
}

// ---- connecting ------------------------------------------------------------------------

// A listener that only this process knows: on a free port of the loopback interface, or
// under an abstract name that the kernel chooses.
static int listen_somewhere(enum transport transport, struct sockaddr_storage *address,
                            socklen_t *length)
{
    struct sockaddr_in *inet = (struct sockaddr_in *)(void *)address;
    memset(address, 0, sizeof *address);
    *length = transport == TRANSPORT_TCP ? sizeof *inet : sizeof(sa_family_t);
    address->ss_family = transport == TRANSPORT_TCP ? AF_INET : AF_UNIX;
    if (transport == TRANSPORT_TCP)
        inet->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int listener = socket(address->ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0)
        return -errno;
    int error = bind(listener, (struct sockaddr *)address, *length);
    *length = sizeof *address;
    if (error == 0)
        error = listen(listener, LINES);
    if (error == 0)
        error = getsockname(listener, (struct sockaddr *)address, length);
    if (error == 0)
        return listener;
    error = -errno;
    close(listener);
    return error;
}

// Connects all lines; connect() is what the probe measures, and the rest on its own.
static int connect_all(struct probe *probe, enum transport transport, struct lines *lines)
{
    struct sockaddr_storage address;
    socklen_t length;
    int listener = listen_somewhere(transport, &address, &length);
    bool failed = listener < 0;
    for (int i = 0; i < LINES && !failed; i++) {
        lines->in[i] = socket(address.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
        failed = lines->in[i] < 0;
    }
    probe_start(probe);
    for (int i = 0; i < LINES && !failed; i++)
        failed = connect(lines->in[i], (struct sockaddr *)&address, length) != 0;
    probe_stop(probe);
    while (lines->count < LINES && !failed) {
        lines->out[lines->count] = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
        failed = lines->out[lines->count] < 0;
        lines->count += !failed;
    }
    close(listener);
    return failed ? -EIO : 0;
}

static int lines_open(enum transport transport, struct lines *lines)
{
    struct probe unused = {.clock = CLOCK_PROCESS_CPUTIME_ID};
    const int one = 1;
    lines->count = 0;
    if (transport != TRANSPORT_PIPE) {
        int error = connect_all(&unused, transport, lines);
        for (int i = 0; i < lines->count && transport == TRANSPORT_TCP; i++)
            setsockopt(lines->in[i], IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        return error;
    }
    for (; lines->count < LINES; lines->count++) {
        int ends[2];
        if (pipe2(ends, O_CLOEXEC) != 0)
            return -errno;
        lines->out[lines->count] = ends[0];
        lines->in[lines->count] = ends[1];
    }
    return 0;
}

// ---- passing bytes ---------------------------------------------------------------------

// Which half of an exchange is measured.
enum half { HALF_WRITE = 1, HALF_READ = 2, HALF_BOTH = 3 };

static char message[LARGE];

static bool write_all(const struct lines *lines, size_t size)
{
    bool good = true;
    for (int i = 0; i < lines->count; i++)
        good &= write(lines->in[i], message, size) == (ssize_t)size;
    return good;
}

static bool read_all(const struct lines *lines, size_t size)
{
    bool good = true;
    for (int i = 0; i < lines->count; i++)
        good &= read(lines->out[i], message, size) == (ssize_t)size;
    return good;
}

static int64_t pass(struct probe *probe, enum transport transport, size_t size,
                    enum half half)
{
    static struct lines lines;
    bool good = lines_open(transport, &lines) == 0;
    for (int turn = 0; turn < TURNS && good; turn++) {
        if (half & HALF_WRITE)
            probe_start(probe);
        good &= write_all(&lines, size);
        if (half == HALF_WRITE)
            probe_stop(probe);
        if (half == HALF_READ)
            probe_start(probe);
        good &= read_all(&lines, size);
        if (half & HALF_READ)
            probe_stop(probe);
    }
    lines_close(&lines);
    return good ? (int64_t)LINES * TURNS : -EIO;
}

static int64_t run_unix_write(struct probe *probe, const struct probe_kind *kind)
{
    (void)kind;
    return pass(probe, TRANSPORT_UNIX, SMALL, HALF_WRITE);
}

static int64_t run_unix_read(struct probe *probe, const struct probe_kind *kind)
{
    (void)kind;
    return pass(probe, TRANSPORT_UNIX, SMALL, HALF_READ);
}

static int64_t run_unix(struct probe *probe, const struct probe_kind *kind)
{
    (void)kind;
    return pass(probe, TRANSPORT_UNIX, SMALL, HALF_BOTH);
}

static int64_t run_unix_large(struct probe *probe, const struct probe_kind *kind)
{
    (void)kind;
    return pass(probe, TRANSPORT_UNIX, LARGE, HALF_BOTH);
}

static int64_t run_tcp_write(struct probe *probe, const struct probe_kind *kind)
{
    (void)kind;
    return pass(probe, TRANSPORT_TCP, SMALL, HALF_WRITE);
}

static int64_t run_tcp_read(struct probe *probe, const struct probe_kind *kind)
{
    (void)kind;
    return pass(probe, TRANSPORT_TCP, SMALL, HALF_READ);
}

static int64_t run_tcp(struct probe *probe, const struct probe_kind *kind)
{
    (void)kind;
    return pass(probe, TRANSPORT_TCP, SMALL, HALF_BOTH);
}

static int64_t run_pipe(struct probe *probe, const struct probe_kind *kind)
{
    (void)kind;
    return pass(probe, TRANSPORT_PIPE, 1, HALF_BOTH);
}

// ---- what surrounds that ---------------------------------------------------------------

static int64_t connect_half(struct probe *probe, enum transport transport)
{
    struct lines lines = {0};
    int error = 0;
    int64_t done = 0;
    for (int i = 0; i < 2 && error == 0; i++) {
        error = connect_all(probe, transport, &lines);
        done += lines.count;
        lines_close(&lines);
    }
    return error < 0 ? error : done;
}

static int64_t run_unix_connect(struct probe *probe, const struct probe_kind *kind)
{
    (void)kind;
    return connect_half(probe, TRANSPORT_UNIX);
}

static int64_t run_tcp_connect(struct probe *probe, const struct probe_kind *kind)
{
    (void)kind;
    return connect_half(probe, TRANSPORT_TCP);
}

static int64_t run_socket(struct probe *probe, const struct probe_kind *kind)
{
    int sockets[LINES];
    bool good = true;
    (void)kind;
    for (int turn = 0; turn < TURNS; turn++) {
        probe_start(probe);
        for (int i = 0; i < LINES; i++)
            sockets[i] = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        probe_stop(probe);
        for (int i = 0; i < LINES; i++)
            good &= close(sockets[i]) == 0;
    }
    return good ? (int64_t)LINES * TURNS : -EIO;
}

static int64_t close_half(struct probe *probe, enum transport transport)
{
    static struct lines lines;
    int64_t done = 0;
    int error = 0;
    for (int i = 0; i < 2 && error == 0; i++) {
        error = lines_open(transport, &lines);
        probe_start(probe);
        for (int line = 0; line < lines.count; line++)
            done += close(lines.in[line]) == 0;
        probe_stop(probe);
        for (int line = 0; line < lines.count; line++)
            close(lines.out[line]);
    }
    return error < 0 ? error : done;
}

static int64_t run_unix_close(struct probe *probe, const struct probe_kind *kind)
{
    (void)kind;
    return close_half(probe, TRANSPORT_UNIX);
}

static int64_t run_tcp_close(struct probe *probe, const struct probe_kind *kind)
{
    (void)kind;
    return close_half(probe, TRANSPORT_TCP);
}

// An epoll_wait() that finds all lines ready at once.
static int64_t run_events(struct probe *probe, const struct probe_kind *kind)
{
    static struct lines lines;
    struct epoll_event events[LINES];
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    bool good = epoll >= 0 && lines_open(TRANSPORT_UNIX, &lines) == 0;
    (void)kind;
    for (int i = 0; i < lines.count && good; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.fd = lines.out[i]};
        good = epoll_ctl(epoll, EPOLL_CTL_ADD, lines.out[i], &event) == 0;
    }
    for (int turn = 0; turn < TURNS && good; turn++) {
        good &= write_all(&lines, 1);
        probe_start(probe);
        good &= epoll_wait(epoll, events, LINES, 0) == LINES;
        probe_stop(probe);
        good &= read_all(&lines, 1);
    }
    lines_close(&lines);
    close(epoll);
    return good ? (int64_t)LINES * TURNS : -EIO;
}

const struct probe_kind probe_sockets[] = {{"unix/write", run_unix_write, NULL, NULL},
                                           {"unix/read", run_unix_read, NULL, NULL},
                                           {"unix/exchange", run_unix, NULL, NULL},
                                           {"unix/large", run_unix_large, NULL, NULL},
                                           {"unix/connect", run_unix_connect, NULL, NULL},
                                           {"unix/close", run_unix_close, NULL, NULL},
                                           {"tcp/write", run_tcp_write, NULL, NULL},
                                           {"tcp/read", run_tcp_read, NULL, NULL},
                                           {"tcp/exchange", run_tcp, NULL, NULL},
                                           {"tcp/connect", run_tcp_connect, NULL, NULL},
                                           {"tcp/close", run_tcp_close, NULL, NULL},
                                           {"socket", run_socket, NULL, NULL},
                                           {"events", run_events, NULL, NULL},
                                           {"pipe/exchange", run_pipe, NULL, NULL},
                                           {0}};

// SPDX-License-Identifier: MIT
//
// peer.c - the other end of the conversations: a process per connection, in blocking
// C that uses none of the verbs that are tested. See enum peer_manner.
#define _GNU_SOURCE // MAP_ANONYMOUS is Linux
#include "tests/contract/contract.h"

#include "lib/check.h"
#include "lib/process.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static void pause_ns(long duration_ns)
{
    const struct timespec duration = {.tv_nsec = duration_ns};
    nanosleep(&duration, NULL);
}

static size_t receive(int fd, void *buffer, size_t length)
{
    size_t done = 0;
    ssize_t count = 1;
    while (done < length && count > 0) {
        count = read(fd, (char *)buffer + done, length - done);
        done += count > 0 ? (size_t)count : 0;
    }
    return done;
}

static void transmit(int fd, const void *buffer, size_t length)
{
    size_t done = 0;
    ssize_t count = 1;
    while (done < length && count > 0) {
        count = write(fd, (const char *)buffer + done, length - done);
        done += count > 0 ? (size_t)count : 0;
    }
}

// Fails harmlessly on AF_UNIX, which never waits to send.
static void send_bytewise(int fd, const unsigned char *bytes, size_t length)
{
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    for (size_t i = 0; i < length; i++) {
        transmit(fd, bytes + i, 1);
        pause_ns(50 * 1000);
    }
}

static void swallow(int fd, unsigned char *buffer, size_t length)
{
    uint64_t right = 0;
    size_t place = 0;
    while (place < length) {
        size_t part = length - place < 65536 ? length - place : 65536;
        size_t count = receive(fd, buffer, part);
        for (size_t i = 0; i < count; i++)
            right += buffer[i] == contract_pattern(place + i);
        place += count;
        if (count < part)
            break;
        pause_ns(1000 * 1000);
    }
    transmit(fd, &right, sizeof right);
}

static void meet(int fd, _Atomic uint32_t *arrived, uint32_t wanted)
{
    const unsigned char byte = contract_pattern(0);
    atomic_fetch_add(arrived, 1);
    while (atomic_load(arrived) < wanted)
        pause_ns(1000 * 1000);
    transmit(fd, &byte, 1);
}

static void converse(int fd, _Atomic uint32_t *arrived)
{
    struct peer_request request;
    size_t head = offsetof(struct peer_request, rest);
    if (receive(fd, &request, head) < head || request.manner == PEER_RESET)
        return;
    receive(fd, request.rest, sizeof request.rest);
    size_t length = request.length > CONTRACT_LARGEST ? CONTRACT_LARGEST : request.length;
    unsigned char *bytes = malloc(CONTRACT_LARGEST);
    CHECK(bytes != NULL);
    contract_fill(bytes, length);
    if (request.manner == PEER_SEND)
        transmit(fd, bytes, length);
    else if (request.manner == PEER_TRICKLE)
        send_bytewise(fd, bytes, length);
    else if (request.manner == PEER_SWALLOW)
        swallow(fd, bytes, length);
    else if (request.manner == PEER_MEET)
        meet(fd, arrived, request.length);
    free(bytes);
}

_Noreturn void contract_peer(int listener)
{
    signal(SIGCHLD, SIG_IGN); // children that have ended leave no zombies
    signal(SIGPIPE, SIG_IGN);
    _Atomic uint32_t *arrived = mmap(NULL, sizeof *arrived, PROT_READ | PROT_WRITE,
                                     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    CHECK(arrived != MAP_FAILED);
    for (;;) {
        int fd = accept(listener, NULL, NULL);
        if (fd < 0)
            continue;
        if (process_fork() == 0) {
            close(listener);
            converse(fd, arrived);
            _exit(0);
        }
        close(fd);
    }
}

// SPDX-License-Identifier: MIT
//
// The witness: see world.h. poll() over a few connections; what it writes is a short line
// for which the socket has always room.
#define _GNU_SOURCE // accept4()
#include "driver/grade/world.h"

#include "lib/allocate.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

int world_open(struct world *world, struct reason *reason)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    *world = (struct world){.listener = -1};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, length) != 0 ||
        listen(fd, WORLD_CLIENTS) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &length) != 0) {
        int error = errno;
        if (fd >= 0)
            close(fd);
        return reason_set(reason, -error, "cannot listen on 127.0.0.1: %s",
                          strerror(error));
    }
    world->listener = fd;
    world->port = ntohs(address.sin_port);
    world->clients = allocate(WORLD_CLIENTS, sizeof *world->clients);
    world->requests = allocate(WORLD_REQUESTS, sizeof *world->requests);
    return 0;
}

void world_close(struct world *world)
{
    for (unsigned i = 0; i < world->client_count; i++)
        if (world->clients[i].fd >= 0)
            close(world->clients[i].fd);
    if (world->listener >= 0)
        close(world->listener);
    free(world->clients);
    free(world->requests);
    *world = (struct world){.listener = -1};
}

// ---- what comes in ---------------------------------------------------------------------

static void greet(struct world *world)
{
    int fd = accept4(world->listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0)
        return;
    if (world->client_count == WORLD_CLIENTS) {
        world->overrun = true;
        close(fd);
        return;
    }
    world->clients[world->client_count++] = (struct client){.fd = fd};
    world->open_clients++;
}

// Closes the connection and forgets what it has asked.
static void forget(struct world *world, unsigned number)
{
    close(world->clients[number].fd);
    world->clients[number].fd = -1;
    world->open_clients--;
    for (size_t i = 0; i < world->request_count; i++) {
        if (world->requests[i].client == number)
            world->requests[i].open = false;
    }
}

static void take_line(struct world *world, unsigned number, const char *line,
                      const struct world_listener *listener)
{
    if (world->request_count == WORLD_REQUESTS) {
        world->overrun = true;
        return;
    }
    struct request *request = &world->requests[world->request_count++];
    *request = (struct request){.client = number, .open = true, .actor = -1};
    (void)!sscanf(line, "%15s %ld %ld %ld", request->verb, &request->numbers[0],
                  &request->numbers[1], &request->numbers[2]);
    listener->asked(listener->context, request);
}

static void take_bytes(struct world *world, unsigned number, const char *bytes,
                       size_t length, const struct world_listener *listener)
{
    struct client *client = &world->clients[number];
    for (size_t i = 0; i < length && client->fd >= 0; i++) {
        if (bytes[i] != '\n') {
            if (client->length + 1 < sizeof client->line)
                client->line[client->length++] = bytes[i];
            else
                world->overrun = true;
            continue;
        }
        client->line[client->length] = '\0';
        client->length = 0;
        take_line(world, number, client->line, listener);
    }
}

static void hear(struct world *world, unsigned number,
                 const struct world_listener *listener)
{
    char bytes[4096];
    ssize_t length = recv(world->clients[number].fd, bytes, sizeof bytes, 0);
    if (length > 0) {
        take_bytes(world, number, bytes, (size_t)length, listener);
    } else if (length == 0 || (errno != EAGAIN && errno != EINTR)) {
        listener->left(listener->context, number);
        forget(world, number);
    }
}

bool world_turn(struct world *world, int timeout_ms, const int *others,
                const struct world_listener *listener)
{
    struct pollfd fds[WORLD_CLIENTS + 3];
    unsigned numbers[WORLD_CLIENTS + 3];
    nfds_t count = 0;
    fds[count++] = (struct pollfd){world->listener, POLLIN, 0};
    fds[count++] = (struct pollfd){others[0], POLLIN, 0};
    fds[count++] = (struct pollfd){others[1], POLLIN, 0};
    for (unsigned i = 0; i < world->client_count; i++) {
        if (world->clients[i].fd < 0)
            continue;
        numbers[count] = i;
        fds[count++] = (struct pollfd){world->clients[i].fd, POLLIN, 0};
    }
    if (poll(fds, count, timeout_ms) <= 0)
        return false;
    for (nfds_t i = 3; i < count; i++)
        if (fds[i].revents != 0)
            hear(world, numbers[i], listener);
    if (fds[0].revents != 0)
        greet(world);
    return true;
}

// ---- what goes out ---------------------------------------------------------------------

void world_say(struct world *world, unsigned client, const char *line)
{
    char text[WORLD_LINE + 1];
    int length = snprintf(text, sizeof text, "%.*s\n", WORLD_LINE - 1, line);
    int fd = world->clients[client].fd;
    if (fd >= 0)
        (void)!send(fd, text, (size_t)length, MSG_NOSIGNAL | MSG_DONTWAIT);
}

void world_answer(struct world *world, struct request *request, const char *line)
{
    if (!request->open)
        return;
    request->open = false;
    world_say(world, request->client, line);
}

void world_drop(struct world *world, unsigned client)
{
    if (world->clients[client].fd >= 0)
        forget(world, client);
}

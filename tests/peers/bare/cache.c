// SPDX-License-Identifier: MIT
//
// Redis by one socket that blocks, without hiredis's reader: see bare.c. A reply is one of
// three kinds here, and lies in the buffer as a whole before it is looked at:
//
//   +OK\r\n    :17\r\n    $5\r\nhello\r\n      (redis.io, "Redis serialization protocol")
#include "runners/direct.h"

#include "lib/clock.h"
#include "workloads/cache/cache.h"

#include <errno.h>
#include <hiredis/hiredis.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROOM = 1 << 16 };

direct_code cache_direct;

struct wire {
    struct task *task;
    int fd;
    size_t begin; // of what has come and was not taken yet
    size_t end;
    size_t pending; // bytes of commands
    char commands[ROOM];
    char replies[ROOM + 1]; // ended by a zero, for strtoll()
};

static int wire_send(struct wire *wire)
{
    size_t sent = 0;
    while (sent < wire->pending) {
        ssize_t count =
            send(wire->fd, wire->commands + sent, wire->pending - sent, MSG_NOSIGNAL);
        if (count < 0)
            return -errno;
        sent += (size_t)count;
    }
    wire->pending = 0;
    return 0;
}

static int wire_append(struct wire *wire, uint32_t number)
{
    char *command;
    int length = cache_format(wire->task, number, &command);
    if (length < 0)
        return length;
    int error = wire->pending + (size_t)length > ROOM ? wire_send(wire) : 0;
    memcpy(wire->commands + wire->pending, command, (size_t)length);
    wire->pending += (size_t)length;
    redisFreeCommand(command);
    return error;
}

static int wire_fill(struct wire *wire)
{
    memmove(wire->replies, wire->replies + wire->begin, wire->end - wire->begin);
    wire->end -= wire->begin;
    wire->begin = 0;
    ssize_t count = recv(wire->fd, wire->replies + wire->end, ROOM - wire->end, 0);
    if (count <= 0)
        return count < 0 ? -errno : -ECONNRESET;
    wire->end += (size_t)count;
    wire->replies[wire->end] = '\0';
    return 0;
}

// How long the first reply is, and what it is; 0: it is not there yet.
static size_t reply_parse(char *text, redisReply *reply)
{
    char *line_end = strstr(text, "\r\n");
    if (line_end == NULL)
        return 0;
    size_t length = (size_t)(line_end - text) + 2;
    reply->str = text + 1;
    reply->len = (size_t)(line_end - text) - 1;
    reply->integer = strtoll(text + 1, NULL, 10);
    switch (text[0]) {
    case '+':
        *line_end = '\0';
        reply->type = REDIS_REPLY_STATUS;
        return length;
    case ':':
        reply->type = REDIS_REPLY_INTEGER;
        return length;
    case '$':
        reply->type = REDIS_REPLY_STRING;
        reply->str = text + length;
        reply->len = (size_t)reply->integer;
        return strlen(text) < length + reply->len + 2 ? 0 : length + reply->len + 2;
    default:
        *line_end = '\0';
        reply->type = REDIS_REPLY_ERROR;
        return length;
    }
}

static int wire_take(struct wire *wire, uint32_t number)
{
    redisReply reply = {0};
    size_t length = 0;
    int error = 0;
    while (error == 0 &&
           (wire->begin == wire->end ||
            (length = reply_parse(wire->replies + wire->begin, &reply)) == 0))
        error = wire_fill(wire);
    if (error != 0)
        return error;
    error = cache_take(wire->task, number, &reply);
    wire->begin += length;
    return error;
}

static int do_batch(struct wire *wire, uint32_t batch)
{
    const struct cache_parameters *parameters = wire->task->work->parameters;
    uint32_t first = batch * (uint32_t)parameters->pipeline;
    uint32_t size = cache_batch_size(parameters, batch);
    uint64_t sent_ns = clock_now_ns();
    int error = 0;
    for (uint32_t i = 0; i < size && error == 0; i++)
        error = wire_append(wire, first + i);
    if (error == 0)
        error = wire_send(wire);
    for (uint32_t i = 0; i < size && error == 0; i++)
        error = wire_take(wire, first + i);
    if (error == 0)
        cache_book_batch(wire->task, sent_ns);
    return error;
}

int cache_direct(struct task *task)
{
    const struct cache_parameters *parameters = task->work->parameters;
    struct wire *wire = malloc(sizeof *wire);
    if (wire == NULL)
        return -ENOMEM;
    *wire = (struct wire){.task = task};
    wire->fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int error = wire->fd < 0 ? -errno : 0;
    if (error == 0 &&
        connect(wire->fd, (const struct sockaddr *)(const void *)&parameters->address,
                sizeof parameters->address) != 0)
        error = -errno;
    uint32_t batches = cache_batches(parameters);
    for (uint32_t batch = 0; batch < batches && error == 0; batch++)
        error = do_batch(wire, batch);
    if (wire->fd >= 0)
        close(wire->fd);
    free(wire);
    return error;
}

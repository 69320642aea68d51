// SPDX-License-Identifier: MIT
//
// direct.c - a session with Redis in straight-line code: what hiredis's blocking context
// does (append commands, write, read, feed the reader, take replies out of it), with the
// verbs of the model in place of write() and read().
//
// Read next: events.c, where hiredis itself waits, with callbacks.
#include "runners/direct.h"
#include "lib/clock.h"
#include "workloads/cache/cache.h"

#include <errno.h>
#include <hiredis/hiredis.h>
#include <stdlib.h>
#include <string.h>

enum { BUFFER_SIZE = 4096 };

direct_code cache_direct;

// A session's two directions. On the heap, where hiredis has its own: a stack may be small, and
// a frame larger than a page could jump over its guard.
struct line {
    struct task *task;
    int fd;
    redisReader *reader;
    size_t used; // of buffer, by commands that were not sent yet
    char buffer[BUFFER_SIZE];
    char incoming[BUFFER_SIZE];
};

static int flush(struct line *line)
{
    ssize_t count = direct_write(line->fd, line->buffer, line->used);
    line->used = 0;
    return count < 0 ? (int)count : 0;
}

static int append(struct line *line, uint32_t number)
{
    char *command;
    int length = cache_format(line->task, number, &command);
    if (length < 0)
        return length;
    int error = 0;
    if (line->used + (size_t)length > sizeof line->buffer)
        error = flush(line);
    memcpy(line->buffer + line->used, command, (size_t)length);
    line->used += (size_t)length;
    redisFreeCommand(command);
    return error;
}

//DOC: cache-direct-reply
static int await_reply(struct line *line, redisReply **reply)
{
    void *found = NULL;
    while (redisReaderGetReply(line->reader, &found) == REDIS_OK && found == NULL) {
        ssize_t count = direct_receive(line->fd, line->incoming, sizeof line->incoming);
        if (count < 0)
            return (int)count;
        if (count == 0)
            return -ECONNRESET;
        if (redisReaderFeed(line->reader, line->incoming, (size_t)count) != REDIS_OK)
            break;
    }
    *reply = found;
    return found != NULL ? 0 : cache_complain(line->task, -EPROTO, line->reader->errstr);
}

static int do_batch(struct line *line, uint32_t batch)
{
    const struct cache_parameters *parameters = line->task->work->parameters;
    uint32_t first = batch * (uint32_t)parameters->pipeline;
    uint32_t size = cache_batch_size(parameters, batch);
    int error = 0;
    uint64_t sent_ns = clock_now_ns();
    for (uint32_t i = 0; i < size && error == 0; i++)
        error = append(line, first + i);
    if (error == 0)
        error = flush(line);
    for (uint32_t i = 0; i < size && error == 0; i++) {
        redisReply *reply = NULL;
        error = await_reply(line, &reply);
        if (error == 0)
            error = cache_take(line->task, first + i, reply);
        freeReplyObject(reply);
    }
    if (error == 0)
        cache_book_batch(line->task, sent_ns);
    return error;
}

static int talk(struct line *line)
{
    const struct cache_parameters *parameters = line->task->work->parameters;
    uint32_t batches = cache_batches(parameters);
    line->reader = redisReaderCreate();
    if (line->reader == NULL)
        return -ENOMEM;
    int error = 0;
    for (uint32_t batch = 0; batch < batches && error == 0; batch++)
        error = do_batch(line, batch);
    redisReaderFree(line->reader);
    return error;
}

//DOC: cache-direct-session
static int session(struct line *line)
{
    const struct cache_parameters *parameters = line->task->work->parameters;
    line->fd = direct_socket(AF_UNIX, SOCK_STREAM, 0);
    if (line->fd < 0)
        return line->fd;
    int error =
        direct_connect(line->fd,
                       (const struct sockaddr *)(const void *)&parameters->address,
                       sizeof parameters->address);
    if (error != 0)
        cache_complain(line->task, error, strerror(-error));
    else
        error = talk(line);
    direct_close(line->fd);
    if (error == -EPIPE || error == -ECONNRESET)
        return cache_complain(line->task, error, "has closed the connection");
    return error;
}

int cache_direct(struct task *task)
{
    struct line *line = malloc(sizeof *line);
    if (line == NULL)
        return -ENOMEM;
    line->task = task;
    line->used = 0;
    int error = session(line);
    free(line);
    return error;
}

// SPDX-License-Identifier: MIT
//
// server.c - a private redis-server in a temporary folder, reached by a Unix socket only,
// that keeps nothing on disk. Here are its start, its first data, and what is asked of it
// after the last session. See cache.h.
#include "workloads/cache/cache.h"

#include "lib/check.h"
#include "lib/clock.h"

#include <errno.h>
#include <hiredis/hiredis.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SOCKET        "redis.sock" // in the keeper's folder
#define START_SECONDS 20

static const struct timeval answer_limit = {.tv_sec = 10};

// ---- start -----------------------------------------------------------------------------

int cache_find(const char *folder, struct sockaddr_un *address, struct reason *reason)
{
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    int length =
        snprintf(address->sun_path, sizeof address->sun_path, "%s/" SOCKET, folder);
    if ((size_t)length < sizeof address->sun_path)
        return 0;
    return reason_set(
        reason, -ENAMETOOLONG,
        "'%s' is too long for the name of a socket; give a shorter --dir or "
        "TMPDIR",
        folder);
}

static redisContext *server_connect(const struct sockaddr_un *address)
{
    redisContext *context = redisConnectUnixWithTimeout(address->sun_path, answer_limit);
    if (context != NULL && context->err == 0 &&
        redisSetTimeout(context, answer_limit) == REDIS_OK)
        return context;
    redisFree(context); // NULL is nothing to do
    return NULL;
}

static bool is_status(const redisReply *reply, const char *status)
{
    return reply != NULL && reply->type == REDIS_REPLY_STATUS &&
           strcmp(reply->str, status) == 0;
}

static bool server_answers(redisContext *context, const char *command, const char *status)
{
    redisReply *reply = redisCommand(context, command);
    bool right = is_status(reply, status);
    freeReplyObject(reply);
    return right;
}

// A connection to a server that has loaded what it needs.
static int server_await(const struct keeper_site *site, const struct sockaddr_un *address,
                        redisContext **context, struct reason *reason)
{
    static const struct timespec pause = {.tv_nsec = 5000000};
    uint64_t deadline_ns = clock_now_ns() + START_SECONDS * NS_PER_SECOND;
    while (clock_now_ns() < deadline_ns) {
        int error = keeper_check(site, reason);
        if (error != 0)
            return error;
        *context = server_connect(address);
        if (*context != NULL && server_answers(*context, "PING", "PONG"))
            return 0;
        redisFree(*context);
        nanosleep(&pause, NULL);
    }
    return reason_set(reason, -ETIMEDOUT, "redis-server does not answer within %d s",
                      START_SECONDS);
}

static int server_fill(redisContext *context, const struct work *work)
{
    const struct cache_parameters *parameters = work->parameters;
    char value[CACHE_VALUE_MAX];
    bool right = true;
    for (uint32_t slot = 0; slot < parameters->keys && right; slot++) {
        cache_key_value(work, slot, value);
        redisReply *reply = redisCommand(context, "SET k:%u %b", slot, value,
                                         (size_t)parameters->value_size);
        right = is_status(reply, "OK");
        freeReplyObject(reply);
    }
    // From here on it counts what the sessions do.
    return right && server_answers(context, "CONFIG RESETSTAT", "OK") ? 0 : -EIO;
}

int cache_prepare(struct keeper_site *site, struct reason *reason)
{
    const struct work *work = site->plan->context;
    char program[KEEPER_PATH];
    char clients[16];
    char backlog[16];
    if (keeper_find("redis-server", NULL, program, sizeof program) != 0)
        return reason_set(reason, -ENOENT,
                          "redis-server is not installed (package redis-server)");
    snprintf(clients, sizeof clients, "%u", work->concurrency + 64);
    snprintf(backlog, sizeof backlog, "%u", work->concurrency + 64);
    const char *argv[] = {
        program, "--port",        "0",     "--unixsocket", SOCKET, "--save",
        "",      "--appendonly",  "no",    "--daemonize",  "no",   "--maxclients",
        clients, "--tcp-backlog", backlog, "--dir",        ".",    NULL};
    redisContext *context = NULL;
    struct sockaddr_un address;
    int error = cache_find(site->folder, &address, reason);
    if (error == 0)
        error = keeper_serve(site, argv, SIGTERM, reason);
    if (error == 0)
        error = server_await(site, &address, &context, reason);
    if (error != 0)
        return error;
    CHECK(context != NULL);
    if (server_fill(context, work) != 0)
        error = reason_set(reason, -EIO, "redis-server does not take its first data: %s",
                           context->err != 0 ? context->errstr : "a wrong answer");
    redisFree(context);
    return error;
}

// ---- after the last session ------------------------------------------------------------

static int no_answer(const redisContext *context, struct reason *reason)
{
    return reason_set(reason, -EIO, "redis-server does not answer any more: %s",
                      context->err != 0 ? context->errstr : "a wrong answer");
}

// "cmdstat_get:calls=12,usec=..." in the text of INFO; 0 if there was none.
static uint64_t calls_in(const char *info, const char *verb)
{
    char label[64];
    uint64_t calls = 0;
    snprintf(label, sizeof label, "cmdstat_%s:calls=", verb);
    const char *found = strstr(info, label);
    if (found != NULL)
        calls = strtoull(found + strlen(label), NULL, 10);
    return calls;
}

// The server's own count; to be asked before our own commands are in it.
static int check_calls(redisContext *context, const struct cache_sums *sums,
                       struct reason *reason)
{
    static const char *const names[CACHE_VERBS] = {"get", "set", "incr"};
    redisReply *reply = redisCommand(context, "INFO commandstats");
    int error = 0;
    if (reply == NULL || reply->type != REDIS_REPLY_STRING)
        error = no_answer(context, reason);
    for (int verb = 0; error == 0 && reply != NULL && verb < CACHE_VERBS; verb++) {
        uint64_t calls = calls_in(reply->str, names[verb]);
        if (calls != sums->calls[verb])
            error = reason_set(reason, -EBADMSG,
                               "redis-server counted %" PRIu64 " calls of %s, expected "
                               "%" PRIu64,
                               calls, names[verb], sums->calls[verb]);
    }
    freeReplyObject(reply);
    return error;
}

static int check_counters(redisContext *context, const struct cache_sums *sums,
                          struct reason *reason)
{
    int error = 0;
    for (uint32_t slot = 0; slot < CACHE_COUNTERS && error == 0; slot++) {
        redisReply *reply = redisCommand(context, "GET c:%u", slot);
        bool there = reply != NULL && reply->type == REDIS_REPLY_STRING;
        uint64_t value = there ? strtoull(reply->str, NULL, 10) : 0;
        if (reply == NULL)
            error = no_answer(context, reason);
        else if (value != sums->counters[slot])
            error = reason_set(reason, -EBADMSG,
                               "counter %" PRIu32 " is %" PRIu64 " in redis-server, its "
                               "INCRs come to %" PRIu64,
                               slot, value, sums->counters[slot]);
        freeReplyObject(reply);
    }
    return error;
}

// The value that a session has SET last. False: none.
static bool last_set(const struct work *work, uint32_t task, char *value)
{
    const struct cache_parameters *parameters = work->parameters;
    for (uint32_t number = (uint32_t)parameters->commands; number-- > 0;) {
        if (cache_command(work, task, number).verb == CACHE_SET) {
            cache_own_value(work, task, number, value);
            return true;
        }
    }
    return false;
}

static int check_values(redisContext *context, const struct work *work,
                        struct reason *reason)
{
    const struct cache_parameters *parameters = work->parameters;
    char value[CACHE_VALUE_MAX];
    int error = 0;
    for (uint32_t task = 0; task < work->tasks && error == 0; task++) {
        if (!last_set(work, task, value))
            continue;
        redisReply *reply = redisCommand(context, "GET s:%u", task);
        if (reply == NULL)
            error = no_answer(context, reason);
        else if (reply->type != REDIS_REPLY_STRING ||
                 (size_t)reply->len != parameters->value_size ||
                 memcmp(reply->str, value, parameters->value_size) != 0)
            error = reason_set(reason, -EBADMSG,
                               "s:%" PRIu32 " in redis-server is not what task %" PRIu32
                               " has SET last",
                               task, task);
        freeReplyObject(reply);
    }
    return error;
}

//DOC: cache-inspect
int cache_inspect(const struct work *work, struct reason *reason)
{
    const struct cache_parameters *parameters = work->parameters;
    redisContext *context = server_connect(&parameters->address);
    if (context == NULL)
        return reason_set(reason, -EIO, "redis-server cannot be reached any more");
    int error = check_calls(context, &parameters->sums, reason);
    if (error == 0)
        error = check_counters(context, &parameters->sums, reason);
    if (error == 0)
        error = check_values(context, work, reason);
    if (error == 0 && parameters->keep && !server_answers(context, "SAVE", "OK"))
        error = reason_set(reason, -EIO, "redis-server could not save its data: %s",
                           context->err != 0 ? context->errstr : "a wrong answer");
    redisFree(context);
    return error;
}

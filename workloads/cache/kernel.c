// SPDX-License-Identifier: MIT
//
// kernel.c - which command comes when, and what its reply must be: see cache.h.
//
// Read next: direct.c.
#include "workloads/cache/cache.h"

#include "lib/clock.h"
#include "lib/mix.h"

#include <errno.h>
#include <hiredis/hiredis.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct cache_parameters *parameters_of(const struct work *work)
{
    return work->parameters;
}

// ---- what comes when -------------------------------------------------------------------

struct cache_command cache_command(const struct work *work, uint32_t task,
                                   uint32_t number)
{
    const struct cache_parameters *parameters = parameters_of(work);
    uint64_t draw = mix_into(mix_into(work->seed, task), number);
    struct cache_command command = {.verb = CACHE_GET};
    if (draw % 100 < parameters->write_percent)
        command.verb = draw & (UINT64_C(1) << 32) ? CACHE_SET : CACHE_INCR;
    draw = mix(draw);
    if (command.verb == CACHE_GET)
        command.slot = (uint32_t)(draw % parameters->keys);
    else
        command.slot = command.verb == CACHE_SET ? task : (uint32_t)draw % CACHE_COUNTERS;
    return command;
}

void cache_add_up(const struct work *work, struct cache_sums *sums)
{
    const struct cache_parameters *parameters = parameters_of(work);
    *sums = (struct cache_sums){0};
    for (uint32_t task = 0; task < work->tasks; task++) {
        for (uint32_t number = 0; number < parameters->commands; number++) {
            struct cache_command command = cache_command(work, task, number);
            sums->calls[command.verb]++;
            if (command.verb == CACHE_INCR)
                sums->counters[command.slot]++;
        }
    }
}

uint32_t cache_batches(const struct cache_parameters *parameters)
{
    return (uint32_t)((parameters->commands + parameters->pipeline - 1) /
                      parameters->pipeline);
}

uint32_t cache_batch_size(const struct cache_parameters *parameters, uint32_t batch)
{
    uint64_t before = batch * parameters->pipeline;
    uint64_t left = parameters->commands - before;
    return (uint32_t)(left < parameters->pipeline ? left : parameters->pipeline);
}

// ---- values ----------------------------------------------------------------------------

// Letters, so that people can read them.
static void value_fill(uint64_t draw, char *value, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (i % 8 == 0)
            draw = mix(draw);
        value[i] = (char)('a' + (draw >> (8 * (i % 8)) & 0xf));
    }
}

void cache_key_value(const struct work *work, uint32_t slot, char *value)
{
    value_fill(mix_into(~work->seed, slot), value, parameters_of(work)->value_size);
}

void cache_own_value(const struct work *work, uint32_t task, uint32_t number, char *value)
{
    uint64_t draw = mix_into(mix_into(~work->seed, task), number);
    value_fill(draw, value, parameters_of(work)->value_size);
}

// ---- commands and replies --------------------------------------------------------------

int cache_format(struct task *task, uint32_t number, char **text)
{
    static const char *const names[CACHE_VERBS] = {"GET", "SET", "INCR"};
    static const char prefixes[CACHE_VERBS] = {'k', 's', 'c'};
    struct cache_command command = cache_command(task->work, task->index, number);
    char key[16];
    char value[CACHE_VALUE_MAX];
    int key_length =
        snprintf(key, sizeof key, "%c:%" PRIu32, prefixes[command.verb], command.slot);
    const char *words[] = {names[command.verb], key, value};
    size_t lengths[] = {strlen(words[0]), (size_t)key_length,
                        parameters_of(task->work)->value_size};
    if (command.verb == CACHE_SET)
        cache_own_value(task->work, task->index, number, value);
    int length =
        redisFormatCommandArgv(text, command.verb == CACHE_SET ? 3 : 2, words, lengths);
    if (length < 0)
        return -ENOMEM;
    task->outcome->bytes_out += (uint64_t)length;
    return length;
}

// How long things are on the wire, by the protocol: "$5\r\nhello\r\n", ":17\r\n".
static uint64_t digits(uint64_t number)
{
    uint64_t count = 1;
    while ((number /= 10) > 0)
        count++;
    return count;
}

static uint64_t bulk_length(uint64_t size)
{
    return 1 + digits(size) + 2 + size + 2;
}

static uint64_t reply_length(const struct redisReply *reply)
{
    if (reply->type == REDIS_REPLY_INTEGER)
        return 1 + digits((uint64_t)reply->integer) + 2;
    return reply->type == REDIS_REPLY_STRING ? bulk_length((uint64_t)reply->len)
                                             : (uint64_t)reply->len + 3;
}

static uint64_t command_length(const struct cache_parameters *parameters,
                               const struct cache_command *command)
{
    uint64_t key = bulk_length(2 + digits(command->slot));
    uint64_t head = 4; // "*2\r\n"
    if (command->verb == CACHE_INCR)
        return head + bulk_length(4) + key;
    head += bulk_length(3) + key;
    return command->verb == CACHE_GET ? head : head + bulk_length(parameters->value_size);
}

uint64_t cache_bytes_out(const struct work *work, uint32_t task)
{
    const struct cache_parameters *parameters = parameters_of(work);
    uint64_t bytes = 0;
    for (uint32_t number = 0; number < parameters->commands; number++) {
        struct cache_command command = cache_command(work, task, number);
        bytes += command_length(parameters, &command);
    }
    return bytes;
}

// Which session gets which number of a counter is open; together they get all of them.
void cache_expect_bytes(const struct work *work, struct ledger *expected)
{
    const struct cache_parameters *parameters = parameters_of(work);
    struct cache_sums sums;
    cache_add_up(work, &sums);
    for (uint32_t task = 0; task < work->tasks; task++)
        expected->bytes_out += cache_bytes_out(work, task);
    expected->bytes_in = sums.calls[CACHE_GET] * bulk_length(parameters->value_size) +
                         sums.calls[CACHE_SET] * strlen("+OK\r\n");
    for (uint32_t slot = 0; slot < CACHE_COUNTERS; slot++) {
        for (uint64_t number = 1; number <= sums.counters[slot]; number++)
            expected->bytes_in += 3 + digits(number);
    }
}

static bool reply_is_right(const struct work *work, const struct cache_command *command,
                           const struct redisReply *reply)
{
    const struct cache_parameters *parameters = parameters_of(work);
    char value[CACHE_VALUE_MAX];
    switch (command->verb) {
    case CACHE_GET:
        cache_key_value(work, command->slot, value);
        return reply->type == REDIS_REPLY_STRING &&
               (size_t)reply->len == parameters->value_size &&
               memcmp(reply->str, value, parameters->value_size) == 0;
    case CACHE_SET:
        return reply->type == REDIS_REPLY_STATUS && strcmp(reply->str, "OK") == 0;
    case CACHE_INCR:
        return reply->type == REDIS_REPLY_INTEGER && reply->integer >= 1 &&
               (uint64_t)reply->integer <= parameters->sums.counters[command->slot];
    case CACHE_VERBS:
        break;
    }
    return false;
}

static uint64_t digest_fold(uint64_t digest, const struct cache_command *command)
{
    return mix_into(digest, mix_into(command->verb, command->slot));
}

//DOC: cache-take
int cache_take(struct task *task, uint32_t number, const struct redisReply *reply)
{
    struct cache_command command = cache_command(task->work, task->index, number);
    if (reply == NULL)
        return -ECONNRESET;
    if (reply->type == REDIS_REPLY_ERROR)
        return cache_complain(task, -EPROTO, reply->str);
    if (!reply_is_right(task->work, &command, reply))
        return -EBADMSG;
    task->outcome->bytes_in += reply_length(reply);
    task->outcome->operations++;
    task->outcome->digest = digest_fold(task->outcome->digest, &command);
    return 0;
}

void cache_book_batch(struct task *task, uint64_t sent_ns)
{
    outcome_sample(task->outcome, clock_now_ns() - sent_ns);
}

int cache_complain(const struct task *task, int error, const char *what)
{
    complaint_make(parameters_of(task->work)->complaint,
                   "task %" PRIu32 ", at command %" PRIu64 ": redis-server: %s",
                   task->index, task->outcome->operations, what);
    return error;
}

uint64_t cache_digest(const struct work *work, uint32_t task)
{
    uint64_t digest = 0;
    for (uint32_t number = 0; number < parameters_of(work)->commands; number++) {
        struct cache_command command = cache_command(work, task, number);
        digest = digest_fold(digest, &command);
    }
    return digest;
}

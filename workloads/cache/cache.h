// SPDX-License-Identifier: MIT
//
// cache.h - sessions with a real Redis: connect, send commands in batches of --pipeline,
// check each reply, close. The protocol is hiredis's: it writes commands and reads replies
// in all models, by the same calls in the same order. What differs is who waits for the
// socket: direct.c asks the verbs of its model, events.c has hiredis's own adapter for
// libev.
//
// Three kinds of commands:
//     GET k:I     one of --keys values that are there from the beginning
//     SET s:T     a value of session T's own
//     INCR c:J    a counter that all sessions share
// Which one comes when follows from the seed. So every reply is known beforehand, except
// which of the numbers from 1 to the last an INCR gets; and the server's data at the end
// are known as a whole.
//
// Read next: kernel.c, direct.c, events.c, then server.c for the other end.
#ifndef QUARTET_WORKLOADS_CACHE_H
#define QUARTET_WORKLOADS_CACHE_H

#include "lib/keeper/keeper.h"
#include "workloads/common/complaint.h"
#include "workloads/workload.h"

#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>

struct redisReply;

enum {
    CACHE_VALUE_MAX = 1024,
    CACHE_COUNTERS = 16,
};

enum cache_verb { CACHE_GET, CACHE_SET, CACHE_INCR, CACHE_VERBS };

struct cache_command {
    enum cache_verb verb;
    uint32_t slot; // which key or counter; a SET has its task's own
};

// The sum of all commands to a server.
struct cache_sums {
    uint64_t calls[CACHE_VERBS];
    uint64_t counters[CACHE_COUNTERS];
};

struct cache_parameters {
    uint64_t commands; // of each session
    uint64_t pipeline; // how many are sent before the first reply is awaited
    uint64_t keys;
    uint64_t value_size;
    uint64_t write_percent;
    const char *dir;
    bool keep;
    struct keeper_plan plan;
    struct keeper keeper;
    struct complaint *complaint; // shared by the sessions
    struct sockaddr_un address;  // where the server listens
    struct cache_sums sums;      // expected; from setup()
};

struct cache_command cache_command(const struct work *work, uint32_t task,
                                   uint32_t number);

// Adds up all commands of all tasks.
void cache_add_up(const struct work *work, struct cache_sums *sums);

// The bytes of all commands of one task.
uint64_t cache_bytes_out(const struct work *work, uint32_t task);

// Adds the bytes of all commands and of their replies.
void cache_expect_bytes(const struct work *work, struct ledger *expected);

// How many commands batch `batch` of a session has: --pipeline, the last one maybe fewer.
uint32_t cache_batch_size(const struct cache_parameters *parameters, uint32_t batch);
uint32_t cache_batches(const struct cache_parameters *parameters);

// Writes a command as hiredis does. The caller gives it back by redisFreeCommand().
// -ENOMEM, or its length; counts it as sent.
int cache_format(struct task *task, uint32_t number, char **command);

// Checks the reply to command `number`, and books it. 0; -EBADMSG: it is wrong; -EPROTO: the
// server says that something is, see complaint. NULL: there is none, -ECONNRESET.
int cache_take(struct task *task, uint32_t number, const struct redisReply *reply);

// A batch that was sent at `sent_ns` is answered.
void cache_book_batch(struct task *task, uint64_t sent_ns);

// Says that something went wrong between hiredis and the server.
int cache_complain(const struct task *task, int error, const char *what);

// ---- the other end: server.c -----------------------------------------------------------

// Starts a server in the keeper's folder, waits until it answers, and fills it: a prepare()
// of keeper.h. -ENOENT: it is not installed.
int cache_prepare(struct keeper_site *site, struct reason *reason);

// Sets up the address of a server in this folder. 0, or -ENAMETOOLONG with the reason.
int cache_find(const char *folder, struct sockaddr_un *address, struct reason *reason);

// Compares the server's data and its own count of commands with what they should be, and
// with --keep has it write them to the folder. 0, -EBADMSG or -EIO with the reason.
int cache_inspect(const struct work *work, struct reason *reason);

// value[0..size), of a key that is there from the beginning; or of a task, its command.
void cache_key_value(const struct work *work, uint32_t slot, char *value);
void cache_own_value(const struct work *work, uint32_t task, uint32_t number,
                     char *value);

// The digest that a task must leave.
uint64_t cache_digest(const struct work *work, uint32_t task);

#endif

// SPDX-License-Identifier: MIT
//
// contract.h - the contract between a runner and its tasks, as a workload: task i
// runs case i of the table below and fails loudly when a verb does not keep its word.
// Being a workload, it is run by each runner's real main, as in production, with all
// cases in flight at once and a timer signal every fraction of a millisecond.
//
// The other end of each conversation is a process of plain blocking C (peer.c), told
// by a request how to misbehave: byte by byte, slowly, ending early, with a reset.
//
// Read next: kernel.c for the cases, direct.c for the verbs, events.c for the twin.
#ifndef QUARTET_TESTS_CONTRACT_CONTRACT_H
#define QUARTET_TESTS_CONTRACT_CONTRACT_H

#include "workloads/workload.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>
#include <time.h>

// How the peer behaves after it has read a request.
enum peer_manner {
    PEER_SEND,    // sends `length` bytes of the pattern, then ends the stream
    PEER_TRICKLE, // the same, one byte at a time
    PEER_SWALLOW, // reads `length` bytes slowly, then sends how many were right (8 bytes)
    PEER_RESET,   // closes without reading the rest of the request, which is a reset
    PEER_CLOSE,   // closes with nothing left unread
    PEER_MEET,    // waits until `length` tasks have asked for this, then sends a byte
};

struct peer_request {
    uint32_t manner;
    uint32_t length;
    unsigned char rest[64]; // read by the peer except for PEER_RESET
};

enum case_kind {
    CASE_TALK,     // connect, send the request, read; `times` times over
    CASE_SWALLOW,  // connect, send the request and `length` bytes, read the count
    CASE_GONE,     // connect, write to a peer that has closed until that is noticed
    CASE_REFUSED,  // connect to where nobody listens
    CASE_SLEEP,    // sleep `length` nanoseconds, and not less
    CASE_CHILDREN, // from here on only in direct style: spawn 8, join in reverse order
    CASE_NESTED,   // a child that spawns a child
    CASE_TALKERS,  // children that talk to the peer
    CASE_DEATH,    // a child that is killed, if it is a process of its own
    CASE_CLOSE,    // close what is not open
};

struct contract_case {
    const char *name;
    enum case_kind kind;
    enum peer_manner manner;
    uint32_t length;  // of the request
    uint32_t asked;   // how many bytes to read
    int64_t expected; // what read must return: a count, or -errno
    uint32_t times;   // conversations, one after another
};

enum {
    CONTRACT_CHILDREN = 8,            // alive at once in one task
    CONTRACT_LARGEST = 1024 * 1024,   // bytes of the largest message
    CONTRACT_SEND_BUFFER = 16 * 1024, // small, so that writes come short
};

struct contract_parameters {
    uint64_t transport; // 0: TCP on loopback, 1: AF_UNIX
    uint64_t signals_ns;
    uint64_t fail; // tasks 0...fail-1 fail on purpose
    bool meet;     // all tasks run PEER_MEET
    bool sink;     // task 0 calls itself until its stack is full
    // Filled by setup().
    struct sockaddr_storage address; // of the peer
    struct sockaddr_storage nobody;  // bound, but not listening
    socklen_t address_length;
    socklen_t nobody_length;
    int nobody_fd;
};

// The case of this task. `direct` says whether the style has children.
const struct contract_case *contract_case_of(const struct task *task, bool direct);

// The byte number `place` of every message.
unsigned char contract_pattern(size_t place);
void contract_fill(unsigned char *bytes, size_t length);

struct peer_request contract_request(const struct task *task,
                                     const struct contract_case *test);

// A claim about the runner. Says what was found on stderr unless it holds.
// 0, or -EPROTO.
int contract_claim(const struct task *task, const struct contract_case *test, bool holds,
                   const char *what, int64_t found);

// Is this what reading had to return and to bring? 0, or -EPROTO.
int contract_check_read(const struct task *task, const struct contract_case *test,
                        int64_t got, const unsigned char *bytes);

// Books a case that went well.
void contract_book(struct task *task);

// Interrupts the calling thread by a signal every --signals, until the task ends.
int contract_shake(const struct task *task, timer_t *timer);
void contract_shake_end(const struct task *task, timer_t timer);

// The peer: serves until it is killed or its parent dies. `listener` is listening.
_Noreturn void contract_peer(int listener);

#endif

// SPDX-License-Identifier: MIT
//
// kernel.h - the protocol of `fetch`: what one message looks like. Client and back end
// share this file and nothing else, and each checks every byte that it gets, so that a
// model cannot be fast by mixing up sessions, skipping exchanges or not reading.
//
// A message is `size` bytes, the same in both directions:
//
//   byte  0  kind: request or reply       (uint32)
//   byte  4  task that the session is for (uint32)
//   byte  8  sequence number, from 0      (uint32)
//   byte 12  size of the whole message    (uint32)
//   byte 16  payload: 64-bit words, a hash of seed, kind, task, sequence and place;
//            the last word is cut to fit
//
// Numbers are little-endian, whatever the machine: the two ends may be of different kinds.
//
// Where a back end serves several runs (quartet-backend), a session opens with a hello, at
// once followed by its first request:
//
//   byte  0  hello                        (uint32)
//   byte  4  version of the protocol: 1   (uint32)
//   byte  8  token of the run             (16 bytes)
//   byte 24  zero                         (8 bytes)
//
// A client without the token of a run is a stranger, and so is one that does not begin with a
// request where no token is needed: its session is closed and counted, and held against nobody.
//
// All functions are pure: thread-safe, no allocation, no system call.
//
// Read next: direct.c for one session, server.h for the other end.
#ifndef QUARTET_WORKLOADS_FETCH_KERNEL_H
#define QUARTET_WORKLOADS_FETCH_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    FETCH_HEADER_SIZE = 16,
    FETCH_MESSAGE_MIN = 32,
    FETCH_MESSAGE_MAX = 1024, // lies on a task's stack, which may be small
    FETCH_TOKEN_SIZE = 16,
    FETCH_HELLO_SIZE = 32, // no longer than the shortest message
    FETCH_VERSION = 1,
};

// Letters rather than 0 and 1: a zeroed buffer must not pass for a message.
enum fetch_kind {
    FETCH_REQUEST = 0x3f515246, // "FRQ?"
    FETCH_REPLY = 0x21505246,   // "FRP!"
    FETCH_HELLO = 0x21485246,   // "FRH!"
};

// All that a message says apart from its size.
struct fetch_label {
    uint64_t seed;
    enum fetch_kind kind;
    uint32_t task;
    uint32_t sequence;
};

// Faults of a message, in the order in which they are looked for.
enum fetch_fault {
    FETCH_FINE,
    FETCH_WRONG_KIND,
    FETCH_WRONG_TASK,
    FETCH_WRONG_SEQUENCE,
    FETCH_WRONG_SIZE,
    FETCH_WRONG_PAYLOAD,
    FETCH_UNASKED, // bytes came while it was the other end's turn
};

// Fills message[0..size); size is FETCH_MESSAGE_MIN to FETCH_MESSAGE_MAX.
void fetch_message_build(unsigned char *message, size_t size,
                         const struct fetch_label *label);

// Compares every byte of message[0..size) with what fetch_message_build() would have
// made of the label.
enum fetch_fault fetch_message_check(const unsigned char *message, size_t size,
                                     const struct fetch_label *expected);

// The kind that a message says it is; it need not be one of them.
uint32_t fetch_message_kind(const unsigned char *message);

// The task that a message says it is for. The back end asks this of the first message
// of a session, and holds the session to it.
uint32_t fetch_message_task(const unsigned char *message);

// Fills hello[0..FETCH_HELLO_SIZE) for token[0..FETCH_TOKEN_SIZE).
void fetch_hello_build(unsigned char *hello, const unsigned char *token);

// Is hello[0..FETCH_HELLO_SIZE) the hello of this token?
bool fetch_hello_check(const unsigned char *hello, const unsigned char *token);

// A hash over all bytes as they are: two messages that differ anywhere differ here.
uint64_t fetch_message_digest(const unsigned char *message, size_t size);

// "wrong payload"; borrowed for ever.
const char *fetch_fault_name(enum fetch_fault fault);

#endif

// SPDX-License-Identifier: MIT
//
// message.h - the requests that a load sends, and the answers that it must get: built once,
// sent and compared as they are.
#ifndef QUARTET_WORKLOADS_SERVE_MESSAGE_H
#define QUARTET_WORKLOADS_SERVE_MESSAGE_H

#include "workloads/serve/load.h"
#include "workloads/serve/site.h"

#include <stddef.h>
#include <stdint.h>

struct message {
    uint32_t length;
    uint32_t date; // where the date begins, which is not compared; 0 in a request
    char text[SITE_ANSWER_MAX];
};

// The target that a load asks for, and the body that it must be answered with.
struct wording {
    char target[64];
    char answer[SITE_ANSWER_MAX];
};

// Words a request for "/", or, where `work_ns` is not 0, for so many whole microseconds of computation.
void wording_build(struct wording *wording, uint64_t work_ns, uint64_t seed);

// The port always has five digits, so that lengths do not depend on what the kernel chooses:
// RFC 9112, section 3.2, asks for digits only.
//
// The request that a connection repeats, and its last one.
struct messages {
    struct message request[2];
    struct message answer[2];
};

void messages_build(struct messages *messages, const struct load_plan *plan,
                    const struct sockaddr_in *address);

// Compares bytes[0..length) with the answer from byte number `from` on, which are there.
// Returns how many agree: `length` if all do.
size_t message_compare(const struct message *answer, size_t from, const char *bytes,
                       size_t length);

#endif

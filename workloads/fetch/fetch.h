// SPDX-License-Identifier: MIT
//
// fetch.h - the parameters of `fetch`, and what both styles of a session do between
// two waits: make the next request, check and book its reply.
//
// Read next: kernel.h for the messages, direct.c and events.c for the session.
#ifndef QUARTET_WORKLOADS_FETCH_FETCH_H
#define QUARTET_WORKLOADS_FETCH_FETCH_H

#include "workloads/fetch/backend.h"
#include "workloads/fetch/kernel.h"
#include "workloads/workload.h"

#include <stdint.h>

struct fetch_parameters {
    uint64_t exchanges;  // per session
    uint64_t delay_ns;   // from a request to its reply, at the back end
    uint64_t payload;    // bytes of one message, header included
    uint64_t transport;  // enum fetch_transport
    const char *connect; // addresses of a back end that others have started
    const char *token;   // of this run there, in hex; NULL: our own back end
    unsigned char token_bytes[FETCH_TOKEN_SIZE];
    struct fetch_backend backend; // set up by setup(), constant afterwards
};

// One request and its reply, as far as they have got.
struct fetch_exchange {
    uint64_t sent_ns;   // when the request began to be sent
    uint32_t sequence;  // the number of the exchange in its session
    uint32_t bytes_out; // of the request, sent
    uint32_t bytes_in;  // of the reply, received
};

// Where this task connects to.
const struct fetch_endpoint *fetch_task_endpoint(const struct task *task);

// The most that a client sends at once: a hello and a request.
#define FETCH_CLIENT_MAX (FETCH_HELLO_SIZE + FETCH_MESSAGE_MAX)

// How many bytes open a session, before the first request: 0 at our own back end.
size_t fetch_hello_size(const struct fetch_parameters *parameters);

// Fills message[0..FETCH_CLIENT_MAX) with the task's request number `sequence`, the first
// one behind a hello where one is due. How many bytes are to be sent.
size_t fetch_request(const struct task *task, uint32_t sequence, unsigned char *message);

// Ends an exchange whose whole reply is message[0..payload): reads the clock, checks the
// reply, and only then writes to the task's outcome, once for all there is to book:
// latency, bytes, digest. 0, -EBADMSG, or -ETIME when the reply came before the delay was
// over.
int fetch_book(struct task *task, const struct fetch_exchange *exchange,
               const unsigned char *message);

// Works on a reply that has been booked, in direct style. May suspend. 0, or
// -errno, which ends the session.
typedef int fetch_reply_code(struct task *task);

// A whole session, and on_reply() (NULL: nothing) after each reply. For `mixed`, whose
// parameters begin with those of `fetch`.
int fetch_session_run(struct task *task, fetch_reply_code *on_reply);

// The digest that a task must leave, from the parameters alone.
uint64_t fetch_expected_digest(const struct work *work, uint32_t task);

#endif

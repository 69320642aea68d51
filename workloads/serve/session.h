// SPDX-License-Identifier: MIT
//
// session.h - one connection between two waits. It says what to do next, the model does it
// and reports how it went:
//
//     step              what the model does         and reports by
//     SESSION_RECEIVE   receive into session->input  session_received()
//     SESSION_COMPUTE   compute session->answer.work session_computed()
//     SESSION_SEND      send session->output         session_sent()
//     SESSION_LINGER    shut down for writing, receive and throw away: see below
//     SESSION_END       close
//
// Answers are collected in the output until nothing is left of the input, or there is no
// room for another one: pipelined requests share a send.
//
// A server that closes while bytes of the client are unread makes the kernel send a reset,
// which may reach the client before the last answer has been read. So it only says that it
// will send no more, and lingers for the client's end (RFC 9112, section 9.6).
//
// Read next: session.c, then direct.c and events.c side by side.
#ifndef QUARTET_WORKLOADS_SERVE_SESSION_H
#define QUARTET_WORKLOADS_SERVE_SESSION_H

#include "lib/clock.h"
#include "workloads/serve/serve.h"
#include "workloads/serve/site.h"

// Together with the rest of a session and the frames of the calls they fit into a page.
#define SESSION_INPUT  1024
#define SESSION_OUTPUT 1536

#define SESSION_LINGER_NS NS_PER_SECOND

enum session_step {
    SESSION_RECEIVE,
    SESSION_COMPUTE,
    SESSION_SEND,
    SESSION_LINGER,
    SESSION_END,
};

struct session {
    struct http http;
    const struct serve_parameters *parameters;
    struct outcome *outcome;   // of the task that serves it
    struct site_clock clock;   // for the date of its answers
    struct site_answer answer; // SESSION_COMPUTE: of which the result is missing
    uint64_t deadline_ns; // when the request that has begun must be complete; 0: none
    uint64_t limit_ns;    // how long the next wait may take
    bool ended;           // the client will send no more
    bool closing;         // what is in the output is the last of it
    uint32_t requests;    // answered
    uint32_t taken;       // of the input
    uint32_t filled;      // bytes of the input
    uint32_t written;     // bytes of the output
    char input[SESSION_INPUT];
    char output[SESSION_OUTPUT];
};

// A connection has been accepted.
void session_init(struct session *session, const struct task *task);

// The next step. Waits nowhere.
enum session_step session_next(struct session *session);

// `count` bytes were received into the input; 0: the stream has ended; -ETIMEDOUT after
// session->limit_ns; any other -errno ends the session. 0, or the error that is the task's.
int session_received(struct session *session, ssize_t count);

void session_computed(struct session *session, uint64_t result);

// The output was sent, all of it, or -errno. 0, or the error that is the task's.
int session_sent(struct session *session, ssize_t count);

// The digest of `requests` answers with this status and this result.
uint64_t session_digest(uint64_t requests, uint64_t result);

#endif

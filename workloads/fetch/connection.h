// SPDX-License-Identifier: MIT
//
// connection.h - one session as the back end sees it. It is always in one of four
// states, and each event moves it on:
//
//   GREETING   the hello is coming in, which says whose run it is (only with tokens)
//   RECEIVING  the request is coming in
//   HOLDING    the request was right; the reply waits for its due time
//   SENDING    the socket was full, the rest of the reply waits for room
//
// Read next: server.c, which calls these functions.
#ifndef QUARTET_WORKLOADS_FETCH_CONNECTION_H
#define QUARTET_WORKLOADS_FETCH_CONNECTION_H

#include "workloads/fetch/backend.h"

#include <stdint.h>

// Sources of events: the first member of all that is registered with epoll.
enum source_kind { SOURCE_LISTENER, SOURCE_CONTROL, SOURCE_TIMER, SOURCE_CONNECTION };

struct source {
    enum source_kind kind;
    int fd;
};

enum connection_state {
    CONNECTION_RECEIVING,
    CONNECTION_HOLDING,
    CONNECTION_SENDING,
    CONNECTION_GREETING,
};

struct connection {
    struct source source;
    enum connection_state state;
    bool known;        // a client of a run, no stranger: it has said so
    uint32_t run;      // whose counters it is counted in; known after the hello
    uint32_t task;     // whom the session is for; known from the first request on
    uint32_t sequence; // of the exchange that is due or under way
    uint32_t moved;    // bytes of the current message that were received or sent
    uint64_t due_ns;   // HOLDING: when to send the reply
    struct connection *earlier; // HOLDING: neighbours in the queue
    struct connection *later;
    unsigned char message[]; // payload bytes: the request, then its reply
};

// The outcome of a step.
enum connection_step {
    STEP_WAIT,     // nothing to do until the next event
    STEP_REQUEST,  // a request is complete and right
    STEP_FULL,     // the socket takes no more: tell when it does
    STEP_ANSWERED, // the reply is with the kernel; the next request may come
    STEP_OVER,     // the session has ended, well or not: close it
};

// All functions take the counters of all runs, and count in those of the session's own.

// A session begins; where the plan has tokens, by greeting.
void connection_init(struct connection *connection, int fd);
void connection_init_greeting(struct connection *connection, int fd);

// Books that a connection has been accepted, that it has turned out to be a session of a run,
// and that it has gone.
void connection_book_accepted(struct fetch_counters *counters);
void connection_book_open(const struct connection *connection,
                          struct fetch_counters *counters);
void connection_book_closed(const struct connection *connection,
                            struct fetch_counters *counters);

// There is something to read, or the client has gone.
enum connection_step connection_receive(struct connection *connection,
                                        const struct fetch_plan *plan,
                                        struct fetch_counters *counters);

// Turns the request into its reply and begins to send it.
enum connection_step connection_reply(struct connection *connection,
                                      const struct fetch_plan *plan,
                                      struct fetch_counters *counters);

// Sends what is left of the reply.
enum connection_step connection_send(struct connection *connection,
                                     const struct fetch_plan *plan,
                                     struct fetch_counters *counters);

#endif

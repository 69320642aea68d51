// SPDX-License-Identifier: MIT
//
// One session at the back end: see connection.h. Nothing here waits.
#include "workloads/fetch/connection.h"

#include "lib/clock.h"
#include "workloads/fetch/kernel.h"

#include <errno.h>
#include <stdbool.h>
#include <sys/socket.h>

// There is one writer, so a load and a store do what a locked addition would.
static void count(_Atomic uint64_t *counter, uint64_t more)
{
    uint64_t value = atomic_load_explicit(counter, memory_order_relaxed);
    atomic_store_explicit(counter, value + more, memory_order_relaxed);
}

static uint64_t value_of(_Atomic uint64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

static bool would_block(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

void connection_init(struct connection *connection, int fd)
{
    *connection = (struct connection){.source = {.kind = SOURCE_CONNECTION, .fd = fd},
                                      .state = CONNECTION_RECEIVING};
}

// A connection that begins as a request does is a client, and is held to every byte from
// there on. A program that has come to this port by mistake begins otherwise, or says nothing.
static bool begins_as_request(const struct connection *connection)
{
    return fetch_message_kind(connection->message) == FETCH_REQUEST;
}

void connection_init_greeting(struct connection *connection, int fd)
{
    connection_init(connection, fd);
    connection->state = CONNECTION_GREETING;
}

void connection_book_open(const struct connection *connection,
                          struct fetch_counters *counters)
{
    struct fetch_counters *own = &counters[connection->run];
    atomic_fetch_sub_explicit(&counters->strangers, 1, memory_order_relaxed);
    if (value_of(&own->first_ns) == 0)
        atomic_store_explicit(&own->first_ns, clock_now_ns(), memory_order_relaxed);
    count(&own->sessions, 1);
    count(&own->open, 1);
    if (value_of(&own->open) > value_of(&own->most_open))
        count(&own->most_open, 1);
}

// Every connection is a stranger's until it has said hello or begun a request: so those that
// say nothing are counted, too.
void connection_book_accepted(struct fetch_counters *counters)
{
    count(&counters->strangers, 1);
}

void connection_book_closed(const struct connection *connection,
                            struct fetch_counters *counters)
{
    if (connection->known)
        atomic_fetch_sub_explicit(&counters[connection->run].open, 1,
                                  memory_order_relaxed);
}

// The client has closed. Was that the end of the session?
static enum connection_step client_gone(const struct connection *connection,
                                        const struct fetch_plan *plan,
                                        struct fetch_counters *counters)
{
    bool idle = connection->state == CONNECTION_RECEIVING && connection->moved == 0;
    if (!idle || connection->sequence != plan->exchanges)
        count(&counters->left_early, 1);
    return STEP_OVER;
}

static enum connection_step refuse(const struct connection *connection,
                                   enum fetch_fault fault,
                                   struct fetch_counters *counters)
{
    if (atomic_load_explicit(&counters->refused, memory_order_relaxed) == 0) {
        atomic_store_explicit(&counters->first_fault, fault, memory_order_relaxed);
        atomic_store_explicit(&counters->faulty_task, connection->task,
                              memory_order_relaxed);
    }
    count(&counters->refused, 1);
    return STEP_OVER;
}

// The first request says which task the session is for, and all others must agree.
static enum connection_step request_check(struct connection *connection,
                                          const struct fetch_plan *plan,
                                          struct fetch_counters *counters)
{
    if (connection->sequence == 0)
        connection->task = fetch_message_task(connection->message);
    if (connection->task >= plan->tasks)
        return refuse(connection, FETCH_WRONG_TASK, counters);
    if (connection->sequence >= plan->exchanges)
        return refuse(connection, FETCH_WRONG_SEQUENCE, counters);
    struct fetch_label label = {.seed = plan->seed,
                                .kind = FETCH_REQUEST,
                                .task = connection->task,
                                .sequence = connection->sequence};
    enum fetch_fault fault =
        fetch_message_check(connection->message, plan->payload, &label);
    if (fault != FETCH_FINE)
        return refuse(connection, fault, counters);
    count(&counters->requests, 1);
    connection->state = CONNECTION_HOLDING;
    return STEP_REQUEST;
}

// Is the client gone, or does it talk out of turn? While a reply is held or sent there
// is nothing to read from a client that keeps to the protocol.
static enum connection_step interruption(const struct connection *connection,
                                         const struct fetch_plan *plan,
                                         struct fetch_counters *counters)
{
    unsigned char byte;
    ssize_t received = recv(connection->source.fd, &byte, 1, MSG_PEEK);
    if (received > 0)
        return refuse(connection, FETCH_UNASKED, counters);
    if (received < 0 && would_block(errno))
        return STEP_WAIT;
    return client_gone(connection, plan, counters);
}

// Whose hello is it? False: nobody's.
static bool run_find(struct connection *connection, const struct fetch_plan *plan)
{
    for (uint32_t run = 0; run < plan->runs; run++) {
        if (fetch_hello_check(connection->message,
                              plan->tokens + run * FETCH_TOKEN_SIZE)) {
            connection->run = run;
            return true;
        }
    }
    return false;
}

// The first request comes right behind the hello, so it is looked for at once.
static enum connection_step greeting_receive(struct connection *connection,
                                             const struct fetch_plan *plan,
                                             struct fetch_counters *counters)
{
    ssize_t received =
        recv(connection->source.fd, connection->message + connection->moved,
             FETCH_HELLO_SIZE - connection->moved, 0);
    if (received < 0 && would_block(errno))
        return STEP_WAIT;
    if (received <= 0)
        return STEP_OVER;
    connection->moved += (uint32_t)received;
    if (connection->moved < FETCH_HELLO_SIZE)
        return STEP_WAIT;
    if (!run_find(connection, plan))
        return STEP_OVER;
    connection->state = CONNECTION_RECEIVING;
    connection->moved = 0;
    connection->known = true;
    connection_book_open(connection, counters);
    count(&counters[connection->run].bytes_in, FETCH_HELLO_SIZE);
    return connection_receive(connection, plan, counters);
}

enum connection_step connection_receive(struct connection *connection,
                                        const struct fetch_plan *plan,
                                        struct fetch_counters *all)
{
    if (connection->state == CONNECTION_GREETING)
        return greeting_receive(connection, plan, all);
    struct fetch_counters *counters = &all[connection->run];
    if (connection->state != CONNECTION_RECEIVING)
        return interruption(connection, plan, counters);
    ssize_t received =
        recv(connection->source.fd, connection->message + connection->moved,
             plan->payload - connection->moved, 0);
    if (received < 0 && would_block(errno))
        return STEP_WAIT;
    if (received <= 0 && !connection->known)
        return STEP_OVER;
    if (received <= 0) // 0: closed; ECONNRESET: closed without lingering
        return client_gone(connection, plan, counters);
    connection->moved += (uint32_t)received;
    if (!connection->known) {
        if (connection->moved < sizeof(uint32_t))
            return STEP_WAIT;
        if (!begins_as_request(connection))
            return STEP_OVER;
        connection->known = true;
        connection_book_open(connection, all);
        received = (ssize_t)connection->moved;
    }
    count(&counters->bytes_in, (uint64_t)received);
    if (connection->moved < plan->payload)
        return STEP_WAIT;
    return request_check(connection, plan, counters);
}

// How long was the request held? The witness of a delay that was kept.
static void book_reply(const struct connection *connection, const struct fetch_plan *plan,
                       struct fetch_counters *counters)
{
    uint64_t now_ns = clock_now_ns();
    uint64_t held_ns =
        plan->delay_ns == 0 ? 0 : now_ns - (connection->due_ns - plan->delay_ns);
    if (held_ns < value_of(&counters->least_held_ns))
        atomic_store_explicit(&counters->least_held_ns, held_ns, memory_order_relaxed);
    atomic_store_explicit(&counters->last_ns, now_ns, memory_order_relaxed);
}

enum connection_step connection_reply(struct connection *connection,
                                      const struct fetch_plan *plan,
                                      struct fetch_counters *all)
{
    struct fetch_counters *counters = &all[connection->run];
    if (plan->tokens != NULL)
        book_reply(connection, plan, counters);
    struct fetch_label label = {.seed = plan->seed,
                                .kind = FETCH_REPLY,
                                .task = connection->task,
                                .sequence = connection->sequence};
    fetch_message_build(connection->message, plan->payload, &label);
    // Counted first: a client that has the reply must find it counted.
    count(&counters->replies, 1);
    count(&counters->bytes_out, plan->payload);
    connection->state = CONNECTION_SENDING;
    connection->moved = 0;
    return connection_send(connection, plan, all);
}

enum connection_step connection_send(struct connection *connection,
                                     const struct fetch_plan *plan,
                                     struct fetch_counters *all)
{
    struct fetch_counters *counters = &all[connection->run];
    while (connection->moved < plan->payload) {
        ssize_t sent =
            send(connection->source.fd, connection->message + connection->moved,
                 plan->payload - connection->moved, MSG_NOSIGNAL);
        if (sent < 0 && would_block(errno))
            return STEP_FULL;
        if (sent < 0)
            return client_gone(connection, plan, counters);
        connection->moved += (uint32_t)sent;
    }
    connection->state = CONNECTION_RECEIVING;
    connection->moved = 0;
    connection->sequence++;
    return STEP_ANSWERED;
}

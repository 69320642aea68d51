// SPDX-License-Identifier: MIT
//
// events.c - the cases as libev callbacks. A conversation goes through the states
// connecting, sending, receiving; what direct.c kept on its stack is a field here.
//
// Read next: contract.bats, which runs both.
#include "runners/events.h"

#include "lib/check.h"
#include "lib/clock.h"
#include "tests/contract/contract.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

struct contract_state {
    ev_io io; // must be first; the other watcher is for the cases that wait for time
    ev_timer timer;
    struct task *task;
    const struct contract_case *test;
    timer_t shaker;
    uint32_t conversations; // begun
    int fd;
    unsigned char *bytes; // the message that is being sent or received
    size_t length;        // of it
    size_t done;
    uint64_t began_ns;
};

static void converse(struct ev_loop *loop, struct contract_state *state);

static void finish(struct ev_loop *loop, struct contract_state *state, int error)
{
    struct task *task = state->task;
    contract_shake_end(task, state->shaker);
    if (error == 0)
        contract_book(task);
    events_done(loop, task, error);
}

// Ends a conversation; after the last one, the task.
static void hang_up(struct ev_loop *loop, struct contract_state *state, int error)
{
    ev_io_stop(loop, &state->io);
    close(state->fd);
    free(state->bytes);
    if (error == 0 && state->conversations < state->test->times)
        converse(loop, state);
    else
        finish(loop, state, error);
}

static void wait_for(struct ev_loop *loop, struct contract_state *state, int events,
                     void (*callback)(struct ev_loop *, ev_io *, int))
{
    ev_io_stop(loop, &state->io);
    ev_io_init(&state->io, callback, state->fd, events);
    ev_io_start(loop, &state->io);
}

// Puts `length` bytes of room in place of the message that is done with.
static void new_message(struct contract_state *state, size_t length)
{
    free(state->bytes);
    state->bytes = malloc(length);
    CHECK(state->bytes != NULL);
    state->length = length;
    state->done = 0;
}

static void on_received(struct ev_loop *loop, struct contract_state *state, int64_t got)
{
    const struct contract_case *test = state->test;
    if (test->kind == CASE_TALK) {
        hang_up(loop, state, contract_check_read(state->task, test, got, state->bytes));
        return;
    }
    uint64_t right = 0;
    for (size_t i = 0; got == 8 && i < sizeof right; i++)
        right |= (uint64_t)state->bytes[i] << (8 * i); // little endian, like its sender
    hang_up(loop, state,
            contract_claim(state->task, test, right == test->length,
                           "all bytes must arrive right", (int64_t)right));
}

static void on_readable(struct ev_loop *loop, ev_io *watcher, int events)
{
    (void)events;
    struct contract_state *state = (struct contract_state *)watcher;
    ssize_t count =
        recv(state->fd, state->bytes + state->done, state->length - state->done, 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    state->done += count > 0 ? (size_t)count : 0;
    if (count <= 0 || state->done == state->length)
        on_received(loop, state, count < 0 ? -errno : (int64_t)state->done);
}

// Writes until the kernel says that the peer has gone.
static void on_last_words(struct ev_loop *loop, ev_io *watcher, int events)
{
    (void)events;
    struct contract_state *state = (struct contract_state *)watcher;
    if (send(state->fd, "still there?", 12, MSG_NOSIGNAL) >= 0 || errno == EAGAIN ||
        errno == EINTR)
        return;
    int error = errno;
    hang_up(loop, state,
            contract_claim(state->task, state->test,
                           error == EPIPE || error == ECONNRESET,
                           "write must say that the peer has gone", -error));
}

static void on_sent(struct ev_loop *loop, struct contract_state *state)
{
    const struct contract_case *test = state->test;
    if (test->kind == CASE_GONE) {
        wait_for(loop, state, EV_WRITE, on_last_words);
        return;
    }
    new_message(state, test->asked);
    wait_for(loop, state, EV_READ, on_readable);
}

static void on_writable(struct ev_loop *loop, ev_io *watcher, int events)
{
    (void)events;
    struct contract_state *state = (struct contract_state *)watcher;
    ssize_t count = send(state->fd, state->bytes + state->done,
                         state->length - state->done, MSG_NOSIGNAL);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (count < 0) {
        hang_up(loop, state, -errno);
        return;
    }
    state->done += (size_t)count;
    if (state->done == state->length)
        on_sent(loop, state);
}

// The request and, for a peer that swallows, what it has to swallow.
static void on_connected(struct ev_loop *loop, ev_io *watcher, int events)
{
    (void)events;
    struct contract_state *state = (struct contract_state *)watcher;
    const struct contract_case *test = state->test;
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(state->fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (test->kind == CASE_REFUSED) {
        hang_up(loop, state,
                contract_claim(state->task, test, error == ECONNREFUSED,
                               "connect must be refused", -error));
        return;
    }
    if (error != 0) {
        hang_up(loop, state, -error);
        return;
    }
    const struct peer_request request = contract_request(state->task, test);
    size_t body = test->kind == CASE_SWALLOW ? test->length : 0;
    new_message(state, sizeof request + body);
    *(struct peer_request *)(void *)state->bytes = request;
    contract_fill(state->bytes + sizeof request, body);
    wait_for(loop, state, EV_WRITE, on_writable);
}

// A refused AF_UNIX connection fails at once, all else when the socket is writable.
static void converse(struct ev_loop *loop, struct contract_state *state)
{
    const struct contract_parameters *parameters = state->task->work->parameters;
    const bool refused = state->test->kind == CASE_REFUSED;
    const struct sockaddr_storage *address =
        refused ? &parameters->nobody : &parameters->address;
    socklen_t length = refused ? parameters->nobody_length : parameters->address_length;
    const int small = CONTRACT_SEND_BUFFER;
    state->conversations++;
    state->bytes = NULL;
    state->fd = socket(address->ss_family, SOCK_STREAM, 0);
    CHECK(state->fd >= 0);
    fcntl(state->fd, F_SETFL, O_NONBLOCK);
    setsockopt(state->fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
    ev_io_init(&state->io, on_connected, state->fd, EV_WRITE);
    if (connect(state->fd, (const struct sockaddr *)address, length) == 0 ||
        errno == EINPROGRESS)
        ev_io_start(loop, &state->io);
    else
        hang_up(loop, state, refused && errno == ECONNREFUSED ? 0 : -errno);
}

static void on_timeout(struct ev_loop *loop, ev_timer *watcher, int events)
{
    (void)events;
    struct contract_state *state =
        (void *)((char *)watcher - offsetof(struct contract_state, timer));
    uint64_t slept_ns = clock_now_ns() - state->began_ns;
    finish(loop, state,
           contract_claim(state->task, state->test, slept_ns >= state->test->length,
                          "a sleep must not be shorter than asked", (int64_t)slept_ns));
}

static void contract_start(struct ev_loop *loop, void *memory, struct task *task)
{
    const struct contract_parameters *parameters = task->work->parameters;
    struct contract_state *state = memory;
    *state = (struct contract_state){.task = task, .test = contract_case_of(task, false)};
    int error =
        task->index < parameters->fail ? -ENODATA : contract_shake(task, &state->shaker);
    if (error != 0) {
        events_done(loop, task, error);
        return;
    }
    if (state->test->kind != CASE_SLEEP) {
        converse(loop, state);
        return;
    }
    state->began_ns = clock_now_ns();
    ev_now_update(loop);
    ev_timer_init(&state->timer, on_timeout, (double)state->test->length / 1e9, 0.);
    ev_timer_start(loop, &state->timer);
}

extern const struct events_code contract_events;
const struct events_code contract_events = {
    .state_size = sizeof(struct contract_state),
    .start = contract_start,
};

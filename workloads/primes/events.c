// SPDX-License-Identifier: MIT
//
// events.c - a task of `primes` in the event-loop style. The loop `for` of direct.c
// has become a callback, and its variable a field, because nothing on the stack
// outlives a callback.
//
// An idle watcher is libev's way to compute without blocking the loop: in each round
// the loop first serves what is ready (sockets, timers), and only in a round without
// any of that calls every active idle watcher once. Tasks thus advance in turn, one
// chunk each, and input and output always go first. The watcher is started once and
// stopped at the end; while one is active, the loop polls without sleeping.
//
// Read next: "ev_idle" in the libev manual, then workloads/mandelbrot/.
#include "runners/events.h"
#include "workloads/primes/kernel.h"

struct primes_state {
    ev_idle turn; // must be first: libev hands its address to the callback
    struct task *task;
    uint64_t chunk; // the next one
};

static void on_turn(struct ev_loop *loop, ev_idle *watcher, int events)
{
    (void)events;
    struct primes_state *state = (struct primes_state *)watcher;
    if (primes_chunk(state->task, state->chunk++))
        return;
    ev_idle_stop(loop, &state->turn);
    events_done(loop, state->task, 0);
}

static void primes_start(struct ev_loop *loop, void *memory, struct task *task)
{
    struct primes_state *state = memory;
    state->task = task;
    state->chunk = 0;
    ev_idle_init(&state->turn, on_turn);
    ev_idle_start(loop, &state->turn);
}

const struct events_code primes_events = {
    .state_size = sizeof(struct primes_state),
    .start = primes_start,
};

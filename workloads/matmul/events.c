// SPDX-License-Identifier: MIT
//
// events.c - a task of `matmul` in the event-loop style: a row in each round of the loop,
// as an idle watcher (workloads/primes/events.c says why).
//
// Read next: workload.c.
#include "runners/events.h"
#include "workloads/matmul/kernel.h"

struct matmul_state {
    ev_idle turn; // must be first: libev hands its address to the callback
    struct task *task;
    uint64_t chunk; // the next one
};

static void on_turn(struct ev_loop *loop, ev_idle *watcher, int events)
{
    (void)events;
    struct matmul_state *state = (struct matmul_state *)watcher;
    if (matmul_row(state->task, state->chunk++))
        return;
    ev_idle_stop(loop, &state->turn);
    events_done(loop, state->task, 0);
}

static void matmul_start(struct ev_loop *loop, void *memory, struct task *task)
{
    struct matmul_state *state = memory;
    state->task = task;
    state->chunk = 0;
    ev_idle_init(&state->turn, on_turn);
    ev_idle_start(loop, &state->turn);
}

const struct events_code matmul_events = {
    .state_size = sizeof(struct matmul_state),
    .start = matmul_start,
};

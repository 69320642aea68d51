// SPDX-License-Identifier: MIT
//
// events.c - a task of `compress` in the event-loop style: a block in each round of the
// loop, as an idle watcher (workloads/primes/events.c says why).
//
// Read next: workload.c.
#include "runners/events.h"
#include "workloads/compress/compress.h"

struct compress_state {
    ev_idle turn; // must be first: libev hands its address to the callback
    struct task *task;
    struct compress_tools tools;
};

static void on_turn(struct ev_loop *loop, ev_idle *watcher, int events)
{
    (void)events;
    struct compress_state *state = (struct compress_state *)watcher;
    int more = compress_block(state->task, &state->tools);
    if (more > 0)
        return;
    ev_idle_stop(loop, &state->turn);
    compress_end(&state->tools);
    events_done(loop, state->task, more);
}

static void compress_start(struct ev_loop *loop, void *memory, struct task *task)
{
    struct compress_state *state = memory;
    state->task = task;
    int error = compress_begin(task, &state->tools);
    if (error != 0) {
        compress_end(&state->tools);
        events_done(loop, task, error);
        return;
    }
    ev_idle_init(&state->turn, on_turn);
    ev_idle_start(loop, &state->turn);
}

const struct events_code compress_events = {
    .state_size = sizeof(struct compress_state),
    .start = compress_start,
};

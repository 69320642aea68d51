// SPDX-License-Identifier: MIT
//
// events.c - a task of `mandelbrot` in the event-loop style: each round of the loop
// gives every unfinished row its turn, for a few pixels. Why an idle watcher, is said
// in workloads/primes/events.c. A callback that computed a whole row would be simpler,
// and would let everything else on this loop wait for the thickest row of the set.
//
// Read next: workload.c.
#include "runners/events.h"
#include "workloads/mandelbrot/kernel.h"

struct mandelbrot_state {
    ev_idle turn; // must be first: libev hands its address to the callback
    struct task *task;
    uint64_t chunk; // the next one
};

static void on_turn(struct ev_loop *loop, ev_idle *watcher, int events)
{
    (void)events;
    struct mandelbrot_state *state = (struct mandelbrot_state *)watcher;
    if (mandelbrot_chunk(state->task, state->chunk++))
        return;
    ev_idle_stop(loop, &state->turn);
    events_done(loop, state->task, 0);
}

static void mandelbrot_start(struct ev_loop *loop, void *memory, struct task *task)
{
    struct mandelbrot_state *state = memory;
    state->task = task;
    state->chunk = 0;
    ev_idle_init(&state->turn, on_turn);
    ev_idle_start(loop, &state->turn);
}

const struct events_code mandelbrot_events = {
    .state_size = sizeof(struct mandelbrot_state),
    .start = mandelbrot_start,
};

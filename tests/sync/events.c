// SPDX-License-Identifier: MIT
//
// events.c - the cases with callbacks. Each round is: (pause,) get something, pause, give
// it back; a callback that was got at once is called by hand.
//
// Read next: sync.bats, which runs both.
#include "runners/events.h"
#include "runners/offload_events.h"
#include "runners/sync_events.h"

#include "lib/clock.h"
#include "tests/sync/sync.h"

#include <errno.h>

struct sync_state {
    ev_timer timer; // must be first
    struct sync_waiter waiter;
    struct task *task;
    struct sync_shared *shared;
    uint64_t round;
    uint64_t began_ns;   // limit
    uint64_t limit_ns;   // limit
    uint64_t ticket;     // order
    uint32_t arrived;    // broadcast: who has come in this round
    sync_callback *then; // after the pause
    struct executor_job job;
    struct sync_errand errand;
};

static void begin_round(struct ev_loop *loop, struct sync_state *state);

static void end_round(struct ev_loop *loop, struct sync_state *state)
{
    const struct sync_parameters *parameters = sync_parameters_of(state->task);
    state->task->outcome->operations++;
    if (++state->round < parameters->rounds)
        begin_round(loop, state);
    else
        events_done(loop, state->task, 0);
}

static void on_pause_over(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)events;
    struct sync_state *state = (struct sync_state *)timer;
    state->then(loop, &state->waiter);
}

static void pause_then(struct ev_loop *loop, struct sync_state *state,
                       sync_callback *callback)
{
    double seconds = (double)sync_pause_ns(state->task, state->round) / 1e9;
    state->then = callback;
    ev_timer_init(&state->timer, on_pause_over, seconds, 0.);
    ev_timer_start(loop, &state->timer);
}

// ---- semaphore and mutex -------------------------------------------------------------

static void on_semaphore_paused(struct ev_loop *loop, struct sync_waiter *waiter)
{
    struct sync_state *state = waiter->data;
    sync_leave(state->shared);
    sync_release(&state->shared->semaphore);
    end_round(loop, state);
}

static void on_permit(struct ev_loop *loop, struct sync_waiter *waiter)
{
    struct sync_state *state = waiter->data;
    sync_enter(state->shared);
    pause_then(loop, state, on_semaphore_paused);
}

static void on_mutex_paused(struct ev_loop *loop, struct sync_waiter *waiter)
{
    struct sync_state *state = waiter->data;
    state->shared->counter = waiter->item + 1;
    sync_unlock(&state->shared->mutex);
    end_round(loop, state);
}

static void on_locked(struct ev_loop *loop, struct sync_waiter *waiter)
{
    struct sync_state *state = waiter->data;
    waiter->item = state->shared->counter;
    pause_then(loop, state, on_mutex_paused);
}

// ---- queue ---------------------------------------------------------------------------

static void on_put(struct ev_loop *loop, struct sync_waiter *waiter)
{
    end_round(loop, waiter->data);
}

static void on_got(struct ev_loop *loop, struct sync_waiter *waiter)
{
    struct sync_state *state = waiter->data;
    sync_book_item(state->task, waiter->item);
    end_round(loop, state);
}

static void on_queue_paused(struct ev_loop *loop, struct sync_waiter *waiter)
{
    struct sync_state *state = waiter->data;
    struct sync_queue *queue = &state->shared->queue;
    uint32_t index = state->task->index;
    uint64_t item = index / 2 * sync_parameters_of(state->task)->rounds + state->round;
    if (index % 2 == 0) {
        if (sync_put_then(loop, queue, item, waiter, on_put))
            on_put(loop, waiter);
    } else if (sync_get_then(loop, queue, waiter, on_got)) {
        on_got(loop, waiter);
    }
}

// ---- broadcast -----------------------------------------------------------------------

static void on_event(struct ev_loop *loop, struct sync_waiter *waiter)
{
    struct sync_state *state = waiter->data;
    atomic_fetch_add(&state->shared->seen[state->round], 1);
    end_round(loop, state);
}

static void on_setter_paused(struct ev_loop *loop, struct sync_waiter *waiter)
{
    struct sync_state *state = waiter->data;
    sync_set(&state->shared->events[state->round]);
    end_round(loop, state);
}

static void on_arrival(struct ev_loop *loop, struct sync_waiter *waiter)
{
    struct sync_state *state = waiter->data;
    uint32_t others = state->task->work->tasks - 1;
    if (waiter->callback != NULL) // called for somebody, and not to begin
        state->arrived++;
    waiter->callback = on_arrival;
    while (state->arrived < others) {
        if (!sync_acquire_then(loop, &state->shared->arrived, waiter, on_arrival))
            return;
        state->arrived++;
    }
    pause_then(loop, state, on_setter_paused);
}

static void begin_broadcast(struct ev_loop *loop, struct sync_state *state)
{
    struct sync_shared *shared = state->shared;
    if (sync_is_setter(state->task)) {
        state->arrived = 0;
        state->waiter.callback = NULL;
        on_arrival(loop, &state->waiter);
        return;
    }
    // First in line, then counted: a callback is not called before this one returns.
    bool set =
        sync_wait_then(loop, &shared->events[state->round], &state->waiter, on_event);
    sync_release(&shared->arrived);
    if (set)
        on_event(loop, &state->waiter);
}

// ---- limit ---------------------------------------------------------------------------

static void on_timely_permit(struct ev_loop *loop, struct sync_waiter *waiter)
{
    struct sync_state *state = waiter->data;
    ev_timer_stop(loop, &state->timer);
    on_permit(loop, waiter);
}

static void on_limit(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)events;
    struct sync_state *state = (struct sync_state *)timer;
    if (!sync_forget(&state->waiter))
        return; // the permit is on its way
    atomic_fetch_add(&state->shared->given_up, 1);
    end_round(loop, state);
}

static void begin_limit(struct ev_loop *loop, struct sync_state *state)
{
    uint64_t limit_ns = sync_pause_ns(state->task, state->round + 1000000);
    ev_timer_init(&state->timer, on_limit, (double)limit_ns / 1e9, 0.);
    ev_timer_start(loop, &state->timer);
    if (sync_acquire_then(loop, &state->shared->semaphore, &state->waiter,
                          on_timely_permit))
        on_timely_permit(loop, &state->waiter);
}

// ---- offload -------------------------------------------------------------------------

static void on_job_done(struct ev_loop *loop, struct executor_job *job)
{
    struct sync_state *state = job->data;
    if (job->error != 0 || job->result != sync_errand_run(&state->errand))
        events_done(loop, state->task, job->error != 0 ? job->error : -EPROTO);
    else
        end_round(loop, state);
}

static void begin_offload(struct ev_loop *loop, struct sync_state *state)
{
    state->errand = sync_errand_make(state->task->index, state->round);
    state->job = (struct executor_job){.code = sync_errand_run,
                                       .argument = &state->errand,
                                       .argument_size = sizeof state->errand + 1,
                                       .on_done = on_job_done,
                                       .data = state};
    bool refused = offload_then(loop, &state->job) && state->job.error == -E2BIG;
    if (!refused) {
        events_done(loop, state->task, -EPROTO);
        return;
    }
    state->job.argument_size = sizeof state->errand;
    if (offload_then(loop, &state->job))
        on_job_done(loop, &state->job);
}

// ---- fair ----------------------------------------------------------------------------

static void on_ring(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)events;
    struct sync_state *state = (struct sync_state *)timer;
    atomic_store(&state->shared->bell, state->round + 1);
    end_round(loop, state);
}

static void on_fair_permit(struct ev_loop *loop, struct sync_waiter *waiter);

// A task that gets a permit at once lets the loop go round; as soon as others stand in line,
// permits are handed from one to the next without end.
static void acquire_fair(struct ev_loop *loop, struct sync_state *state)
{
    if (!sync_acquire_then(loop, &state->shared->semaphore, &state->waiter,
                           on_fair_permit))
        return;
    state->then = on_fair_permit;
    ev_timer_init(&state->timer, on_pause_over, 0., 0.);
    ev_timer_start(loop, &state->timer);
}

static void on_fair_permit(struct ev_loop *loop, struct sync_waiter *waiter)
{
    struct sync_state *state = waiter->data;
    sync_enter(state->shared);
    sync_leave(state->shared);
    sync_release(&state->shared->semaphore);
    if (atomic_load(&state->shared->bell) > state->round)
        end_round(loop, state);
    else
        acquire_fair(loop, state);
}

static void begin_fair(struct ev_loop *loop, struct sync_state *state)
{
    if (!sync_is_setter(state->task)) {
        acquire_fair(loop, state);
        return;
    }
    ev_timer_init(&state->timer, on_ring, 0.002, 0.);
    ev_timer_start(loop, &state->timer);
}

// ---- order ---------------------------------------------------------------------------

static void on_order_paused(struct ev_loop *loop, struct sync_waiter *waiter)
{
    struct sync_state *state = waiter->data;
    sync_release(&state->shared->semaphore);
    end_round(loop, state);
}

static void on_turn(struct ev_loop *loop, struct sync_waiter *waiter)
{
    struct sync_state *state = waiter->data;
    sync_show_ticket(state->shared, state->ticket);
    pause_then(loop, state, on_order_paused);
}

static void begin_order(struct ev_loop *loop, struct sync_state *state)
{
    state->ticket = sync_take_ticket(state->shared);
    if (sync_acquire_then(loop, &state->shared->semaphore, &state->waiter, on_turn))
        on_turn(loop, &state->waiter);
}

// ---- all of them ---------------------------------------------------------------------

static void begin_round(struct ev_loop *loop, struct sync_state *state)
{
    struct sync_shared *shared = state->shared;
    struct sync_waiter *waiter = &state->waiter;
    switch ((enum sync_case)sync_parameters_of(state->task)->test) {
    case SYNC_SEMAPHORE:
        if (sync_acquire_then(loop, &shared->semaphore, waiter, on_permit))
            on_permit(loop, waiter);
        break;
    case SYNC_MUTEX:
        if (sync_lock_then(loop, &shared->mutex, waiter, on_locked))
            on_locked(loop, waiter);
        break;
    case SYNC_QUEUE:
        pause_then(loop, state, on_queue_paused);
        break;
    case SYNC_BROADCAST:
        begin_broadcast(loop, state);
        break;
    case SYNC_LIMIT:
        begin_limit(loop, state);
        break;
    case SYNC_OFFLOAD:
        begin_offload(loop, state);
        break;
    case SYNC_FAIR:
        begin_fair(loop, state);
        break;
    case SYNC_ORDER:
        begin_order(loop, state);
        break;
    }
}

static void sync_start(struct ev_loop *loop, void *memory, struct task *task)
{
    struct sync_state *state = memory;
    *state =
        (struct sync_state){.task = task, .shared = sync_parameters_of(task)->shared};
    ev_init(&state->timer, on_pause_over);
    state->waiter.data = state;
    begin_round(loop, state);
}

extern const struct events_code sync_events;
const struct events_code sync_events = {
    .state_size = sizeof(struct sync_state),
    .start = sync_start,
};

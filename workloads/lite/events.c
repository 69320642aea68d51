// SPDX-License-Identifier: MIT
//
// events.c - a session as callbacks. The functions stand in order of life:
//
//   session_start -> step OPEN -> think -> on_thought -> step -> ... -> step CLOSE -> end
//                                   ^        LOOK_UP, TRANSFER: |
//                                   +---------------------------+
//                                   BEGIN -> hold -> on_held -> step COMMIT -> think
//
// Each step is an errand. Without a pool it is done right inside the callback, and the
// loop stands still: SQLite has no other way.
//
// Read next: workload.c.
#include "runners/events.h"
#include "lib/clock.h"
#include "runners/offload_events.h"
#include "workloads/lite/lite.h"

#include <errno.h>

// The loop's timers are doubles; better late than early.
#define ROUNDING_NS 100

struct visit {
    ev_timer timer; // must be first: libev hands its address to the callback
    struct executor_job job;
    struct lite_errand errand;
    struct lite_session session;
    const struct lite_parameters *parameters;
    uint64_t due_ns; // the transaction
    uint32_t number; // of it
    int error;       // what ends the session, once it is closed
};

static void visit_think(struct ev_loop *loop, struct visit *visit);
static void visit_step(struct ev_loop *loop, struct visit *visit, enum lite_step step);

static void wait_then(struct ev_loop *loop, struct visit *visit, uint64_t duration_ns,
                      void (*callback)(struct ev_loop *loop, ev_timer *timer, int events))
{
    ev_now_update(loop); // a timer counts from the loop's own clock
    ev_timer_init(&visit->timer, callback,
                  (double)(duration_ns + ROUNDING_NS) / (double)NS_PER_SECOND, 0.);
    ev_timer_start(loop, &visit->timer);
}

static void on_held(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)events;
    visit_step(loop, (struct visit *)timer, LITE_COMMIT);
}

// Goes on after a step.
static void on_step(struct ev_loop *loop, struct executor_job *job)
{
    struct visit *visit = job->data;
    enum lite_step step = visit->errand.step;
    int error = job->error != 0 ? job->error : -(int)job->result;
    if (step == LITE_CLOSE) {
        events_done(loop, visit->session.task, visit->error != 0 ? visit->error : error);
    } else if (error != 0) {
        visit->error = error;
        visit_step(loop, visit, LITE_CLOSE);
    } else if (step == LITE_OPEN) {
        visit_think(loop, visit);
    } else if (step == LITE_BEGIN) {
        wait_then(loop, visit, visit->parameters->hold_ns, on_held);
    } else {
        lite_book(&visit->session, visit->due_ns);
        visit->number++;
        visit_think(loop, visit);
    }
}

//DOC: lite-offload-then
static void visit_step(struct ev_loop *loop, struct visit *visit, enum lite_step step)
{
    visit->errand = lite_errand(&visit->session, step, visit->number);
    visit->job = (struct executor_job){.code = lite_run,
                                       .argument = &visit->errand,
                                       .argument_size = sizeof visit->errand,
                                       .on_done = on_step,
                                       .data = visit};
    if (offload_then(loop, &visit->job))
        on_step(loop, &visit->job);
}

static void on_thought(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)events;
    struct visit *visit = (struct visit *)timer;
    lite_woke(visit->session.task, visit->due_ns);
    visit_step(loop, visit, lite_first_step(visit->session.task, visit->number));
}

// Before the next transaction; or, after the last, the end.
static void visit_think(struct ev_loop *loop, struct visit *visit)
{
    if (visit->number == visit->parameters->transactions) {
        visit_step(loop, visit, LITE_CLOSE);
        return;
    }
    visit->due_ns = clock_now_ns() + visit->parameters->think_ns;
    if (visit->parameters->think_ns > 0) {
        wait_then(loop, visit, visit->parameters->think_ns, on_thought);
    } else { // others first, as direct_yield() does it
        ev_timer_init(&visit->timer, on_thought, 0., 0.);
        ev_feed_event(loop, &visit->timer, EV_CUSTOM);
    }
}

static void visit_start(struct ev_loop *loop, void *state, struct task *task)
{
    struct visit *visit = state;
    *visit = (struct visit){.parameters = task->work->parameters};
    lite_session_init(&visit->session, task);
    visit_step(loop, visit, LITE_OPEN);
}

extern const struct events_code lite_events;
const struct events_code lite_events = {.state_size = sizeof(struct visit),
                                        .start = visit_start};

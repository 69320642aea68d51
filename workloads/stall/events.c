// SPDX-License-Identifier: MIT
//
// events.c - a heart and the one who computes, as callbacks. on_lead() computes right
// inside the callback unless there is a pool (--offload): this is what one must not do in
// an event loop, and what it looks like.
//
// Read next: workload.c.
#include "runners/events.h"
#include "lib/clock.h"
#include "runners/offload_events.h"
#include "runners/sync_events.h"
#include "workloads/stall/stall.h"

// The loop's timers are doubles; better late than early.
#define ROUNDING_NS 100

struct patient {
    ev_timer timer; // must be first: libev hands its address to the callback
    struct sync_waiter waiter;
    struct executor_job job; // of the one who computes
    struct task *task;
    const struct stall_parameters *parameters;
    uint64_t began_ns; // this sleep
    uint64_t last_ns;  // when it beat last
};

static void sleep_then(struct ev_loop *loop, struct patient *patient,
                       uint64_t duration_ns,
                       void (*callback)(struct ev_loop *loop, ev_timer *timer,
                                        int events))
{
    patient->began_ns = clock_now_ns();
    ev_now_update(loop); // a timer counts from the loop's own clock
    ev_timer_init(&patient->timer, callback,
                  (double)(duration_ns + ROUNDING_NS) / (double)NS_PER_SECOND, 0.);
    ev_timer_start(loop, &patient->timer);
}

// ---- the one who computes --------------------------------------------------------------

static void on_computed(struct ev_loop *loop, struct executor_job *job)
{
    struct patient *patient = job->data;
    if (job->error == 0)
        stall_book_computation(patient->task, job->result);
    events_done(loop, patient->task, job->error);
}

//DOC: stall-offload-then
static void on_lead(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)events;
    struct patient *patient = (struct patient *)timer;
    patient->job =
        (struct executor_job){.code = stall_compute,
                              .argument = &patient->parameters->compute_ns,
                              .argument_size = sizeof patient->parameters->compute_ns,
                              .on_done = on_computed,
                              .data = patient};
    if (offload_then(loop, &patient->job))
        on_computed(loop, &patient->job);
}

// ---- a heart -----------------------------------------------------------------------------

static void on_beat(struct ev_loop *loop, ev_timer *timer, int events)
{
    (void)events;
    struct patient *patient = (struct patient *)timer;
    int error = stall_beat(patient->task, patient->began_ns, &patient->last_ns);
    if (error != 0 || patient->task->outcome->operations == patient->parameters->beats)
        events_done(loop, patient->task, error);
    else
        sleep_then(loop, patient, patient->parameters->period_ns, on_beat);
}

// ---- both --------------------------------------------------------------------------------

static void on_all_here(struct ev_loop *loop, struct sync_waiter *waiter)
{
    struct patient *patient = waiter->data;
    patient->last_ns = clock_now_ns();
    if (stall_computes(patient->task))
        sleep_then(loop, patient, stall_lead(patient->task), on_lead);
    else
        sleep_then(loop, patient, patient->parameters->period_ns, on_beat);
}

static void patient_start(struct ev_loop *loop, void *state, struct task *task)
{
    struct patient *patient = state;
    *patient = (struct patient){.task = task, .parameters = task->work->parameters};
    patient->waiter.data = patient;
    struct sync_event *all_here = &patient->parameters->ward->all_here;
    if (stall_arrive(task))
        sync_set(all_here);
    if (sync_wait_then(loop, all_here, &patient->waiter, on_all_here))
        on_all_here(loop, &patient->waiter);
}

const struct events_code stall_events = {.state_size = sizeof(struct patient),
                                         .start = patient_start};

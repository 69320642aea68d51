// SPDX-License-Identifier: MIT
//
// Lanes and events: see trace.h.
#define _GNU_SOURCE // gettid(), sched_getcpu(), MAP_ANONYMOUS and MAP_NORESERVE
#include "runners/trace/trace.h"

#include "lib/clock.h"

#include <errno.h>
#include <inttypes.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define LANES          1024
#define EVENTS_DEFAULT UINT64_C(200000)
#define EVENTS_MAX     UINT64_C(20000000)

// A wait that is no longer than this and two events, apart from the CPU time in it, is none:
// clocks are read one after the other, and an interrupt may come between.
#define BLINK_NS 2000

// A task that runs on and on is looked at so often, so that one sees when it had no CPU.
#define SAMPLE_NS 200000

#define COST_ROUNDS 1000

// Shared by all processes of the run.
static struct trace_memory {
    _Atomic uint32_t claimed;   // lanes that have an owner, or would have had
    _Atomic uint64_t unclaimed; // events of those that got none
    uint32_t events_per_lane;   //
    uint64_t event_cost_ns;     //
    struct trace_lane lanes[LANES];
    struct trace_event events[]; // events_per_lane for each
} * memory;

_Thread_local uint32_t trace_task = TRACE_NO_TASK;
static _Thread_local struct trace_lane *lane;
static _Thread_local uint32_t waiting_task =
    TRACE_NO_TASK;                   // of a thread that carries one
static _Thread_local bool gave_lock; // in the verb that is being called
static bool global_lock;

// ---- life ------------------------------------------------------------------------------

static uint64_t thread_cpu_ns(void)
{
    struct timespec used;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return (uint64_t)used.tv_sec * NS_PER_SECOND + (uint64_t)used.tv_nsec;
}

static struct trace_event stamp(enum trace_type type, uint32_t task)
{
    int cpu = sched_getcpu();
    return (struct trace_event){.at_ns = clock_now_ns(),
                                .cpu_ns = thread_cpu_ns(),
                                .task = task,
                                .cpu = (uint16_t)(cpu < 0 ? UINT16_MAX : cpu),
                                .type = (uint8_t)type};
}

static uint64_t measure_cost(void)
{
    uint64_t began_ns = clock_now_ns();
    for (int i = 0; i < COST_ROUNDS; i++) {
        struct trace_event event = stamp(TRACE_RUN, 0);
        __asm__ volatile("" ::"r"(&event) : "memory"); // it must be made
    }
    return (clock_now_ns() - began_ns) / COST_ROUNDS;
}

// $QUARTET_TRACE_EVENTS, for all workers together.
static uint64_t events_wanted(void)
{
    const char *text = getenv("QUARTET_TRACE_EVENTS");
    char *end = NULL;
    uint64_t events = text == NULL ? EVENTS_DEFAULT : strtoull(text, &end, 10);
    if (text != NULL && (*end != '\0' || events == 0 || events > EVENTS_MAX))
        die(EXIT_USAGE, "QUARTET_TRACE_EVENTS '%s': give a number, 1 to %" PRIu64, text,
            EVENTS_MAX);
    return events;
}

void trace_open(const struct run *run)
{
    if (getenv("QUARTET_TRACE") == NULL)
        return;
    uint64_t workers = run->workers < LANES ? run->workers : LANES;
    uint64_t each = events_wanted() / (workers == 0 ? 1 : workers);
    each = each == 0 ? 1 : each;
    // A page that nobody writes to costs nothing, so each lane may have its addresses.
    size_t size = sizeof *memory + LANES * each * sizeof memory->events[0];
    void *mapped = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapped == MAP_FAILED)
        die(EXIT_CANNOT, "cannot map %zu MiB for events: %s; lower QUARTET_TRACE_EVENTS",
            size >> 20, strerror(errno));
    memory = mapped;
    memory->events_per_lane = (uint32_t)each;
    memory->event_cost_ns = measure_cost();
}

bool trace_on(void)
{
    return memory != NULL;
}

void trace_close(const struct run *run)
{
    if (memory != NULL)
        trace_write(run, getenv("QUARTET_TRACE"));
}

void trace_forked(void)
{
    lane = NULL;
    trace_task = TRACE_NO_TASK;
}

// ---- events ----------------------------------------------------------------------------

static struct trace_event *events_of(const struct trace_lane *which)
{
    size_t index = (size_t)(which - memory->lanes);
    return &memory->events[index * memory->events_per_lane];
}

// The lane of the calling thread. NULL: all have an owner.
static struct trace_lane *lane_here(enum trace_role role)
{
    if (lane != NULL)
        return lane;
    uint32_t index = atomic_fetch_add(&memory->claimed, 1);
    if (index >= LANES)
        return NULL;
    lane = &memory->lanes[index];
    lane->role = role;
    lane->pid = getpid();
    lane->tid = gettid();
    return lane;
}

// Whether it had room.
static bool push(enum trace_role role, const struct trace_event *event)
{
    if (memory == NULL)
        return false;
    struct trace_lane *here = lane_here(role);
    if (here == NULL) {
        atomic_fetch_add(&memory->unclaimed, 1);
        return false;
    }
    here->sequence++;
    if (here->count == memory->events_per_lane) {
        here->lost++;
        return false;
    }
    events_of(here)[here->count++] = *event;
    return true;
}

static void note(enum trace_type type, uint32_t task)
{
    struct trace_event event = stamp(type, task);
    push(TRACE_WORKER, &event);
}

// Under a global lock a task does not run before its thread has the lock.
void trace_begin(uint32_t task)
{
    struct trace_event event = stamp(TRACE_BEGIN, task);
    event.why = global_lock ? TRACE_GLOBAL_LOCK : TRACE_NOTHING;
    push(TRACE_WORKER, &event);
    trace_task = global_lock ? TRACE_NO_TASK : task;
    waiting_task = global_lock ? task : TRACE_NO_TASK;
}

void trace_end(void)
{
    if (trace_task != TRACE_NO_TASK)
        note(TRACE_END, trace_task);
    trace_task = TRACE_NO_TASK;
}

struct trace_pause trace_wait(enum trace_why why, uint64_t due_ns)
{
    struct trace_pause pause = {.task = trace_task};
    if (memory == NULL || trace_task == TRACE_NO_TASK)
        return pause;
    // A thread lets others run by giving them the lock.
    bool gives = global_lock && why == TRACE_TURN;
    pause.event = stamp(TRACE_WAIT, trace_task);
    pause.event.why = (uint8_t)(gives ? TRACE_GLOBAL_LOCK : why);
    pause.event.due_ns = due_ns;
    pause.kept = push(TRACE_WORKER, &pause.event);
    pause.sequence = lane != NULL ? lane->sequence : 0;
    waiting_task = trace_task;
    trace_task = TRACE_NO_TASK;
    return pause;
}

void trace_gave_lock(void)
{
    gave_lock = true;
}

void trace_wait_for_lock(void)
{
    if (memory == NULL || trace_task != TRACE_NO_TASK || waiting_task == TRACE_NO_TASK)
        return;
    struct trace_event event = stamp(TRACE_WAIT, waiting_task);
    event.why = TRACE_GLOBAL_LOCK;
    push(TRACE_WORKER, &event);
}

void trace_continue(uint32_t task)
{
    trace_task = task;
    waiting_task = TRACE_NO_TASK;
    if (task != TRACE_NO_TASK)
        note(TRACE_RUN, task);
}

// Takes the last event back.
static void forget(const struct trace_pause *pause)
{
    if (pause->kept)
        lane->count--;
    else
        lane->lost--;
}

void trace_resume(const struct trace_pause *pause)
{
    trace_task = pause->task;
    waiting_task = TRACE_NO_TASK;
    if (memory == NULL || lane == NULL || pause->task == TRACE_NO_TASK)
        return;
    struct trace_event event = stamp(TRACE_RUN, pause->task);
    uint64_t cpu_ns = event.cpu_ns - pause->event.cpu_ns;
    uint64_t took_ns = event.at_ns - pause->event.at_ns;
    // In a verb that waits for something else the lock may have changed hands.
    bool gave = gave_lock || (global_lock && pause->event.why != TRACE_GLOBAL_LOCK);
    gave_lock = false;
    bool waited = pause->sequence != lane->sequence || gave ||
                  pause->event.why == TRACE_CHILD ||
                  took_ns > cpu_ns + BLINK_NS + 2 * memory->event_cost_ns;
    if (!waited)
        forget(pause);
    const struct trace_event *last = events_of(lane) + lane->count - 1;
    if (waited || lane->count == 0 || event.at_ns > last->at_ns + SAMPLE_NS)
        push(TRACE_WORKER, &event);
}

void trace_under_global_lock(void)
{
    global_lock = true;
}

void trace_job(uint32_t task)
{
    struct trace_event event = stamp(TRACE_JOB, task);
    push(TRACE_POOL_WORKER, &event);
}

void trace_done(uint32_t task)
{
    struct trace_event event = stamp(TRACE_DONE, task);
    push(TRACE_POOL_WORKER, &event);
}

// ---- for file.c ------------------------------------------------------------------------

uint32_t trace_lane_count(void)
{
    uint32_t claimed = atomic_load(&memory->claimed);
    return claimed < LANES ? claimed : LANES;
}

const struct trace_lane *trace_lane_at(uint32_t index)
{
    return &memory->lanes[index];
}

const struct trace_event *trace_events_of(uint32_t index)
{
    return events_of(&memory->lanes[index]);
}

uint64_t trace_unclaimed(void)
{
    return atomic_load(&memory->unclaimed);
}

uint64_t trace_event_cost_ns(void)
{
    return memory->event_cost_ns;
}

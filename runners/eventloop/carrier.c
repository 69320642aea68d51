// SPDX-License-Identifier: MIT
//
// One event loop that carries C tasks. A slot is the place of one task in flight: the
// runner's bookkeeping with the workload's state behind it, so that 10,000 tasks are
// one allocation. When a task is done its slot takes the next one.
//
// Read next: the events.c of any workload for what happens between start and done.
#include "lib/limits.h"
#include "runners/eventloop/eventloop.h"
#include "runners/eventloop/offload.h"

#include <errno.h>
#include <inttypes.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct slot {
    struct task task; // first: events_done() gets a pointer to it
    struct carrier *carrier;
    bool starting; // inside code->start(): a task may end before start() returns
    bool done;     // it did
    alignas(max_align_t) unsigned char state[]; // the workload's own
};

static struct slot *slot_at(struct carrier *carrier, uint32_t index)
{
    return (struct slot *)(void *)(carrier->memory + (size_t)index * carrier->slot_size);
}

static void carrier_free(struct carrier *carrier)
{
    if (carrier->loop != NULL)
        ev_loop_destroy(carrier->loop);
    free(carrier->memory);
}

static int open_executor(struct carrier *carrier, struct reason *reason)
{
    if (eventloop_settings.offload == 0)
        return 0;
    return executor_open(&carrier->executor, carrier->loop,
                         (enum executor_kind)(eventloop_settings.offload - 1),
                         (uint32_t)eventloop_settings.pool, reason);
}

// Slots are touched before the gate, as the stacks of coroutines are.
static void touch(unsigned char *memory, size_t size)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    for (size_t at = 0; at < size; at += page)
        *(volatile unsigned char *)(memory + at) = 0;
}

int carrier_init(struct carrier *carrier, struct run *run, const struct events_code *code,
                 uint32_t slots, struct reason *reason)
{
    size_t align = alignof(max_align_t);
    *carrier = (struct carrier){.run = run, .code = code, .slots = slots};
    carrier->slot_size =
        (sizeof(struct slot) + code->state_size + align - 1) / align * align;
    carrier->memory = calloc(slots, carrier->slot_size);
    if (carrier->memory != NULL)
        touch(carrier->memory, slots * carrier->slot_size);
    errno = 0;
    carrier->loop = eventloop_new();
    int refused = errno == 0 ? -ENOSYS : -errno;
    int error = 0;
    if (carrier->memory == NULL)
        error = limits_refuse(-ENOMEM, reason, "cannot make room for %" PRIu32 " tasks",
                              slots);
    else if (carrier->loop == NULL)
        error = limits_refuse(refused, reason, "libev cannot open its backend");
    else
        error = open_executor(carrier, reason);
    if (error == 0)
        ready_init(&carrier->ready, carrier->loop, run->workers > 1);
    else
        carrier_free(carrier);
    return error;
}

void carrier_destroy(struct carrier *carrier)
{
    if (eventloop_settings.offload != 0)
        executor_close(&carrier->executor);
    carrier_free(carrier);
}

//DOC: eventloop-slot
// Gives the slot tasks until one of them has to wait. A loop, not a recursion: a
// workload whose tasks end inside start() would otherwise grow the stack with each.
static void slot_fill(struct slot *slot)
{
    struct carrier *carrier = slot->carrier;
    do {
        if (!run_take(carrier->run, &slot->task)) {
            carrier->busy--;
            if (carrier->busy == 0)
                ev_break(carrier->loop, EVBREAK_ALL);
            return;
        }
        slot->starting = true;
        slot->done = false;
        carrier->code->start(carrier->loop, slot->state, &slot->task);
        slot->starting = false;
    } while (slot->done);
}

void events_done(struct ev_loop *loop, struct task *task, int error)
{
    (void)loop;
    struct slot *slot = (struct slot *)task;
    run_finish(slot->carrier->run, task, error);
    if (slot->starting)
        slot->done = true;
    else
        slot_fill(slot);
}

void carrier_run(struct carrier *carrier)
{
    ready_here = &carrier->ready;
    executor_here = eventloop_settings.offload != 0 ? &carrier->executor : NULL;
    carrier->busy = carrier->slots;
    for (uint32_t i = 0; i < carrier->slots; i++) {
        struct slot *slot = slot_at(carrier, i);
        slot->carrier = carrier;
        slot_fill(slot);
    }
    if (carrier->busy > 0)
        ev_run(carrier->loop, 0);
    // A loop without watchers ends: either tasks wait for one another, or the kernel has
    // refused to watch a descriptor, and libev has given it up. The verification then names
    // a task that was not run.
    if (carrier->busy > 0)
        warn("%" PRIu32
             " tasks wait for what cannot come: for one another, or the kernel "
             "refuses to watch a descriptor; is fs.epoll.max_user_watches reached?",
             carrier->busy);
    ready_here = NULL;
}

// SPDX-License-Identifier: MIT
//
// The event-loop model: one loop in the main thread, or --loops N in a thread each.
// A loop is one thread of control: callbacks run one after another and must not block.
//
// Read next: carrier.c for what a loop carries.
#include "runners/model.h"

#include "lib/check.h"
#include "lib/limits.h"
#include "runners/common/placement.h"
#include "runners/eventloop/eventloop.h"
#include "runners/loop/loops.h"

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static const struct events_code *find_code(const struct run *run)
{
    const struct events_entry *entry = events_list;
    while (entry->name != NULL && strcmp(entry->name, run->work.workload->name) != 0)
        entry++;
    CHECK(entry->name != NULL);
    return entry->code;
}

static int eventloop_prepare(struct run *run, struct reason *reason)
{
    int error = loops_choose(run, &eventloop_settings.loops, reason);
    if (error == 0)
        error = eventloop_check_backend(reason);
    if (error == 0) {
        error = limits_check_descriptors(
            (uint64_t)run->work.concurrency * run->work.workload->descriptors, reason);
    }
    return error;
}

static void *loop_main(void *argument)
{
    struct carrier *carrier = argument;
    placement_pin(carrier->run);
    run_wait_at_gate(carrier->run);
    carrier_run(carrier);
    run_leave(carrier->run);
    return NULL;
}

// Loops 1..N-1 get a thread each; the main thread is loop 0.
static int run_loops(struct run *run, struct carrier *carriers, struct reason *reason)
{
    uint32_t started = 1;
    pthread_t *threads = calloc(run->workers, sizeof *threads);
    int error = threads == NULL ? ENOMEM : 0;
    while (error == 0 && started < run->workers) {
        error = pthread_create(&threads[started], NULL, loop_main, &carriers[started]);
        if (error == 0)
            started++;
    }
    if (error != 0) {
        limits_refuse(-error, reason, "cannot create the thread of loop %" PRIu32,
                      started + 1);
        run_abandon(run); // those that exist find nothing to do
    } else {
        run_gather(run, run->workers - 1, NULL, NULL);
    }
    placement_pin(run);
    run_open_gate(run);
    carrier_run(&carriers[0]);
    run_leave(run);
    for (uint32_t i = 1; i < started; i++)
        pthread_join(threads[i], NULL);
    free(threads);
    return -error;
}

static int eventloop_run(struct run *run, struct reason *reason)
{
    const struct events_code *code = find_code(run);
    struct carrier *carriers = calloc(run->workers, sizeof *carriers);
    if (carriers == NULL)
        return reason_set(reason, -ENOMEM, "no memory for %" PRIu32 " loops",
                          run->workers);
    sync_many_loops = run->workers > 1;
    uint32_t made = 0;
    int error = 0;
    while (error == 0 && made < run->workers) {
        error = carrier_init(&carriers[made], run, code, loops_share(run, made), reason);
        if (error == 0)
            made++;
    }
    if (error == 0)
        error = run_loops(run, carriers, reason);
    for (uint32_t i = 0; i < made; i++)
        carrier_destroy(&carriers[i]);
    free(carriers);
    return error;
}

const struct model model = {
    .name = "eventloop",
    .summary = "libev callbacks in one thread, or one loop per thread",
    .options = eventloop_options,
    .values = &eventloop_settings,
    .prepare = eventloop_prepare,
    .run = eventloop_run,
};

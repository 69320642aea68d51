// SPDX-License-Identifier: MIT
//
// workload.c - `counter` as the runners see it. That additions get lost without a guard
// is the result; that one gets lost with a guard is an error.
//
// Read next: counter.h.
#include "workloads/counter/counter.h"

#include "lib/check.h"
#include "lib/mix.h"

#include <errno.h>
#include <inttypes.h>

extern const struct workload counter_workload;

static const struct option_spec counter_options[] = {
    {
        .name = "guard",
        .kind = OPTION_CHOICE,
        .offset = offsetof(struct counter_parameters, guard),
        .fallback = "mutex",
        .choices = "none|mutex|atomic|message",
        .help = "what keeps its steps together",
    },
    {
        .name = "await",
        .kind = OPTION_FLAG,
        .offset = offsetof(struct counter_parameters, await),
        .help = "a suspension point between reading and writing",
    },
    {
        .name = "additions",
        .kind = OPTION_COUNT,
        .offset = offsetof(struct counter_parameters, additions),
        .fallback = "100k",
        .minimum = 1,
        .maximum = 1000000000,
        .help = "how often each task adds 1",
    },
    {0},
};

static int counter_setup(struct work *work, struct reason *reason)
{
    struct counter_parameters *parameters = work->parameters;
    struct counter_board *board = sync_alloc(sizeof *board);
    uint64_t *ring = sync_alloc(COUNTER_INBOX * sizeof *ring);
    if (board == NULL || ring == NULL)
        return reason_set(reason, -ENOMEM, "no memory for the counter");
    if (parameters->guard == GUARD_MESSAGE && work->tasks > 1 && work->concurrency < 2) {
        return reason_set(reason, -EINVAL,
                          "--guard message: task 0 waits for messages of the others; "
                          "give --concurrency 2 or more");
    }
    sync_mutex_init(&board->mutex);
    sync_queue_init(&board->inbox, ring, COUNTER_INBOX);
    parameters->board = board;
    return 0;
}

static void counter_expect(const struct work *work, struct ledger *expected)
{
    const struct counter_parameters *parameters = work->parameters;
    *expected = (struct ledger){.tasks = work->tasks,
                                .operations = work->tasks * parameters->additions};
}

static uint64_t counter_digest(const struct work *work, uint32_t index)
{
    (void)index; // all do the same
    const struct counter_parameters *parameters = work->parameters;
    uint64_t digest = 0;
    for (uint64_t i = 0; i < parameters->additions; i++)
        digest = mix_into(digest, i);
    return digest;
}

static int counter_verify(const struct work *work, struct reason *reason)
{
    const struct counter_parameters *parameters = work->parameters;
    uint64_t wanted = work->tasks * parameters->additions;
    uint64_t found = atomic_load(&parameters->board->value);
    uint64_t digest = counter_digest(work, 0);
    for (uint32_t i = 0; i < work->tasks; i++) {
        if (outcome_at(work, i)->digest != digest)
            return reason_set(reason, -EBADMSG, "task %u has not made its additions", i);
    }
    // Without a guard any number of additions may get lost, but not the last one.
    bool possible =
        parameters->guard == GUARD_NONE ? found >= 1 && found <= wanted : found == wanted;
    if (possible)
        return 0;
    return reason_set(reason, -EBADMSG,
                      "the counter says %" PRIu64 " after %" PRIu64 " additions", found,
                      wanted);
}

static int counter_results(const struct work *work, struct named_number *out, int room)
{
    const struct counter_parameters *parameters = work->parameters;
    uint64_t wanted = work->tasks * parameters->additions;
    uint64_t found = atomic_load(&parameters->board->value);
    CHECK(room >= 2);
    out[0] = (struct named_number){"counted", found};
    out[1] = (struct named_number){"lost_updates", wanted - found};
    return 2;
}

const struct workload counter_workload = {
    .name = "counter",
    .kind = WORKLOAD_COST,
    .summary = "all add to one counter: lost updates, locks, messages",
    .operation = "additions",
    .default_tasks = 10,
    .default_concurrency = 10,
    .options = counter_options,
    .parameters_size = sizeof(struct counter_parameters),
    .setup = counter_setup,
    .expect = counter_expect,
    .digest = counter_digest,
    .verify = counter_verify,
    .results = counter_results,
};

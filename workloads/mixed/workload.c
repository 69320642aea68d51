// SPDX-License-Identifier: MIT
//
// workload.c - `mixed` as the runners see it: a `fetch` whose sessions compute, too. What
// was exchanged is checked as there; what was computed, by the CPU time that it took.
//
// Read next: mixed.h.
#include "workloads/mixed/mixed.h"

#include "lib/clock.h"
#include "runners/sync_objects.h"
#include "workloads/fetch/kernel.h"

#include <errno.h>
#include <inttypes.h>
#include <stdatomic.h>

extern const struct workload mixed_workload;
extern const struct workload fetch_workload;

static const struct option_spec mixed_options[] = {
    {
        .name = "compute",
        .kind = OPTION_DURATION,
        .offset = offsetof(struct mixed_parameters, compute_ns),
        .fallback = "100us",
        .minimum = 0,
        .maximum = 60 * NS_PER_SECOND,
        .help = "CPU time of a heavy session after each reply",
    },
    {
        .name = "light",
        .kind = OPTION_COUNT,
        .offset = offsetof(struct mixed_parameters, light_percent),
        .fallback = "10",
        .minimum = 0,
        .maximum = 100,
        .help = "percent that do not compute; their latency counts",
    },
    {
        .name = "exchanges",
        .kind = OPTION_COUNT,
        .offset = offsetof(struct mixed_parameters, fetch.exchanges),
        .fallback = "100",
        .minimum = 1,
        .maximum = 10000,
        .help = "requests and replies of each session",
    },
    {
        .name = "delay",
        .kind = OPTION_DURATION,
        .offset = offsetof(struct mixed_parameters, fetch.delay_ns),
        .fallback = "5ms",
        .minimum = 0,
        .maximum = 60 * NS_PER_SECOND,
        .help = "the back end answers this long after a request",
    },
    {
        .name = "payload",
        .kind = OPTION_SIZE,
        .offset = offsetof(struct mixed_parameters, fetch.payload),
        .fallback = "64",
        .minimum = FETCH_MESSAGE_MIN,
        .maximum = FETCH_MESSAGE_MAX,
        .help = "bytes of a request, and of a reply, header included",
    },
    {
        .name = "transport",
        .kind = OPTION_CHOICE,
        .offset = offsetof(struct mixed_parameters, fetch.transport),
        .fallback = "unix",
        .choices = "tcp|unix",
        .help = "loopback TCP, or AF_UNIX stream sockets",
    },
    {0},
};

static uint32_t mixed_samples(const struct work *work)
{
    return fetch_workload.samples(work);
}

static int mixed_setup(struct work *work, struct reason *reason)
{
    struct mixed_parameters *parameters = work->parameters;
    parameters->board = sync_alloc(sizeof *parameters->board);
    if (parameters->board == NULL)
        return reason_set(reason, -ENOMEM, "no memory for the tasks");
    return fetch_workload.setup(work, reason);
}

static int mixed_teardown(struct work *work, struct reason *reason)
{
    return fetch_workload.teardown(work, reason);
}

static void mixed_expect(const struct work *work, struct ledger *expected)
{
    fetch_workload.expect(work, expected);
}

static uint64_t computations_of(const struct work *work)
{
    const struct mixed_parameters *parameters = work->parameters;
    if (parameters->compute_ns == 0)
        return 0;
    return mixed_heavy_tasks(work) * parameters->fetch.exchanges;
}

static int mixed_verify(const struct work *work, struct reason *reason)
{
    const struct mixed_parameters *parameters = work->parameters;
    uint64_t wanted = computations_of(work);
    uint64_t computations = atomic_load(&parameters->board->computations);
    uint64_t computed_ns = atomic_load(&parameters->board->computed_ns);
    if (computations != wanted || computed_ns < wanted * parameters->compute_ns)
        return reason_set(reason, -EBADMSG,
                          "the sessions computed %" PRIu64 " times, %" PRIu64
                          " ns in all, instead of %" PRIu64 " times %" PRIu64 " ns",
                          computations, computed_ns, wanted, parameters->compute_ns);
    for (uint32_t i = 0; i < work->tasks; i++) {
        uint64_t samples = mixed_is_heavy(work, i) ? 0 : parameters->fetch.exchanges;
        if (outcome_at(work, i)->samples != samples)
            return reason_set(reason, -EBADMSG,
                              "session %" PRIu32 " left %" PRIu32
                              " latencies instead of %" PRIu64,
                              i, outcome_at(work, i)->samples, samples);
    }
    return fetch_workload.verify(work, reason);
}

static int mixed_results(const struct work *work, struct named_number *out, int room)
{
    const struct mixed_parameters *parameters = work->parameters;
    uint64_t computations = atomic_load(&parameters->board->computations);
    if (room < 3)
        return 0;
    out[0] = (struct named_number){"computed_ns",
                                   atomic_load(&parameters->board->computed_ns)};
    out[1] = (struct named_number){"computations", computations};
    // Bytes that an off-load to processes or threads copies there and back.
    out[2] = (struct named_number){"job_bytes", computations * (sizeof(struct mixed_job) +
                                                                sizeof(uint64_t))};
    return 3;
}

const struct workload mixed_workload = {
    .name = "mixed",
    .kind = WORKLOAD_IO,
    .summary = "sessions that compute after each reply: who keeps the others waiting?",
    .operation = "exchanges",
    .default_tasks = 100,
    .default_concurrency = 100,
    .peer = true,
    .descriptors = 1,
    .options = mixed_options,
    .parameters_size = sizeof(struct mixed_parameters),
    .latency = "service",
    .samples = mixed_samples,
    .setup = mixed_setup,
    .expect = mixed_expect,
    .verify = mixed_verify,
    .results = mixed_results,
    .teardown = mixed_teardown,
};

// SPDX-License-Identifier: MIT
//
// workload.c - `fetch` as the runners see it: name, options, the back end that it
// starts and ends, and how the answers are checked: every reply of every task from the
// parameters alone, and then what the back end says that it served.
//
// Read next: fetch.h.
#include "lib/clock.h"
#include "workloads/fetch/fetch.h"
#include "workloads/fetch/kernel.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

extern const struct workload fetch_workload;

static const struct option_spec fetch_options[] = {
    {
        .name = "exchanges",
        .kind = OPTION_COUNT,
        .offset = offsetof(struct fetch_parameters, exchanges),
        .fallback = "2",
        .minimum = 1,
        .maximum = 10000,
        .help = "requests and replies of each session",
    },
    {
        .name = "delay",
        .kind = OPTION_DURATION,
        .offset = offsetof(struct fetch_parameters, delay_ns),
        .fallback = "1s",
        .minimum = 0,
        .maximum = 60 * NS_PER_SECOND,
        .help = "the back end answers this long after a request",
    },
    {
        .name = "payload",
        .kind = OPTION_SIZE,
        .offset = offsetof(struct fetch_parameters, payload),
        .fallback = "64",
        .minimum = FETCH_MESSAGE_MIN,
        .maximum = FETCH_MESSAGE_MAX,
        .help = "bytes of a request, and of a reply, header included",
    },
    {
        .name = "transport",
        .kind = OPTION_CHOICE,
        .offset = offsetof(struct fetch_parameters, transport),
        .fallback = "tcp",
        .choices = "tcp|unix",
        .help = "loopback TCP, or AF_UNIX stream sockets",
    },
    {
        .name = "connect",
        .kind = OPTION_TEXT,
        .offset = offsetof(struct fetch_parameters, connect),
        .help = "addresses of a quartet-backend, such as 10.0.0.2:4000",
    },
    {
        .name = "token",
        .kind = OPTION_TEXT,
        .offset = offsetof(struct fetch_parameters, token),
        .help = "the token that it has given out for this run",
    },
    {0},
};

static struct fetch_plan plan_of(const struct work *work)
{
    const struct fetch_parameters *parameters = work->parameters;
    return (struct fetch_plan){
        .transport = (enum fetch_transport)parameters->transport,
        .tasks = work->tasks,
        .concurrency = work->concurrency,
        .exchanges = parameters->exchanges,
        .delay_ns = parameters->delay_ns,
        .payload = parameters->payload,
        .seed = work->seed,
        .cpus = work->peer_cpus,
    };
}

static uint32_t fetch_samples(const struct work *work)
{
    const struct fetch_parameters *parameters = work->parameters;
    return (uint32_t)parameters->exchanges;
}

// The token's 32 digits. 0, or -EINVAL with the reason.
static int token_read(struct fetch_parameters *parameters, struct reason *reason)
{
    const char *text = parameters->token;
    size_t digits = text == NULL ? 0 : strspn(text, "0123456789abcdef");
    if (digits != 2 * FETCH_TOKEN_SIZE || text[digits] != '\0')
        return reason_set(reason, -EINVAL,
                          "--connect: give the --token, too, %d hex digits from "
                          "quartet-backend",
                          2 * FETCH_TOKEN_SIZE);
    for (size_t i = 0; i < FETCH_TOKEN_SIZE; i++) {
        const char pair[] = {text[2 * i], text[2 * i + 1], '\0'};
        parameters->token_bytes[i] = (unsigned char)strtoul(pair, NULL, 16);
    }
    return 0;
}

// A back end that others have started: it is not ours to start, to count or to end.
static int backend_join(struct fetch_parameters *parameters, struct reason *reason)
{
    int error = token_read(parameters, reason);
    return error != 0
               ? error
               : fetch_backend_join(&parameters->backend, parameters->connect, reason);
}

static int fetch_setup(struct work *work, struct reason *reason)
{
    struct fetch_parameters *parameters = work->parameters;
    if (parameters->connect != NULL)
        return backend_join(parameters, reason);
    if (parameters->token != NULL)
        return reason_set(reason, -EINVAL, "--token: it belongs to a --connect");
    struct fetch_plan plan = plan_of(work);
    int error = fetch_backend_start(&parameters->backend, &plan, reason);
    if (error == 0)
        work->peer = parameters->backend.helper.pid;
    return error;
}

static void fetch_expect(const struct work *work, struct ledger *expected)
{
    const struct fetch_parameters *parameters = work->parameters;
    uint64_t exchanges = work->tasks * parameters->exchanges;
    *expected = (struct ledger){.tasks = work->tasks,
                                .operations = exchanges,
                                .bytes_in = exchanges * parameters->payload,
                                .bytes_out = exchanges * parameters->payload +
                                             work->tasks * fetch_hello_size(parameters)};
}

static int fetch_verify(const struct work *work, struct reason *reason)
{
    const struct fetch_parameters *parameters = work->parameters;
    for (uint32_t task = 0; task < work->tasks; task++) {
        uint64_t found = outcome_at(work, task)->digest;
        uint64_t expected = fetch_expected_digest(work, task);
        if (found != expected)
            return reason_set(reason, -EBADMSG,
                              "task %" PRIu32 " has digest %016" PRIx64
                              ", its replies should give %016" PRIx64,
                              task, found, expected);
    }
    if (parameters->connect != NULL)
        return 0; // its ledger is with those who have started it
    struct fetch_plan plan = plan_of(work);
    return fetch_backend_verify(&parameters->backend, &plan, reason);
}

// The counters stay for verify(), which comes after this; the process ends soon.
static int fetch_teardown(struct work *work, struct reason *reason)
{
    struct fetch_parameters *parameters = work->parameters;
    work->peer = 0;
    return fetch_backend_stop(&parameters->backend, reason);
}

// Connections of others are nothing wrong, but worth knowing.
static int fetch_results(const struct work *work, struct named_number *out, int room)
{
    const struct fetch_parameters *parameters = work->parameters;
    const struct fetch_counters *counters = parameters->backend.counters;
    uint64_t strangers = counters == NULL ? 0 : atomic_load(&counters->strangers);
    if (room < 1 || strangers == 0)
        return 0;
    out[0] = (struct named_number){"strangers", strangers};
    return 1;
}

static uint64_t fetch_least_run_ns(const struct work *work)
{
    const struct fetch_parameters *parameters = work->parameters;
    return work_turns(work) * parameters->exchanges * parameters->delay_ns;
}

const struct workload fetch_workload = {
    .name = "fetch",
    .kind = WORKLOAD_IO,
    .summary = "client sessions with a back end that takes its time",
    .operation = "exchanges",
    .default_tasks = 10000,
    .default_concurrency = 10000,
    .peer = true,
    .descriptors = 1,
    .options = fetch_options,
    .parameters_size = sizeof(struct fetch_parameters),
    .latency = "service",
    .samples = fetch_samples,
    .setup = fetch_setup,
    .expect = fetch_expect,
    .digest = fetch_expected_digest,
    .least_run_ns = fetch_least_run_ns,
    .verify = fetch_verify,
    .results = fetch_results,
    .teardown = fetch_teardown,
};

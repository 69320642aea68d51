// SPDX-License-Identifier: MIT
//
// workload.c - `serve` as the runners see it: name, options, the server and the load that it
// sets up and ends, and how both are held against each other.
//
// Read next: serve.h.
#include "lib/check.h"
#include "lib/clock.h"
#include "lib/on_signal.h"
#include "workloads/serve/message.h"
#include "workloads/serve/serve.h"
#include "workloads/serve/session.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

extern const struct workload serve_workload;

static const struct option_spec serve_options[] = {
    {"requests", OPTION_COUNT, offsetof(struct serve_parameters, requests), "2k", 1,
     100000000, NULL, "requests of each connection"},
    {"clients", OPTION_COUNT, offsetof(struct serve_parameters, clients), NULL, 1,
     1000000, NULL, "connections of the load; by default as many as --concurrency"},
    {"pipeline", OPTION_COUNT, offsetof(struct serve_parameters, pipeline), "1", 1, 64,
     NULL, "requests sent before the first is answered"},
    {"rate", OPTION_COUNT, offsetof(struct serve_parameters, rate), NULL, 1, 10000000,
     NULL, "requests a second, by a schedule; else the next follows the answer"},
    {"burst", OPTION_COUNT, offsetof(struct serve_parameters, burst), "1", 1, 100000,
     NULL, "of --rate: so many requests are due at the same moment"},
    {"work", OPTION_DURATION, offsetof(struct serve_parameters, work_ns), "0", 0,
     NS_PER_SECOND, NULL, "computation of each request"},
    {"load", OPTION_CHOICE, offsetof(struct serve_parameters, load_kind), "own", 0, 0,
     "own|h2load", "who asks"},
    {"idle-limit", OPTION_DURATION, offsetof(struct serve_parameters, idle_limit_ns),
     "60s", 1000000, 86400 * NS_PER_SECOND, NULL,
     "a connection without a request is closed"},
    {"request-limit", OPTION_DURATION,
     offsetof(struct serve_parameters, request_limit_ns), "10s", 1000000,
     86400 * NS_PER_SECOND, NULL, "from the first byte of a request to its last"},
    {"listen", OPTION_TEXT, offsetof(struct serve_parameters, listen), NULL, 0, 0, NULL,
     "serve whoever comes to ADDRESS:PORT, instead of a load; a task is a place"},
    {"for", OPTION_DURATION, offsetof(struct serve_parameters, for_ns), NULL, 1000000,
     86400 * NS_PER_SECOND, NULL,
     "with --listen, for this long; by default until SIGTERM"},
    {"listeners", OPTION_COUNT, offsetof(struct serve_parameters, listeners), "1", 1,
     SERVER_LISTENERS_MAX, NULL,
     "sockets with the same address (SO_REUSEPORT) that share the workers"},
    {0}};

// ---- from parameters to a plan -------------------------------------------------------

static struct site_work work_of(const struct work *work)
{
    const struct serve_parameters *parameters = work->parameters;
    return (struct site_work){.rounds = parameters->work_ns / 1000 * SITE_ROUNDS_PER_US,
                              .seed = work->seed};
}

// The result of each answer, as the digest of a session has it.
static uint64_t result_of(const struct work *work)
{
    struct site_work computation = work_of(work);
    return computation.rounds > 0 ? site_compute(&computation) : 0;
}

static struct load_plan plan_of(const struct work *work, struct wording *wording)
{
    const struct serve_parameters *parameters = work->parameters;
    uint64_t clients = parameters->clients > 0 ? parameters->clients : work->concurrency;
    wording_build(wording, parameters->work_ns, work->seed);
    return (struct load_plan){.kind = (enum load_kind)parameters->load_kind,
                              .by_hand = serve_by_hand(parameters),
                              .for_ns = parameters->for_ns,
                              .connections = work->tasks,
                              .clients = (uint32_t)clients,
                              .pipeline = (uint32_t)parameters->pipeline,
                              .requests = parameters->requests,
                              .rate = parameters->rate,
                              .burst = parameters->burst,
                              .target = wording->target,
                              .answer = wording->answer,
                              .cpus = work->peer_cpus};
}

// ---- before --------------------------------------------------------------------------

static int parameters_check(const struct work *work, struct reason *reason)
{
    const struct serve_parameters *parameters = work->parameters;
    if (parameters->work_ns % 1000 != 0)
        return reason_set(
            reason, -EINVAL,
            "--work: a request asks for whole microseconds; give 1us to 1s");
    if (parameters->for_ns != 0 && !serve_by_hand(parameters))
        return reason_set(reason, -EINVAL,
                          "--for says how long --listen lasts; give both, or neither");
    if (parameters->rate > 0 && work->concurrency < work->tasks)
        return reason_set(reason, -EINVAL,
                          "--rate: a schedule needs all connections from its start; give "
                          "--concurrency %" PRIu32 ", as many as --tasks",
                          work->tasks);
    if (parameters->burst > 1 &&
        (parameters->rate == 0 || parameters->load_kind != LOAD_OWN))
        return reason_set(reason, -EINVAL,
                          "--burst belongs to a schedule of our own: give --rate and "
                          "--load own, or leave it out");
    if (parameters->clients > work->tasks)
        return reason_set(reason, -EINVAL,
                          "--clients %" PRIu64 ": there are only --tasks %" PRIu32
                          " connections; give 1 to %" PRIu32,
                          parameters->clients, work->tasks, work->tasks);
    if (parameters->load_kind == LOAD_H2LOAD && parameters->clients != 0 &&
        parameters->clients != work->tasks)
        return reason_set(reason, -EINVAL,
                          "--clients %" PRIu64
                          ": h2load opens all connections at once; leave it out",
                          parameters->clients);
    return 0;
}

static void announce(const struct server *server)
{
    char host[INET_ADDRSTRLEN];
    inet_ntop(AF_INET, &server->address.sin_addr, host, sizeof host);
    fprintf(stderr, "serving http://%s:%d/ until SIGTERM or SIGINT\n", host,
            ntohs(server->address.sin_port));
}

static int serve_setup(struct work *work, struct reason *reason)
{
    struct serve_parameters *parameters = work->parameters;
    struct wording wording;
    struct load_plan plan = plan_of(work, &wording);
    struct server_plan server_plan = {.listen_on = parameters->listen,
                                      .places = work->tasks,
                                      .listeners = (uint32_t)parameters->listeners};
    int error = parameters_check(work, reason);
    tzset(); // or gmtime_r() would read the time zone in each process again, for its first reply
    if (error == 0)
        error = server_open(&parameters->server, &server_plan, reason);
    if (error != 0)
        return error;
    error = load_start(&parameters->load, &plan, parameters->server, reason);
    if (error != 0)
        return error;
    work->peer = parameters->load.helper.pid;
    if (serve_by_hand(parameters)) {
        work->lasts_ns = parameters->for_ns > 0 ? parameters->for_ns : UINT64_MAX;
        on_signal(SIGTERM, server_stop, parameters->server);
        on_signal(SIGINT, server_stop, parameters->server);
        announce(parameters->server);
    }
    return 0;
}

// ---- after ---------------------------------------------------------------------------

// Visitors by hand ask as they like: then the ledger is the work that was done.
static void expect_what_was_done(const struct work *work, struct ledger *expected)
{
    *expected = (struct ledger){.tasks = work->tasks};
    for (uint32_t task = 0; task < work->tasks && work->outcomes != NULL; task++) {
        const struct outcome *outcome = outcome_at(work, task);
        expected->operations += outcome->operations;
        expected->bytes_in += outcome->bytes_in;
        expected->bytes_out += outcome->bytes_out;
    }
}

static void serve_expect(const struct work *work, struct ledger *expected)
{
    struct wording wording;
    struct load_plan plan = plan_of(work, &wording);
    uint64_t requests_bytes;
    uint64_t answers_bytes;
    expect_what_was_done(work, expected);
    if (plan.by_hand)
        return;
    expected->operations = work->tasks * plan.requests;
    if (plan.kind != LOAD_OWN) // the requests of h2load are its own matter
        return;
    load_expect(&plan, &requests_bytes, &answers_bytes);
    expected->bytes_in = work->tasks * requests_bytes;
    expected->bytes_out = work->tasks * answers_bytes;
}

// Visitors by hand ask as they like, and the words of h2load are its own matter.
static void serve_expect_task(const struct work *work, uint32_t index,
                              struct ledger *share)
{
    const struct serve_parameters *parameters = work->parameters;
    (void)index;
    if (serve_by_hand(parameters))
        share->operations = NUMBER_UNKNOWN;
    if (serve_by_hand(parameters) || parameters->load_kind != LOAD_OWN)
        share->bytes_in = share->bytes_out = NUMBER_UNKNOWN;
}

// By hand it depends on who comes, and nobody compares.
static uint64_t serve_digest(const struct work *work, uint32_t index)
{
    (void)index; // all connections ask the same
    const struct serve_parameters *parameters = work->parameters;
    return serve_by_hand(parameters)
               ? 0
               : session_digest(parameters->requests, result_of(work));
}

// The last request of a schedule is due so late.
static uint64_t serve_least_run_ns(const struct work *work)
{
    const struct serve_parameters *parameters = work->parameters;
    if (parameters->rate == 0)
        return 0;
    struct load_plan plan = {.rate = parameters->rate, .burst = parameters->burst};
    return load_due_ns(&plan, work->tasks * parameters->requests - 1);
}

static int session_check(const struct work *work, uint32_t task, uint64_t wanted,
                         struct reason *reason)
{
    const struct serve_parameters *parameters = work->parameters;
    const struct outcome *outcome = outcome_at(work, task);
    if (parameters->server->places[task].connections != 1)
        return reason_set(reason, -EBADMSG,
                          "task %" PRIu32 " served %" PRIu32 " connections instead of 1",
                          task, parameters->server->places[task].connections);
    if (outcome->digest != wanted)
        return reason_set(reason, -EBADMSG,
                          "task %" PRIu32 " has digest %016" PRIx64
                          ", its answers should give %016" PRIx64,
                          task, outcome->digest, wanted);
    return 0;
}

static int serve_verify(const struct work *work, struct reason *reason)
{
    const struct serve_parameters *parameters = work->parameters;
    struct wording wording;
    struct load_plan plan = plan_of(work, &wording);
    int error = 0;
    if (plan.by_hand)
        return 0;
    uint64_t digest = serve_digest(work, 0);
    for (uint32_t task = 0; task < work->tasks && error == 0; task++)
        error = session_check(work, task, digest, reason);
    return error != 0 ? error : load_verify(&parameters->load, &plan, reason);
}

static int serve_teardown(struct work *work, struct reason *reason)
{
    struct serve_parameters *parameters = work->parameters;
    work->peer = 0;
    server_close(parameters->server);
    return load_stop(&parameters->load, reason);
}

// ---- figures -------------------------------------------------------------------------

static const struct histogram *serve_latencies(const struct work *work, const char **kind)
{
    const struct serve_parameters *parameters = work->parameters;
    const struct load_ledger *ledger = parameters->load.ledger;
    bool open_loop = parameters->rate > 0 && parameters->load_kind == LOAD_OWN;
    *kind = open_loop ? "response" : "service";
    if (ledger == NULL || serve_by_hand(parameters))
        return NULL;
    return open_loop ? &ledger->response : &ledger->service;
}

// Loops that share a listener can be unequal without being wrong: who has just been busy
// comes back to wait last, and is asked first.
static int shares_results(const struct server *server, struct named_number *out)
{
    struct server_shares shares;
    if (server_shares(server, &shares) != 0)
        return 0;
    out[0] = (struct named_number){"workers_that_served", shares.workers};
    out[1] = (struct named_number){"connections_of_one_least", shares.least};
    out[2] = (struct named_number){"connections_of_one_most", shares.most};
    return 3;
}

static int serve_results(const struct work *work, struct named_number *out, int room)
{
    const struct serve_parameters *parameters = work->parameters;
    const struct load_ledger *ledger = parameters->load.ledger;
    CHECK(room >= 10);
    int count = shares_results(parameters->server, out);
    if (serve_by_hand(parameters)) {
        uint64_t accepted = atomic_load(&parameters->server->accepted);
        out[count++] = (struct named_number){"connections", accepted};
        return count;
    }
    uint64_t lasted_ns = ledger->last_ns - ledger->first_ns;
    double requests = (double)ledger->answers;
    out[count++] = (struct named_number){"requests_per_second",
                                         (uint64_t)(requests * 1e9 / (double)lasted_ns)};
    out[count++] = (struct named_number){"load_cpu_ns", ledger->cpu_ns};
    out[count++] =
        (struct named_number){"load_busy_percent", ledger->cpu_ns * 100 / lasted_ns};
    if (parameters->rate > 0) {
        out[count++] = (struct named_number){"overloaded", load_overloaded(ledger)};
        out[count++] = (struct named_number){"behind_ns", ledger->behind_ns};
        out[count++] = (struct named_number){"service_p50_ns",
                                             histogram_percentile(&ledger->service, 0.5)};
        out[count++] =
            (struct named_number){"service_p99_ns",
                                  histogram_percentile(&ledger->service, 0.99)};
    }
    return count;
}

const struct workload serve_workload = {
    .name = "serve",
    .kind = WORKLOAD_IO,
    .summary = "an HTTP/1.1 server, asked by a load or by whoever comes",
    .operation = "requests",
    .default_tasks = 50,
    .default_concurrency = 50,
    .peer = true,
    .descriptors = 1,
    .options = serve_options,
    .parameters_size = sizeof(struct serve_parameters),
    .latency = "service",
    .latencies = serve_latencies,
    .setup = serve_setup,
    .expect = serve_expect,
    .expect_task = serve_expect_task,
    .digest = serve_digest,
    .least_run_ns = serve_least_run_ns,
    .verify = serve_verify,
    .results = serve_results,
    .teardown = serve_teardown,
};

// SPDX-License-Identifier: MIT
//
// Starting, checking and ending the back-end process: see backend.h.
#define _GNU_SOURCE // MAP_ANONYMOUS: Linux, not POSIX
#include "workloads/fetch/backend.h"

#include "lib/check.h"
#include "lib/limits.h"
#include "workloads/fetch/kernel.h"
#include "workloads/fetch/server.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static uint64_t counter_get(_Atomic uint64_t *counter)
{
    return atomic_load_explicit(counter, memory_order_relaxed);
}

// ---- start ---------------------------------------------------------------------------

static void endpoints_free(struct fetch_backend *backend)
{
    for (uint32_t i = 0; i < backend->endpoint_count; i++)
        fetch_endpoint_close(&backend->endpoints[i]);
    free(backend->endpoints);
    backend->endpoints = NULL;
    backend->endpoint_count = 0;
}

// The address of listener number `number`: where one was asked for, the first has it and
// the others have the ports behind.
static int address_choose(struct fetch_endpoint *endpoint, const struct fetch_plan *plan,
                          uint32_t number, struct reason *reason)
{
    if (plan->listen == NULL) {
        fetch_endpoint_any(endpoint, plan->transport);
        return 0;
    }
    int error = fetch_endpoint_parse(endpoint, plan->listen, reason);
    in_port_t *port = &endpoint->address.tcp.sin_port;
    if (error == 0 && endpoint->address.any.sa_family == AF_INET && *port != 0)
        *port = htons((uint16_t)(ntohs(*port) + number));
    return error;
}

static uint32_t run_count(const struct fetch_plan *plan)
{
    return plan->runs == 0 ? 1 : plan->runs;
}

static int endpoints_open(struct fetch_backend *backend, const struct fetch_plan *plan,
                          struct reason *reason)
{
    uint32_t count = fetch_endpoint_count(plan->concurrency);
    if (plan->listen != NULL && strncmp(plan->listen, "unix:", 5) == 0)
        count = 1; // there is one socket of a name
    int error = limits_check_descriptors((uint64_t)plan->concurrency + count, reason);
    if (error != 0)
        return error;
    backend->endpoints = calloc(count, sizeof *backend->endpoints);
    if (backend->endpoints == NULL)
        return reason_set(reason, -ENOMEM, "no memory for %u listeners", count);
    while (backend->endpoint_count < count && error == 0) {
        struct fetch_endpoint *endpoint = &backend->endpoints[backend->endpoint_count];
        error = address_choose(endpoint, plan, backend->endpoint_count, reason);
        if (error == 0)
            error = fetch_endpoint_open(endpoint, reason);
        if (error == 0)
            backend->endpoint_count++;
    }
    if (error != 0)
        endpoints_free(backend);
    return error;
}

struct life {
    const struct fetch_backend *backend;
    const struct fetch_plan *plan;
};

static int backend_live(void *argument, int control)
{
    const struct life *life = argument;
    const struct fetch_backend *backend = life->backend;
    return fetch_server_run(life->plan, backend->endpoints, backend->endpoint_count,
                            control, backend->counters);
}

static int process_start(struct fetch_backend *backend, const struct fetch_plan *plan,
                         struct reason *reason)
{
    struct life life = {.backend = backend, .plan = plan};
    struct helper_job job = {.name = "fetch-backend",
                             .what = "the back end",
                             .cpus = plan->cpus,
                             .live = backend_live,
                             .argument = &life,
                             .failure = &backend->counters->failure};
    int error = helper_start(&backend->helper, &job, reason);
    // Ours would keep the addresses alive when the back end dies.
    for (uint32_t i = 0; error == 0 && i < backend->endpoint_count; i++)
        fetch_endpoint_close(&backend->endpoints[i]);
    return error;
}

int fetch_backend_start(struct fetch_backend *backend, const struct fetch_plan *plan,
                        struct reason *reason)
{
    memset(backend, 0, sizeof *backend);
    limits_raise();
    int error = endpoints_open(backend, plan, reason);
    if (error != 0)
        return error;
    backend->counters_size = run_count(plan) * sizeof *backend->counters;
    void *counters = mmap(NULL, backend->counters_size, PROT_READ | PROT_WRITE,
                          MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (counters == MAP_FAILED) {
        error = reason_set(reason, -ENOMEM, "no memory to share with the back end");
        goto free_endpoints;
    }
    backend->counters = counters;
    for (uint32_t run = 0; run < run_count(plan); run++)
        backend->counters[run].least_held_ns = UINT64_MAX;
    error = process_start(backend, plan, reason);
    if (error == 0)
        return 0;
    munmap(counters, backend->counters_size);
    backend->counters = NULL;
free_endpoints:
    endpoints_free(backend);
    return error;
}

int fetch_backend_join(struct fetch_backend *backend, const char *addresses,
                       struct reason *reason)
{
    *backend = (struct fetch_backend){0};
    size_t most = strlen(addresses) / 2 + 1;
    backend->endpoints = calloc(most, sizeof *backend->endpoints);
    if (backend->endpoints == NULL)
        return reason_set(reason, -ENOMEM, "no memory for %zu addresses", most);
    for (const char *start = addresses; start != NULL;) {
        char address[128] = "";
        size_t length = strcspn(start, ",");
        snprintf(address, sizeof address, "%.*s", (int)length, start);
        struct fetch_endpoint *endpoint = &backend->endpoints[backend->endpoint_count];
        int error = fetch_endpoint_parse(endpoint, address, reason);
        if (error != 0)
            return error;
        backend->endpoint_count++;
        start = start[length] == ',' ? start + length + 1 : NULL;
    }
    return 0;
}

// ---- verify --------------------------------------------------------------------------

static int refusal_check(const struct fetch_backend *backend, struct reason *reason)
{
    struct fetch_counters *counters = backend->counters;
    uint64_t refused = counter_get(&counters->refused);
    if (refused == 0)
        return 0;
    return reason_set(reason, -EBADMSG,
                      "the back end refused %" PRIu64
                      " message%s, the first in a session "
                      "of task %" PRIu32 ": %s",
                      refused, refused == 1 ? "" : "s",
                      atomic_load(&counters->faulty_task),
                      fetch_fault_name(atomic_load(&counters->first_fault)));
}

int fetch_backend_verify(const struct fetch_backend *backend,
                         const struct fetch_plan *plan, struct reason *reason)
{
    int error = refusal_check(backend, reason);
    if (error != 0)
        return error;
    struct fetch_counters *counters = backend->counters;
    uint64_t exchanges = plan->tasks * plan->exchanges;
    uint64_t bytes = exchanges * plan->payload;
    const struct {
        const char *what;
        uint64_t found, expected;
    } checks[] = {
        {"sessions accepted", counter_get(&counters->sessions), plan->tasks},
        {"requests received", counter_get(&counters->requests), exchanges},
        {"replies sent", counter_get(&counters->replies), exchanges},
        {"bytes received", counter_get(&counters->bytes_in), bytes},
        {"bytes sent", counter_get(&counters->bytes_out), bytes},
        {"sessions left early", counter_get(&counters->left_early), 0},
    };
    for (size_t i = 0; i < ARRAY_LEN(checks); i++) {
        if (checks[i].found != checks[i].expected)
            return reason_set(reason, -EBADMSG,
                              "the back end counted %" PRIu64 " %s, expected %" PRIu64,
                              checks[i].found, checks[i].what, checks[i].expected);
    }
    return 0;
}

// ---- stop ----------------------------------------------------------------------------

int fetch_backend_stop(struct fetch_backend *backend, struct reason *reason)
{
    if (backend->helper.pid == 0)
        return 0;
    int error = helper_stop(&backend->helper, false, reason);
    if (error == 0)
        error = refusal_check(backend, reason);
    endpoints_free(backend);
    return error;
}

void fetch_backend_destroy(struct fetch_backend *backend)
{
    CHECK(backend->helper.pid == 0);
    if (backend->counters != NULL)
        munmap(backend->counters, backend->counters_size);
    backend->counters = NULL;
}

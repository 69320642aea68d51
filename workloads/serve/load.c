// SPDX-License-Identifier: MIT
//
// Starting, checking and ending the load: see load.h.
#define _GNU_SOURCE // MAP_ANONYMOUS, O_ASYNC and F_SETOWN: Linux, not POSIX
#include "workloads/serve/load.h"

#include "lib/check.h"
#include "lib/clock.h"
#include "lib/on_signal.h"
#include "workloads/serve/client.h"
#include "workloads/serve/h2load.h"
#include "workloads/serve/message.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

// ---- the load's own process ----------------------------------------------------------

struct life {
    const struct load_plan *plan;
    struct server *server;
    struct load_ledger *ledger;
};

static uint64_t cpu_time_ns(int who)
{
    struct rusage usage;
    if (getrusage(who, &usage) != 0)
        return 0;
    return (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * NS_PER_SECOND +
           (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000;
}

// By hand nobody asks: this is only the clock.
static int wait_by_hand(const struct load_plan *plan, int control)
{
    struct pollfd watched = {.fd = control, .events = POLLIN};
    uint64_t ms = plan->for_ns / (NS_PER_SECOND / 1000);
    poll(&watched, 1, plan->for_ns == 0 || ms > INT32_MAX ? -1 : (int)ms);
    return 0;
}

static int load_live(void *argument, int control)
{
    const struct life *life = argument;
    server_close(life->server); // the address must not outlive its server
    if (life->plan->by_hand)
        return wait_by_hand(life->plan, control);
    int error = life->plan->kind == LOAD_H2LOAD
                    ? h2load_run(life->plan, life->server, life->ledger)
                    : client_run(life->plan, life->server, control, life->ledger);
    life->ledger->cpu_ns = cpu_time_ns(RUSAGE_SELF) + cpu_time_ns(RUSAGE_CHILDREN);
    return error;
}

// ---- start ---------------------------------------------------------------------------

// From here on, whatever ends the load closes its end of the control socket, and the kernel
// tells us by SIGIO (fcntl(2), F_SETOWN): nobody then waits for a connection in vain.
static int end_hear(const struct load *load, struct server *server)
{
    int flags = fcntl(load->helper.control, F_GETFL);
    on_signal(SIGIO, server_stop, server);
    if (fcntl(load->helper.control, F_SETOWN, getpid()) != 0 ||
        fcntl(load->helper.control, F_SETFL, flags | O_ASYNC) != 0)
        return -errno;
    return 0;
}

int load_start(struct load *load, const struct load_plan *plan, struct server *server,
               struct reason *reason)
{
    memset(load, 0, sizeof *load);
    int error = plan->kind == LOAD_H2LOAD && !plan->by_hand ? h2load_check(reason) : 0;
    if (error != 0)
        return error;
    void *ledger = mmap(NULL, sizeof *load->ledger, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (ledger == MAP_FAILED)
        return reason_set(reason, -ENOMEM, "no memory to share with the load");
    load->ledger = ledger;
    struct life life = {.plan = plan, .server = server, .ledger = ledger};
    struct helper_job job = {.name = "serve-load",
                             .what = "the load",
                             .cpus = plan->cpus,
                             .live = load_live,
                             .argument = &life,
                             .failure = &load->ledger->failure};
    error = helper_start(&load->helper, &job, reason);
    if (error != 0) {
        munmap(load->ledger, sizeof *load->ledger);
        load->ledger = NULL;
        return error;
    }
    error = end_hear(load, server);
    return error == 0 ? 0
                      : reason_set(reason, error, "cannot hear when the load ends: %s",
                                   strerror(-error));
}

uint64_t load_due_ns(const struct load_plan *plan, uint64_t number)
{
    uint64_t first_of_burst = number / plan->burst * plan->burst;
    return (uint64_t)((double)first_of_burst / (double)plan->rate * 1e9);
}

// ---- verify --------------------------------------------------------------------------

void load_expect(const struct load_plan *plan, uint64_t *requests_bytes,
                 uint64_t *answers_bytes)
{
    const struct sockaddr_in any_port = {.sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct messages messages;
    messages_build(&messages, plan, &any_port);
    uint64_t usual = plan->requests - 1;
    *requests_bytes = usual * messages.request[0].length + messages.request[1].length;
    *answers_bytes = usual * messages.answer[0].length + messages.answer[1].length;
}

// Little's law: the time that requests were under way, added up as it passed, is the sum of
// their latencies. It holds exactly for a clock and books that are right; 3 % are for the
// kernel's clock between CPUs.
static int little_check(const struct load_ledger *ledger, struct reason *reason)
{
    double latencies_ns = ledger->service.sum;
    double passed_ns = ledger->in_flight_ns;
    if (latencies_ns <= 1.03 * passed_ns && latencies_ns >= 0.97 * passed_ns)
        return 0;
    return reason_set(reason, -EBADMSG,
                      "the load's books contradict each other: latencies add up to %.3f "
                      "ms, requests were under way for %.3f ms (Little's law)",
                      latencies_ns / 1e6, passed_ns / 1e6);
}

int load_verify(const struct load *load, const struct load_plan *plan,
                struct reason *reason)
{
    const struct load_ledger *ledger = load->ledger;
    uint64_t answers = plan->requests * plan->connections;
    if (ledger->fault[0] != '\0')
        return reason_set(reason, -EBADMSG, "the load: %s", ledger->fault);
    if (ledger->connections != plan->connections || ledger->answers != answers)
        return reason_set(reason, -EBADMSG,
                          "the load counted %" PRIu64 " right answers on %" PRIu64
                          " connections, expected %" PRIu64 " on %" PRIu32,
                          ledger->answers, ledger->connections, answers,
                          plan->connections);
    return plan->kind == LOAD_OWN ? little_check(ledger, reason) : 0;
}

bool load_overloaded(const struct load_ledger *ledger)
{
    static const uint64_t passing_ns = NS_PER_SECOND / 20;
    uint64_t lasted_ns = ledger->last_ns - ledger->first_ns;
    return ledger->behind_ns > passing_ns && ledger->behind_ns > lasted_ns / 20;
}

// ---- stop ----------------------------------------------------------------------------

int load_stop(struct load *load, struct reason *reason)
{
    struct reason end;
    int error = helper_stop(&load->helper, true, &end);
    if (error == 0)
        return 0;
    const char *fault = load->ledger->fault;
    return reason_set(reason, error, "%.250s%s%.200s", end.text,
                      fault[0] != '\0' ? ": " : "", fault);
}

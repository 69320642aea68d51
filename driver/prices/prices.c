// SPDX-License-Identifier: MIT
//
// Prices out of probes: see prices.h. A price is a sum of probes with signs, made within each
// round: what waking costs is a call that wakes somebody less one that does not.
#define _GNU_SOURCE // MAP_ANONYMOUS is Linux and BSD, not POSIX
#include "driver/prices/prices.h"

#include "driver/prices/probe.h"
#include "driver/system/interrupt.h"
#include "lib/check.h"
#include "lib/clock.h"
#include "lib/cpus.h"
#include "lib/process.h"

#include <errno.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define UNKNOWN        ((double)NAN)
#define PROBES_MAXIMUM 64
#define CLOCK_WINDOWS  50
#define FILES_BESIDES  64
#define CHILD_LIMIT_NS (300 * NS_PER_SECOND) // two on a quiet machine
#define LOOK_NS        (NS_PER_SECOND / 100)

// ---- the clocks of a probe -------------------------------------------------------------

static uint64_t children_ns(void)
{
    struct rusage usage;
    getrusage(RUSAGE_CHILDREN, &usage);
    return (uint64_t)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * NS_PER_SECOND +
           (uint64_t)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1000;
}

static uint64_t cpu_now_ns(const struct probe *probe)
{
    struct timespec now;
    clock_gettime(probe->clock, &now);
    return (uint64_t)now.tv_sec * NS_PER_SECOND + (uint64_t)now.tv_nsec;
}

// The clock of wall-clock time is read without a system call, so it stands inside.
void probe_start(struct probe *probe)
{
    probe->windows++;
    probe->cpu_began_ns = children_ns();
    probe->cpu_began_ns += cpu_now_ns(probe);
    probe->wall_began_ns = clock_now_ns();
}

void probe_stop(struct probe *probe)
{
    probe->wall_ns += clock_now_ns() - probe->wall_began_ns;
    uint64_t cpu_ns = cpu_now_ns(probe);
    probe->cpu_ns += cpu_ns + children_ns() - probe->cpu_began_ns;
}

// The cost of the clocks themselves, for one pair of start and stop.
static struct probe measure_clocks(clockid_t clock)
{
    struct probe empty = {.clock = clock};
    while (empty.windows < CLOCK_WINDOWS) {
        probe_start(&empty);
        probe_stop(&empty);
    }
    return empty;
}

static double per_time(uint64_t ns, uint64_t empty_ns, const struct probe *probe,
                       int64_t times)
{
    double clocks_ns = (double)empty_ns * probe->windows / CLOCK_WINDOWS;
    return times > 0 ? ((double)ns - clocks_ns) / (double)times : UNKNOWN;
}

// ---- all of them, in a child process ---------------------------------------------------

static const struct probe_kind *const lists[] = {probe_calls, probe_sockets, probe_tasks,
                                                 probe_elsewhere};

static const struct probe_kind *probe_at(unsigned index)
{
    for (size_t list = 0; list < ARRAY_LEN(lists); list++)
        for (const struct probe_kind *kind = lists[list]; kind->name != NULL; kind++)
            if (index-- == 0)
                return kind;
    return NULL;
}

// The result of the child: ns per time, or how it failed.
struct measured {
    double cpu_ns[PROBES_MAXIMUM][PRICES_ROUNDS];
    double wall_ns[PROBES_MAXIMUM][PRICES_ROUNDS];
    int error[PROBES_MAXIMUM];
    unsigned threads;        // of the probes with many
    char elsewhere[16];      // another CPU than theirs; "": there is none
    _Atomic unsigned rounds; // that are complete
};

static void measure_one(const struct probe_kind *kind, unsigned index, unsigned round,
                        struct measured *measured)
{
    struct probe probe = {.clock = CLOCK_PROCESS_CPUTIME_ID,
                          .threads = measured->threads,
                          .elsewhere = measured->elsewhere[0] != '\0'
                                           ? measured->elsewhere
                                           : NULL};
    int64_t times = measured->error[index] == 0 ? kind->run(&probe, kind) : 0;
    if (times < 0)
        measured->error[index] = (int)times;
    const struct probe empty = measure_clocks(probe.clock);
    measured->cpu_ns[index][round] = per_time(probe.cpu_ns, empty.cpu_ns, &probe, times);
    measured->wall_ns[index][round] =
        per_time(probe.wall_ns, empty.wall_ns, &probe, times);
}

// The first round, in which files and memory are met for the first time, is thrown away.
_Noreturn static void measure_all(struct measured *measured)
{
    if (cpus_keep(0) != 0)
        _exit(EXIT_FAILURE);
    for (unsigned round = 0; round <= PRICES_ROUNDS; round++) {
        const struct probe_kind *kind;
        unsigned place = round == 0 ? 0 : round - 1;
        for (unsigned i = 0; (kind = probe_at(i)) != NULL; i++)
            measure_one(kind, i, place, measured);
        atomic_store(&measured->rounds, place + (round > 0));
    }
    _exit(EXIT_SUCCESS);
}

// 0, or -errno with the reason.
static int await_child(pid_t child, struct reason *reason)
{
    uint64_t deadline_ns = clock_now_ns() + CHILD_LIMIT_NS;
    int status = 0;
    pid_t ended;
    while ((ended = process_wait(child, &status, WNOHANG)) == 0) {
        bool stop = interrupt_wanted(LOOK_NS);
        if (!stop && clock_now_ns() < deadline_ns)
            continue;
        process_wait_or_kill(child, &status, 0);
        return stop ? reason_set(reason, -EINTR, "stopped while prices were measured")
                    : reason_set(reason, -ETIMEDOUT,
                                 "prices could not be measured within 300 s");
    }
    char how[100];
    if (ended == child && WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return 0;
    process_describe_status(status, how, sizeof how);
    return reason_set(reason, -EIO, "the process that measures prices %s", how);
}

// ---- prices ----------------------------------------------------------------------------

struct term {
    const char *probe; // NULL ends the list
    double factor;
};

struct formula {
    const char *name;
    const char *what;
    struct term terms[5]; // the last one is empty
};

static const struct formula formulas[] = {
    {"call/read", "64 bytes from a socket that has them", {{"unix/read", 1}}},
    {"call/write", "64 bytes into an AF_UNIX socket, nobody waits", {{"unix/write", 1}}},
    {"call/read/tcp", "the same over TCP", {{"tcp/read", 1}}},
    {"call/write/tcp", "the same over TCP, the way through included", {{"tcp/write", 1}}},
    {"call/connect", "AF_UNIX, to a listener with room", {{"unix/connect", 1}}},
    {"call/connect/tcp", "TCP, to a listener with room", {{"tcp/connect", 1}}},
    {"call/close", "of a connected AF_UNIX socket", {{"unix/close", 1}}},
    {"call/close/tcp", "of a connected TCP socket", {{"tcp/close", 1}}},
    {"call/socket", "a new AF_UNIX socket", {{"socket", 1}}},
    {"call/openat", "open() and close() of a device, a half", {{"open+close", 0.5}}},
    {"call/epoll_ctl", "a descriptor in or out", {{"epoll_ctl*2", 0.5}}},
    {PRICE_EVENT, "each further event of an epoll_wait()", {{"events", 1}}},
    {PRICE_HANDOVER_FUTEX, "wake a thread and sleep, by futex", {{"ring/futex", 1}}},
    {PRICE_HANDOVER_PIPE, "wake a thread and sleep, by pipe", {{"ring/pipe", 1}}},
    {PRICE_WAKEUP,
     "what waking a sleeper adds to a call",
     {{"wakeups", 1}, {"futex", -1}}},
    {PRICE_SWITCH,
     "a hand-over by pipe without its calls and its wake-up",
     {{"ring/pipe", 1}, {"pipe/exchange", -1}, {"wakeups", -1}, {"futex", 1}}},
    {PRICE_SWITCH_ELSEWHERE,
     "a sleeper that another CPU wakes, without its call",
     {{"elsewhere", 1}, {"unix/read", -1}}},
    {PRICE_FAULT, "first touch of a page of memory", {{"fault", 1}}},
    {PRICE_FAULT_COPY, "first write to a page after a fork", {{"fault/copy", 1}}},
    {PRICE_THREAD, "start and join, one at a time", {{"thread", 1}}},
    {PRICE_PROCESS, "fork, exit and wait, one at a time", {{"process", 1}}},
    {PRICE_SLEEP, "nanosleep() of 1 us", {{"sleep", 1}}},
    {PRICE_EXCHANGE_UNIX, "64 bytes sent and received, AF_UNIX", {{"unix/exchange", 1}}},
    {PRICE_EXCHANGE_TCP, "64 bytes sent and received, TCP", {{"tcp/exchange", 1}}},
    {PRICE_BYTE,
     "sent and received over AF_UNIX, beyond 64",
     {{"unix/large", 1.0 / (16384 - 64)}, {"unix/exchange", -1.0 / (16384 - 64)}}},
    {PRICE_BYTE_MEMCPY, "copied in memory, 1 MiB at a time", {{"memcpy", 1}}},
};

static int find_probe(const char *name)
{
    const struct probe_kind *kind;
    for (unsigned i = 0; (kind = probe_at(i)) != NULL; i++)
        if (strcmp(kind->name, name) == 0)
            return (int)i;
    CHECK(false); // a formula names no probe
    return -1;
}

static double value_of(const struct formula *formula,
                       const double values[PROBES_MAXIMUM][PRICES_ROUNDS], unsigned round)
{
    double sum = 0;
    for (const struct term *term = formula->terms; term->probe != NULL; term++)
        sum += term->factor * values[find_probe(term->probe)][round];
    return sum;
}

struct price_time price_time_of(double *values, size_t n)
{
    struct price_time time = {.ns = (double)NAN,
                              .interval = {(double)NAN, (double)NAN, 0}};
    for (size_t i = 0; i < n; i++)
        if (isnan(values[i]))
            return time;
    if (n == 0)
        return time;
    statistics_sort(values, n);
    time.ns = statistics_quantile(values, n, 0.5);
    time.interval = statistics_median_interval(values, n, STATISTICS_LEVEL);
    return time;
}

struct price *prices_add(struct prices *prices, const char *name, const char *what)
{
    const struct price_time unknown = {UNKNOWN, {UNKNOWN, UNKNOWN, 0}};
    CHECK(prices->count < PRICES_MAXIMUM);
    struct price *price = &prices->list[prices->count++];
    *price = (struct price){.cpu = unknown, .wall = unknown};
    snprintf(price->name, sizeof price->name, "%s", name);
    snprintf(price->what, sizeof price->what, "%s", what);
    return price;
}

static void add_price(struct prices *prices, const struct formula *formula,
                      const struct measured *measured)
{
    double cpu[PRICES_ROUNDS], wall[PRICES_ROUNDS];
    struct price *price = prices_add(prices, formula->name, formula->what);
    for (unsigned round = 0; round < PRICES_ROUNDS; round++) {
        cpu[round] = value_of(formula, measured->cpu_ns, round);
        wall[round] = value_of(formula, measured->wall_ns, round);
    }
    price->cpu = price_time_of(cpu, PRICES_ROUNDS);
    price->wall = price_time_of(wall, PRICES_ROUNDS);
    for (const struct term *term = formula->terms; term->probe != NULL; term++) {
        int error = measured->error[find_probe(term->probe)];
        if (error != 0)
            snprintf(price->missing, sizeof price->missing, "%s: %s", term->probe,
                     strerror(-error));
    }
}

// A probe of a single call is a price as it stands.
static void add_calls(struct prices *prices, const struct measured *measured)
{
    char name[40];
    for (const struct probe_kind *kind = probe_calls; kind->name != NULL; kind++) {
        struct formula formula = {.name = name,
                                  .what = "one call that waits for nothing",
                                  .terms = {{kind->name, 1}}};
        if (strpbrk(kind->name, "+*") != NULL)
            continue;
        snprintf(name, sizeof name, "call/%s", kind->name);
        add_price(prices, &formula, measured);
    }
}

// Each thread of a ring has two ends of a pipe; some files are open besides.
static unsigned bound_threads(double wanted)
{
    struct rlimit files;
    double most = PROBE_THREADS_MOST;
    if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur != RLIM_INFINITY)
        most = fmin(most, ((double)files.rlim_cur - FILES_BESIDES) / 2);
    return (unsigned)fmax(PRICES_THREADS, fmin(most, wanted));
}

static void find_elsewhere(struct measured *measured)
{
    char rest[sizeof measured->elsewhere]; // as far as it goes in
    if (!cpus_split(rest, measured->elsewhere, sizeof measured->elsewhere))
        measured->elsewhere[0] = '\0';
}

int prices_measure(struct prices *prices, double threads, struct reason *reason)
{
    uint64_t began_ns = clock_now_ns();
    *prices = (struct prices){.rounds = PRICES_ROUNDS};
    struct measured *measured = mmap(NULL, sizeof *measured, PROT_READ | PROT_WRITE,
                                     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (measured == MAP_FAILED)
        return reason_set(reason, -errno, "no memory to measure prices in");
    CHECK(probe_at(PROBES_MAXIMUM) == NULL);
    measured->threads = bound_threads(threads);
    find_elsewhere(measured);
    pid_t child = process_fork();
    if (child == 0)
        measure_all(measured);
    int error = child < 0 ? reason_set(reason, (int)child, "cannot fork: %s",
                                       strerror(-(int)child))
                          : await_child(child, reason);
    if (error == 0) {
        add_calls(prices, measured);
        for (size_t i = 0; i < ARRAY_LEN(formulas); i++)
            add_price(prices, &formulas[i], measured);
    }
    munmap(measured, sizeof *measured);
    prices->took_ns = (double)(clock_now_ns() - began_ns);
    return error;
}

const struct price *prices_find(const struct prices *prices, const char *name)
{
    for (size_t i = 0; i < prices->count; i++)
        if (strcmp(prices->list[i].name, name) == 0)
            return isnan(prices->list[i].cpu.ns) ? NULL : &prices->list[i];
    return NULL;
}

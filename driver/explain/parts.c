// SPDX-License-Identifier: MIT
//
// Numbers times prices: see explain.h.
#include "driver/explain/parts.h"

#include "lib/check.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

// ---- prices of calls -------------------------------------------------------------------

// Calls that do what another one does, and cost about the same.
static const char *const same[][2] = {
    {"sendto", "write"},
    {"sendmsg", "write"},
    {"writev", "write"},
    {"pwrite64", "write"},
    {"recvfrom", "read"},
    {"recvmsg", "read"},
    {"readv", "read"},
    {"pread64", "read"},
    {"epoll_pwait", "epoll_wait"},
    {"epoll_pwait2", "epoll_wait"},
    {"ppoll", "poll"},
    {"pselect6", "select"},
    {"accept4", "socket"},
    {"accept", "socket"},
    {"socketpair", "socket"},
    {"nanosleep", "clock_nanosleep"},
    {"open", "openat"},
    {"newfstatat", "fstat"},
};

// Calls that another part counts, as a thread or a process.
static const char *const starts[] = {"clone", "clone3", "fork",      "vfork",
                                     "exit",  "execve", "exit_group"};

bool part_is_start(const char *call)
{
    for (size_t i = 0; i < ARRAY_LEN(starts); i++)
        if (strcmp(starts[i], call) == 0)
            return true;
    return false;
}

// The price of one call; over TCP where that is known and `inet`.
const struct price *part_price_of_call(const struct prices *prices, const char *call,
                                       bool inet)
{
    char name[64];
    for (size_t i = 0; i < ARRAY_LEN(same); i++)
        if (strcmp(same[i][0], call) == 0)
            call = same[i][1];
    snprintf(name, sizeof name, "call/%.40s/tcp", call);
    const struct price *price = inet ? prices_find(prices, name) : NULL;
    snprintf(name, sizeof name, "call/%.40s", call);
    return price != NULL ? price : prices_find(prices, name);
}

// ---- one part --------------------------------------------------------------------------

const char *part_kind_name(enum part_kind kind)
{
    static const char *const names[] = {
        [PART_CALL] = "call",           [PART_SWITCH] = "switch",
        [PART_WAKEUP] = "wakeup",       [PART_FAULT] = "fault",
        [PART_EVENT] = "event",         [PART_BYTE] = "byte",
        [PART_THREAD] = "thread",       [PART_PROCESS] = "process",
        [PART_COROUTINE] = "coroutine", [PART_MACHINE] = "machine",
        [PART_HANDOVER] = "handover",
    };
    return names[kind];
}

static double half_of(const struct interval *interval)
{
    return (interval->high - interval->low) / 2;
}

// A price that is not known takes no part: what it would explain stays unexplained.
static void add_part(struct explanation *explanation, enum part_kind kind,
                     const char *name, double a, double b, const struct price *price)
{
    if (price == NULL || (a == 0 && b == 0))
        return;
    CHECK(explanation->count < EXPLAIN_PARTS_MAX);
    struct part *part = &explanation->parts[explanation->count++];
    *part = (struct part){.kind = kind, .a = a, .b = b, .price = price->cpu};
    snprintf(part->name, sizeof part->name, "%s", name);
    snprintf(part->price_name, sizeof part->price_name, "%s", price->name);
    part->ns = (a - b) * price->cpu.ns;
    part->half = fabs(a - b) * half_of(&price->cpu.interval);
}

// ---- calls -----------------------------------------------------------------------------

double part_calls_of(const struct explained_row *row, const char *name)
{
    for (size_t i = 0; i < row->counts.names; i++)
        if (strcmp(row->counts.list[i].name, name) == 0)
            return (double)row->counts.list[i].calls / row->counted_operations;
    return 0;
}

static void add_call(struct explanation *explanation, const char *name)
{
    const struct explained_row *rows = explanation->rows;
    bool inet = rows[0].counts.inet || rows[1].counts.inet;
    const struct price *price = part_price_of_call(&explanation->prices, name, inet);
    bool assumed = price == NULL;
    if (assumed)
        price = prices_find(&explanation->prices, PRICE_CALL);
    size_t before = explanation->count;
    add_part(explanation, PART_CALL, name, part_calls_of(&rows[0], name),
             part_calls_of(&rows[1], name), price);
    if (explanation->count > before)
        explanation->parts[before].assumed = assumed;
}

static void add_calls(struct explanation *explanation)
{
    for (unsigned which = 0; which < 2; which++) {
        const struct strace_counts *counts = &explanation->rows[which].counts;
        for (size_t i = 0; i < counts->names; i++) {
            const char *name = counts->list[i].name;
            bool seen = which == 1 && part_calls_of(&explanation->rows[0], name) > 0;
            if (!seen && !part_is_start(name))
                add_call(explanation, name);
        }
    }
}

// ---- all else --------------------------------------------------------------------------

static double per_operation(const struct explained_row *row, uint64_t number)
{
    return (double)number / row->counted_operations;
}

// A row whose tasks run in processes finds its pages shared: they are copied.
static bool copies(const struct explained_row *row)
{
    return strcmp(row->model, "multiprocess") == 0;
}

static void add_faults(struct explanation *explanation)
{
    const struct explained_row *a = &explanation->rows[0], *b = &explanation->rows[1];
    const struct prices *prices = &explanation->prices;
    add_part(explanation, PART_FAULT, "page faults, new pages", copies(a) ? 0 : a->faults,
             copies(b) ? 0 : b->faults, prices_find(prices, PRICE_FAULT));
    add_part(explanation, PART_FAULT, "page faults after a fork",
             copies(a) ? a->faults : 0, copies(b) ? b->faults : 0,
             prices_find(prices, PRICE_FAULT_COPY));
}

// Within the program: each event of a loop resumes a coroutine, or calls back.
static void add_handovers(struct explanation *explanation, const char *model,
                          const char *name, const char *price)
{
    double counts[2];
    for (unsigned which = 0; which < 2; which++) {
        const struct explained_row *row = &explanation->rows[which];
        bool counted = strcmp(row->model, model) == 0;
        counts[which] = counted ? per_operation(row, row->counts.events) : 0;
    }
    add_part(explanation, PART_HANDOVER, name, counts[0], counts[1],
             prices_find(&explanation->prices, price));
}

// After a wait a coroutine costs more than a callback; or, where that is not known, each what a
// hand-over costs.
static void add_resumes(struct explanation *explanation)
{
    const char *resume = PRICE_RESUME;
    if (part_both_loops(explanation) &&
        prices_find(&explanation->prices, resume) != NULL) {
        add_handovers(explanation, "coroutine", "coroutines resumed after a wait",
                      resume);
        return;
    }
    add_handovers(explanation, "coroutine", "coroutines resumed", PRICE_RUNNER_SWITCH);
    add_handovers(explanation, "eventloop", "callbacks", PRICE_RUNNER_SWITCH_LOOP);
}

double part_alive(const struct explained_row *row, const char *model)
{
    return strcmp(row->model, model) == 0 ? row->in_flight : 0;
}

bool part_both_loops(const struct explanation *explanation)
{
    const char *a = explanation->rows[0].model, *b = explanation->rows[1].model;
    return (strcmp(a, "coroutine") == 0 && strcmp(b, "eventloop") == 0) ||
           (strcmp(a, "eventloop") == 0 && strcmp(b, "coroutine") == 0);
}

// Nearly all of them are of somebody who has waited; where a back end on another CPU wakes them,
// that interrupts ours.
static void add_switches(struct explanation *explanation)
{
    const struct explained_row *a = &explanation->rows[0], *b = &explanation->rows[1];
    const struct prices *prices = &explanation->prices;
    const struct price *price =
        explanation->elsewhere ? prices_find(prices, PRICE_SWITCH_ELSEWHERE) : NULL;
    add_part(explanation, PART_SWITCH, "context switches", a->switches, b->switches,
             price != NULL ? price : prices_find(prices, PRICE_SWITCH));
}

static void add_others(struct explanation *explanation)
{
    const struct explained_row *a = &explanation->rows[0], *b = &explanation->rows[1];
    const struct prices *prices = &explanation->prices;
    add_switches(explanation);
    add_part(explanation, PART_WAKEUP, "wake-ups by futex",
             per_operation(a, a->counts.wakeups), per_operation(b, b->counts.wakeups),
             prices_find(prices, PRICE_WAKEUP));
    add_part(explanation, PART_EVENT, "events of the loop",
             per_operation(a, a->counts.events), per_operation(b, b->counts.events),
             prices_find(prices, PRICE_EVENT));
    add_part(explanation, PART_BYTE, "bytes copied", per_operation(a, a->counts.bytes),
             per_operation(b, b->counts.bytes), prices_find(prices, PRICE_BYTE));
    add_part(explanation, PART_THREAD, "threads, beyond the above",
             per_operation(a, a->counts.threads), per_operation(b, b->counts.threads),
             prices_find(prices, PRICE_START_THREAD));
    add_part(explanation, PART_PROCESS, "processes, beyond the above",
             per_operation(a, a->counts.processes), per_operation(b, b->counts.processes),
             prices_find(prices, PRICE_START_PROCESS));
    add_part(explanation, PART_COROUTINE, "coroutines, beyond the above",
             part_alive(a, "coroutine"), part_alive(b, "coroutine"),
             prices_find(prices, PRICE_START_COROUTINE));
    add_part(explanation, PART_MACHINE, "state machines, beyond the above",
             part_alive(a, "eventloop"), part_alive(b, "eventloop"),
             prices_find(prices, PRICE_START_MACHINE));
    add_resumes(explanation);
}

// ---- all of it -------------------------------------------------------------------------

static int larger(const void *left, const void *right)
{
    const struct part *a = left, *b = right;
    if (fabs(a->ns) != fabs(b->ns))
        return fabs(a->ns) < fabs(b->ns) ? 1 : -1;
    return strcmp(a->name, b->name);
}

static void measure_difference(struct explanation *explanation)
{
    double differences[EXPLAIN_ROUNDS_MAX];
    unsigned rounds = explanation->rows[0].rounds;
    for (unsigned i = 0; i < rounds; i++)
        differences[i] = explanation->rows[0].cpu_ns[i] - explanation->rows[1].cpu_ns[i];
    const struct price_time time = price_time_of(differences, rounds);
    explanation->difference = time.ns;
    explanation->interval = time.interval;
    explanation->told = time.interval.low > 0 || time.interval.high < 0;
}

// Errors of prices and of the difference are independent: half widths add up as squares.
static void find_unexplained(struct explanation *explanation)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < explanation->count; i++) {
        sum += explanation->parts[i].ns;
        squares += explanation->parts[i].half * explanation->parts[i].half;
    }
    double left = explanation->difference - sum;
    double below = explanation->difference - explanation->interval.low;
    double above = explanation->interval.high - explanation->difference;
    explanation->unexplained = left;
    explanation->unexplained_interval =
        (struct interval){.low = left - sqrt(squares + below * below),
                          .high = left + sqrt(squares + above * above),
                          .confidence = explanation->interval.confidence};
}

void explain_parts(struct explanation *explanation)
{
    explanation->count = 0;
    measure_difference(explanation);
    add_calls(explanation);
    add_faults(explanation);
    add_others(explanation);
    qsort(explanation->parts, explanation->count, sizeof explanation->parts[0], larger);
    find_unexplained(explanation);
}

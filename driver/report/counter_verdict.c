// SPDX-License-Identifier: MIT
//
// counter_verdict.c - see counter_verdict.h.
#include "driver/report/counter_verdict.h"

#include "driver/report/members.h"
#include "driver/report/tree.h"
#include "lib/check.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

// The built-in tolerances: 1.5 times the largest spread that `quartet counters --repeat`
// has shown for any cell, rounded up (of memory per task: with threads and coroutines; the
// errors of other slopes are larger, and known); the table is in docs/gate.md.
static const struct {
    const char *name;
    double tolerance;
    double least;
} counters[COUNTER_COUNT] = {
    [COUNTER_SYSCALLS] = {"syscalls", 0.005, 100},
    [COUNTER_INSTRUCTIONS] = {"instructions", 0.0001, 1},
    [COUNTER_MEMORY] = {"memory", 0.16, 256 * 1024},
    [COUNTER_MEMORY_PER_TASK] = {"memory_per_task", 0.02, 64},
};

const char *counter_name(enum counter counter)
{
    return counters[counter].name;
}

enum counter counter_find(const char *name)
{
    enum counter counter = 0;
    while (counter < COUNTER_COUNT && strcmp(counters[counter].name, name) != 0)
        counter++;
    return counter;
}

bool counter_is_wait(const char *name)
{
    static const char *const waits[] = {
        "epoll_wait",      "epoll_pwait", "epoll_pwait2",    "poll",
        "ppoll",           "select",      "pselect6",        "futex",
        "futex_waitv",     "nanosleep",   "clock_nanosleep", "restart_syscall",
        "sched_yield",     "wait4",       "waitid",          "io_uring_enter",
        "rt_sigtimedwait", "pause",       "clock_gettime",   "gettimeofday",
        "times",
    };
    for (size_t i = 0; i < ARRAY_LEN(waits); i++)
        if (strcmp(name, waits[i]) == 0)
            return true;
    return false;
}

#define OF(field, rules) MEMBER(struct counted, field, rules)
static const struct member counted_list[] = {
    OF(per_operation, MEMBER_PLAIN), OF(total, MEMBER_PLAIN),
    OF(waits, MEMBER_PLAIN),         OF(bytes, MEMBER_PLAIN),
    OF(error, MEMBER_PLAIN),         OF(operations, MEMBER_PLAIN),
    OF(tasks, MEMBER_PLAIN),         OF(concurrency, MEMBER_PLAIN),
    OF(method, MEMBER_PLAIN),        OF(by_name, MEMBER_OBJECT),
};
#undef OF
MEMBERS_OF(counted);

struct counted counter_read(const json_t *all, enum counter counter)
{
    struct counted counted;
    members_read(tree_at(all, counters[counter].name), &counted_members, &counted);
    return counted;
}

const char *counter_missing(const json_t *all, enum counter counter)
{
    return tree_text(tree_at(all, "missing"), counters[counter].name, NULL);
}

static bool is_of_command(const struct counted *memory)
{
    return memory->method != NULL && strcmp(memory->method, COMMAND_MEMORY_METHOD) == 0;
}

double counter_value(const json_t *all, enum counter counter)
{
    const struct counted counted = counter_read(all, counter);
    double value = counted.bytes;
    if (counter == COUNTER_SYSCALLS)
        value = counted.total - counted.waits;
    else if (counter == COUNTER_INSTRUCTIONS)
        value = counted.total;
    else if (counter == COUNTER_MEMORY && !is_of_command(&counted) &&
             isnan(counter_read(all, COUNTER_MEMORY_PER_TASK).bytes))
        value = (double)NAN; // the largest of some samples, and nobody waited for one
    return value > 0 ? value : (double)NAN;
}

double counter_shown(const json_t *all, enum counter counter)
{
    const struct counted counted = counter_read(all, counter);
    bool memory = counter == COUNTER_MEMORY || counter == COUNTER_MEMORY_PER_TASK;
    return memory ? counted.bytes : counted.per_operation;
}

static bool same_number(double one, double other)
{
    return one == other || (isnan(one) && isnan(other));
}

bool counter_comparable(const json_t *base, const json_t *head, enum counter counter)
{
    const struct counted old = counter_read(base, counter);
    const struct counted new = counter_read(head, counter);
    if (isnan(counter_value(base, counter)) || isnan(counter_value(head, counter)))
        return false;
    bool same_tasks = old.tasks == new.tasks || json_equal(old.tasks, new.tasks);
    bool same_method =
        old.method == new.method ||
        (old.method != NULL && new.method != NULL &&strcmp(old.method, new.method) == 0);
    return same_tasks && same_method && same_number(old.operations, new.operations) &&
           same_number(old.concurrency, new.concurrency);
}

double counter_tolerance_builtin(enum counter counter)
{
    return counters[counter].tolerance;
}

// A slope brings its own standard error along. That of a difference is the root of the
// sum of both squares; as many of them as Student's t has at 99.5 % for the two degrees of
// freedom that a line through four points leaves. A slope of the same build is above that
// once in 200 counts, and twice in a row, for one of ten rows, once in 4000 gates.
// Source: Student, "The probable error of a mean", Biometrika 6 (1908); the value is
// t(0.995; 2).
static double tolerance_of_slopes(const json_t *base, const json_t *head)
{
    static const double student = 9.925;
    const struct counted old = counter_read(base, COUNTER_MEMORY_PER_TASK);
    const struct counted new = counter_read(head, COUNTER_MEMORY_PER_TASK);
    double tolerance = student * hypot(old.error, new.error) / old.bytes;
    return isnan(tolerance) ? 0 : tolerance;
}

// The number of calls that a command makes may be fixed: then one more is no chance.
static double tolerance_of_calls(const json_t *base, const json_t *head)
{
    const struct counted old = counter_read(base, COUNTER_SYSCALLS);
    const struct counted new = counter_read(head, COUNTER_SYSCALLS);
    double apart = old.error + new.error;
    double usual = counters[COUNTER_SYSCALLS].tolerance;
    if (isnan(apart))
        return usual;
    return apart == 0 ? 0 : fmax(usual, 2 * apart / old.total);
}

// More instructions are a slow-down, and which of those matter the user has said.
double counter_tolerance(enum counter counter, const json_t *base, const json_t *head,
                         struct counter_limits limits)
{
    double tolerance = counter == COUNTER_SYSCALLS ? tolerance_of_calls(base, head)
                                                   : counters[counter].tolerance;
    if (!isnan(limits.floor))
        tolerance = fmax(tolerance, VERDICT_FLOOR_FACTOR * limits.floor);
    if (counter == COUNTER_INSTRUCTIONS)
        tolerance = fmax(tolerance, verdict_border(limits.threshold) - 1);
    if (counter == COUNTER_MEMORY_PER_TASK)
        tolerance = fmax(tolerance, tolerance_of_slopes(base, head));
    return tolerance;
}

double counter_least(enum counter counter)
{
    return counters[counter].least;
}

enum verdict counter_verdict(enum counter counter, double base, double head,
                             double tolerance)
{
    if (isnan(base) || isnan(head))
        return VERDICT_INCONCLUSIVE;
    if (fabs(head - base) < (tolerance > 0 ? counters[counter].least : 1))
        return VERDICT_SAME;
    if (head > base * (1 + tolerance))
        return VERDICT_REGRESSION;
    return head < base / (1 + tolerance) ? VERDICT_IMPROVED : VERDICT_SAME;
}

double counter_spread(const double *values, unsigned n, double *apart)
{
    double smallest = (double)NAN;
    double largest = (double)NAN;
    unsigned known = 0;
    for (unsigned i = 0; i < n; i++) {
        smallest = fmin(smallest, values[i]);
        largest = fmax(largest, values[i]);
        known += isnan(values[i]) ? 0 : 1;
    }
    *apart = largest - smallest;
    return known < 2 ? (double)NAN : *apart == 0 ? 0 : *apart / smallest;
}

// SPDX-License-Identifier: MIT
//
// kernel.c - the cases of the contract, and what both styles share to check them.
//
// Read next: direct.c.
#define _GNU_SOURCE // gettid, and signals to one thread, are Linux
#include "tests/contract/contract.h"

#include "lib/check.h"
#include "lib/mix.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

// Those with children come last: the event loop runs only what stands before them.
static const struct contract_case cases[] = {
    {"a sleep of nothing", CASE_SLEEP, 0, 0, 0, 0, 1},
    {"a sleep of 1 ns", CASE_SLEEP, 0, 1, 0, 0, 1},
    {"a sleep of 20 ms", CASE_SLEEP, 0, 20 * 1000 * 1000, 0, 0, 1},
    {"a message byte by byte", CASE_TALK, PEER_TRICKLE, 300, 300, 300, 1},
    {"a stream that ends early", CASE_TALK, PEER_SEND, 10, 100, 10, 1},
    {"a stream that ends at once", CASE_TALK, PEER_SEND, 0, 100, 0, 1},
    {"a large message", CASE_TALK, PEER_SEND, CONTRACT_LARGEST, CONTRACT_LARGEST,
     CONTRACT_LARGEST, 1},
    {"a message of which half is asked", CASE_TALK, PEER_SEND, 200, 100, 100, 1},
    {"a reset", CASE_TALK, PEER_RESET, 0, 100, -ECONNRESET, 1},
    {"a slow reader", CASE_SWALLOW, PEER_SWALLOW, CONTRACT_LARGEST, 8, 8, 1},
    {"a peer that has gone", CASE_GONE, PEER_CLOSE, 0, 0, 0, 1},
    {"a refused connection", CASE_REFUSED, 0, 0, 0, 0, 1},
    {"twenty connections in turn", CASE_TALK, PEER_SEND, 5, 5, 5, 20},
    {"children in order", CASE_CHILDREN, 0, 0, 0, 0, 1},
    {"a child's child", CASE_NESTED, 0, 0, 0, 0, 1},
    {"children that talk", CASE_TALKERS, PEER_TRICKLE, 40, 40, 40, 1},
    {"a child that dies", CASE_DEATH, 0, 0, 0, 0, 1},
    {"a close of nothing", CASE_CLOSE, 0, 0, 0, 0, 1},
};

static const struct contract_case meeting = {
    "a meeting of all tasks", CASE_TALK, PEER_MEET, 0, 1, 1, 1};

const struct contract_case *contract_case_of(const struct task *task, bool direct)
{
    const struct contract_parameters *parameters = task->work->parameters;
    if (parameters->meet)
        return &meeting;
    size_t count = 0;
    while (count < ARRAY_LEN(cases) && (direct || cases[count].kind < CASE_CHILDREN))
        count++;
    CHECK(count > 0);
    return &cases[task->index % count];
}

unsigned char contract_pattern(size_t place)
{
    return (unsigned char)mix(place);
}

void contract_fill(unsigned char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        bytes[i] = contract_pattern(i);
}

struct peer_request contract_request(const struct task *task,
                                     const struct contract_case *test)
{
    struct peer_request request = {.manner = test->manner, .length = test->length};
    if (test->manner == PEER_MEET)
        request.length = task->work->tasks;
    return request;
}

int contract_claim(const struct task *task, const struct contract_case *test, bool holds,
                   const char *what, int64_t found)
{
    if (holds)
        return 0;
    fprintf(stderr, "contract: task %" PRIu32 ", %s: %s: found %" PRId64 "%s%s\n",
            task->index, test->name, what, found, found < 0 ? ", " : "",
            found < 0 ? strerror((int)-found) : "");
    return -EPROTO;
}

int contract_check_read(const struct task *task, const struct contract_case *test,
                        int64_t got, const unsigned char *bytes)
{
    int error =
        contract_claim(task, test, got == test->expected,
                       "read must return what the peer did, which is another thing", got);
    for (int64_t i = 0; error == 0 && i < got; i++)
        error = contract_claim(task, test, bytes[i] == contract_pattern((size_t)i),
                               "read must bring the bytes that were sent, wrong at", i);
    return error;
}

void contract_book(struct task *task)
{
    task->outcome->operations = 1;
    task->outcome->digest = mix(task->index);
}

// A timer of the thread that runs the task: SIGALRM of setitimer() would go to any
// thread of the process, and timers do not survive fork() either.
int contract_shake(const struct task *task, timer_t *timer)
{
    const struct contract_parameters *parameters = task->work->parameters;
    if (parameters->signals_ns == 0)
        return 0;
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = SIGUSR2};
    event._sigev_un._tid = gettid();
    const struct timespec period = {.tv_nsec = (long)parameters->signals_ns};
    const struct itimerspec interval = {.it_value = period, .it_interval = period};
    if (timer_create(CLOCK_MONOTONIC, &event, timer) != 0)
        return -errno;
    timer_settime(*timer, 0, &interval, NULL);
    return 0;
}

void contract_shake_end(const struct task *task, timer_t timer)
{
    const struct contract_parameters *parameters = task->work->parameters;
    if (parameters->signals_ns != 0)
        timer_delete(timer);
}

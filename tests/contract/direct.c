// SPDX-License-Identifier: MIT
//
// direct.c - the cases by the verbs of direct.h. The same object file is linked with
// each runner of direct style, like that of any workload.
//
// Read next: events.c.
#include "runners/direct.h"

#include "lib/check.h"
#include "lib/clock.h"
#include "lib/mix.h"
#include "tests/contract/contract.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <unistd.h>

direct_code contract_direct;

// The argument of a child. It may be another process, so it only reads.
struct errand {
    const struct task *task;
    const struct contract_case *test;
    uint64_t number;
    pid_t parent;
};

static int connect_to(const struct task *task, bool somebody)
{
    const struct contract_parameters *parameters = task->work->parameters;
    const struct sockaddr_storage *address =
        somebody ? &parameters->address : &parameters->nobody;
    int fd = direct_socket(address->ss_family, SOCK_STREAM, 0);
    if (fd < 0)
        return fd;
    const int small = CONTRACT_SEND_BUFFER;
    setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &small, sizeof small);
    int error =
        direct_connect(fd, (const struct sockaddr *)address,
                       somebody ? parameters->address_length : parameters->nobody_length);
    if (error == 0)
        return fd;
    direct_close(fd);
    return error;
}

// Connects and sends the request. Returns the descriptor, or -errno.
static int begin_talk(const struct task *task, const struct contract_case *test)
{
    int fd = connect_to(task, true);
    if (fd < 0) {
        contract_claim(task, test, false, "connect must reach the peer", fd);
        return fd;
    }
    const struct peer_request request = contract_request(task, test);
    ssize_t sent = direct_write(fd, &request, sizeof request);
    if (sent == (ssize_t)sizeof request)
        return fd;
    contract_claim(task, test, false, "write must send the whole request", sent);
    direct_close(fd);
    return -EPROTO;
}

static int case_talk(const struct task *task, const struct contract_case *test)
{
    int fd = begin_talk(task, test);
    if (fd < 0)
        return fd;
    unsigned char *bytes = malloc(test->asked);
    CHECK(bytes != NULL);
    ssize_t got = direct_read(fd, bytes, test->asked);
    int error = contract_check_read(task, test, got, bytes);
    if (error == 0 && got >= 0 && got < (ssize_t)test->asked) {
        got = direct_read(fd, bytes, 1);
        error = contract_claim(task, test, got == 0,
                               "read must return 0 after the end of the stream", got);
    }
    free(bytes);
    int closed = direct_close(fd);
    return error != 0
               ? error
               : contract_claim(task, test, closed == 0, "close must work", closed);
}

static int case_swallow(const struct task *task, const struct contract_case *test)
{
    int fd = begin_talk(task, test);
    if (fd < 0)
        return fd;
    unsigned char *bytes = malloc(test->length);
    CHECK(bytes != NULL);
    contract_fill(bytes, test->length);
    ssize_t sent = direct_write(fd, bytes, test->length);
    free(bytes);
    uint64_t right = 0;
    ssize_t got = direct_read(fd, &right, sizeof right);
    direct_close(fd);
    int error = contract_claim(task, test, sent == (ssize_t)test->length,
                               "write must return all of its length", sent);
    if (error == 0)
        error = contract_claim(task, test, got == 8, "read must bring the count", got);
    if (error == 0)
        error = contract_claim(task, test, right == test->length,
                               "all bytes must arrive right", (int64_t)right);
    return error;
}

// The first writes may succeed: the kernel takes them before it learns of the end.
static int case_gone(const struct task *task, const struct contract_case *test)
{
    int fd = begin_talk(task, test);
    if (fd < 0)
        return fd;
    ssize_t sent = 1;
    for (int i = 0; sent >= 0 && i < 2000; i++) {
        sent = direct_write(fd, "still there?", 12);
        direct_sleep(1000 * 1000);
    }
    direct_close(fd);
    return contract_claim(task, test, sent == -EPIPE || sent == -ECONNRESET,
                          "write must say that the peer has gone", sent);
}

static int case_refused(const struct task *task, const struct contract_case *test)
{
    int fd = connect_to(task, false);
    return contract_claim(task, test, fd == -ECONNREFUSED, "connect must be refused", fd);
}

static int case_sleep(const struct task *task, const struct contract_case *test)
{
    uint64_t began_ns = clock_now_ns();
    int error = direct_sleep(test->length);
    uint64_t slept_ns = clock_now_ns() - began_ns;
    if (error == 0)
        error =
            contract_claim(task, test, slept_ns >= test->length,
                           "a sleep must not be shorter than asked", (int64_t)slept_ns);
    return error;
}

static uint64_t child_number(const void *argument)
{
    const struct errand *errand = argument;
    direct_sleep((CONTRACT_CHILDREN - errand->number) * 1000 * 1000);
    direct_yield();
    return mix(errand->number);
}

static uint64_t child_talk(const void *argument)
{
    const struct errand *errand = argument;
    return case_talk(errand->task, errand->test) == 0 ? mix(errand->number) : 0;
}

static uint64_t child_nested(const void *argument)
{
    struct child child;
    uint64_t result = 0;
    if (direct_spawn(&child, child_number, argument) != 0 ||
        direct_join(&child, &result) != 0)
        return 0;
    return result;
}

static uint64_t child_killed(const void *argument)
{
    const struct errand *errand = argument;
    if (getpid() != errand->parent)
        raise(SIGKILL);
    return mix(errand->number);
}

// Spawns `count` children with the numbers 0, 1, ... and joins the last one first.
static int family(const struct task *task, const struct contract_case *test,
                  child_code *code, uint32_t count)
{
    struct child children[CONTRACT_CHILDREN];
    struct errand errands[CONTRACT_CHILDREN];
    int error = 0;
    uint32_t spawned = 0;
    while (spawned < count && error == 0) {
        errands[spawned] = (struct errand){task, test, spawned, getpid()};
        int spawn = direct_spawn(&children[spawned], code, &errands[spawned]);
        error = contract_claim(task, test, spawn == 0, "spawn must work", spawn);
        spawned += error == 0;
    }
    while (spawned-- > 0) {
        uint64_t result = 0;
        int join = direct_join(&children[spawned], &result);
        bool right = join == 0 && result == mix(spawned);
        if (test->kind == CASE_DEATH)
            right = right || join == -EIO;
        if (!right)
            error = contract_claim(task, test, false, "join must bring the result", join);
    }
    return error;
}

static int case_close(const struct task *task, const struct contract_case *test)
{
    int closed = direct_close(-1);
    return contract_claim(task, test, closed == -EBADF,
                          "to close what is not open must be an error", closed);
}

static int run_case(const struct task *task, const struct contract_case *test)
{
    switch (test->kind) {
    case CASE_TALK:
        return case_talk(task, test);
    case CASE_SWALLOW:
        return case_swallow(task, test);
    case CASE_GONE:
        return case_gone(task, test);
    case CASE_REFUSED:
        return case_refused(task, test);
    case CASE_SLEEP:
        return case_sleep(task, test);
    case CASE_CHILDREN:
        return family(task, test, child_number, CONTRACT_CHILDREN);
    case CASE_NESTED:
        return family(task, test, child_nested, 2);
    case CASE_TALKERS:
        return family(task, test, child_talk, 4);
    case CASE_DEATH:
        return family(task, test, child_killed, 1);
    case CASE_CLOSE:
        return case_close(task, test);
    }
    return -EINVAL;
}

// Calls itself without end; the compiler can neither know that nor avoid the frames.
static unsigned sink(const volatile unsigned char *above, unsigned depth)
{
    volatile unsigned char frame[512] = {above[0]};
    return depth == UINT_MAX ? 0 : sink(frame, depth + 1) + frame[depth % sizeof frame];
}

int contract_direct(struct task *task)
{
    const struct contract_parameters *parameters = task->work->parameters;
    const struct contract_case *test = contract_case_of(task, true);
    if (task->index < parameters->fail)
        return -ENODATA;
    const volatile unsigned char bottom[1] = {0};
    if (parameters->sink && task->index == 0 && sink(bottom, 0) > 0)
        return -ERANGE;
    timer_t timer;
    int error = contract_shake(task, &timer);
    if (error != 0)
        return error;
    for (uint32_t i = 0; i < test->times && error == 0; i++)
        error = run_case(task, test);
    contract_shake_end(task, timer);
    if (error == 0)
        contract_book(task);
    return error;
}

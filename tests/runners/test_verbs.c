// SPDX-License-Identifier: MIT
//
// The verbs of blocking models when the kernel does less than it was asked for: parts, signals
// in between (EINTR), the other end gone, a limit that is over. The system calls are
// functions of this test, which answer what a table says; and errno keeps what the last error
// left in it, as it does in life.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runners/direct.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

enum { ANSWERS = 6, ENOUGH = 8 };

static ssize_t answers[ANSWERS]; // bytes, or -errno
static size_t calls;
static size_t asked[ANSWERS]; // how many bytes each call was asked for

static ssize_t next_answer(size_t length)
{
    if (calls == ANSWERS)
        fail_msg("asked more than %d times", ANSWERS);
    ssize_t answer = answers[calls];
    asked[calls++] = length;
    if (answer >= 0)
        return answer;
    errno = (int)-answer;
    return -1;
}

ssize_t recv(int fd, void *buffer, size_t length, int flags)
{
    (void)fd;
    (void)buffer;
    (void)flags;
    return next_answer(length);
}

ssize_t send(int fd, const void *buffer, size_t length, int flags)
{
    (void)fd;
    (void)buffer;
    (void)flags;
    return next_answer(length);
}

static char buffer[ENOUGH];

static ssize_t read_all(void)
{
    return direct_read(0, buffer, sizeof buffer);
}

static ssize_t receive(void)
{
    return direct_receive(0, buffer, sizeof buffer);
}

static ssize_t write_all(void)
{
    return direct_write(0, buffer, sizeof buffer);
}

static const struct verb_case {
    const char *name;
    ssize_t (*verb)(void);
    ssize_t answers[ANSWERS];
    size_t calls;
    ssize_t result;
} cases[] = {
    {"all at once", read_all, {ENOUGH}, 1, ENOUGH},
    {"in parts, and a signal between them", read_all, {3, -EINTR, 4, 1}, 4, ENOUGH},
    {"a signal, then the end", read_all, {-EINTR, 0, 5}, 2, 0},
    {"a part, a signal, then the end", read_all, {5, -EINTR, 0, 5}, 3, 5},
    {"the limit is over", read_all, {-EAGAIN, 5}, 1, -ETIMEDOUT},
    {"a part, then an error", read_all, {5, -ECONNRESET, 5}, 2, -ECONNRESET},
    {"what there is", receive, {3, 5}, 1, 3},
    {"a signal, then what there is", receive, {-EINTR, 3, 5}, 2, 3},
    {"a signal, then the end", receive, {-EINTR, 0, 5}, 2, 0},
    {"the limit is over", receive, {-EAGAIN, 5}, 1, -ETIMEDOUT},
    {"all at once", write_all, {ENOUGH}, 1, ENOUGH},
    {"in parts, and a signal between them", write_all, {3, -EINTR, 4, 1}, 4, ENOUGH},
    {"a signal, then nothing, then all", write_all, {-EINTR, 0, ENOUGH}, 3, ENOUGH},
    {"the other end has gone", write_all, {3, -EPIPE, 5}, 2, -EPIPE},
    {"the limit is over", write_all, {-EAGAIN, 5}, 1, -ETIMEDOUT},
};

static void whatever_the_kernel_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct verb_case *one = &cases[i];
        memcpy(answers, one->answers, sizeof answers);
        calls = 0;
        errno = 0;
        ssize_t result = one->verb();
        if (result != one->result || calls != one->calls)
            fail_msg("case %zu, %s: %zd after %zu calls, not %zd after %zu", i, one->name,
                     result, calls, one->result, one->calls);
    }
}

static void each_call_asks_for_the_rest(void **state)
{
    (void)state;
    const ssize_t parts[ANSWERS] = {3, 4, 1};
    ssize_t (*const verbs[])(void) = {read_all, write_all};
    for (size_t i = 0; i < 2; i++) {
        memcpy(answers, parts, sizeof answers);
        calls = 0;
        assert_int_equal(verbs[i](), ENOUGH);
        assert_int_equal(asked[0], ENOUGH);
        assert_int_equal(asked[1], ENOUGH - 3);
        assert_int_equal(asked[2], 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whatever_the_kernel_answers),
        cmocka_unit_test(each_call_asks_for_the_rest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

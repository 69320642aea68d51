// SPDX-License-Identifier: MIT
//
// test_descriptor.c - coroutines that wait for sockets: what the verbs deliver, how
// often the kernel is told, and that readiness without a waiter does not spin.
//
// epoll_ctl() and epoll_wait() are defined here, so that the linker gives libev these: they
// count.
#define _GNU_SOURCE // syscall(), SOCK_NONBLOCK
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/check.h"
#include "lib/clock.h"
#include "runners/coroutine/descriptor.h"
#include "runners/direct.h"

#include <errno.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define MS UINT64_C(1000000)

static struct scheduler scheduler;
static int ends[2];    // of a connection
static unsigned told;  // how often epoll_ctl() was called
static unsigned asked; // and epoll_wait()
static unsigned ended; // how many coroutines came to their end

int epoll_ctl(int epoll, int operation, int fd, struct epoll_event *event)
{
    told++;
    return (int)syscall(SYS_epoll_ctl, epoll, operation, fd, event);
}

int epoll_wait(int epoll, struct epoll_event *events, int most, int timeout)
{
    asked++;
    return (int)syscall(SYS_epoll_pwait, epoll, events, most, timeout, NULL, 8);
}

static int setup(void **state)
{
    (void)state;
    struct reason reason;
    struct stack_plan plan = {.stack_bytes = 64 << 10, .capacity = 64, .arenas = 1};
    int error = scheduler_open(&scheduler, EVBACKEND_EPOLL, &plan, &reason);
    if (error == 0 && socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) != 0)
        error = -errno;
    told = asked = ended = 0;
    return error;
}

static int teardown(void **state)
{
    (void)state;
    close(ends[0]);
    close(ends[1]);
    scheduler_close(&scheduler);
    return 0;
}

static void run(void (*first)(void *), void (*second)(void *))
{
    assert_non_null(scheduler_create(&scheduler, first, NULL));
    if (second != NULL)
        assert_non_null(scheduler_create(&scheduler, second, NULL));
    scheduler_run_until_complete(&scheduler);
    assert_int_equal(ended, second != NULL ? 2 : 1);
    assert_int_equal(scheduler.outside, 0);
}

// ---- exchanges ------------------------------------------------------------------------

#define EXCHANGES 100

static void ask(void *argument)
{
    (void)argument;
    for (uint32_t i = 0; i < EXCHANGES; i++) {
        uint32_t reply = 0;
        assert_int_equal(direct_write(ends[0], &i, sizeof i), sizeof i);
        assert_int_equal(direct_read(ends[0], &reply, sizeof reply), sizeof reply);
        assert_int_equal(reply, i + 1);
    }
    assert_int_equal(shutdown(ends[0], SHUT_WR), 0);
    ended++;
}

static void answer(void *argument)
{
    (void)argument;
    uint32_t number;
    while (direct_read(ends[1], &number, sizeof number) == sizeof number) {
        number++;
        assert_int_equal(direct_write(ends[1], &number, sizeof number), sizeof number);
    }
    ended++;
}

static void the_kernel_is_told_once(void **state)
{
    (void)state;
    run(ask, answer);
    assert_int_equal(told, 2); // one registration for each end
}

static char big[1 << 20];

static void write_big(void *argument)
{
    (void)argument;
    assert_int_equal(direct_write(ends[0], big, sizeof big), sizeof big);
    ended++;
}

static void read_big(void *argument)
{
    (void)argument;
    static char copy[sizeof big];
    direct_sleep(10 * MS); // the writer has filled the socket by now
    assert_int_equal(direct_read(ends[1], copy, sizeof copy), sizeof copy);
    assert_memory_equal(copy, big, sizeof big);
    ended++;
}

static void short_reads_and_writes_go_on(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof big; i++)
        big[i] = (char)(i * i >> 8);
    run(write_big, read_big);
}

static void write_in_pieces(void *argument)
{
    (void)argument;
    for (int i = 0; i < 5; i++) {
        assert_int_equal(direct_write(ends[0], "ab", 2), 2);
        direct_sleep(MS);
    }
    shutdown(ends[0], SHUT_WR);
    ended++;
}

static void read_pieces(void *argument)
{
    (void)argument;
    char text[16] = "";
    assert_int_equal(direct_read(ends[1], text, 4), 4);
    assert_string_equal(text, "abab");
    assert_int_equal(direct_read(ends[1], text, sizeof text), 6); // then the end
    assert_int_equal(direct_read(ends[1], text, sizeof text), 0);
    ended++;
}

static void a_read_collects_pieces_until_the_end(void **state)
{
    (void)state;
    run(write_in_pieces, read_pieces);
}

static void write_to_nobody(void *argument)
{
    (void)argument;
    close(ends[1]);
    ssize_t count = direct_write(ends[0], "x", 1);
    assert_true(count == -EPIPE || count == -ECONNRESET);
    ends[1] = -1;
    assert_int_equal(direct_read(-1, &(char){0}, 1), -EBADF);
    assert_int_equal(direct_write(1 << 30, "x", 1), -EBADF);
    ended++;
}

static void failures_are_results(void **state)
{
    (void)state;
    run(write_to_nobody, NULL);
}

static void sleep_a_little(void *argument)
{
    (void)argument;
    direct_sleep(5 * MS);
    shutdown(ends[1], SHUT_WR);
    ended++;
}

static void read_the_end(void *argument)
{
    (void)argument;
    assert_int_equal(direct_read(ends[0], &(char){0}, 1), 0);
    ended++;
}

// Two may wait for the same descriptor; both are woken.
static void two_readers_both_see_the_end(void **state)
{
    (void)state;
    assert_non_null(scheduler_create(&scheduler, read_the_end, NULL));
    assert_non_null(scheduler_create(&scheduler, read_the_end, NULL));
    assert_non_null(scheduler_create(&scheduler, sleep_a_little, NULL));
    scheduler_run_until_complete(&scheduler);
    assert_int_equal(ended, 3);
}

// ---- readiness that nobody waits for --------------------------------------------------

// Leaves a registered descriptor with bytes that nobody reads, and sleeps. Reported at
// every poll, they would keep the loop from sleeping.
static void ignore_bytes(void *argument)
{
    (void)argument;
    char byte;
    direct_sleep(MS);
    assert_int_equal(direct_read(ends[0], &byte, 1), 1);
    unsigned before = ev_iteration(scheduler.loop);
    direct_sleep(200 * MS);
    // One report, at which the registration is withdrawn; a few wake-ups more for time.
    assert_true(ev_iteration(scheduler.loop) - before < 10);
    assert_int_equal(direct_read(ends[0], &byte, 1), 1);
    ended++;
}

static void send_unasked(void *argument)
{
    (void)argument;
    direct_sleep(10 * MS);
    assert_int_equal(direct_write(ends[1], "1", 1), 1);
    direct_sleep(10 * MS);
    assert_int_equal(direct_write(ends[1], "2", 1), 1);
    ended++;
}

static void readiness_without_a_waiter_does_not_spin(void **state)
{
    (void)state;
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    run(ignore_bytes, send_unasked);
    getrusage(RUSAGE_SELF, &after);
    assert_true(after.ru_nvcsw - before.ru_nvcsw < 50);
}

// A reader waits while "writable" is still registered from an earlier wait: that alone
// must not wake it, nor spin.
static void read_after_full(void *argument)
{
    (void)argument;
    char byte;
    assert_int_equal(direct_write(ends[0], big, sizeof big), sizeof big);
    unsigned before = ev_iteration(scheduler.loop);
    assert_int_equal(direct_read(ends[0], &byte, 1), 1);
    assert_true(ev_iteration(scheduler.loop) - before < 20);
    ended++;
}

static void drain_then_reply(void *argument)
{
    (void)argument;
    static char copy[sizeof big];
    assert_int_equal(direct_read(ends[1], copy, sizeof copy), sizeof copy);
    direct_sleep(50 * MS);
    assert_int_equal(direct_write(ends[1], "x", 1), 1);
    ended++;
}

static void a_stale_direction_does_not_spin(void **state)
{
    (void)state;
    run(read_after_full, drain_then_reply);
}

static void only_yield(void *argument)
{
    (void)argument;
    for (int i = 0; i < 5000; i++)
        direct_yield();
    ended++;
}

// As callbacks do not ask either that only call each other.
static void the_kernel_is_not_asked_where_nobody_waits_for_it(void **state)
{
    (void)state;
    run(only_yield, only_yield);
    assert_int_equal(asked, 0);
}

#define WITH_SCHEDULER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_SCHEDULER(the_kernel_is_told_once),
        WITH_SCHEDULER(short_reads_and_writes_go_on),
        WITH_SCHEDULER(a_read_collects_pieces_until_the_end),
        WITH_SCHEDULER(failures_are_results),
        WITH_SCHEDULER(two_readers_both_see_the_end),
        WITH_SCHEDULER(readiness_without_a_waiter_does_not_spin),
        WITH_SCHEDULER(a_stale_direction_does_not_spin),
        WITH_SCHEDULER(the_kernel_is_not_asked_where_nobody_waits_for_it),
    };
    alarm(120);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

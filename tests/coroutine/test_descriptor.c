// SPDX-License-Identifier: MIT
//
// test_descriptor.c - coroutines that wait for sockets: what the verbs deliver, how
// often the kernel is told, and that readiness without a waiter does not spin.
//
// epoll_ctl() is defined here, so that the linker gives libev this one: it counts.
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
#include <netinet/in.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#define MS UINT64_C(1000000)

static struct scheduler scheduler;
static int ends[2];    // of a connection
static unsigned told;  // how often epoll_ctl() was called
static unsigned ended; // how many coroutines came to their end

int epoll_ctl(int epoll, int operation, int fd, struct epoll_event *event)
{
    told++;
    return (int)syscall(SYS_epoll_ctl, epoll, operation, fd, event);
}

static int setup(void **state)
{
    (void)state;
    struct reason reason;
    struct stack_plan plan = {.stack_bytes = 64 << 10, .capacity = 64, .arenas = 1};
    int error = scheduler_open(&scheduler, EVBACKEND_EPOLL, &plan, &reason);
    if (error == 0 && socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) != 0)
        error = -errno;
    told = ended = 0;
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

// ---- connections ----------------------------------------------------------------------

static struct sockaddr_in address;
static int listener;

// A listener on a port that the kernel chooses.
static void listen_somewhere(void)
{
    socklen_t length = sizeof address;
    address = (struct sockaddr_in){.sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &length), 0);
    assert_int_equal(listen(listener, 64), 0);
}

// Connects, is connected, closes, again: the same number means a new file each time.
static void connect_again_and_again(void *argument)
{
    (void)argument;
    for (int i = 0; i < 20; i++) {
        char byte = 0;
        int fd = direct_socket(AF_INET, SOCK_STREAM, 0);
        assert_true(fd >= 0);
        assert_int_equal(direct_connect(fd, (struct sockaddr *)&address, sizeof address),
                         0);
        int peer = accept(listener, NULL, NULL);
        assert_true(peer >= 0);
        assert_int_equal(direct_write(fd, "q", 1), 1);
        assert_int_equal(recv(peer, &byte, 1, 0), 1);
        assert_int_equal(send(peer, "r", 1, 0), 1);
        assert_int_equal(direct_read(fd, &byte, 1), 1);
        assert_int_equal(byte, 'r');
        close(peer);
        assert_int_equal(direct_read(fd, &byte, 1), 0);
        assert_int_equal(direct_close(fd), 0);
    }
    ended++;
}

static void connections_come_and_go(void **state)
{
    (void)state;
    listen_somewhere();
    run(connect_again_and_again, NULL);
    close(listener);
}

static void connect_to_nobody(void *argument)
{
    (void)argument;
    int fd = direct_socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(direct_connect(fd, (struct sockaddr *)&address, sizeof address),
                     -ECONNREFUSED);
    assert_int_equal(direct_close(fd), 0);
    struct sockaddr_un nowhere = {.sun_family = AF_UNIX};
    memcpy(nowhere.sun_path, "\0quartet-nobody-listens", 23);
    fd = direct_socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(direct_connect(fd, (struct sockaddr *)&nowhere, sizeof nowhere),
                     -ECONNREFUSED);
    assert_int_equal(direct_close(fd), 0);
    assert_int_equal(direct_close(fd), -EBADF);
    ended++;
}

static void a_refused_connection_is_a_result(void **state)
{
    (void)state;
    listen_somewhere();
    close(listener);
    run(connect_to_nobody, NULL);
}

// The listener's backlog is full until somebody accepts: the connect waits.
static struct sockaddr_un crowded;

static void connect_to_crowded(void *argument)
{
    (void)argument;
    int fds[8];
    for (int i = 0; i < 8; i++) {
        fds[i] = direct_socket(AF_UNIX, SOCK_STREAM, 0);
        assert_int_equal(direct_connect(fds[i], (struct sockaddr *)&crowded,
                                        sizeof(sa_family_t) + 16),
                         0);
    }
    for (int i = 0; i < 8; i++)
        direct_close(fds[i]);
    ended++;
}

static void accept_slowly(void *argument)
{
    (void)argument;
    for (int i = 0; i < 8; i++) {
        direct_sleep(3 * MS);
        int fd = accept(listener, NULL, NULL);
        assert_true(fd >= 0);
        close(fd);
    }
    ended++;
}

static void a_full_backlog_is_waited_for(void **state)
{
    (void)state;
    crowded = (struct sockaddr_un){.sun_family = AF_UNIX};
    crowded.sun_path[1] = 'q';
    memcpy(crowded.sun_path + 2, &(pid_t){getpid()}, sizeof(pid_t));
    listener = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(
        bind(listener, (struct sockaddr *)&crowded, sizeof(sa_family_t) + 16), 0);
    assert_int_equal(listen(listener, 1), 0);
    run(connect_to_crowded, accept_slowly);
    close(listener);
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
        WITH_SCHEDULER(connections_come_and_go),
        WITH_SCHEDULER(a_refused_connection_is_a_result),
        WITH_SCHEDULER(a_full_backlog_is_waited_for),
    };
    alarm(120);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
//
// test_connect.c - coroutines that connect: the same descriptor number for one
// connection after the other, nobody there, too many there.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "runners/coroutine/scheduler.h"
#include "runners/direct.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#define MS UINT64_C(1000000)

static struct scheduler scheduler;
static unsigned ended; // how many coroutines came to their end
static struct sockaddr_in address;
static int listener;

static int setup(void **state)
{
    (void)state;
    struct reason reason;
    struct stack_plan plan = {.stack_bytes = 64 << 10, .capacity = 4, .arenas = 1};
    ended = 0;
    return scheduler_open(&scheduler, EVBACKEND_EPOLL, &plan, &reason);
}

static int teardown(void **state)
{
    (void)state;
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
        WITH_SCHEDULER(connections_come_and_go),
        WITH_SCHEDULER(a_refused_connection_is_a_result),
        WITH_SCHEDULER(a_full_backlog_is_waited_for),
    };
    alarm(120);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
//
// test_backend.c - a real back end and plain clients, over TCP and AF_UNIX: delays,
// 10,000 connections at once, a back end that is killed, counters that do not agree.
// Needs workloads/fetch. timeout: 120 s
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/clock.h"
#include "lib/limits.h"
#include "workloads/fetch/backend.h"
#include "workloads/fetch/kernel.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MS UINT64_C(1000000)

static const enum fetch_transport transports[] = {FETCH_TCP, FETCH_UNIX};

static struct fetch_plan plan_make(enum fetch_transport transport, uint32_t tasks,
                                   uint64_t exchanges, uint64_t delay_ns)
{
    return (struct fetch_plan){.transport = transport,
                               .tasks = tasks,
                               .concurrency = tasks,
                               .exchanges = exchanges,
                               .delay_ns = delay_ns,
                               .payload = 64,
                               .seed = 1};
}

static int client_open(const struct fetch_backend *backend, uint32_t task)
{
    const struct fetch_endpoint *endpoint = fetch_backend_endpoint(backend, task);
    int fd = socket(endpoint->address.any.sa_family, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    assert_int_equal(fetch_endpoint_tune(endpoint, fd), 0);
    assert_int_equal(connect(fd, &endpoint->address.any, endpoint->length), 0);
    return fd;
}

static void client_ask(int fd, const struct fetch_plan *plan, uint32_t task,
                       uint32_t sequence)
{
    unsigned char message[FETCH_MESSAGE_MAX];
    struct fetch_label label = {plan->seed, FETCH_REQUEST, task, sequence};
    fetch_message_build(message, plan->payload, &label);
    assert_int_equal(send(fd, message, plan->payload, MSG_NOSIGNAL), plan->payload);
}

static void client_await(int fd, const struct fetch_plan *plan, uint32_t task,
                         uint32_t sequence)
{
    unsigned char message[FETCH_MESSAGE_MAX];
    struct fetch_label label = {plan->seed, FETCH_REPLY, task, sequence};
    assert_int_equal(recv(fd, message, plan->payload, MSG_WAITALL), plan->payload);
    assert_int_equal(fetch_message_check(message, plan->payload, &label), FETCH_FINE);
}

static void backend_start(struct fetch_backend *backend, const struct fetch_plan *plan)
{
    struct reason reason = {""};
    if (fetch_backend_start(backend, plan, &reason) != 0)
        fail_msg("%s", reason.text);
}

static void backend_end_well(struct fetch_backend *backend, const struct fetch_plan *plan)
{
    struct reason reason = {""};
    if (fetch_backend_verify(backend, plan, &reason) != 0 ||
        fetch_backend_stop(backend, &reason) != 0 ||
        fetch_backend_verify(backend, plan, &reason) != 0)
        fail_msg("%s", reason.text);
    assert_int_equal(fetch_backend_stop(backend, &reason), 0); // none is running
    fetch_backend_destroy(backend);
}

static void one_session(enum fetch_transport transport, uint64_t delay_ns)
{
    struct fetch_plan plan = plan_make(transport, 1, 3, delay_ns);
    struct fetch_backend backend;
    backend_start(&backend, &plan);
    int fd = client_open(&backend, 0);
    for (uint32_t sequence = 0; sequence < 3; sequence++) {
        uint64_t asked_ns = clock_now_ns();
        client_ask(fd, &plan, 0, sequence);
        client_await(fd, &plan, 0, sequence);
        assert_true(clock_now_ns() - asked_ns >= delay_ns);
    }
    close(fd);
    backend_end_well(&backend, &plan);
}

static void test_one_session(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        one_session(transports[i], 0);
        one_session(transports[i], 20 * MS);
    }
}

// Replies come in the order of the requests, whatever that of the connections.
static void test_order(void **state)
{
    (void)state;
    enum { CLIENTS = 8 };
    struct fetch_plan plan = plan_make(FETCH_TCP, CLIENTS, 1, 30 * MS);
    struct fetch_backend backend;
    int fds[CLIENTS];
    backend_start(&backend, &plan);
    for (uint32_t i = 0; i < CLIENTS; i++)
        fds[i] = client_open(&backend, i);
    for (uint32_t i = CLIENTS; i-- > 0;) {
        client_ask(fds[i], &plan, i, 0);
        nanosleep(&(struct timespec){.tv_nsec = 5 * MS}, NULL);
    }
    for (uint32_t i = CLIENTS; i-- > 0;) {
        client_await(fds[i], &plan, i, 0);
        close(fds[i]);
    }
    backend_end_well(&backend, &plan);
}

static void many_sessions(enum fetch_transport transport, uint32_t tasks)
{
    struct fetch_plan plan = plan_make(transport, tasks, 2, 50 * MS);
    struct fetch_backend backend;
    int *fds = calloc(tasks, sizeof *fds);
    assert_non_null(fds);
    backend_start(&backend, &plan);
    for (uint32_t i = 0; i < tasks; i++)
        fds[i] = client_open(&backend, i);
    for (uint32_t sequence = 0; sequence < 2; sequence++) {
        for (uint32_t i = 0; i < tasks; i++)
            client_ask(fds[i], &plan, i, sequence);
        for (uint32_t i = 0; i < tasks; i++)
            client_await(fds[i], &plan, i, sequence);
    }
    for (uint32_t i = 0; i < tasks; i++)
        close(fds[i]);
    free(fds);
    backend_end_well(&backend, &plan);
}

static void test_10000_sessions(void **state)
{
    (void)state;
    struct reason reason;
    limits_raise();
    if (limits_check_descriptors(10000, &reason) != 0) {
        print_message("%s\n", reason.text);
        skip();
    }
    many_sessions(FETCH_TCP, 10000);
    many_sessions(FETCH_UNIX, 10000);
}

// Nobody answers any more, nobody hangs, and the signal is named.
static void test_killed(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct fetch_plan plan = plan_make(transports[i], 2, 1, 10000 * MS);
        struct fetch_backend backend;
        struct reason reason = {""};
        char byte;
        backend_start(&backend, &plan);
        int fd = client_open(&backend, 0);
        client_ask(fd, &plan, 0, 0);
        const struct fetch_endpoint *endpoint = fetch_backend_endpoint(&backend, 1);
        int late = socket(endpoint->address.any.sa_family, SOCK_STREAM, 0);
        kill(backend.helper.pid, SIGKILL);
        assert_true(recv(fd, &byte, 1, 0) <= 0);
        int error = connect(late, &endpoint->address.any, endpoint->length);
        assert_true(error != 0 || recv(late, &byte, 1, 0) <= 0);
        close(late);
        close(fd);
        assert_int_equal(fetch_backend_stop(&backend, &reason), -EIO);
        assert_non_null(strstr(reason.text, "was killed by signal 9"));
        fetch_backend_destroy(&backend);
    }
}

static void test_refusal_is_reported(void **state)
{
    (void)state;
    struct fetch_plan plan = plan_make(FETCH_UNIX, 8, 2, 0);
    struct fetch_backend backend;
    struct reason reason = {""};
    char byte;
    backend_start(&backend, &plan);
    int fd = client_open(&backend, 5);
    client_ask(fd, &plan, 5, 0);
    client_await(fd, &plan, 5, 0);
    client_ask(fd, &plan, 6, 1);
    assert_true(recv(fd, &byte, 1, 0) <= 0);
    close(fd);
    assert_int_equal(fetch_backend_stop(&backend, &reason), -EBADMSG);
    assert_non_null(strstr(reason.text, "refused 1 message"));
    assert_non_null(strstr(reason.text, "task 5: wrong task"));
    fetch_backend_destroy(&backend);
}

static void test_missing_work_is_reported(void **state)
{
    (void)state;
    struct fetch_plan plan = plan_make(FETCH_TCP, 1, 2, 0);
    struct fetch_backend backend;
    struct reason reason = {""};
    backend_start(&backend, &plan);
    assert_int_equal(fetch_backend_verify(&backend, &plan, &reason), -EBADMSG);
    assert_non_null(strstr(reason.text, "0 sessions accepted, expected 1"));
    int fd = client_open(&backend, 0);
    client_ask(fd, &plan, 0, 0);
    client_await(fd, &plan, 0, 0);
    close(fd);
    assert_int_equal(fetch_backend_stop(&backend, &reason), 0);
    assert_int_equal(fetch_backend_verify(&backend, &plan, &reason), -EBADMSG);
    assert_non_null(strstr(reason.text, "1 requests received, expected 2"));
    fetch_backend_destroy(&backend);
}

static void test_cannot_hold_so_many(void **state)
{
    (void)state;
    struct fetch_plan plan = plan_make(FETCH_TCP, 2000000000, 1, 0);
    struct fetch_backend backend;
    struct reason reason = {""};
    assert_int_equal(fetch_backend_start(&backend, &plan, &reason), -EMFILE);
    assert_non_null(strstr(reason.text, "RLIMIT_NOFILE"));
    fetch_backend_destroy(&backend);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_session),
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_10000_sessions),
        cmocka_unit_test(test_killed),
        cmocka_unit_test(test_refusal_is_reported),
        cmocka_unit_test(test_missing_work_is_reported),
        cmocka_unit_test(test_cannot_hold_so_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
//
// test_connection.c - one session at the back end, step by step over a socket pair:
// requests in fragments, replies that do not fit, clients that leave or misbehave.
// Needs workloads/fetch.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "workloads/fetch/connection.h"
#include "workloads/fetch/kernel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct bench {
    struct fetch_plan plan;
    struct fetch_counters counters;
    struct connection *connection;
    int client;
    unsigned char message[FETCH_MESSAGE_MAX];
};

static int bench_open(void **state)
{
    struct bench *bench = calloc(1, sizeof *bench);
    int pair[2];
    if (bench == NULL || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) {
        free(bench);
        return -1;
    }
    bench->plan =
        (struct fetch_plan){.tasks = 10, .exchanges = 2, .payload = 64, .seed = 1};
    bench->connection = calloc(1, sizeof *bench->connection + FETCH_MESSAGE_MAX);
    if (bench->connection == NULL || fcntl(pair[1], F_SETFL, O_NONBLOCK) != 0) {
        free(bench->connection);
        free(bench);
        return -1;
    }
    bench->client = pair[0];
    connection_init(bench->connection, pair[1]);
    *state = bench;
    return 0;
}

static int bench_close(void **state)
{
    struct bench *bench = *state;
    close(bench->connection->source.fd);
    if (bench->client >= 0)
        close(bench->client);
    free(bench->connection);
    free(bench);
    return 0;
}

static void request_build(struct bench *bench, uint32_t task, uint32_t sequence)
{
    struct fetch_label label = {bench->plan.seed, FETCH_REQUEST, task, sequence};
    fetch_message_build(bench->message, bench->plan.payload, &label);
}

static void client_send(struct bench *bench, size_t from, size_t size)
{
    assert_int_equal(send(bench->client, bench->message + from, size, 0), size);
}

static enum connection_step receive(struct bench *bench)
{
    return connection_receive(bench->connection, &bench->plan, &bench->counters);
}

static enum connection_step reply(struct bench *bench)
{
    return connection_reply(bench->connection, &bench->plan, &bench->counters);
}

static void assert_reply(struct bench *bench, uint32_t task, uint32_t sequence)
{
    struct fetch_label label = {bench->plan.seed, FETCH_REPLY, task, sequence};
    assert_int_equal(recv(bench->client, bench->message, bench->plan.payload,
                          MSG_WAITALL),
                     bench->plan.payload);
    assert_int_equal(fetch_message_check(bench->message, bench->plan.payload, &label),
                     FETCH_FINE);
}

static void assert_refused(struct bench *bench, uint32_t task, enum fetch_fault fault)
{
    assert_int_equal(receive(bench), STEP_OVER);
    assert_int_equal(bench->counters.refused, 1);
    assert_int_equal(bench->counters.first_fault, fault);
    assert_int_equal(bench->counters.faulty_task, task);
}

static void one_exchange(struct bench *bench, uint32_t task, uint32_t sequence)
{
    request_build(bench, task, sequence);
    client_send(bench, 0, bench->plan.payload);
    assert_int_equal(receive(bench), STEP_REQUEST);
    assert_int_equal(reply(bench), STEP_ANSWERED);
    assert_reply(bench, task, sequence);
}

static void client_leave(struct bench *bench)
{
    close(bench->client);
    bench->client = -1;
    assert_int_equal(receive(bench), STEP_OVER);
}

static void test_session(void **state)
{
    struct bench *bench = *state;
    assert_int_equal(receive(bench), STEP_WAIT);
    one_exchange(bench, 9, 0);
    one_exchange(bench, 9, 1);
    client_leave(bench);
    assert_int_equal(bench->counters.requests, 2);
    assert_int_equal(bench->counters.replies, 2);
    assert_int_equal(bench->counters.bytes_in, 128);
    assert_int_equal(bench->counters.bytes_out, 128);
    assert_int_equal(bench->counters.left_early, 0);
    assert_int_equal(bench->counters.refused, 0);
}

static void test_request_byte_by_byte(void **state)
{
    struct bench *bench = *state;
    request_build(bench, 3, 0);
    for (size_t i = 0; i < bench->plan.payload; i++) {
        client_send(bench, i, 1);
        bool last = i + 1 == bench->plan.payload;
        assert_int_equal(receive(bench), last ? STEP_REQUEST : STEP_WAIT);
        if (!last)
            assert_int_equal(receive(bench), STEP_WAIT);
    }
}

// Fills the socket, so that the reply finds no room; then makes room again.
static void test_reply_waits_for_room(void **state)
{
    struct bench *bench = *state;
    char rubbish[4096] = {0};
    size_t filled = 0;
    ssize_t count;
    request_build(bench, 3, 0);
    client_send(bench, 0, bench->plan.payload);
    assert_int_equal(receive(bench), STEP_REQUEST);
    while ((count = send(bench->connection->source.fd, rubbish, sizeof rubbish, 0)) > 0)
        filled += (size_t)count;
    assert_int_equal(reply(bench), STEP_FULL);
    assert_int_equal(connection_send(bench->connection, &bench->plan, &bench->counters),
                     STEP_FULL);
    assert_int_equal(bench->connection->state, CONNECTION_SENDING);
    while (filled > 0) {
        count = recv(bench->client, rubbish, filled < 4096 ? filled : 4096, 0);
        assert_true(count > 0);
        filled -= (size_t)count;
    }
    assert_int_equal(connection_send(bench->connection, &bench->plan, &bench->counters),
                     STEP_ANSWERED);
    assert_reply(bench, 3, 0);
    assert_int_equal(bench->counters.replies, 1);
}

static void test_corrupted_byte(void **state)
{
    struct bench *bench = *state;
    request_build(bench, 3, 0);
    bench->message[40] ^= 1;
    client_send(bench, 0, bench->plan.payload);
    assert_refused(bench, 3, FETCH_WRONG_PAYLOAD);
}

static void test_task_that_does_not_exist(void **state)
{
    struct bench *bench = *state;
    request_build(bench, bench->plan.tasks, 0);
    client_send(bench, 0, bench->plan.payload);
    assert_refused(bench, bench->plan.tasks, FETCH_WRONG_TASK);
}

static void test_task_changes(void **state)
{
    struct bench *bench = *state;
    one_exchange(bench, 3, 0);
    request_build(bench, 4, 1);
    client_send(bench, 0, bench->plan.payload);
    assert_refused(bench, 3, FETCH_WRONG_TASK);
}

static void test_skipped_exchange(void **state)
{
    struct bench *bench = *state;
    request_build(bench, 3, 1);
    client_send(bench, 0, bench->plan.payload);
    assert_refused(bench, 3, FETCH_WRONG_SEQUENCE);
}

static void test_one_exchange_too_many(void **state)
{
    struct bench *bench = *state;
    one_exchange(bench, 3, 0);
    one_exchange(bench, 3, 1);
    request_build(bench, 3, 2);
    client_send(bench, 0, bench->plan.payload);
    assert_refused(bench, 3, FETCH_WRONG_SEQUENCE);
}

static void test_out_of_turn(void **state)
{
    struct bench *bench = *state;
    request_build(bench, 3, 0);
    client_send(bench, 0, bench->plan.payload);
    assert_int_equal(receive(bench), STEP_REQUEST);
    assert_int_equal(receive(bench), STEP_WAIT);
    client_send(bench, 0, 1);
    assert_refused(bench, 3, FETCH_UNASKED);
}

static void test_leaving_early(void **state)
{
    struct bench *bench = *state;
    one_exchange(bench, 3, 0);
    client_leave(bench);
    assert_int_equal(bench->counters.left_early, 1);
}

static void test_leaving_while_the_reply_is_held(void **state)
{
    struct bench *bench = *state;
    request_build(bench, 3, 0);
    client_send(bench, 0, bench->plan.payload);
    assert_int_equal(receive(bench), STEP_REQUEST);
    client_leave(bench);
    assert_int_equal(bench->counters.left_early, 1);
    assert_int_equal(reply(bench), STEP_OVER);
}

#define CASE(test) cmocka_unit_test_setup_teardown(test, bench_open, bench_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(test_session),
        CASE(test_request_byte_by_byte),
        CASE(test_reply_waits_for_room),
        CASE(test_corrupted_byte),
        CASE(test_task_that_does_not_exist),
        CASE(test_task_changes),
        CASE(test_skipped_exchange),
        CASE(test_one_exchange_too_many),
        CASE(test_out_of_turn),
        CASE(test_leaving_early),
        CASE(test_leaving_while_the_reply_is_held),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

// SPDX-License-Identifier: MIT
//
// One client session in straight-line code: connect, ask and wait for the reply as
// often as told, close. Each verb may suspend; what the session knows meanwhile lies on
// this stack. Compare with events.c, where the same things have to be kept in a struct
// and the loop below becomes a circle of callbacks.
#include "runners/direct.h"
#include "lib/clock.h"
#include "workloads/fetch/fetch.h"
#include "workloads/fetch/kernel.h"

#include <errno.h>

int fetch_direct(struct task *task);

//DOC: fetch-direct-exchange
static int exchange(struct task *task, int fd, uint32_t sequence, unsigned char *message)
{
    const struct fetch_parameters *parameters = task->work->parameters;
    size_t size = fetch_request(task, sequence, message);

    uint64_t sent_ns = clock_now_ns();
    ssize_t sent = direct_write(fd, message, size);
    if (sent < 0)
        return (int)sent;
    ssize_t received = direct_read(fd, message, parameters->payload);
    if (received < 0)
        return (int)received;
    if ((uint64_t)received < parameters->payload)
        return -ECONNRESET; // the back end has ended the stream

    struct fetch_exchange exchange = {.sent_ns = sent_ns,
                                      .sequence = sequence,
                                      .bytes_out = (uint32_t)sent,
                                      .bytes_in = (uint32_t)received};
    return fetch_book(task, &exchange, message);
}

//DOC: fetch-direct-session
int fetch_session_run(struct task *task, fetch_reply_code *on_reply)
{
    const struct fetch_parameters *parameters = task->work->parameters;
    const struct fetch_endpoint *endpoint = fetch_task_endpoint(task);
    unsigned char message[FETCH_CLIENT_MAX]; // a request, then its reply
    int fd = direct_socket(endpoint->address.any.sa_family, SOCK_STREAM, 0);
    if (fd < 0)
        return fd;

    int error = fetch_endpoint_tune(endpoint, fd);
    if (error == 0)
        error = direct_connect(fd, &endpoint->address.any, endpoint->length);
    for (uint32_t sequence = 0; error == 0 && sequence < parameters->exchanges;
         sequence++) {
        error = exchange(task, fd, sequence, message);
        if (error == 0 && on_reply != NULL)
            error = on_reply(task);
    }
    direct_close(fd);
    return error;
}

int fetch_direct(struct task *task)
{
    return fetch_session_run(task, NULL);
}

// SPDX-License-Identifier: MIT
//
// The load generator: see client.h. A `link` is a connection as its client sees it.
#define _GNU_SOURCE // SOCK_NONBLOCK, SOCK_CLOEXEC, syscall() in futex.h
#include "workloads/serve/client.h"

#include "lib/clock.h"
#include "lib/futex.h"
#include "workloads/serve/message.h"

#include <errno.h>
#include <inttypes.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>

enum {
    EVENTS_MAX = 512,
    WAITING_MAX = 512, // connections opened that the server has not accepted yet
    BATCH_MAX = 4096,  // bytes of requests in one send
};

#define SETTLE_NS (NS_PER_SECOND / 100) // from the last connect to the first request due

struct link {
    int fd;
    bool connected;
    uint64_t sent;     // requests
    uint64_t answered; // of them
    uint32_t offset;   // bytes of the current answer that have come
};

struct client {
    const struct load_plan *plan;
    struct server *server;
    struct load_ledger *ledger;
    struct messages messages;
    struct link *links;
    uint64_t *sent_ns; // of what is under way: `pipeline` places for each link
    int epoll;
    int timer; // of the schedule
    int control;
    uint32_t opened; // links
    uint32_t closed;
    uint32_t connected;
    uint32_t under_way;  // requests
    uint64_t changed_ns; // when `under_way` changed last
    uint64_t start_ns;   // of the schedule; 0: it has not begun
    uint64_t due;        // requests of the schedule whose time has come
    char batch[BATCH_MAX];
    char received[16384];
};

static bool is_open_loop(const struct client *client)
{
    return client->plan->rate > 0;
}

static uint64_t due_at(const struct client *client, uint64_t request)
{
    return client->start_ns + load_due_ns(client->plan, request);
}

static int fault(struct client *client, int error, const char *what, uint64_t link,
                 uint64_t answer)
{
    snprintf(client->ledger->fault, sizeof client->ledger->fault,
             "%s (answer %" PRIu64 " of %" PRIu64 " on connection %" PRIu64 ")", what,
             answer + 1, client->plan->requests, link);
    return error;
}

// ---- books ---------------------------------------------------------------------------

// How much time requests have been under way, added up as it passes: independently of the
// latencies, which must come to the same (Little's law).
static void account(struct client *client, uint64_t now_ns, int change)
{
    client->ledger->in_flight_ns +=
        (double)client->under_way * (double)(now_ns - client->changed_ns);
    client->changed_ns = now_ns;
    client->under_way = (uint32_t)((int)client->under_way + change);
}

static uint64_t *sent_at(struct client *client, const struct link *link, uint64_t request)
{
    size_t place = (size_t)(link - client->links) * client->plan->pipeline;
    return &client->sent_ns[place + request % client->plan->pipeline];
}

static void book(struct client *client, struct link *link, uint64_t now_ns)
{
    struct load_ledger *ledger = client->ledger;
    histogram_record(&ledger->service, now_ns - *sent_at(client, link, link->answered));
    if (is_open_loop(client)) {
        uint64_t number =
            link->answered * client->plan->connections + (uint64_t)(link - client->links);
        uint64_t due_ns = due_at(client, number);
        histogram_record(&ledger->response, now_ns - due_ns);
        if (number + 1 == client->plan->requests * client->plan->connections)
            ledger->behind_ns = now_ns - due_ns;
    }
    account(client, now_ns, -1);
    ledger->answers++;
    ledger->last_ns = now_ns;
    link->answered++;
    link->offset = 0;
}

// ---- asking --------------------------------------------------------------------------

// How many requests of this link may have been sent by now.
static uint64_t allowed(const struct client *client, const struct link *link)
{
    const struct load_plan *plan = client->plan;
    uint64_t limit = link->answered + plan->pipeline;
    if (is_open_loop(client)) {
        uint64_t index = (uint64_t)(link - client->links);
        uint64_t due =
            client->due > index ? (client->due - index - 1) / plan->connections + 1 : 0;
        if (due < limit)
            limit = due;
    }
    return limit < plan->requests ? limit : plan->requests;
}

// Requests are small, and what is under way is answered: the socket always has room.
static int link_ask(struct client *client, struct link *link)
{
    uint64_t limit = allowed(client, link);
    while (link->sent < limit) {
        uint64_t now_ns = clock_now_ns();
        size_t size = 0;
        uint64_t begun = link->sent;
        while (link->sent < limit) {
            bool last = link->sent + 1 == client->plan->requests;
            const struct message *request = &client->messages.request[last];
            if (size + request->length > sizeof client->batch)
                break;
            memcpy(client->batch + size, request->text, request->length);
            size += request->length;
            *sent_at(client, link, link->sent++) = now_ns;
        }
        account(client, now_ns, (int)(link->sent - begun));
        if (client->ledger->first_ns == 0)
            client->ledger->first_ns = now_ns;
        ssize_t count = send(link->fd, client->batch, size, MSG_NOSIGNAL);
        if (count != (ssize_t)size)
            return fault(client, count < 0 ? -errno : -ENOBUFS, "a request was not taken",
                         (uint64_t)(link - client->links), link->answered);
        client->ledger->bytes_out += size;
    }
    return 0;
}

// ---- answers -------------------------------------------------------------------------

static int answers_check(struct client *client, struct link *link, const char *bytes,
                         size_t length, uint64_t now_ns)
{
    while (length > 0) {
        if (link->answered == link->sent)
            return fault(client, -EBADMSG, "bytes came that nobody has asked for",
                         (uint64_t)(link - client->links), link->answered);
        bool last = link->answered + 1 == client->plan->requests;
        const struct message *answer = &client->messages.answer[last];
        size_t part = answer->length - link->offset;
        if (part > length)
            part = length;
        if (message_compare(answer, link->offset, bytes, part) != part)
            return fault(client, -EBADMSG, "an answer is not what it must be",
                         (uint64_t)(link - client->links), link->answered);
        link->offset += (uint32_t)part;
        if (link->offset == answer->length)
            book(client, link, now_ns);
        bytes += part;
        length -= part;
    }
    return 0;
}

static int links_open(struct client *client);

static int link_close(struct client *client, struct link *link)
{
    uint64_t index = (uint64_t)(link - client->links);
    close(link->fd);
    client->closed++;
    if (link->answered < client->plan->requests)
        return fault(client, -EBADMSG, "the server has closed too early", index,
                     link->answered);
    return links_open(client);
}

static int link_receive(struct client *client, struct link *link)
{
    ssize_t count = recv(link->fd, client->received, sizeof client->received, 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    if (count < 0)
        return fault(client, -errno, "the server has broken the connection",
                     (uint64_t)(link - client->links), link->answered);
    if (count == 0)
        return link_close(client, link);
    client->ledger->bytes_in += (uint64_t)count;
    int error =
        answers_check(client, link, client->received, (size_t)count, clock_now_ns());
    return error == 0 ? link_ask(client, link) : error;
}

// ---- connections ---------------------------------------------------------------------

static int watch(struct client *client, int fd, uint32_t events, uint64_t what, int how)
{
    struct epoll_event event = {.events = events, .data.u64 = what};
    return epoll_ctl(client->epoll, how, fd, &event) == 0 ? 0 : -errno;
}

static int link_open(struct client *client)
{
    struct link *link = &client->links[client->opened];
    int on = 1;
    link->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (link->fd < 0 ||
        setsockopt(link->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on) != 0)
        return -errno;
    const struct sockaddr *address = (const void *)&client->server->address;
    if (connect(link->fd, address, sizeof client->server->address) != 0 &&
        errno != EINPROGRESS)
        return fault(client, -errno, "cannot connect", client->opened, 0);
    client->ledger->connections++;
    return watch(client, link->fd, EPOLLOUT, client->opened++, EPOLL_CTL_ADD);
}

// Of a server elsewhere it is only known that the kernel there has completed connections.
static uint64_t accepted(const struct client *client)
{
    return client->plan->elsewhere
               ? client->connected
               : atomic_load_explicit(&client->server->accepted, memory_order_relaxed);
}

// As many as may be open, but not more at a time than the listener's queue takes.
static int links_open(struct client *client)
{
    const struct load_plan *plan = client->plan;
    int error = 0;
    while (error == 0 && client->opened < plan->connections &&
           client->opened - client->closed < plan->clients &&
           client->opened - accepted(client) < WAITING_MAX)
        error = link_open(client);
    return error;
}

static void schedule_set(const struct client *client)
{
    struct itimerspec when = {.it_value = clock_timespec(due_at(client, client->due))};
    timerfd_settime(client->timer, TFD_TIMER_ABSTIME, &when, NULL);
}

static int link_connected(struct client *client, struct link *link)
{
    int error = 0;
    socklen_t size = sizeof error;
    if (getsockopt(link->fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
        error = errno;
    if (error != 0)
        return fault(client, -error, "cannot connect", (uint64_t)(link - client->links),
                     0);
    link->connected = true;
    client->connected++;
    error =
        watch(client, link->fd, EPOLLIN, (uint64_t)(link - client->links), EPOLL_CTL_MOD);
    if (error == 0 && !is_open_loop(client))
        error = link_ask(client, link);
    if (is_open_loop(client) && client->connected == client->plan->connections) {
        client->start_ns = clock_now_ns() + SETTLE_NS;
        client->ledger->first_ns = client->start_ns;
        schedule_set(client);
    }
    return error != 0 ? error : links_open(client);
}

//DOC: serve-due
// Asks all that is due, and sets the timer to what is due next.
static int schedule_go(struct client *client)
{
    uint64_t requests = client->plan->requests * client->plan->connections;
    uint64_t now_ns = clock_now_ns();
    int error = 0;
    while (error == 0 && client->due < requests &&
           due_at(client, client->due) <= now_ns) {
        struct link *link = &client->links[client->due++ % client->plan->connections];
        error = link_ask(client, link);
        now_ns = clock_now_ns();
    }
    if (error == 0 && client->due < requests)
        schedule_set(client);
    return error;
}

// ---- the loop ------------------------------------------------------------------------

enum { WHAT_TIMER = -1, WHAT_CONTROL = -2 }; // anything else is the number of a link

static int event_handle(struct client *client, const struct epoll_event *event)
{
    if (event->data.u64 == (uint64_t)WHAT_CONTROL)
        return -ECANCELED;
    if (event->data.u64 == (uint64_t)WHAT_TIMER)
        return schedule_go(client);
    struct link *link = &client->links[event->data.u64];
    return link->connected ? link_receive(client, link) : link_connected(client, link);
}

static int loop(struct client *client)
{
    struct epoll_event events[EVENTS_MAX];
    int error = links_open(client);
    while (error == 0 && client->closed < client->plan->connections) {
        // A client that waits for the server to accept has nothing to be woken by.
        bool held_back = client->opened - client->closed < client->plan->clients &&
                         client->opened < client->plan->connections;
        int ready = epoll_wait(client->epoll, events, EVENTS_MAX, held_back ? 1 : -1);
        if (ready < 0 && errno != EINTR)
            return -errno;
        for (int i = 0; i < ready && error == 0; i++)
            error = event_handle(client, &events[i]);
        if (error == 0 && held_back)
            error = links_open(client);
    }
    return error;
}

// A plan that cannot be carried out must not begin: until a task accepts, nobody connects.
static int server_await(const struct client *client)
{
    _Atomic uint32_t *begun = &client->server->begun;
    while (atomic_load(begun) == 0) {
        struct epoll_event event;
        if (epoll_wait(client->epoll, &event, 1, 0) > 0)
            return -ECANCELED; // only `control` is watched so far
        futex_wait(begun, 0, clock_now_ns() + NS_PER_SECOND / 10, FUTEX_PROCESSES);
    }
    return 0;
}

static int client_open(struct client *client)
{
    const struct load_plan *plan = client->plan;
    messages_build(&client->messages, plan, &client->server->address);
    client->ledger->service.minimum = UINT64_MAX;
    client->ledger->response.minimum = UINT64_MAX;
    client->links = calloc(plan->connections, sizeof *client->links);
    client->sent_ns =
        calloc((size_t)plan->connections * plan->pipeline, sizeof *client->sent_ns);
    client->epoll = epoll_create1(EPOLL_CLOEXEC);
    client->timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (client->links == NULL || client->sent_ns == NULL)
        return -ENOMEM;
    if (client->epoll < 0 || client->timer < 0)
        return -errno;
    int error = watch(client, client->control, EPOLLIN | EPOLLRDHUP,
                      (uint64_t)WHAT_CONTROL, EPOLL_CTL_ADD);
    if (error == 0)
        error = server_await(client);
    // Edge-triggered: nobody reads how often it went off.
    return error != 0 ? error
                      : watch(client, client->timer, EPOLLIN | EPOLLET,
                              (uint64_t)WHAT_TIMER, EPOLL_CTL_ADD);
}

int client_run(const struct load_plan *plan, struct server *server, int control,
               struct load_ledger *ledger)
{
    struct client *client = calloc(1, sizeof *client);
    if (client == NULL)
        return -ENOMEM;
    client->plan = plan;
    client->server = server;
    client->control = control;
    client->ledger = ledger;
    int error = client_open(client);
    client->changed_ns = clock_now_ns();
    if (error == 0)
        error = loop(client);
    free(client->sent_ns); // all else ends with the process
    free(client->links);
    free(client);
    return error;
}

// SPDX-License-Identifier: MIT
//
// The loop of the back end: see server.h. What happens to one connection is in
// connection.c; here is who is looked at when.
#define _GNU_SOURCE // accept4() saves one system call per connection
#include "workloads/fetch/server.h"

#include "lib/clock.h"
#include "workloads/fetch/connection.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <unistd.h>

enum {
    EVENTS_MAX = 128,      // looked at between two looks at the queue
    ACCEPTS_MAX = 64,      // per listener, likewise
    REPLIES_MAX = 128,     // sent, likewise
    SLACK_SHIFT = 10,      // the timer may be late by delay / 1024 ...
    SLACK_MAX_NS = 250000, // ... and by this at most
    REST_MS = 10,          // of the listeners, when descriptors run short
    PLACES_MAX = 1 << 20,  // connections for which address space is reserved
};

struct server {
    const struct fetch_plan *plan;
    struct fetch_counters *counters;
    int epoll;
    struct source control;
    struct source timer;
    struct source *listeners;
    uint32_t listener_count;
    unsigned char *places; // one per descriptor number, untouched until used
    size_t place_size;
    uint32_t place_count;
    struct connection *first; // the queue of held replies, in the order they are due
    struct connection *last;
    bool timer_set; // ... for the first one, or for one that was before it
    bool resting;   // the listeners: there is no descriptor for another session now
    bool stopping;
};

// ---- the queue -----------------------------------------------------------------------

static void queue_append(struct server *server, struct connection *connection)
{
    connection->earlier = server->last;
    connection->later = NULL;
    *(server->last != NULL ? &server->last->later : &server->first) = connection;
    server->last = connection;
}

static void queue_remove(struct server *server, struct connection *connection)
{
    *(connection->earlier != NULL ? &connection->earlier->later : &server->first) =
        connection->later;
    *(connection->later != NULL ? &connection->later->earlier : &server->last) =
        connection->earlier;
}

// A timer that goes off early finds nothing due and is set again, so one that is set
// is left alone. It is registered edge-triggered: nobody has to read it.
static int timer_set(struct server *server)
{
    if (server->timer_set || server->first == NULL)
        return 0;
    uint64_t slack_ns = server->plan->delay_ns >> SLACK_SHIFT;
    if (slack_ns > SLACK_MAX_NS)
        slack_ns = SLACK_MAX_NS;
    struct itimerspec when = {.it_value =
                                  clock_timespec(server->first->due_ns + slack_ns)};
    if (timerfd_settime(server->timer.fd, TFD_TIMER_ABSTIME, &when, NULL) != 0)
        return -errno;
    server->timer_set = true;
    return 0;
}

// ---- connections ---------------------------------------------------------------------

static int watch(struct server *server, struct source *source, uint32_t events, int how)
{
    struct epoll_event event = {.events = events, .data.ptr = source};
    return epoll_ctl(server->epoll, how, source->fd, &event) == 0 ? 0 : -errno;
}

// Descriptor numbers are small and used again, so the number is the place.
static struct connection *connection_place(struct server *server, int fd)
{
    if ((uint32_t)fd >= server->place_count)
        return NULL;
    return (struct connection *)(void *)(server->places +
                                         (size_t)fd * server->place_size);
}

static void connection_close(struct server *server, struct connection *connection)
{
    if (connection->state == CONNECTION_HOLDING)
        queue_remove(server, connection);
    connection_book_closed(connection, server->counters);
    close(connection->source.fd); // which ends its registration too
}

// Does what a step of a connection has led to.
static void connection_proceed(struct server *server, struct connection *connection,
                               enum connection_step step)
{
    const struct fetch_plan *plan = server->plan;
    if (step == STEP_REQUEST && plan->delay_ns == 0)
        step = connection_reply(connection, plan, server->counters);
    switch (step) {
    case STEP_REQUEST:
        connection->due_ns = clock_now_ns() + plan->delay_ns;
        queue_append(server, connection);
        break;
    case STEP_FULL:
        (void)watch(server, &connection->source, EPOLLOUT, EPOLL_CTL_MOD);
        break;
    case STEP_OVER:
        connection_close(server, connection);
        break;
    case STEP_WAIT:
    case STEP_ANSWERED:
        break;
    }
}

// Only a connection whose socket was full is registered for writing.
static void connection_event(struct server *server, struct connection *connection)
{
    enum connection_step step;
    if (connection->state == CONNECTION_SENDING) {
        step = connection_send(connection, server->plan, server->counters);
        if (step == STEP_FULL)
            return;
        if (step == STEP_ANSWERED)
            (void)watch(server, &connection->source, EPOLLIN, EPOLL_CTL_MOD);
    } else {
        step = connection_receive(connection, server->plan, server->counters);
    }
    connection_proceed(server, connection, step);
}

//DOC: fetch-reply-due
// Replies that are due, a bounded number: requests must not wait behind thousands.
static void replies_send(struct server *server)
{
    if (server->first == NULL)
        return;
    uint64_t now_ns = clock_now_ns();
    for (int i = 0; i < REPLIES_MAX && server->first != NULL; i++) {
        struct connection *connection = server->first;
        if (connection->due_ns > now_ns)
            return;
        queue_remove(server, connection);
        enum connection_step step =
            connection_reply(connection, server->plan, server->counters);
        connection_proceed(server, connection, step);
    }
}

// Errors that concern one connection, or pass by themselves.
static bool accept_may_go_on(int error)
{
    switch (error) {
    case EAGAIN:
    case EINTR:
    case ECONNABORTED:
    case EPROTO:
        return true;
    default:
        return false;
    }
}

// When descriptors run short, a listener with sessions that cannot be taken would wake us for
// ever. There is always room for as many sessions as the plan allows (fetch_backend_start has
// looked), so those that hold the others end soon, or are strangers.
static int listeners_watch(struct server *server, bool resting)
{
    int error = 0;
    server->resting = resting;
    for (uint32_t i = 0; i < server->listener_count && error == 0; i++)
        error =
            watch(server, &server->listeners[i], resting ? 0 : EPOLLIN, EPOLL_CTL_MOD);
    return error;
}

static bool is_shortage(int error)
{
    return error == EMFILE || error == ENFILE || error == ENOBUFS || error == ENOMEM;
}

static int sessions_accept(struct server *server, int listener)
{
    for (int i = 0; i < ACCEPTS_MAX; i++) {
        int fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0 && is_shortage(errno))
            return listeners_watch(server, true);
        if (fd < 0)
            return accept_may_go_on(errno) ? 0 : -errno;
        struct connection *connection = connection_place(server, fd);
        if (connection == NULL) {
            close(fd);
            return -EMFILE;
        }
        if (server->plan->tokens != NULL)
            connection_init_greeting(connection, fd);
        else
            connection_init(connection, fd);
        connection_book_accepted(server->counters);
        int error = watch(server, &connection->source, EPOLLIN, EPOLL_CTL_ADD);
        if (error != 0) {
            close(fd);
            return error;
        }
    }
    return 0;
}

// ---- the loop ------------------------------------------------------------------------

// The control socket never carries data: whatever happens on it means "end".
static int source_event(struct server *server, struct source *source)
{
    switch (source->kind) {
    case SOURCE_LISTENER:
        return sessions_accept(server, source->fd);
    case SOURCE_CONTROL:
        server->stopping = true;
        break;
    case SOURCE_TIMER:
        server->timer_set = false;
        break;
    case SOURCE_CONNECTION:
        connection_event(server, (struct connection *)source);
        break;
    }
    return 0;
}

static int server_loop(struct server *server)
{
    struct epoll_event events[EVENTS_MAX];
    while (!server->stopping) {
        int error = timer_set(server);
        if (error != 0)
            return error;
        int ready =
            epoll_wait(server->epoll, events, EVENTS_MAX, server->resting ? REST_MS : -1);
        if (ready < 0 && errno != EINTR)
            return -errno;
        if (server->resting)
            error = listeners_watch(server, false);
        // A connection that is closed here has no second event in the same batch, so
        // no pointer in it can be stale.
        for (int i = 0; i < ready && error == 0; i++)
            error = source_event(server, events[i].data.ptr);
        if (error != 0)
            return error;
        replies_send(server);
    }
    return 0;
}

// ---- life cycle ----------------------------------------------------------------------

// Address space for every descriptor number that can occur; memory comes with use.
static int places_map(struct server *server)
{
    struct rlimit limit;
    server->place_count = PLACES_MAX;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < PLACES_MAX)
        server->place_count = (uint32_t)limit.rlim_cur;
    size_t unaligned = sizeof(struct connection) + server->plan->payload;
    server->place_size = (unaligned + 63) / 64 * 64;
    void *places =
        mmap(NULL, server->place_count * server->place_size, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (places == MAP_FAILED)
        return -errno;
    server->places = places;
    return 0;
}

static int sources_watch(struct server *server, const struct fetch_endpoint *endpoints)
{
    int error = watch(server, &server->control, EPOLLIN | EPOLLRDHUP, EPOLL_CTL_ADD);
    if (error == 0)
        error = watch(server, &server->timer, EPOLLIN | EPOLLET, EPOLL_CTL_ADD);
    for (uint32_t i = 0; i < server->listener_count && error == 0; i++) {
        server->listeners[i] =
            (struct source){.kind = SOURCE_LISTENER, .fd = endpoints[i].listener};
        error = watch(server, &server->listeners[i], EPOLLIN, EPOLL_CTL_ADD);
    }
    return error;
}

// Nothing is undone: the process ends with this function.
int fetch_server_run(const struct fetch_plan *plan,
                     const struct fetch_endpoint *endpoints, uint32_t endpoint_count,
                     int control, struct fetch_counters *counters)
{
    struct server server = {.plan = plan,
                            .counters = counters,
                            .control = {.kind = SOURCE_CONTROL, .fd = control},
                            .listener_count = endpoint_count};
    server.epoll = epoll_create1(EPOLL_CLOEXEC);
    if (server.epoll < 0)
        return -errno;
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    if (timer < 0)
        return -errno;
    server.timer = (struct source){.kind = SOURCE_TIMER, .fd = timer};
    server.listeners = calloc(endpoint_count, sizeof *server.listeners);
    if (server.listeners == NULL)
        return -ENOMEM;
    int error = places_map(&server);
    if (error == 0)
        error = sources_watch(&server, endpoints);
    if (error == 0)
        error = server_loop(&server);
    free(server.listeners);
    return error;
}

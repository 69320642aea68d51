// SPDX-License-Identifier: MIT
//
// probe_elsewhere.c - threads that are woken from another CPU, as those of a client are by its
// back end: see probe.h. Each sleeps in a read() of a socket of its own. A process on
// the other CPU writes to one after another, so that its time is not in ours.
#include "driver/prices/probe.h"

#include "lib/clock.h"
#include "lib/cpus.h"
#include "lib/process.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

enum { LAPS = 3, MESSAGE = 64, LAP_LIMIT_S = 60 };

struct sleepers {
    int sockets[PROBE_THREADS_MOST][2]; // the sleeper reads from the first
    int orders[2];                      // to the process that wakes: so many laps
    int news[2];                        // from the last sleeper of a lap
    unsigned count;
    atomic_uint left; // that still sleep in this lap
};

struct seat {
    struct sleepers *all;
    int socket;
};

static void *sleeper(void *argument)
{
    const struct seat *seat = argument;
    char message[MESSAGE];
    for (int lap = 0; lap < 1 + LAPS; lap++) {
        if (read(seat->socket, message, sizeof message) != MESSAGE)
            break;
        if (atomic_fetch_sub(&seat->all->left, 1) == 1)
            (void)!write(seat->all->news[1], "n", 1);
    }
    return NULL;
}

// The process on the other CPU: a lap for each order.
_Noreturn static void wake_all(const struct sleepers *all, const char *cpu)
{
    static const char message[MESSAGE];
    char order;
    cpus_unpin();
    if (cpus_pin(cpu, NULL) != 0)
        _exit(EXIT_FAILURE);
    while (read(all->orders[0], &order, 1) == 1)
        for (unsigned i = 0; i < all->count; i++)
            if (write(all->sockets[i][1], message, sizeof message) != MESSAGE)
                _exit(EXIT_FAILURE);
    _exit(EXIT_SUCCESS);
}

static int open_all(struct sleepers *all, unsigned count)
{
    const struct timeval limit = {.tv_sec = LAP_LIMIT_S};
    all->count = 0;
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, all->orders) != 0 ||
        socketpair(AF_UNIX, SOCK_STREAM, 0, all->news) != 0 ||
        setsockopt(all->news[0], SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit) != 0)
        return -errno;
    for (; all->count < count; all->count++)
        if (socketpair(AF_UNIX, SOCK_STREAM, 0, all->sockets[all->count]) != 0)
            return -errno;
    return 0;
}

static void close_all(struct sleepers *all)
{
    for (unsigned i = 0; i < all->count; i++) {
        close(all->sockets[i][0]);
        close(all->sockets[i][1]);
    }
    for (int i = 0; i < 2; i++) {
        close(all->orders[i]);
        close(all->news[i]);
    }
}

// Until all have been woken once, and have gone back to sleep but for the last. Sleepers that
// nobody wakes end this process: it is the child of the driver, which sees that.
static void go_round(struct sleepers *all)
{
    char news;
    atomic_store(&all->left, all->count);
    if (write(all->orders[1], "o", 1) != 1 || read(all->news[0], &news, 1) != 1)
        _exit(EXIT_FAILURE);
}

static void start_all(struct sleepers *all, struct seat *seats, pthread_t *threads)
{
    for (unsigned i = 0; i < all->count; i++) {
        seats[i] = (struct seat){.all = all, .socket = all->sockets[i][0]};
        if (probe_start_thread(&threads[i], sleeper, &seats[i]) != 0)
            _exit(EXIT_FAILURE);
    }
}

// In the first lap threads begin, which has a price of its own.
static int64_t run_elsewhere(struct probe *probe, const struct probe_kind *kind)
{
    static struct sleepers all;
    static struct seat seats[PROBE_THREADS_MOST];
    static pthread_t threads[PROBE_THREADS_MOST];
    (void)kind;
    if (probe->elsewhere == NULL)
        return -ENODEV; // one CPU
    int error = open_all(&all, probe->threads);
    pid_t waker = error == 0 ? process_fork() : -1;
    if (waker == 0)
        wake_all(&all, probe->elsewhere);
    if (waker > 0) {
        start_all(&all, seats, threads);
        go_round(&all);
        probe_start(probe);
        for (int lap = 0; lap < LAPS; lap++)
            go_round(&all);
        probe_stop(probe);
        for (unsigned i = 0; i < all.count; i++)
            pthread_join(threads[i], NULL);
        shutdown(all.orders[1], SHUT_WR);
        process_wait_or_kill(waker, &(int){0}, NS_PER_SECOND);
    }
    close_all(&all);
    return error != 0 ? error : waker < 0 ? -EAGAIN : (int64_t)LAPS * all.count;
}

const struct probe_kind probe_elsewhere[] = {{"elsewhere", run_elsewhere, NULL, NULL},
                                             {0}};

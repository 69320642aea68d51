// SPDX-License-Identifier: MIT
//
// Threads, processes and pages: see probe.h. A ring of threads hands a token on, each asleep
// until it comes: by futexes or through pipes. All of them share one CPU, so the wall-clock
// time of a hand-over is the CPU time of both sides.
#define _GNU_SOURCE // pipe2(), memory advice
#include "driver/prices/probe.h"

#include "lib/futex.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

enum {
    LAPS = 8,
    LAPS_OF_MANY = 2,
    MANY = 200, // threads from which on a lap is long enough
    STARTS = 20,
    PROCESSES = 3,
    PAGES = 96,
    PAGE = 4096,
    SLEEPS = 30,
    STACK_BYTES = 1 << 16,
    MEMCPY_BYTES = 1 << 20,
};

// ---- a ring of threads -----------------------------------------------------------------

struct seat {
    _Atomic uint32_t token; // 1: it is here. A futex word
    int pipe[2];
    bool by_pipe;
    unsigned laps;
    struct seat *next;
};

// True until a token comes that ends the ring.
static void seat_wait(struct seat *seat)
{
    char token;
    if (seat->by_pipe) {
        while (read(seat->pipe[0], &token, 1) < 0 && errno == EINTR)
            ;
        return;
    }
    while (atomic_exchange(&seat->token, 0) == 0)
        futex_wait(&seat->token, 0, FUTEX_FOREVER, FUTEX_THREADS);
}

static void seat_wake(struct seat *seat)
{
    if (seat->by_pipe) {
        (void)!write(seat->pipe[1], "t", 1);
        return;
    }
    atomic_store(&seat->token, 1);
    futex_wake(&seat->token, 1, FUTEX_THREADS);
}

static void *sit(void *argument)
{
    struct seat *seat = argument;
    for (unsigned lap = 0; lap < seat->laps; lap++) {
        seat_wait(seat);
        seat_wake(seat->next);
    }
    return NULL;
}

int probe_start_thread(pthread_t *thread, void *(*code)(void *), void *argument)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_BYTES);
    int error = pthread_create(thread, &attributes, code, argument);
    pthread_attr_destroy(&attributes);
    return -error;
}

static int open_seats(struct seat *seats, unsigned count, unsigned laps, bool by_pipe)
{
    for (unsigned i = 0; i < count; i++) {
        seats[i] = (struct seat){.by_pipe = by_pipe,
                                 .laps = laps,
                                 .next = &seats[(i + 1) % count]};
        if (by_pipe && pipe2(seats[i].pipe, O_CLOEXEC) != 0)
            return -errno;
    }
    return 0;
}

static void go_round(struct seat *first)
{
    seat_wake(first->next);
    seat_wait(first);
}

// The caller holds the first seat. In the first lap threads begin, which has a price of its
// own. A ring that lacks a thread ends this process: it is the child of the driver, which sees
// that.
static int64_t ring(struct probe *probe, bool by_pipe)
{
    static struct seat seats[PROBE_THREADS_MOST];
    static pthread_t threads[PROBE_THREADS_MOST];
    unsigned count = probe->threads;
    unsigned laps = count < MANY ? LAPS : LAPS_OF_MANY;
    int error = open_seats(seats, count, 1 + laps, by_pipe);
    if (error != 0)
        return error;
    for (unsigned i = 1; i < count; i++)
        if (probe_start_thread(&threads[i], sit, &seats[i]) != 0)
            _exit(EXIT_FAILURE);
    go_round(&seats[0]);
    probe_start(probe);
    for (unsigned lap = 0; lap < laps; lap++)
        go_round(&seats[0]);
    probe_stop(probe);
    for (unsigned i = 1; i < count; i++)
        pthread_join(threads[i], NULL);
    for (unsigned i = 0; i < count && by_pipe; i++) {
        close(seats[i].pipe[0]);
        close(seats[i].pipe[1]);
    }
    return (int64_t)laps * count;
}

static int64_t run_futex_ring(struct probe *probe, const struct probe_kind *kind)
{
    (void)kind;
    return ring(probe, false);
}

static int64_t run_pipe_ring(struct probe *probe, const struct probe_kind *kind)
{
    (void)kind;
    return ring(probe, true);
}

// ---- waking ----------------------------------------------------------------------------

static void *sleeper(void *argument)
{
    seat_wait(argument);
    return NULL;
}

// Sleepers are woken one after another by a thread that goes on: its own time.
static int64_t run_wakeups(struct probe *probe, const struct probe_kind *kind)
{
    static struct seat seats[PROBE_THREADS_MOST];
    static pthread_t threads[PROBE_THREADS_MOST];
    const struct timespec moment = clock_timespec(NS_PER_SECOND / 1000);
    unsigned count = probe->threads;
    (void)kind;
    probe->clock = CLOCK_THREAD_CPUTIME_ID;
    for (unsigned i = 0; i < count; i++) {
        seats[i] = (struct seat){.by_pipe = false};
        if (probe_start_thread(&threads[i], sleeper, &seats[i]) != 0)
            _exit(EXIT_FAILURE);
    }
    nanosleep(&moment, NULL); // until all of them sleep
    probe_start(probe);
    for (unsigned i = 0; i < count; i++)
        seat_wake(&seats[i]);
    probe_stop(probe);
    for (unsigned i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    return count;
}

static int64_t run_sleep(struct probe *probe, const struct probe_kind *kind)
{
    const struct timespec shortest = {.tv_nsec = 1000};
    (void)kind;
    probe_start(probe);
    for (int i = 0; i < SLEEPS; i++)
        nanosleep(&shortest, NULL);
    probe_stop(probe);
    return SLEEPS;
}

// ---- starting --------------------------------------------------------------------------

static void *nothing(void *argument)
{
    return argument;
}

static int64_t run_thread(struct probe *probe, const struct probe_kind *kind)
{
    pthread_t thread;
    int error = 0;
    (void)kind;
    probe_start(probe);
    for (int i = 0; i < STARTS && error == 0; i++) {
        error = probe_start_thread(&thread, nothing, NULL);
        if (error == 0)
            pthread_join(thread, NULL);
    }
    probe_stop(probe);
    return error < 0 ? error : STARTS;
}

static int64_t run_process(struct probe *probe, const struct probe_kind *kind)
{
    bool failed = false;
    (void)kind;
    probe_start(probe);
    for (int i = 0; i < PROCESSES && !failed; i++) {
        pid_t child = fork();
        if (child == 0)
            _exit(EXIT_SUCCESS);
        failed = child < 0 || waitpid(child, NULL, 0) != child;
    }
    probe_stop(probe);
    return failed ? -EAGAIN : PROCESSES;
}

// ---- memory ----------------------------------------------------------------------------

static char *map_pages(void)
{
    char *pages = mmap(NULL, (size_t)PAGES * PAGE, PROT_READ | PROT_WRITE,
                       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED)
        return NULL;
    madvise(pages, (size_t)PAGES * PAGE, MADV_NOHUGEPAGE);
    return pages;
}

static void touch(char *pages)
{
    for (int i = 0; i < PAGES; i++)
        *(volatile char *)(pages + (size_t)i * PAGE) = 1;
}

static int64_t run_fault(struct probe *probe, const struct probe_kind *kind)
{
    char *pages = map_pages();
    (void)kind;
    if (pages == NULL)
        return -ENOMEM;
    probe_start(probe);
    touch(pages);
    probe_stop(probe);
    munmap(pages, (size_t)PAGES * PAGE);
    return PAGES;
}

// Pages are written that a child shares: each is copied. The child sleeps meanwhile.
static int64_t run_fault_copy(struct probe *probe, const struct probe_kind *kind)
{
    int ends[2];
    char *pages = map_pages();
    (void)kind;
    if (pages == NULL || pipe2(ends, O_CLOEXEC) != 0)
        return -ENOMEM;
    touch(pages);
    pid_t child = fork();
    if (child == 0) {
        close(ends[1]);
        (void)!read(ends[0], pages, 1); // until the parent closes it
        _exit(EXIT_SUCCESS);
    }
    probe_start(probe);
    touch(pages);
    probe_stop(probe);
    close(ends[0]);
    close(ends[1]);
    if (child > 0)
        waitpid(child, NULL, 0);
    munmap(pages, (size_t)PAGES * PAGE);
    return child < 0 ? -EAGAIN : PAGES;
}

static int64_t run_memcpy(struct probe *probe, const struct probe_kind *kind)
{
    static char from[MEMCPY_BYTES], to[MEMCPY_BYTES];
    (void)kind;
    memset(from, 1, sizeof from);
    memset(to, 2, sizeof to);
    probe_start(probe);
    for (int i = 0; i < 4; i++) {
        memcpy(to, from, sizeof to);
        __asm__ volatile("" ::: "memory"); // each copy is made
    }
    probe_stop(probe);
    return (int64_t)MEMCPY_BYTES * 4;
}

const struct probe_kind probe_tasks[] = {{"ring/futex", run_futex_ring, NULL, NULL},
                                         {"ring/pipe", run_pipe_ring, NULL, NULL},
                                         {"wakeups", run_wakeups, NULL, NULL},
                                         {"sleep", run_sleep, NULL, NULL},
                                         {"thread", run_thread, NULL, NULL},
                                         {"process", run_process, NULL, NULL},
                                         {"fault", run_fault, NULL, NULL},
                                         {"fault/copy", run_fault_copy, NULL, NULL},
                                         {"memcpy", run_memcpy, NULL, NULL},
                                         {0}};

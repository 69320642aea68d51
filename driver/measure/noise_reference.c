// SPDX-License-Identifier: MIT
//
// The reference load: three small pieces of work whose times are known by heart on a
// quiet machine. See noise.h for what each of them tells.
#define _GNU_SOURCE // pthread_setaffinity_np(): a hand-over means nothing unpinned
#include "driver/measure/noise.h"

#include "lib/clock.h"
#include "lib/mix.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <unistd.h>

#define SPIN_ROUNDS   1000000
#define PIPE_ROUNDS   400
#define ATOMIC_ROUNDS 20000
// Of who spins for the ball, which takes a ten-thousandth of that: the partner does not run, and
// no figure about caches comes of it. On a busy machine this is what a block costs.
#define PATIENCE_NS (NS_PER_SECOND / 200)

// Two threads that pass a ball to and fro.
struct rally {
    // Whose turn it is. On a line of its own: it is what travels between the caches.
    alignas(64) _Atomic unsigned ball;
    alignas(64) int cpus[2]; // where the two of them run
    int forth[2];            // pipe from player 0 to player 1
    int back[2];             // and back
    pthread_barrier_t start; // both are there, and neither has spun for the other
    _Atomic int gone;        // a player could not be pinned, or has lost patience
    uint64_t elapsed_ns;     // written by player 0, read after the join
};

// ---- computing ---------------------------------------------------------------------

static double spin_ns(void)
{
    static _Atomic uint64_t sink; // a result that is stored cannot be optimised away
    uint64_t begin = clock_now_ns();
    uint64_t digest = begin;
    for (int i = 0; i < SPIN_ROUNDS; i++)
        digest = mix(digest);
    atomic_store_explicit(&sink, digest, memory_order_relaxed);
    return (double)(clock_now_ns() - begin);
}

// ---- two players -------------------------------------------------------------------

// Takes the player's place, and waits until the other has taken his.
static bool join_in(struct rally *rally, int player)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET((size_t)rally->cpus[player], &set);
    if (pthread_setaffinity_np(pthread_self(), sizeof set, &set) != 0)
        atomic_store(&rally->gone, 1);
    pthread_barrier_wait(&rally->start);
    return atomic_load(&rally->gone) == 0;
}

// Plays a rally with two threads; nanoseconds in all, or NOISE_UNKNOWN when it was not finished.
static double play(struct rally *rally, void *(*first)(void *), void *(*second)(void *))
{
    pthread_t threads[2];
    pthread_barrier_init(&rally->start, NULL, 2);
    if (pthread_create(&threads[0], NULL, first, rally) != 0) {
        pthread_barrier_destroy(&rally->start);
        return NOISE_UNKNOWN;
    }
    bool both = pthread_create(&threads[1], NULL, second, rally) == 0;
    if (!both) {
        atomic_store(&rally->gone, 1);
        pthread_barrier_wait(&rally->start); // in the place of player 1
    }
    pthread_join(threads[0], NULL);
    if (both)
        pthread_join(threads[1], NULL);
    pthread_barrier_destroy(&rally->start);
    return atomic_load(&rally->gone) != 0 ? NOISE_UNKNOWN : (double)rally->elapsed_ns;
}

// ---- through pipes -----------------------------------------------------------------

static bool pass(int in, int out, bool read_first)
{
    char ball = 'o';
    if (read_first)
        return read(in, &ball, 1) == 1 && write(out, &ball, 1) == 1;
    return write(out, &ball, 1) == 1 && read(in, &ball, 1) == 1;
}

static void close_end(int *end)
{
    if (*end >= 0)
        close(*end);
    *end = -1;
}

// Passes all balls. A player closes its ends, so that the other one does not wait for a ball
// that has been lost.
static void pass_all(struct rally *rally, int *in, int *out, bool read_first)
{
    for (int i = 0; i < PIPE_ROUNDS && atomic_load(&rally->gone) == 0; i++)
        if (!pass(*in, *out, read_first))
            atomic_store(&rally->gone, 1);
    close_end(in);
    close_end(out);
}

static void *pipe_first(void *argument)
{
    struct rally *rally = argument;
    if (!join_in(rally, 0))
        return NULL;
    uint64_t begin = clock_now_ns();
    pass_all(rally, &rally->back[0], &rally->forth[1], false);
    rally->elapsed_ns = clock_now_ns() - begin;
    return NULL;
}

static void *pipe_second(void *argument)
{
    struct rally *rally = argument;
    if (!join_in(rally, 1))
        return NULL;
    pass_all(rally, &rally->forth[0], &rally->back[1], true);
    return NULL;
}

static double pipe_ns(int cpu)
{
    struct rally rally = {.cpus = {cpu, cpu}};
    if (pipe2(rally.forth, O_CLOEXEC) != 0)
        return NOISE_UNKNOWN;
    double elapsed = NOISE_UNKNOWN;
    if (pipe2(rally.back, O_CLOEXEC) == 0) {
        elapsed = play(&rally, pipe_first, pipe_second);
        close_end(&rally.back[0]);
        close_end(&rally.back[1]);
    }
    close_end(&rally.forth[0]);
    close_end(&rally.forth[1]);
    return elapsed / PIPE_ROUNDS;
}

// ---- between caches ----------------------------------------------------------------

// Waits until it is this player's turn; false when nothing comes any more.
static bool await_ball(struct rally *rally, unsigned turn)
{
    uint64_t deadline = clock_now_ns() + PATIENCE_NS;
    for (unsigned spins = 1;; spins++) {
        if (atomic_load_explicit(&rally->ball, memory_order_acquire) == turn)
            return true;
        if (spins % 1024 == 0 &&
            (atomic_load(&rally->gone) != 0 || clock_now_ns() > deadline)) {
            atomic_store(&rally->gone, 1);
            return false;
        }
    }
}

static void atomic_play(struct rally *rally, unsigned player)
{
    for (unsigned i = 0; i < ATOMIC_ROUNDS; i += 2) {
        if (!await_ball(rally, i + player))
            return;
        atomic_store_explicit(&rally->ball, i + player + 1, memory_order_release);
    }
}

static void *atomic_first(void *argument)
{
    struct rally *rally = argument;
    if (!join_in(rally, 0))
        return NULL;
    uint64_t begin = clock_now_ns();
    atomic_play(rally, 0);
    await_ball(rally, ATOMIC_ROUNDS);
    rally->elapsed_ns = clock_now_ns() - begin;
    return NULL;
}

static void *atomic_second(void *argument)
{
    struct rally *rally = argument;
    if (!join_in(rally, 1))
        return NULL;
    atomic_play(rally, 1);
    return NULL;
}

static double atomic_ns(int first, int second)
{
    struct rally rally = {.cpus = {first, second}}; // player 0 serves
    return play(&rally, atomic_first, atomic_second) / ATOMIC_ROUNDS;
}

void reference_measure(struct block_noise *noise)
{
    cpu_set_t allowed;
    int cpus[2];
    int count = 0;
    CPU_ZERO(&allowed);
    sched_getaffinity(0, sizeof allowed, &allowed);
    for (int cpu = 0; cpu < CPU_SETSIZE && count < 2; cpu++)
        if (CPU_ISSET((size_t)cpu, &allowed))
            cpus[count++] = cpu;
    noise->spin_ns = spin_ns();
    noise->pipe_ns = count < 1 ? NOISE_UNKNOWN : pipe_ns(cpus[0]);
    noise->atomic_ns = count < 2 ? NOISE_UNKNOWN : atomic_ns(cpus[0], cpus[1]);
}

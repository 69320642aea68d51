// SPDX-License-Identifier: MIT
//
// The global lock: see global_lock.h.
#include "runners/multithread/global_lock.h"

#include "lib/check.h"
#include "lib/clock.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

static struct {
    uint64_t interval_ns;
    pthread_mutex_t mutex;   // guards what follows
    pthread_cond_t given;    // the lock has been released
    pthread_cond_t taken;    // the lock has passed to a thread
    bool held;               //
    uint64_t passages;       // how often it has passed to a thread
    uint32_t waiters;        // threads that want it
    bool watched;            // one of them looks at the clock
    _Atomic uint32_t wanted; // a waiter asks for it; read without mutex
    direct_code *code;       // of a task, which runs under it
} lock;

// Waits for at most one interval. If the lock has not changed hands meanwhile, asks its
// holder to give it away.
static void watch(void)
{
    uint64_t passages = lock.passages;
    struct timespec until = clock_timespec(clock_now_ns() + lock.interval_ns);
    lock.watched = true;
    int error = pthread_cond_timedwait(&lock.given, &lock.mutex, &until);
    lock.watched = false;
    CHECK(error == 0 || error == ETIMEDOUT);
    if (error == ETIMEDOUT && lock.held && lock.passages == passages)
        atomic_store_explicit(&lock.wanted, 1, memory_order_relaxed);
}

// One waiter watches the clock for all. If each did, a hundred would wake up in every
// interval and queue for the mutex, where the holder then stands behind them in order to
// give away what they want.
static void await_lock(void)
{
    lock.waiters++;
    while (lock.held) {
        if (lock.watched)
            pthread_cond_wait(&lock.given, &lock.mutex);
        else
            watch();
    }
    lock.waiters--;
    if (lock.waiters > 0 && !lock.watched)
        pthread_cond_signal(&lock.given); // another one has to watch now
}

static void take_locked(void)
{
    await_lock();
    lock.held = true;
    lock.passages++;
    atomic_store_explicit(&lock.wanted, 0, memory_order_relaxed);
    pthread_cond_broadcast(&lock.taken);
}

static void give_locked(void)
{
    CHECK(lock.held);
    lock.held = false;
    pthread_cond_signal(&lock.given);
}

static void take(void)
{
    CHECK(pthread_mutex_lock(&lock.mutex) == 0);
    take_locked();
    CHECK(pthread_mutex_unlock(&lock.mutex) == 0);
}

static void give(void)
{
    CHECK(pthread_mutex_lock(&lock.mutex) == 0);
    give_locked();
    CHECK(pthread_mutex_unlock(&lock.mutex) == 0);
}

//DOC: global-lock
static void check(void)
{
    if (atomic_load_explicit(&lock.wanted, memory_order_relaxed) == 0)
        return;
    CHECK(pthread_mutex_lock(&lock.mutex) == 0);
    uint64_t passages = lock.passages;
    give_locked();
    while (lock.passages == passages && lock.waiters > 0)
        pthread_cond_wait(&lock.taken, &lock.mutex);
    take_locked();
    CHECK(pthread_mutex_unlock(&lock.mutex) == 0);
}

void global_lock_install(uint64_t interval_ns)
{
    static const struct worker_lock verbs = {.take = take, .give = give, .check = check};
    pthread_condattr_t attributes;
    lock.interval_ns = interval_ns;
    CHECK(pthread_mutex_init(&lock.mutex, NULL) == 0);
    CHECK(pthread_condattr_init(&attributes) == 0);
    CHECK(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0);
    CHECK(pthread_cond_init(&lock.given, &attributes) == 0);
    CHECK(pthread_cond_init(&lock.taken, NULL) == 0);
    pthread_condattr_destroy(&attributes);
    worker_lock = &verbs;
}

static int run_under_lock(struct task *task)
{
    take();
    int error = lock.code(task);
    give();
    return error;
}

direct_code *global_lock_around(direct_code *code)
{
    if (worker_lock == NULL)
        return code;
    lock.code = code;
    return run_under_lock;
}

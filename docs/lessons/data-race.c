// SPDX-License-Identifier: MIT
//
// data-race.c - two threads add to one plain `int`. That is a data race (C17 5.1.2.4): the
// language then promises nothing at all, and ThreadSanitizer finds it. With `atomic` each
// half of an addition is an atomic access of its own: no data race any more, nothing for
// the tool to find, and additions get lost all the same: a race condition. Only `mutex`
// makes one thing of both halves.
//
//     data-race [plain|atomic|mutex]
//
// Read next: workloads/counter, whose halves are those of `atomic`.
#include "lib/error.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#define ADDITIONS 1000000

static int plain;
static _Atomic int atomic;
static int guarded;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

//DOC: lesson-data-race
static void *add_plain(void *argument)
{
    for (int i = 0; i < ADDITIONS; i++)
        plain = plain + 1;
    return argument;
}

//DOC: lesson-atomic-halves
static void *add_atomic(void *argument)
{
    for (int i = 0; i < ADDITIONS; i++) {
        int seen = atomic_load_explicit(&atomic, memory_order_relaxed);
        atomic_store_explicit(&atomic, seen + 1, memory_order_relaxed);
    }
    return argument;
}

static void *add_guarded(void *argument)
{
    for (int i = 0; i < ADDITIONS; i++) {
        pthread_mutex_lock(&mutex);
        guarded = guarded + 1;
        pthread_mutex_unlock(&mutex);
    }
    return argument;
}

static int add_twice(void *(*code)(void *))
{
    pthread_t threads[2];
    for (size_t i = 0; i < 2; i++) {
        if (pthread_create(&threads[i], NULL, code, NULL) != 0)
            die(EXIT_CANNOT, "cannot create a thread");
    }
    for (size_t i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    int sum = code == add_plain ? plain : code == add_atomic ? atomic : guarded;
    printf("counted %d of %d\n", sum, 2 * ADDITIONS);
    return EXIT_FINE;
}

int main(int argc, char **argv)
{
    const char *how = argc > 1 ? argv[1] : "plain";
    if (strcmp(how, "plain") == 0)
        return add_twice(add_plain);
    if (strcmp(how, "atomic") == 0)
        return add_twice(add_atomic);
    if (strcmp(how, "mutex") == 0)
        return add_twice(add_guarded);
    die(EXIT_USAGE, "'%s' is unknown: plain, atomic, mutex", how);
}

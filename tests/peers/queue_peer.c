// SPDX-License-Identifier: MIT
//
// queue_peer.c - the chain of `pipeline` as one would write it with what POSIX offers: a
// ring between each two stages, guarded by a mutex, with two condition variables. A queue
// of ours should cost hardly more than this. The work on an item is the workload's own.
//
//   queue_peer threads|processes ITEMS CAPACITY [RECORD]
//
// RECORD gets {"run": nanoseconds}, from when all four stages exist to the end of the last.
//
// Read next: tests/peers/cpu_bench.
#define _GNU_SOURCE // MAP_ANONYMOUS, which POSIX does not have
#include "lib/check.h"
#include "lib/clock.h"
#include "workloads/pipeline/pipeline.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STAGES = 4 };

struct ring {
    alignas(64) pthread_mutex_t mutex;
    pthread_cond_t not_full;
    pthread_cond_t not_empty;
    uint32_t head;
    uint32_t count;
    uint64_t *items;
};

struct chain {
    pthread_barrier_t gate;
    uint64_t began_ns;
    uint32_t capacity;
    struct work work;
    struct pipeline_parameters parameters;
    struct ring rings[STAGES - 1];
};

static void put(const struct chain *chain, struct ring *ring, uint64_t item)
{
    pthread_mutex_lock(&ring->mutex);
    while (ring->count == chain->capacity)
        pthread_cond_wait(&ring->not_full, &ring->mutex);
    uint32_t place = ring->head + ring->count++;
    ring->items[place < chain->capacity ? place : place - chain->capacity] = item;
    pthread_mutex_unlock(&ring->mutex);
    pthread_cond_signal(&ring->not_empty);
}

static uint64_t get(const struct chain *chain, struct ring *ring)
{
    pthread_mutex_lock(&ring->mutex);
    while (ring->count == 0)
        pthread_cond_wait(&ring->not_empty, &ring->mutex);
    uint64_t item = ring->items[ring->head];
    ring->head = ring->head + 1 < chain->capacity ? ring->head + 1 : 0;
    ring->count--;
    pthread_mutex_unlock(&ring->mutex);
    pthread_cond_signal(&ring->not_full);
    return item;
}

static void stage_run(struct chain *chain, uint32_t index)
{
    struct task task = {.work = &chain->work,
                        .index = index,
                        .outcome = outcome_at(&chain->work, index)};
    pthread_barrier_wait(&chain->gate);
    for (uint64_t number = 0; number < chain->parameters.items; number++) {
        uint64_t item = index == 0 ? pipeline_make(task.work, number)
                                   : get(chain, &chain->rings[index - 1]);
        item = pipeline_stage(&task, item);
        if (index < STAGES - 1)
            put(chain, &chain->rings[index], item);
    }
}

// ---- who runs the stages ---------------------------------------------------------------

struct seat {
    struct chain *chain;
    uint32_t index;
};

static void *thread_main(void *argument)
{
    struct seat *seat = argument;
    stage_run(seat->chain, seat->index);
    return NULL;
}

static void run_threads(struct chain *chain)
{
    pthread_t threads[STAGES];
    struct seat seats[STAGES];
    for (uint32_t i = 0; i < STAGES; i++) {
        seats[i] = (struct seat){.chain = chain, .index = i};
        CHECK(pthread_create(&threads[i], NULL, thread_main, &seats[i]) == 0);
    }
    pthread_barrier_wait(&chain->gate);
    chain->began_ns = clock_now_ns();
    for (uint32_t i = 0; i < STAGES; i++)
        pthread_join(threads[i], NULL);
}

static void run_processes(struct chain *chain)
{
    for (uint32_t i = 0; i < STAGES; i++) {
        pid_t pid = fork();
        CHECK(pid >= 0);
        if (pid == 0) {
            stage_run(chain, i);
            _exit(0);
        }
    }
    pthread_barrier_wait(&chain->gate);
    chain->began_ns = clock_now_ns();
    for (uint32_t i = 0; i < STAGES; i++) {
        int status;
        CHECK(wait(&status) > 0 && status == 0);
    }
}

// ---- the chain -------------------------------------------------------------------------

static void *map_shared(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    CHECK(memory != MAP_FAILED);
    return memory;
}

static void ring_init(struct ring *ring, uint32_t capacity, int shared)
{
    pthread_mutexattr_t mutex;
    pthread_condattr_t condition;
    pthread_mutexattr_init(&mutex);
    pthread_mutexattr_setpshared(&mutex, shared);
    pthread_condattr_init(&condition);
    pthread_condattr_setpshared(&condition, shared);
    pthread_mutex_init(&ring->mutex, &mutex);
    pthread_cond_init(&ring->not_full, &condition);
    pthread_cond_init(&ring->not_empty, &condition);
    ring->items = map_shared(capacity * sizeof *ring->items);
}

static struct chain *chain_new(uint64_t items, uint32_t capacity, int shared)
{
    struct chain *chain = map_shared(sizeof *chain);
    pthread_barrierattr_t gate;
    pthread_barrierattr_init(&gate);
    pthread_barrierattr_setpshared(&gate, shared);
    pthread_barrier_init(&chain->gate, &gate, STAGES + 1);
    chain->capacity = capacity;
    chain->parameters = (struct pipeline_parameters){.items = items};
    chain->work = (struct work){.parameters = &chain->parameters,
                                .tasks = STAGES,
                                .seed = 1,
                                .outcome_stride = 64,
                                .outcomes = map_shared(64 * STAGES)};
    for (uint32_t i = 0; i < STAGES - 1; i++)
        ring_init(&chain->rings[i], capacity, shared);
    return chain;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        fprintf(stderr, "usage: queue_peer threads|processes ITEMS CAPACITY [RECORD]\n");
        return 2;
    }
    int threads = strcmp(argv[1], "threads") == 0;
    struct chain *chain =
        chain_new(strtoull(argv[2], NULL, 10), (uint32_t)strtoul(argv[3], NULL, 10),
                  threads ? PTHREAD_PROCESS_PRIVATE : PTHREAD_PROCESS_SHARED);
    (threads ? run_threads : run_processes)(chain);
    uint64_t run_ns = clock_now_ns() - chain->began_ns;
    for (uint32_t i = 0; i < STAGES; i++)
        CHECK(outcome_at(&chain->work, i)->digest == pipeline_digest(&chain->work, i));
    FILE *file = argc > 4 ? fopen(argv[4], "w") : stdout;
    return file == NULL || fprintf(file, "{\"run\": %" PRIu64 "}\n", run_ns) < 0 ||
           fclose(file) != 0;
}

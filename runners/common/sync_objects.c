// SPDX-License-Identifier: MIT
//
// Memory and beginning of what tasks share: see sync_objects.h.
#define _GNU_SOURCE // MAP_ANONYMOUS and MAP_POPULATE are Linux
#include "runners/sync_objects.h"

#include "lib/check.h"
#include "runners/common/run.h"

#include <sys/mman.h>

#define CHUNK_BYTES ((size_t)1 << 20)

// The rest of the last mapping. Filled in the parent before there are workers.
static struct {
    unsigned char *free;
    size_t left;
} arena;

void *sync_alloc(size_t size)
{
    size_t whole = (size + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
    if (whole < size)
        return NULL;
    if (whole > arena.left) {
        size_t bytes = whole > CHUNK_BYTES ? whole : CHUNK_BYTES;
        void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                            MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
        if (memory == MAP_FAILED)
            return NULL;
        arena.free = memory;
        arena.left = bytes;
    }
    void *block = arena.free;
    arena.free += whole;
    arena.left -= whole;
    return block;
}

void sync_mutex_init(struct sync_mutex *mutex)
{
    *mutex = (struct sync_mutex){0};
}

void sync_semaphore_init(struct sync_semaphore *semaphore, uint32_t permits)
{
    *semaphore = (struct sync_semaphore){0};
    atomic_init(&semaphore->value, permits);
}

void sync_event_init(struct sync_event *event)
{
    *event = (struct sync_event){0};
}

void sync_queue_init(struct sync_queue *queue, uint64_t *ring, uint32_t capacity)
{
    CHECK(capacity > 0);
    *queue = (struct sync_queue){.ring = ring, .capacity = capacity};
}

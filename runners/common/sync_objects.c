// SPDX-License-Identifier: MIT
//
// Memory and beginning of what tasks share: see sync_objects.h.
#define _GNU_SOURCE // MAP_ANONYMOUS, MAP_POPULATE and madvise() are not POSIX
#include "runners/sync_objects.h"

#include "lib/check.h"
#include "runners/common/run.h"

#include <sys/mman.h>

#define CHUNK_BYTES ((size_t)1 << 20)

#ifndef MADV_POPULATE_WRITE // not in older C libraries
#define MADV_POPULATE_WRITE 23
#endif

// Mappings that processes map before the gate: no workload needs more of them.
enum { CHUNKS_MAX = 16 };

// One mapping, filled from its beginning.
struct chunk {
    unsigned char *memory;
    size_t size;
    size_t used;
};

// Filled in the parent before there are workers. The last one has room.
static struct {
    struct chunk chunks[CHUNKS_MAX];
    size_t count; // of mappings; those after CHUNKS_MAX take the place of the last
} arena;

static struct chunk *last_chunk(void)
{
    size_t last = arena.count < CHUNKS_MAX ? arena.count : CHUNKS_MAX;
    return last > 0 ? &arena.chunks[last - 1] : NULL;
}

static struct chunk *map_chunk(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (memory == MAP_FAILED)
        return NULL;
    arena.count++;
    struct chunk *chunk = last_chunk();
    *chunk = (struct chunk){.memory = memory, .size = size};
    return chunk;
}

void *sync_alloc(size_t size)
{
    size_t whole = (size + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE;
    if (whole < size)
        return NULL;
    struct chunk *chunk = last_chunk();
    if (chunk == NULL || whole > chunk->size - chunk->used)
        chunk = map_chunk(whole > CHUNK_BYTES ? whole : CHUNK_BYTES);
    if (chunk == NULL)
        return NULL;
    void *block = chunk->memory + chunk->used;
    chunk->used += whole;
    return block;
}

void run_populate_shared(size_t most_bytes)
{
    for (size_t i = 0; i < arena.count && i < CHUNKS_MAX; i++) {
        const struct chunk *chunk = &arena.chunks[i];
        if (chunk->used <= most_bytes)
            madvise(chunk->memory, chunk->used, MADV_POPULATE_WRITE);
    }
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

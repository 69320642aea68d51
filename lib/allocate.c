// SPDX-License-Identifier: MIT
//
// allocate.c - see allocate.h.
#include "lib/allocate.h"

#include "lib/error.h"

#include <jansson.h>
#include <stdlib.h>

static void *checked(void *memory, size_t size)
{
    if (memory == NULL)
        die(EXIT_WRONG, "out of memory: %zu bytes were refused", size);
    return memory;
}

void *allocate(size_t count, size_t size)
{
    count += count == 0;
    return checked(calloc(count, size), count * size);
}

void *allocate_more(void *memory, size_t count, size_t *room, size_t size)
{
    if (count < *room)
        return memory;
    *room = *room == 0 ? 8 : 2 * *room;
    return checked(realloc(memory, *room * size), *room * size);
}

static void *allocate_bytes(size_t size)
{
    return checked(malloc(size), size);
}

void allocate_json(void)
{
    json_set_alloc_funcs(allocate_bytes, free);
}

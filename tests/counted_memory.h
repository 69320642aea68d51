// SPDX-License-Identifier: MIT
//
// counted_memory.h - a malloc() of a test's own in front of the C library's: it counts what was
// asked for and what was not given back, and refuses one request. For the one source file of a
// test program; it needs _GNU_SOURCE for RTLD_NEXT.
#ifndef QUARTET_TESTS_COUNTED_MEMORY_H
#define QUARTET_TESTS_COUNTED_MEMORY_H

#include "lib/check.h"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>

static size_t requests; // since the function under test was called
static size_t refused;  // the number of the request that gets nothing; 0: none
static long kept;       // pieces that nobody has given back

static void *answer(void *(*real)(size_t, size_t), size_t a, size_t b)
{
    if (++requests == refused) {
        errno = ENOMEM;
        return NULL;
    }
    kept++;
    return real(a, b);
}

static void *real_of(const char *name)
{
    void *real = dlsym(RTLD_NEXT, name);
    CHECK(real != NULL);
    return real;
}

static void *real_calloc(size_t count, size_t size)
{
    static void *(*real)(size_t, size_t);
    if (real == NULL)
        *(void **)&real = real_of("calloc");
    return real(count, size);
}

static void *real_malloc(size_t size, size_t ignored)
{
    static void *(*real)(size_t);
    (void)ignored;
    if (real == NULL)
        *(void **)&real = real_of("malloc");
    return real(size);
}

static void *real_aligned(size_t alignment, size_t size)
{
    static void *(*real)(size_t, size_t);
    if (real == NULL)
        *(void **)&real = real_of("aligned_alloc");
    return real(alignment, size);
}

void *malloc(size_t size)
{
    return answer(real_malloc, size, 0);
}

void *calloc(size_t count, size_t size)
{
    return answer(real_calloc, count, size);
}

void *aligned_alloc(size_t alignment, size_t size)
{
    return answer(real_aligned, alignment, size);
}

void *realloc(void *memory, size_t size)
{
    static void *(*real)(void *, size_t);
    if (real == NULL)
        *(void **)&real = real_of("realloc");
    if (++requests == refused) {
        errno = ENOMEM;
        return NULL;
    }
    kept += memory == NULL ? 1 : 0;
    return real(memory, size);
}

void free(void *memory)
{
    static void (*real)(void *);
    if (real == NULL)
        *(void **)&real = real_of("free");
    kept -= memory != NULL ? 1 : 0;
    real(memory);
}

#endif

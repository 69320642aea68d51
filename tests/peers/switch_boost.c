// SPDX-License-Identifier: MIT
//
// The benchmark's other subject: Boost.Context by its C functions, with stacks from an
// arena and a list of idle ones, as a program that uses it would have them. It comes
// twice: with stack tops at the end of a page, as Boost's own allocators make them, and
// with the tops shifted as stack.h does, so that one can see what is due to the switch
// and what to the stacks.
//
// Source of the declarations: boost/context/detail/fcontext.hpp.
#define _GNU_SOURCE // MAP_ANONYMOUS, MAP_NORESERVE, MAP_STACK and madvise() are not POSIX
#include "lib/check.h"
#include "lib/error.h"
#include "tests/peers/switch_bench.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>

#define STACK_BYTES ((size_t)64 << 10)

struct transfer {
    void *context; // who has jumped here
    void *data;
};

struct transfer jump_fcontext(void *to, void *data);
void *make_fcontext(void *top, size_t size, void (*entry)(struct transfer));

// The head of an idle stack, at its top.
struct idle {
    struct idle *next;
};

static struct {
    char *base;
    size_t bytes;
    struct idle *idle;
    void **contexts;
    bool ending;
} boost;

static void boost_open_shifted(uint32_t live, size_t colours)
{
    boost.bytes = STACK_BYTES * live;
    boost.base = mmap(NULL, boost.bytes, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK, -1, 0);
    boost.contexts = calloc(live, sizeof(void *));
    if (boost.base == MAP_FAILED || boost.contexts == NULL)
        die(EXIT_CANNOT, "no memory for %u stacks", live);
    madvise(boost.base, boost.bytes, MADV_NOHUGEPAGE);
    boost.idle = NULL;
    boost.ending = false;
    for (uint32_t i = live; i-- > 0;) {
        char *top = boost.base + (i + 1) * STACK_BYTES - i % colours * 192;
        struct idle *stack = (struct idle *)(void *)(top - 64);
        stack->next = boost.idle;
        boost.idle = stack;
    }
}

static void boost_open(uint32_t live)
{
    boost_open_shifted(live, 1);
}

static void boost_open_coloured(uint32_t live)
{
    boost_open_shifted(live, 11);
}

static struct idle *take(void)
{
    struct idle *stack = boost.idle;
    CHECK(stack != NULL);
    boost.idle = stack->next;
    return stack;
}

static void bounce(struct transfer from)
{
    while (!boost.ending)
        from = jump_fcontext(from.context, NULL);
    jump_fcontext(from.context, NULL);
}

static void boost_start(uint32_t live)
{
    for (uint32_t i = 0; i < live; i++)
        boost.contexts[i] =
            jump_fcontext(make_fcontext(take(), STACK_BYTES / 2, bounce), NULL).context;
}

static void boost_pass(uint32_t live, uint64_t switches)
{
    uint32_t i = 0;
    for (uint64_t done = 0; done < switches; done += 2) {
        boost.contexts[i] = jump_fcontext(boost.contexts[i], NULL).context;
        if (++i == live)
            i = 0;
    }
}

static void boost_finish(uint32_t live)
{
    boost.ending = true;
    for (uint32_t i = 0; i < live; i++)
        jump_fcontext(boost.contexts[i], NULL);
}

static void once(struct transfer from)
{
    jump_fcontext(from.context, NULL);
}

static void boost_spawn(uint64_t times)
{
    for (uint64_t i = 0; i < times; i++) {
        struct idle *stack = take();
        jump_fcontext(make_fcontext(stack, STACK_BYTES / 2, once), NULL);
        stack->next = boost.idle;
        boost.idle = stack;
    }
}

static void boost_close(void)
{
    munmap(boost.base, boost.bytes);
    free(boost.contexts);
}

const struct subject subject_boost = {.name = "Boost",
                                      .open = boost_open,
                                      .start = boost_start,
                                      .pass = boost_pass,
                                      .finish = boost_finish,
                                      .spawn = boost_spawn,
                                      .close = boost_close};

const struct subject subject_boost_coloured = {.name = "Boost, coloured",
                                               .open = boost_open_coloured,
                                               .start = boost_start,
                                               .pass = boost_pass,
                                               .finish = boost_finish,
                                               .spawn = boost_spawn,
                                               .close = boost_close};

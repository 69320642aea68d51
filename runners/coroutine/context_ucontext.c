// SPDX-License-Identifier: MIT
//
// The portable context: makecontext() and swapcontext() of the C library. POSIX has
// marked them obsolescent in 2004 and nothing has taken their place.
//
// A ucontext_t takes nearly a kilobyte. It lies on the stack that it describes: the one
// that is left keeps it as a local variable of the switch until somebody comes back.
#define _GNU_SOURCE // <ucontext.h> is no longer part of POSIX.1-2008
#include "runners/coroutine/context.h"
#include "lib/check.h"

#include <stdint.h>
#include <ucontext.h>

// makecontext() passes ints, so a pointer comes in two halves.
static void start(unsigned entry_high, unsigned entry_low, unsigned argument_high,
                  unsigned argument_low)
{
    uintptr_t entry = (uintptr_t)((uint64_t)entry_high << 32 | entry_low);
    uintptr_t argument = (uintptr_t)((uint64_t)argument_high << 32 | argument_low);
    ((context_entry *)entry)((void *)argument);
}

static unsigned high(uintptr_t address)
{
    return (unsigned)((uint64_t)address >> 32);
}

void context_make_ucontext(struct context *context, char *low, char *top,
                           context_entry *entry, void *argument)
{
    uintptr_t place = ((uintptr_t)top - sizeof(ucontext_t)) & ~(uintptr_t)63;
    ucontext_t *first = (ucontext_t *)place;
    CHECK(getcontext(first) == 0);
    first->uc_stack.ss_sp = low;
    first->uc_stack.ss_size = (size_t)(place - (uintptr_t)low);
    first->uc_link = NULL;
    uintptr_t code = (uintptr_t)entry;
    uintptr_t data = (uintptr_t)argument;
    makecontext(first, (void (*)(void))start, 4, high(code), (unsigned)code, high(data),
                (unsigned)data);
    context->saved = first;
}

void context_leave_ucontext(void **from, void *to)
{
    ucontext_t here;
    *from = &here;
    CHECK(swapcontext(&here, to) == 0);
}
